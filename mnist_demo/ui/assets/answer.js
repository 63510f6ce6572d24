// The answer to a drawing. props.value is null for a blank pad, else
// { digit, sentence, shares: [0..1, ten of them], picture: data URI }; or { sentence, gone }, where gone says that
// the chosen model is no longer there.
const answer = element.querySelector('.answer');
const digit = element.querySelector('.digit');
const sentence = element.querySelector('.sentence');
const picture = element.querySelector('img');
const rows = [...element.querySelectorAll('.bars li')];

function show() {
  const { value } = props;
  const known = Boolean(value?.shares);
  answer.classList.toggle('blank', !known);
  sentence.textContent = speak(value?.sentence ?? props.prompt);
  digit.textContent = known ? value.digit : '';
  if (known) picture.src = value.picture;
  if (value?.gone) document.dispatchEvent(new CustomEvent('model-gone'));
  rows.forEach((row, index) => {
    const share = known ? value.shares[index] : 0;
    row.classList.toggle('best', known && index === value.digit);
    row.querySelector('.bar').style.width = `${share * 100}%`;
    row.querySelector('.share').textContent = known ? `${(share * 100).toFixed(1)}%` : '';
  });
}

keepShowing(show);

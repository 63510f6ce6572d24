// The answer to a drawing: null for a blank pad, else
// { digit, sentence, shares: [0..1, ten of them], picture: data URI }; or { sentence, gone }, where gone says that
// the chosen model is no longer there.
// It is asked for by the page itself at each 'drawing' and each 'model' of the document: a shipped model by the
// server's route, one request at a time, the newest drawing next; a visitor's own one by Gradio's event 'ask', with
// props.value = { model, answer } from it. An answer of a model that is no longer the chosen one is not shown.
const answer = element.querySelector('.answer');
const digit = element.querySelector('.digit');
const sentence = element.querySelector('.sentence');
const picture = element.querySelector('img');
const rows = [...element.querySelectorAll('.bars li')];

let drawing = null; // as the pad told it last
let { model } = props; // the chosen one
let shown = null;
let asking = false; // the route
let newer = false; // whether there is something to ask for since

function show() {
  const known = Boolean(shown?.shares);
  answer.classList.toggle('blank', !known);
  sentence.textContent = translate(shown?.sentence ?? props.prompt);
  digit.textContent = known ? shown.digit : '';
  if (known) picture.src = shown.picture;
  rows.forEach((row, index) => {
    const share = known ? shown.shares[index] : 0;
    row.classList.toggle('best', known && index === shown.digit);
    row.querySelector('.bar').style.width = `${share * 100}%`;
    row.querySelector('.share').textContent = known ? `${(share * 100).toFixed(1)}%` : '';
  });
}

function take(from, value) {
  if (from !== model) return;
  shown = value;
  show();
  if (shown?.gone) document.dispatchEvent(new CustomEvent('model-gone'));
}

async function fetchAnswer(asked) {
  const response = await fetch(serverAddress('answer'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(asked),
  });
  return response.ok ? response.json() : { sentence: props.failed };
}

async function askRoute() {
  newer = asking;
  if (asking) return;
  asking = true;
  try {
    do {
      newer = false;
      const asked = { drawing, model };
      take(asked.model, await fetchAnswer(asked));
    } while (newer && props.shipped.includes(model));
  } finally {
    asking = false;
  }
}

function ask() {
  if (!drawing) return;
  if (props.shipped.includes(model)) {
    askRoute();
    return;
  }
  props.value = {}; // so that the answer is another value, which is noticed
  trigger('ask');
}

document.addEventListener('drawing', ({ detail }) => {
  drawing = detail;
  ask();
});
document.addEventListener('model', ({ detail }) => {
  if (detail === model) return;
  model = detail;
  ask();
});
document.addEventListener('language', show);
watch('value', () => {
  const { value } = props;
  if (value && 'answer' in value) take(value.model, value.answer);
});
show();

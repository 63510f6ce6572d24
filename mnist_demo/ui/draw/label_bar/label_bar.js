// What the drawing is, for my_handwriting.js, which shows the bar by 'collect' of the document. The bar tells it by
// 'digit-labelled' { label, sure }; and is told by 'digits-collected' { counts: [ten of them], message, question:
// { label, text } } what there is now, and what is asked before the drawing is taken.
const bar = element.querySelector('.bar');
const labels = [...element.querySelectorAll('.labels button')];
const question = element.querySelector('.question');
const message = element.querySelector('.message');
let state = { counts: Array(10).fill(0) };

function fill(words, values) {
  return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, () => value), translate(words));
}

function show() {
  const { counts, message: text, question: asked } = state;
  labels.forEach((button, digit) => {
    button.classList.toggle('has', counts[digit] > 0);
    button.querySelector('.count').textContent = counts[digit] || '';
    button.setAttribute('aria-label', fill(props.button, { digit, count: counts[digit] }));
    button.disabled = Boolean(state.busy);
  });
  question.hidden = !asked;
  question.querySelector('p').textContent = translate(asked?.text);
  const missing = labels.map((_, digit) => digit).filter((digit) => !counts[digit]);
  const progress = fill(missing.length > 0 ? props.progress : props.complete, { count: 10 - missing.length, missing: missing.join(', ') });
  const told = [translate(text), counts.some(Boolean) ? progress : translate(props.help)];
  message.textContent = asked ? '' : told.filter(Boolean).join(' ');
}

function tell(label, sure) {
  state = { ...state, message: '', question: null, busy: true };
  show();
  document.dispatchEvent(new CustomEvent('digit-labelled', { detail: { label, sure } }));
}

function drop() {
  state = { ...state, question: null };
  show();
}

labels.forEach((button, digit) => button.addEventListener('click', () => tell(digit, false)));
element.querySelector('.yes').addEventListener('click', () => tell(state.question.label, true));
element.querySelector('.no').addEventListener('click', drop);
element.querySelector('.done').addEventListener('click', () => {
  bar.hidden = true;
  document.dispatchEvent(new CustomEvent('collecting-done'));
});
document.addEventListener('collect', () => {
  bar.hidden = false;
  document.dispatchEvent(new CustomEvent('show-pad'));
});
document.addEventListener('digits-collected', ({ detail }) => {
  state = detail;
  show();
});
document.addEventListener('drawing', () => { if (state.question) drop(); }); // it was about another one
document.addEventListener('language', show);
show();

// How a run did. props.value = { message } or { model, lines: [text], digits: [{ share, text }], one for each
// digit, mistakes: [{ index, picture, verdict, detail, alt }], matrix: see matrix.js }. A cell or a mistake that is
// chosen is told by 'look-in-gallery' of the document.
const prompt = element.querySelector('.prompt');
const results = element.querySelector('.results');
const lines = element.querySelector('.lines');
const bars = element.querySelector('.bars');
const mistakes = element.querySelector('.mistakes');
const none = element.querySelector('.none');
const showMatrix = makeMatrix(element.querySelector('.matrix'), props.words, (label, prediction) => lookAt({ label, prediction }));

function bar({ share, text }, digit) {
  const made = make('li');
  const fill = make('span', 'fill');
  fill.style.width = `${share * 100}%`;
  const track = make('span', 'track');
  track.append(fill);
  made.append(make('b', '', String(digit)), track, make('span', 'share', text));
  return made;
}

function lookAt(digits) {
  const detail = { model: props.value.model, ...digits };
  document.dispatchEvent(new CustomEvent('look-in-gallery', { detail }));
}

function mistake({ index, picture, verdict, detail, alt }) {
  const button = make('button');
  button.type = 'button';
  button.setAttribute('aria-label', translate(alt));
  button.append(makePicture(picture, alt), make('b', '', verdict), make('span', '', detail));
  button.addEventListener('click', () => lookAt({ index }));
  const made = make('li');
  made.append(button);
  return made;
}

function show() {
  const { message, lines: texts, digits = [], mistakes: wrong = [], matrix = {} } = props.value ?? {};
  prompt.textContent = translate(message ?? props.prompt);
  prompt.hidden = Boolean(texts);
  results.hidden = !texts;
  lines.replaceChildren(...(texts ?? []).map((text) => make('p', '', text)));
  bars.replaceChildren(...digits.map(bar));
  none.hidden = wrong.length > 0;
  mistakes.replaceChildren(...wrong.map(mistake));
  showMatrix(matrix);
}

document.addEventListener('runs', askSoon);

keepShowing(show);

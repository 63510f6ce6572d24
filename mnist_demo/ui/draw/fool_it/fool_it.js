// Small changes that fool the chosen model. props.value = { way, strength, target, pixels: [[row, column]], least } to
// the server; what is shown is this as it was answered, and { read, digit, change, sum: pictures, line, fooled, answers: [{
// name, before, after, fooled }] }. With the way 'pixels', those of `sum` are pressed.
const way = element.querySelector('.way');
const target = element.querySelector('.target');
const strength = element.querySelector('input');
const sum = element.querySelector('.sum');
const cursor = sum.querySelector('i');
const BY_HAND = 'pixels';

let pixels = [];
let least = false;
let fewest = null;
let drawn = null; // the digit that the pixels are of
let reader = null; // the model that is fooled
let at = [13, 13]; // where the keyboard is

const wanted = () => ({ way: way.value, strength: Number(strength.value), target: target.value === '' ? null : Number(target.value), pixels });

question = () => {
  askWith({ ...wanted(), least });
  least = false;
};

function flip(row, column) {
  if (way.value !== BY_HAND) return;
  const others = pixels.filter((pixel) => pixel[0] !== row || pixel[1] !== column);
  pixels = others.length < pixels.length ? others : [...pixels, [row, column]].slice(0, props.most);
  askSoon();
}

function showControls() {
  const byHand = way.value === BY_HAND;
  for (const one of element.querySelectorAll('.by-strength')) one.hidden = byHand;
  for (const one of element.querySelectorAll('.by-hand')) one.hidden = !byHand;
  element.querySelector('.pictures').classList.toggle('game', byHand);
  element.querySelector('output').textContent = Number(strength.value).toFixed(2);
  if (byHand) sum.tabIndex = 0;
  else sum.removeAttribute('tabindex');
}

function makeRow({ name, before, after, fooled }) {
  const row = make('tr', fooled ? 'fooled' : '');
  const head = make('th', '', name);
  head.scope = 'row';
  row.append(head, make('td', '', before), make('td', '', after));
  return row;
}

function isAnswered(shown) {
  const asked = wanted();
  return ['way', 'strength', 'target', 'pixels'].every((name) => JSON.stringify(shown[name]) === JSON.stringify(asked[name]));
}

function show() {
  const { shown } = answer ?? {};
  if (!shown) return;
  if (shown.digit !== drawn) {
    // Another drawing, or the first one: the game begins anew.
    [drawn, fewest] = [shown.digit, null];
    if (pixels.length > 0) pixels = [];
  }
  if (answer.model !== reader) [reader, fewest] = [answer.model, null];
  // What it reads already is nothing that it can be fooled into.
  for (const option of target.options) option.disabled = option.value === String(shown.read);
  if (target.selectedOptions[0]?.disabled) target.value = '';
  if (shown.least) strength.value = shown.strength;
  if (!isAnswered(shown)) askSoon(); // the last question found this answer in its place
  showControls();
  for (const name of ['digit', 'change']) element.querySelector(`.${name}`).src = shown[name];
  sum.querySelector('img').src = shown.sum;
  element.querySelector('.line').textContent = translate(shown.line);
  element.querySelector('tbody').replaceChildren(...shown.answers.map(makeRow));
  if (shown.way === BY_HAND && shown.fooled) fewest = Math.min(fewest ?? Infinity, shown.pixels.length);
  const counted = translate(props.counted).replace('{count}', pixels.length);
  element.querySelector('.count').textContent = counted.replace('{fewest}', fewest ?? '–');
}

function placeCursor() {
  cursor.style.top = `${(100 * at[0]) / props.side}%`;
  cursor.style.left = `${(100 * at[1]) / props.side}%`;
}

sum.addEventListener('click', ({ clientX, clientY }) => {
  const { left, top, width, height } = sum.querySelector('img').getBoundingClientRect();
  const place = (share) => Math.min(props.side - 1, Math.max(0, Math.floor(share * props.side)));
  at = [place((clientY - top) / height), place((clientX - left) / width)];
  placeCursor();
  flip(...at);
});

sum.addEventListener('keydown', (event) => {
  const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], ' ': [0, 0] }[event.key];
  if (!by || way.value !== BY_HAND) return;
  event.preventDefault();
  if (event.key === ' ') flip(...at);
  at = at.map((place, index) => Math.min(props.side - 1, Math.max(0, place + by[index])));
  placeCursor();
});

element.querySelector('.least').addEventListener('click', () => {
  least = true;
  askSoon();
});
element.querySelector('.undo').addEventListener('click', () => {
  pixels = [];
  askSoon();
});
for (const control of [way, target, strength]) {
  control.addEventListener('input', () => {
    showControls();
    askSoon();
  });
}
for (let digit = 0; digit < 10; digit += 1) target.append(new Option(digit, digit));
placeCursor();
showControls();
keepShowingAnswer(show);

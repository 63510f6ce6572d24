// Inside the network. props.value = { view, off: { view: [part] }, find, place, moving } to the server, where moving says
// that the pen is down; what is shown is what `describe_explanation` returns: with a place, [filter, row, column], the
// sum alone. `asked` says of which question.
const [views, bars, found] = ['.views', '.bars', '.found'].map((part) => element.querySelector(part));
const [sheet, press, sum] = ['.sheet', '.press', '.sum'].map((part) => element.querySelector(part));
const [pressOff, pressSum] = press.querySelectorAll('button');
const cursor = sheet.querySelector('.cursor');
const say = makeSpeaker(element.querySelector('.at'), 150);

let [view, off] = [props.drawing, {}];
let [find, place] = [false, null]; // what the next question asks besides
let stale = true; // whether the drawing, or what reads it, is another one than was asked of
let [shown, summed, last] = [null, null, null]; // the last whole answer, the last sum, and which of them came last
let [ranked, foundLine] = [[], '']; // what was found of this drawing in this view
let at = 0; // the part that the keyboard is at, counted on the sheet

const wanted = () => JSON.stringify({ view, off });
const isBehind = () => shown === null || JSON.stringify(shown.asked) !== wanted();
const partsOff = () => off[view] ?? [];

question = () => {
  // What is pointed at comes after all else.
  const now = stale || find || isBehind() ? null : place;
  askWith({ view, off, find, place: now, moving: penMoves });
  if (now) place = null;
  else {
    if (stale) [ranked, foundLine] = [[], ''];
    [find, stale] = [false, false];
  }
};

function toggle(part) {
  const others = partsOff().filter((each) => each !== part);
  const parts = others.length < partsOff().length ? others : [...others, part].sort((a, b) => a - b);
  off = { ...off, [view]: parts };
  if (parts.length === 0) delete off[view];
  askSoon();
}

function askSum(number, row = null, column = null) {
  if (shown.sheet.part !== 'filter') return;
  place = [shown.sheet.units[number], row, column];
  askSoon();
}

function act(number, pixel) {
  if (shown.sheet.part === 'filter' && pressSum.getAttribute('aria-pressed') === 'true') askSum(number, ...pixel);
  else toggle(shown.sheet.units[number]);
}

function tell(number) {
  const part = shown.sheet.units[number];
  const numbers = { number: part + 1, row: Math.floor(part / props.side) + 1, column: (part % props.side) + 1 };
  const named = translate(props.words[shown.sheet.part]).replace(/{(\w+)}/g, (_, name) => numbers[name]);
  const value = shown.sheet.part === 'filter' ? 'brightest' : 'value';
  const words = translate(props.words[partsOff().includes(part) ? 'is_off' : value]);
  say(words.replace('{part}', () => named).replace('{value}', shown.sheet.values[number]));
}

function makeView({ name, title, size }) {
  const [item, button] = [make('li'), make('button')];
  button.type = 'button';
  button.append(make('span', '', title), make('small', '', size));
  button.addEventListener('click', () => {
    [view, at, place, ranked, foundLine] = [name, 0, null, [], ''];
    askSoon();
  });
  item.append(button);
  return item;
}

function makeBar(words, digit) {
  const [item, column, now, before] = ['li', 'div', 'b', 'i'].map((tag) => make(tag));
  now.style.height = `${100 * shown.now[digit]}%`;
  before.style.height = `${100 * shown.before[digit]}%`;
  column.append(now, before);
  column.setAttribute('role', 'img');
  column.setAttribute('aria-label', translate(words));
  column.title = translate(words);
  item.append(column, make('span', '', String(digit)));
  return item;
}

// The buttons stay while they are the same, or a press that began before an answer would be lost.
function showViews() {
  const texts = shown.views.map(({ title, size }) => translate(title) + size).join();
  if (views.dataset.texts !== texts) views.replaceChildren(...shown.views.map(makeView));
  views.dataset.texts = texts;
  shown.views.forEach(({ name, size }, index) => {
    const button = views.children[index].firstChild;
    button.setAttribute('aria-pressed', String(name === shown.view));
    const count = off[name]?.length ?? 0;
    button.lastChild.textContent = [size, ...(count ? [translate(props.words.count_off).replace('{count}', count)] : [])].join(' · ');
  });
}

function mark(kind, part, pixel = null, text = '') {
  const number = shown.sheet.units.indexOf(part);
  if (number < 0) return;
  const made = make('i', kind, text);
  putOn(shown.sheet, made, number, pixel);
  sheet.append(made);
}

function unmark(...kinds) {
  for (const old of sheet.querySelectorAll(kinds.join())) old.remove();
}

function showSheet() {
  const { title, help, picture, part, units } = shown.sheet;
  element.querySelector('.parts-of h3').textContent = translate(title);
  element.querySelector('.parts-of .help').textContent = translate(help);
  sheet.querySelector('img').src = picture;
  sheet.setAttribute('aria-label', translate(title));
  for (const each of [press, element.querySelector('.sum-key')]) each.hidden = part !== 'filter';
  unmark('.off', '.ranked');
  for (const each of partsOff()) mark('off', each);
  // A pixel has no room for its number.
  ranked.forEach((each, place) => mark('ranked', each, null, part === 'pixel' ? '' : String(place + 1)));
  at = Math.min(at, units.length - 1);
  putOn(shown.sheet, cursor, at);
}

function showSum() {
  unmark('.place');
  sum.hidden = summed === null;
  if (sum.hidden) return;
  fillSum(sum, summed);
  const [part, ...pixel] = summed.place;
  mark('place', part, pixel);
}

function showAll() {
  if (!isBehind()) {
    // Without what this model does not have.
    [view, off] = [shown.view, { ...shown.off }];
    shown.asked = JSON.parse(wanted());
  }
  showViews();
  showSheet();
  bars.replaceChildren(...shown.bars.map(makeBar));
  element.querySelector('.line').textContent = translate(shown.line);
  found.textContent = translate(foundLine);
  element.querySelector('.all-on').disabled = Object.keys(off).length === 0;
  element.querySelector('.sections').replaceChildren(...shown.sections.map(section));
}

sheet.addEventListener('click', (event) => {
  const part = shown && partAt(shown.sheet, sheet.getBoundingClientRect(), event);
  if (!part) return;
  at = part.number;
  putOn(shown.sheet, cursor, at);
  act(part.number, [part.row, part.column]);
});

sheet.addEventListener('pointermove', (event) => {
  const part = shown && event.pointerType === 'mouse' && partAt(shown.sheet, sheet.getBoundingClientRect(), event);
  if (!part) return;
  tell(part.number);
  askSum(part.number, part.row, part.column);
});

sheet.addEventListener('keydown', (event) => {
  if (!shown) return;
  const { columns, units } = shown.sheet;
  const by = { ArrowUp: -columns, ArrowDown: columns, ArrowLeft: -1, ArrowRight: 1, Home: -units.length, End: units.length }[event.key];
  if (by === undefined && event.key !== ' ' && event.key !== 'Enter') return;
  event.preventDefault();
  if (event.key === ' ') toggle(units[at]);
  else if (event.key === 'Enter') askSum(at);
  else if (Math.abs(by) === units.length || units[at + by] !== undefined) at = Math.min(units.length - 1, Math.max(0, at + by));
  putOn(shown.sheet, cursor, at);
  tell(at);
});

for (const button of [pressOff, pressSum]) {
  button.addEventListener('click', () => {
    for (const each of [pressOff, pressSum]) each.setAttribute('aria-pressed', String(each === button));
  });
}
element.querySelector('.find').addEventListener('click', () => {
  find = true;
  askSoon();
});
element.querySelector('.all-on').addEventListener('click', () => {
  off = {};
  askSoon();
});
document.addEventListener('model', ({ detail }) => {
  if (detail !== answer?.model) off = {};
});
for (const event of ['drawing', 'digit-chosen']) {
  document.addEventListener(event, () => {
    const { [props.drawing]: _, ...others } = off; // its pixels are others now
    off = others;
  });
}
for (const event of ['drawing', 'digit-chosen', 'model', 'runs']) {
  document.addEventListener(event, () => { stale = true; });
}

keepShowingAnswer((answered) => {
  const isNew = answered !== last; // else the language is another one
  last = answered;
  if ('sheet' in answered) {
    if (isNew && shown?.view !== answered.view) summed = null;
    if (isNew) place ??= summed?.place ?? null; // as it is now
    if (answered.found) [ranked, foundLine] = [answered.ranked, answered.found];
    shown = answered;
  } else {
    summed = answered.view === shown?.view ? answered.sum : null;
  }
  if (shown && ('sheet' in answered || !isNew)) showAll();
  if (!('sheet' in answered) || !isNew || !summed) showSum();
  if (isBehind() || place) askSoon();
});

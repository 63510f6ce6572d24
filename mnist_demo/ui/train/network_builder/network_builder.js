// A network as blocks and as text. props.value from the server: { text, null where the network is no text, blocks:
// [{ text, shape, made, parameters, multiplications, label, kind, values, module }], total, epoch, error, wrong: [start,
// end] of the text, asked }; from a wrong layer on, a block has { text, wrong } alone. To it { text, asked } with
// 'input', to be described, and with 'measure', to be timed; asked numbers the questions, whose answers may come in
// another order.
const row = element.querySelector('ol');
const chosen = element.querySelector('.chosen');
const field = element.querySelector('textarea');
const mirror = element.querySelector('.mirror');
const error = element.querySelector('.error');
const start = element.querySelector('select');
const live = element.querySelector('.live');
const [own, undo, redo] = ['own', 'undo', 'redo'].map((name) => element.querySelector(`.${name}`));

const MEASURE_AFTER = 800; // milliseconds of rest
const READ_AFTER = 300; // milliseconds after the last key
const kinds = Object.fromEntries(props.kinds.map((kind) => [kind.word, kind]));

let shown = null; // the last description
let text = null; // the network as it is now, which may not be described yet
let recipeText = null; // that the recipe last chosen has, to go back to
let timed = null; // the text that was measured last: once, also where no time came of it
let asked = 0;
let at = null; // the block that is chosen; -1: the picture
let past = [];
let future = [];
let timer = null;
let activity = null; // what the layers of the run under way do

const texts = () => shown.blocks.map((block) => block.text);
const last = () => shown.blocks.length - 1;

function ask(event) {
  clearTimeout(timer);
  asked += 1;
  props.value = { text, asked };
  trigger(event);
}

function change(next) {
  if (next === text) return;
  past.push(text);
  future = [];
  text = next;
  ask('input');
}

function step(from, to) {
  if (from.length === 0) return;
  to.push(text);
  text = from.pop();
  ask('input');
}

function insert(word) {
  const list = texts();
  at = Math.min(at + 1, last());
  list.splice(at, 0, kinds[word].example);
  change(list.join(', '));
}

function remove() {
  const list = texts();
  list.splice(at, 1);
  at -= 1;
  change(list.join(', '));
}

function move(from, to) {
  if (to < 0 || to >= last() || from < 0 || from >= last() || from === to) return;
  const list = texts();
  list.splice(to, 0, ...list.splice(from, 1));
  at = to;
  change(list.join(', '));
}

// As notation.py writes it: what need not be said is left out.
function writeLayer(kind, values) {
  const said = kind.settings.filter(({ name, default: usual }) => values[name] !== usual);
  return [kind.word, ...said.map(({ name, form, bounds }) => (bounds ? form.replaceAll('N', values[name]) : form))].join(' ');
}

function set(name, value) {
  const { kind, values } = shown.blocks[at];
  const list = texts();
  list[at] = writeLayer(kinds[kind], { ...values, [name]: value });
  change(list.join(', '));
}

function makeBlock(block, index) {
  const button = make('button', 'layer');
  button.type = 'button';
  button.dataset.index = index;
  button.append(...(block.shape ? [drawShape(block.shape, props.side)] : []), make('b', '', block.text));
  if (block.made) button.append(make('span', '', block.made));
  for (const name of ['parameters', 'multiplications']) {
    const count = (block[name] ?? 0).toLocaleString('en-US');
    if (block[name]) button.append(make('small', '', `${count} ${translate(props.words[name])}`));
  }
  const bars = make('span', 'bars');
  bars.append(make('i', 'activations'), make('i', 'gradients'));
  button.append(bars);
  button.ariaLabel = translate(block.label ?? block.text);
  button.classList.toggle('wrong', Boolean(block.wrong));
  return button;
}

function makeRow() {
  const picture = makeBlock({ text: props.words.picture, shape: [1, props.side, props.side], made: `${props.side} x ${props.side}`, label: props.words.picture }, -1);
  const blocks = [picture, ...shown.blocks.map(makeBlock)];
  const digits = make('div', 'layer');
  digits.append(drawDigits(), make('b', '', props.words.digits));
  row.replaceChildren(
    ...[...blocks, digits].map((block) => {
      const item = make('li');
      item.append(block);
      return item;
    }),
  );
}

const buttons = () => [...row.querySelectorAll('button')];

function markChosen() {
  for (const button of buttons()) {
    const is = Number(button.dataset.index) === at;
    button.ariaPressed = is;
    button.tabIndex = is || (at === null && button.dataset.index === '-1') ? 0 : -1;
  }
}

function makeSetting({ name, label, bounds }, value) {
  const made = make('label', '', label);
  const input = make('input');
  input.name = name;
  if (bounds) {
    const [min, max, by] = bounds;
    Object.assign(input, { type: 'number', min, max, step: by, value });
    input.addEventListener('change', () => set(name, Number(input.value)));
  } else {
    Object.assign(input, { type: 'checkbox', checked: value });
    input.addEventListener('change', () => set(name, input.checked));
  }
  made.append(input);
  return made;
}

function showChosen() {
  if (at !== null) at = Math.min(at, last());
  const block = at === null ? null : shown.blocks[at];
  const kind = kinds[block?.kind];
  chosen.hidden = at === null || shown.text === null;
  if (chosen.hidden) return;
  const isLast = at === last();
  chosen.querySelector('.help').textContent = [kind ? translate(kind.help) : '', isLast ? translate(props.words.last) : ''].filter(Boolean).join('. ');
  const settings = (kind?.settings ?? []).filter(({ name }) => !(isLast && name === 'units'));
  chosen.querySelector('.settings').replaceChildren(...settings.map((each) => makeSetting(each, block.values[each.name])));
  chosen.querySelector('.moves').hidden = at < 0 || isLast;
  chosen.querySelector('.back').disabled = at <= 0;
  chosen.querySelector('.on').disabled = at >= last() - 1;
  chosen.querySelector('.palette').hidden = isLast;
}

// The text lies over a mirror of itself, which marks what is wrong with it.
function showText() {
  if (document.activeElement !== field) field.value = shown.text ?? '';
  const [from, to] = shown.wrong ?? [0, 0];
  const mark = make('mark', '', field.value.slice(from, to) || ' ');
  const isWrong = shown.error && field.value === shown.text;
  mirror.replaceChildren(...(isWrong ? [field.value.slice(0, from), mark, field.value.slice(to)] : [field.value]), '\n');
  error.textContent = translate(shown.error ?? '');
}

function show() {
  if (!shown) return;
  const focused = row.contains(document.activeElement);
  const inSetting = chosen.contains(document.activeElement) && document.activeElement.name;
  makeRow();
  showChosen();
  markChosen();
  showText();
  if (focused) row.querySelector('[tabindex="0"]')?.focus();
  if (inSetting) chosen.querySelector(`[name="${inSetting}"]`)?.focus();
  element.querySelector('.total').textContent = translate(shown.total ?? '');
  element.querySelector('.epoch').textContent = translate(shown.epoch ?? '');
  element.querySelector('.foreign').hidden = shown.text !== null;
  start.replaceChildren(Object.assign(make('option', '', props.words.custom), { value: '' }), ...Object.keys(props.recipes).map((name) => make('option', '', name)));
  start.value = Object.keys(props.recipes).find((name) => props.recipes[name] === texts().join(', ')) ?? '';
  own.disabled = text === recipeText;
  undo.disabled = past.length === 0;
  redo.disabled = future.length === 0;
  for (const button of element.querySelectorAll('.palette button')) button.title = translate(kinds[button.textContent].help);
  showActivity();
}

function measureLater() {
  clearTimeout(timer);
  if (shown.text === null || shown.error || timed === text) return;
  timer = setTimeout(() => {
    if (!element.offsetParent) return;
    timed = text;
    ask('measure');
  }, MEASURE_AFTER);
}

function take() {
  const value = props.value ?? {};
  if (!value.blocks) return; // our own question
  if (value.asked === undefined) {
    // A recipe, or a link, has filled it in; what was asked before is over.
    if (text !== null && value.text !== text) past.push(text);
    [text, recipeText, timed, future, at] = [value.text, value.text, null, [], null];
    asked += 1;
  } else if (value.asked < asked) {
    props.value = shown.text === text ? shown : { text, asked };
    return;
  }
  shown = value;
  show();
  measureLater();
}

// Ten times as much, an eighth more of the bar.
const DECADES = 8;
const RANGES = { activations: -4, gradients: -7 }; // the power of ten at which a bar begins
function showActivity() {
  const same = Boolean(activity && shown && activity.network === texts().join(', '));
  row.classList.toggle('trains', same);
  live.hidden = !same;
  if (!same) return;
  for (const button of buttons()) {
    const values = activity.activity[shown.blocks[button.dataset.index]?.module];
    Object.entries(RANGES).forEach(([name, lowest], index) => {
      const share = values ? (Math.log10(values[index]) - lowest) / DECADES : 0;
      const bar = button.querySelector(`.bars .${name}`);
      bar.style.width = `${100 * Math.min(1, Math.max(0, share))}%`;
      bar.title = values ? `${translate(props.words[name])}: ${values[index].toPrecision(2)}` : '';
    });
  }
}

makeDraggable(row, {
  isMovable: (index) => index >= 0 && index < last() && shown.text !== null,
  isChosen: (index) => index === at,
  move,
});

row.addEventListener('click', ({ target }) => {
  const button = target.closest('button');
  if (!button || shown.text === null) return;
  const index = Number(button.dataset.index);
  at = at === index ? null : index;
  showChosen();
  markChosen();
});

row.addEventListener('keydown', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  const index = Number(button.dataset.index);
  const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
  if (by && event.altKey) move(index, index + by);
  else if (by) buttons()[index + 1 + by]?.focus();
  else if (['Delete', 'Backspace'].includes(event.key) && index >= 0 && index < last() && shown.text !== null) {
    at = index;
    remove();
  } else return;
  event.preventDefault();
});

let reading = null;
field.addEventListener('input', () => {
  clearTimeout(reading);
  showText();
  reading = setTimeout(() => {
    at = null;
    change(field.value);
  }, READ_AFTER);
});
field.addEventListener('scroll', () => { mirror.scrollTop = field.scrollTop; });
start.addEventListener('change', () => change(props.recipes[start.value] ?? text));
own.addEventListener('click', () => change(recipeText));
undo.addEventListener('click', () => step(past, future));
redo.addEventListener('click', () => step(future, past));
element.querySelector('.remove').addEventListener('click', remove);
element.querySelector('.back').addEventListener('click', () => move(at, at - 1));
element.querySelector('.on').addEventListener('click', () => move(at, at + 1));
for (const { word } of props.kinds) {
  const button = make('button', '', word);
  button.type = 'button';
  button.addEventListener('click', () => insert(word));
  element.querySelector('.palette').append(button);
}
document.addEventListener('activity', ({ detail }) => {
  activity = detail;
  showActivity();
});
document.addEventListener('language', show);
watch('value', take);
take();

// A confusion matrix. props.value = { cells: [{ count: text, shade: 0..1, alt }, a hundred of them, row
// by row], picked: { label, prediction } or null }. 'pick' tells the server of a cell that was chosen.
const DIGITS = [...Array(10).keys()];
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const table = element.querySelector('table');

function heading(digit, scope) {
  const made = make('th', '', String(digit));
  made.scope = scope;
  return made;
}

function pick(label, prediction) {
  props.value = { ...props.value, picked: { label, prediction } };
  show();
  trigger('pick');
}

function cell(label, prediction) {
  const inner = make(props.clickable ? 'button' : 'span', label === prediction ? 'cell right' : 'cell');
  if (props.clickable) {
    inner.type = 'button';
    inner.addEventListener('click', () => pick(label, prediction));
  }
  const made = make('td');
  made.append(inner);
  return made;
}

function row(label) {
  const made = make('tr');
  if (label === 0) {
    const axis = make('th', 'axis', props.rows);
    Object.assign(axis, { rowSpan: 10, scope: 'rowgroup' });
    made.append(axis);
  }
  made.append(heading(label, 'row'), ...DIGITS.map((prediction) => cell(label, prediction)));
  return made;
}

element.querySelector('.digits').append(...DIGITS.map((digit) => heading(digit, 'col')));
table.tBodies[0].append(...DIGITS.map(row));
const cells = [...element.querySelectorAll('.cell')];

// One stop for the Tab key; the arrow keys move on from there.
function stopAt(index) {
  cells.forEach((one, at) => { one.tabIndex = at === index ? 0 : -1; });
}

function move(event) {
  const at = cells.indexOf(event.target);
  const step = MOVES[event.key];
  if (at < 0 || !step) return;
  const [label, prediction] = [Math.floor(at / 10) + step[0], (at % 10) + step[1]];
  event.preventDefault();
  if (!DIGITS.includes(label) || !DIGITS.includes(prediction)) return;
  stopAt(label * 10 + prediction);
  cells[label * 10 + prediction].focus();
}

function show() {
  const { cells: shown, picked } = props.value ?? {};
  if (!shown) return; // no news
  table.hidden = shown.length === 0;
  shown.forEach(({ count, shade, alt }, index) => {
    const one = cells[index];
    one.textContent = count;
    one.style.setProperty('--shade', shade);
    one.title = alt;
    if (!props.clickable) return;
    one.setAttribute('aria-label', alt);
    one.setAttribute('aria-pressed', index === (picked?.label ?? NaN) * 10 + picked?.prediction);
  });
}

if (props.clickable) {
  stopAt(0);
  table.addEventListener('keydown', move);
}
watch('value', show);
show();

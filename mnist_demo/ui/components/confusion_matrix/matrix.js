// A confusion matrix: makeMatrix(parent, { title, rows, columns }, pick) puts it into `parent`, and
// returns what shows { cells: [{ count: text, shade: 0..1, alt }, a hundred of them, row by row], picked:
// { label, prediction } or null }, in the language of the page. pick(label, prediction) is called for a
// cell that is chosen; without it the cells are no buttons.
const DIGITS = [...Array(10).keys()];
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function heading(text, scope, className = '') {
  const made = make('th', className, text);
  made.scope = scope;
  return made;
}

function spanning(cell, spans) {
  return Object.assign(cell, spans);
}

function matrixHead() {
  const head = make('thead');
  const [first, second] = [make('tr'), make('tr')];
  first.append(spanning(make('td'), { colSpan: 2 }), spanning(heading('', 'colgroup', 'axis across'), { colSpan: 10 }));
  second.append(spanning(make('td'), { colSpan: 2 }), ...DIGITS.map((digit) => heading(String(digit), 'col')));
  head.append(first, second);
  const widths = make('colgroup');
  widths.append(make('col', 'narrow'), make('col', 'narrow'), spanning(make('col'), { span: 10 }));
  return [make('caption', 'spoken'), widths, head];
}

function matrixCell(label, prediction, pick) {
  const inner = make(pick ? 'button' : 'span', label === prediction ? 'cell right' : 'cell');
  if (pick) {
    inner.type = 'button';
    inner.addEventListener('click', () => pick(label, prediction));
  }
  const made = make('td');
  made.append(inner);
  return made;
}

function matrixRow(label, pick) {
  const made = make('tr');
  if (label === 0) made.append(spanning(heading('', 'rowgroup', 'axis down'), { rowSpan: 10 }));
  made.append(heading(String(label), 'row'), ...DIGITS.map((prediction) => matrixCell(label, prediction, pick)));
  return made;
}

// One stop for the Tab key; the arrow keys move on from there.
function moveByArrows(table, cells) {
  const stopAt = (index) => cells.forEach((one, at) => { one.tabIndex = at === index ? 0 : -1; });
  stopAt(0);
  table.addEventListener('keydown', (event) => {
    const at = cells.indexOf(event.target);
    const step = MOVES[event.key];
    if (at < 0 || !step) return;
    const [label, prediction] = [Math.floor(at / 10) + step[0], (at % 10) + step[1]];
    event.preventDefault();
    if (!DIGITS.includes(label) || !DIGITS.includes(prediction)) return;
    stopAt(label * 10 + prediction);
    cells[label * 10 + prediction].focus();
  });
}

function makeMatrix(parent, words, pick) {
  const table = make('table', 'confusion');
  const body = make('tbody');
  body.append(...DIGITS.map((label) => matrixRow(label, pick)));
  table.append(...matrixHead(), body);
  table.hidden = true;
  parent.append(table);
  const cells = [...body.querySelectorAll('.cell')];
  if (pick) moveByArrows(table, cells);
  return ({ cells: shown = [], picked }) => {
    table.hidden = shown.length === 0;
    table.querySelector('caption').textContent = translate(words.title);
    table.querySelector('.down').textContent = translate(words.rows);
    table.querySelector('.across').textContent = translate(words.columns);
    shown.forEach(({ count, shade, alt }, index) => {
      const one = cells[index];
      one.textContent = count;
      one.style.setProperty('--shade', shade);
      one.title = translate(alt);
      if (!pick) return;
      one.setAttribute('aria-label', translate(alt));
      one.setAttribute('aria-pressed', index === (picked?.label ?? NaN) * 10 + picked?.prediction);
    });
  };
}

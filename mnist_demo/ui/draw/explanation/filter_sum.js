// How a number of a map comes about, in an element with .help, .terms and a dl: { title, help, parts: [{ name, patch, weights,
// product }], lines: [{ name, value }] }, patch and weights rows of numbers.

function makeTable(rows, shade) {
  const table = make('table');
  for (const numbers of rows) {
    const row = make('tr');
    row.append(
      ...numbers.map((number) => {
        const cell = make('td', '', String(number));
        Object.assign(cell.style, shade(number));
        return cell;
      }),
    );
    table.append(row);
  }
  return table;
}

function makeTerm({ name, patch, weights, product }, turn) {
  const largest = (rows) => Math.max(...rows.flat().map(Math.abs), 1e-6);
  const [bright, strong] = [largest(patch), largest(weights)];
  const seen = (value) => {
    const grey = Math.round((255 * Math.max(0, value)) / bright);
    return { background: `rgb(${grey} ${grey} ${grey})`, color: grey > 127 ? '#000' : '#fff' };
  };
  const weigh = (value) => {
    const share = Math.round((55 * Math.abs(value)) / strong);
    return { background: `color-mix(in srgb, ${value > 0 ? '#2563eb' : '#ea580c'} ${share}%, transparent)` };
  };
  const term = make('div', patch.length > 3 ? 'term small' : 'term');
  term.style.setProperty('--turn', turn);
  term.append(make('span', '', name), makeTable(patch, seen), make('i', '', '×'), makeTable(weights, weigh), make('b', '', `= ${product}`));
  return term;
}

function fillSum(part, { title, help, parts, lines }) {
  part.querySelector('h3').textContent = translate(title);
  part.querySelector('.help').textContent = translate(help);
  const terms = part.querySelector('.terms');
  terms.replaceChildren(...parts.map(makeTerm)); // new ones, which come in one after the other
  const list = lines.flatMap(({ name, value }) => [make('dt', '', name), make('dd', '', value)]);
  part.querySelector('dl').replaceChildren(...list);
}

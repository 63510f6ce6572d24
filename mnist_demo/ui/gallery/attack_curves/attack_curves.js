// How much it takes to fool each model. props.value = { line: text, attacked: name, series: [{ name, colour, points,
// told: [text of each of props.strengths] }], pictures: [{ picture, alt }, likewise] }.
const svg = element.querySelector('.plot svg');
const legend = element.querySelector('.legend');
const rows = element.querySelector('tbody');
const cells = [...element.querySelectorAll('.pictures td')].slice(1);

function makeRow({ name, told }) {
  const row = make('tr', name === props.value.attacked ? 'attacked' : '');
  const head = make('th', '', name);
  head.scope = 'row';
  row.append(head, ...told.map((text) => make('td', '', text)));
  return row;
}

function show() {
  const { line: text, series = [], pictures = [] } = props.value ?? {};
  element.querySelector('.made-for').textContent = translate(text ?? '');
  cells.forEach((cell, index) => {
    const { picture, alt } = pictures[index] ?? {};
    cell.replaceChildren(...(picture ? [makePicture(picture, alt)] : []));
  });
  rows.replaceChildren(...series.map(makeRow));
  drawPlot(svg, legend, {
    title: translate(props.title),
    x: { low: 0, high: props.high, label: translate(props.words.axis) },
    y: { low: 0, high: 1, percent: true },
    series: series.map((one) => ({ ...one, kind: 'line', value: '' })), // the table below has the values
  });
}

new ResizeObserver(show).observe(svg);
document.addEventListener('gallery-models', askSoon);
keepShowing(show);

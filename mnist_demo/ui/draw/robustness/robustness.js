// Sliders that change the drawing, and every model's probability against the one moved last.
// props.value = { change: { rotation: 0, ... }, name } to the server, and with { picture, caption, x_label,
// low, high, series: [{ name, points }] } from it. props.controls = [{ name, neutral, ... }].
const rows = [...element.querySelectorAll('label')];
const svg = element.querySelector('svg');
const legend = element.querySelector('.legend');
const figcaption = element.querySelector('.caption');
const picture = element.querySelector('img');

let name = props.controls[0].name;
let change = Object.fromEntries(props.controls.map((control) => [control.name, control.neutral]));

function showControls() {
  for (const row of rows) {
    const value = change[row.dataset.name];
    row.classList.toggle('moved', row.dataset.name === name);
    row.querySelector('input').value = value;
    row.querySelector('output').textContent = value;
  }
}

function update() {
  showControls();
  props.value = { ...props.value, change, name };
  askSoon();
}

for (const row of rows) {
  row.querySelector('input').addEventListener('input', (event) => {
    name = row.dataset.name;
    change = { ...change, [name]: Number(event.target.value) };
    update();
  });
}

element.querySelector('.reset').addEventListener('click', () => {
  change = Object.fromEntries(props.controls.map((control) => [control.name, control.neutral]));
  update();
});

function show() {
  const { series, low, high, x_label: label, caption, picture: source, name: swept } = props.value ?? {};
  picture.hidden = !source;
  if (source) picture.src = source;
  const text = translate(caption ?? '');
  figcaption.textContent = text;
  drawPlot(svg, legend, {
    title: text,
    x: { low: low ?? 0, high: high ?? 1, label: translate(label ?? '') },
    y: { low: 0, high: 1, percent: true },
    series: (series ?? []).map((one, colour) => ({ ...one, kind: 'line', colour, value: one.shown })),
    at: swept === undefined ? undefined : change[swept],
  });
}

new ResizeObserver(show).observe(svg);
props.value = { change, name };
showControls();
keepShowing(show);

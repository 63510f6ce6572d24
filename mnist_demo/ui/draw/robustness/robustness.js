// Sliders that change the drawing, and every model's probability against the one moved last.
// props.value = { change: { rotation: 0, ... }, name } to the server; what is shown is this, and { picture,
// caption, x_label, low, high, series: [{ name, points }] }. props.controls = [{ name, neutral, ... }].
const rows = [...element.querySelectorAll('label')];
const svg = element.querySelector('svg');
const legend = element.querySelector('.legend');
const figcaption = element.querySelector('.caption');
const picture = element.querySelector('img');
const NEUTRAL = Object.fromEntries(props.controls.map((control) => [control.name, control.neutral]));

let { name } = props.controls[0];
let change = NEUTRAL;

question = () => askWith({ change, name });

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
  change = NEUTRAL;
  update();
});

function isAsSet(shown) {
  return shown.name === name && Object.keys(change).every((key) => shown.change[key] === change[key]);
}

function show() {
  const { shown } = answer ?? {};
  if (!shown) return;
  if (!isAsSet(shown)) askSoon(); // the last question found this answer in its place
  picture.src = shown.picture;
  const text = translate(shown.caption);
  figcaption.textContent = text;
  drawPlot(svg, legend, {
    title: text,
    x: { low: shown.low, high: shown.high, label: translate(shown.x_label) },
    y: { low: 0, high: 1, percent: true },
    series: shown.series.map((one, colour) => ({ ...one, kind: 'line', colour, value: one.shown })),
    at: shown.change[shown.name],
  });
}

new ResizeObserver(show).observe(svg);
showControls();
keepShowingAnswer(show);

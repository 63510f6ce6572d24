// What a network in training makes of some test digits and of a drawing. props.value = { open } to the
// server, { pictures: [src], tiles: [{ answer, right, alt }], summary, drawing: src or null,
// series: { digit: [[epochs, share]] }, weights: [src] } from it. 'toggle' tells that it opened or closed.
const prompt = element.querySelector('.prompt');
const moving = element.querySelector('.moving');
const summary = element.querySelector('.summary');
const digits = element.querySelector('.digits');
const figure = element.querySelector('.drawing figure');
const none = element.querySelector('.none');
const own = element.querySelector('.own');
const svg = element.querySelector('svg');
const legend = element.querySelector('.legend');
const details = element.querySelector('details');

details.addEventListener('toggle', () => {
  props.value = { ...props.value, open: details.open };
  trigger('toggle');
});

function showDrawing(source, series) {
  figure.hidden = !source;
  none.hidden = Boolean(source);
  if (!source) return;
  if (own.src !== source) own.src = source;
  const lines = Object.entries(series).map(([name, points]) => ({ name, kind: 'line', colour: Number(name), points }));
  const high = Math.max(...lines.map(({ points }) => points[points.length - 1][0]), 0.01);
  drawPlot(svg, legend, {
    title: translate(props.drawing),
    x: { low: 0, high, label: translate(props.x_label) },
    y: { low: 0, high: 1, percent: true },
    series: lines,
  });
}

function show() {
  const { pictures = [], tiles, summary: text, drawing, series = {}, weights: sources = [] } = props.value ?? {};
  prompt.hidden = Boolean(tiles);
  moving.hidden = !tiles;
  if (!tiles) return;
  summary.textContent = translate(text);
  showTiles(digits, tiles, pictures);
  showDrawing(drawing, series);
  showWeights(element.querySelector('.first'), sources);
}

new ResizeObserver(show).observe(svg);
keepShowing(show);

// A line chart over 0..x_end. props.value = { x_end, series: { name: { kind, points }, ... } }, kind
// being 'line' or 'dots' and points [[x, y], ...]. props.percent says that y is a share in [0, 1].
const figure = element.querySelector('.chart');
const legend = element.querySelector('.legend');
const svg = element.querySelector('svg');
const MARGIN = { top: 12, right: 16, bottom: 36, left: 52 };
const COLOURS = ['first', 'second'];

function node(name, attributes, text) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Round numbers from low to high, about `count` of them (Heckbert, "Nice Numbers for Graph Labels").
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function format(y) {
  if (props.percent) return `${Number((y * 100).toFixed(2))}%`;
  return String(Number(y.toPrecision(3)));
}

// A share's axis starts where nearly all of its points lie: else 98% and 99% look the same.
function yBounds(points) {
  const ys = points.map(([, y]) => y).sort((one, other) => one - other);
  if (!props.percent) return { low: 0, high: ys[ys.length - 1] * 1.05 || 1 };
  const usual = ys[Math.floor(ys.length / 5)];
  return { low: Math.max(0, Math.floor((2 * usual - 1) * 10) / 10), high: 1 };
}

function drawAxes(width, height, x, y, toX, toY) {
  for (const at of ticks(y.low, y.high, 4)) {
    svg.append(
      node('line', { class: 'grid', x1: MARGIN.left, x2: width - MARGIN.right, y1: toY(at), y2: toY(at) }),
      node('text', { x: MARGIN.left - 8, y: toY(at) + 4, 'text-anchor': 'end' }, format(at)),
    );
  }
  for (const at of ticks(x.low, x.high, Math.max(2, Math.min(6, width / 80)))) {
    const label = String(Number(at.toPrecision(6)));
    svg.append(node('text', { x: toX(at), y: height - MARGIN.bottom + 16, 'text-anchor': 'middle' }, label));
  }
  const middle = (MARGIN.left + width - MARGIN.right) / 2;
  svg.append(node('text', { x: middle, y: height - 4, 'text-anchor': 'middle' }, props.x_label));
}

function drawSeries({ kind, points }, colour, toX, toY) {
  const path = points.map(([x, y]) => `${toX(x).toFixed(1)},${toY(y).toFixed(1)}`).join(' ');
  const faint = kind === 'dots' ? ' faint' : '';
  const marks = kind === 'dots' ? points.map(([x, y]) => node('circle', { class: `dot ${colour}`, cx: toX(x), cy: toY(y), r: 4 })) : [];
  return [node('polyline', { class: `line ${colour}${faint}`, points: path }), ...marks];
}

function drawLegend(series) {
  legend.replaceChildren(
    ...series.map(({ name, kind, points }, index) => {
      const entry = document.createElement('span');
      entry.className = `${kind} ${COLOURS[index]}`;
      entry.append(document.createElement('i'), `${name} ${format(points[points.length - 1][1])}`);
      return entry;
    }),
  );
}

function draw() {
  const series = Object.entries(props.value?.series ?? {})
    .map(([name, { kind, points }]) => ({ name, kind, points }))
    .filter(({ points }) => points.length > 0);
  figure.classList.toggle('started', series.length > 0);
  svg.replaceChildren();
  drawLegend(series);
  const { clientWidth: width, clientHeight: height } = svg;
  if (series.length === 0 || width === 0) return;
  const x = { low: 0, high: props.value.x_end };
  const y = yBounds(series.flatMap(({ points }) => points));
  const toX = (at) => MARGIN.left + ((at - x.low) / (x.high - x.low)) * (width - MARGIN.left - MARGIN.right);
  const toY = (at) => height - MARGIN.bottom - ((at - y.low) / (y.high - y.low)) * (height - MARGIN.top - MARGIN.bottom);
  drawAxes(width, height, x, y, toX, toY);
  const bottom = height - MARGIN.bottom;
  const inside = node('svg', { width, height: bottom, viewBox: `0 0 ${width} ${bottom}`, class: 'inside' });
  inside.append(...series.flatMap((one, index) => drawSeries(one, COLOURS[index], toX, toY)));
  svg.append(inside);
  svg.setAttribute('aria-label', [props.title, ...[...legend.children].map((entry) => entry.textContent)].join(', '));
}

watch('value', draw);
new ResizeObserver(draw).observe(svg);
draw();

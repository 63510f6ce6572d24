// A line chart in an <svg>, with its <span class="legend">:
// drawPlot(svg, legend, { title, x: { low, high, label }, y: { low, high, percent, log }, at, marks,
//   legend: [entry, ...], series: [{ name, kind, points: [[x, y], ...], colour }], behind })
// kind is 'line' or 'dots'; colour a number, 0 to 9. at: an x that is marked; marks: more of them,
// [x, text] each. legend: entries like series, where they are not the series themselves. behind, where
// given, is { svg, series, key }: series that seldom change, in an <svg> of their own, which is drawn
// anew only with another key or size. Returns { toX, fromX }, between values and pixels, or null where
// there is nothing to draw.
const MARGIN = { top: 12, right: 16, bottom: 36, left: 52 };

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

// Powers of ten, and between them 2 and 5 where there would be few.
function logTicks(low, high) {
  const factors = high / low < 200 ? [1, 2, 5] : [1];
  const made = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const factor of factors) made.push(factor * 10 ** power);
  }
  const inside = made.filter((value) => value >= low * 0.999 && value <= high * 1.001);
  const every = Math.ceil(inside.length / 8);
  return inside.filter((_, index) => index % every === 0);
}

function formatValue(y, percent) {
  return percent ? `${Number((y * 100).toFixed(2))}%` : String(Number(y.toPrecision(3)));
}

function drawAxes(svg, { width, height, x, y, toX, toY }) {
  for (const at of y.log ? logTicks(y.low, y.high) : ticks(y.low, y.high, 4)) {
    svg.append(
      node('line', { class: 'grid', x1: MARGIN.left, x2: width - MARGIN.right, y1: toY(at), y2: toY(at) }),
      node('text', { x: MARGIN.left - 8, y: toY(at) + 4, 'text-anchor': 'end' }, formatValue(at, y.percent)),
    );
  }
  for (const at of ticks(x.low, x.high, Math.max(2, Math.min(6, width / 80)))) {
    const label = Number(at.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 6 });
    svg.append(node('text', { x: toX(at), y: height - MARGIN.bottom + 16, 'text-anchor': 'middle' }, label));
  }
  const middle = (MARGIN.left + width - MARGIN.right) / 2;
  svg.append(node('text', { x: middle, y: height - 4, 'text-anchor': 'middle' }, x.label));
}

function drawSeries({ kind, points, colour }, toX, toY) {
  const path = points.map(([x, y]) => `${toX(x).toFixed(1)},${toY(y).toFixed(1)}`).join(' ');
  const line = node('polyline', { class: `line c${colour}${kind === 'dots' ? ' faint' : ''}`, points: path });
  if (kind !== 'dots') return [line];
  return [line, ...points.map(([x, y]) => node('circle', { class: `dot c${colour}`, cx: toX(x), cy: toY(y), r: 4 }))];
}

function drawLegend(legend, entries, y) {
  legend.replaceChildren(
    ...entries.map(({ name, kind, points = [], colour, value }) => {
      const entry = document.createElement('span');
      entry.className = `${kind} c${colour}`;
      const shown = value ?? (points.length > 0 ? formatValue(points[points.length - 1][1], y.percent) : '');
      entry.append(document.createElement('i'), `${translate(name)} ${shown}`.trim());
      return entry;
    }),
  );
}

function drawMark(x, bottom, text) {
  const line = node('line', { class: 'mark', x1: x, x2: x, y1: 0, y2: bottom });
  return text === undefined ? [line] : [line, node('text', { x: x + 4, y: 11 }, text)];
}

function makeScales(width, height, x, y) {
  const scale = y.log ? Math.log : (value) => value;
  const [low, high] = [scale(y.low), scale(y.high)];
  const across = width - MARGIN.left - MARGIN.right;
  const down = height - MARGIN.top - MARGIN.bottom;
  return {
    toX: (value) => MARGIN.left + ((value - x.low) / (x.high - x.low)) * across,
    fromX: (pixel) => x.low + ((pixel - MARGIN.left) / across) * (x.high - x.low),
    toY: (value) => height - MARGIN.bottom - ((scale(value) - low) / (high - low)) * down,
  };
}

// What is drawn within the axes is cut off at the lower one.
function makeInside(width, height) {
  const bottom = height - MARGIN.bottom;
  return node('svg', { width, height: bottom, viewBox: `0 0 ${width} ${bottom}`, class: 'inside' });
}

function drawBehind({ svg, series, key }, width, height, { toX, toY }) {
  const drawn = [key, width, height].join();
  if (svg.dataset.drawn === drawn) return;
  svg.dataset.drawn = drawn;
  const inside = makeInside(width, height);
  inside.append(...series.flatMap((one) => drawSeries(one, toX, toY)));
  svg.replaceChildren(inside);
}

function drawPlot(svg, legend, { title, x, y, series, at, marks = [], legend: entries = series, behind }) {
  svg.replaceChildren();
  drawLegend(legend, entries, y);
  const { clientWidth: width, clientHeight: height } = svg;
  if ((series.length === 0 && !behind) || width === 0) return null;
  const scales = makeScales(width, height, x, y);
  const { toX, toY } = scales;
  drawAxes(svg, { width, height, x, y, toX, toY });
  if (behind) drawBehind(behind, width, height, scales);
  const bottom = height - MARGIN.bottom;
  const inside = makeInside(width, height);
  if (at !== undefined) inside.append(...drawMark(toX(at), bottom));
  for (const [value, text] of marks) inside.append(...drawMark(toX(value), bottom, text));
  inside.append(...series.flatMap((one) => drawSeries(one, toX, toY)));
  svg.append(inside);
  svg.setAttribute('aria-label', [title, ...[...legend.children].map((entry) => entry.textContent)].join(', '));
  return scales;
}

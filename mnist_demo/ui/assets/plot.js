// A line chart in an <svg>, with its <span class="legend">:
// drawPlot(svg, legend, { title, x: { low, high, label }, y: { low, high, percent }, at,
//   series: [{ name, kind, points: [[x, y], ...], colour }] })
// kind is 'line' or 'dots'; colour a number, 0 to 9; at, where given, an x that is marked.
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

function formatValue(y, percent) {
  return percent ? `${Number((y * 100).toFixed(2))}%` : String(Number(y.toPrecision(3)));
}

function drawAxes(svg, { width, height, x, y, toX, toY }) {
  for (const at of ticks(y.low, y.high, 4)) {
    svg.append(
      node('line', { class: 'grid', x1: MARGIN.left, x2: width - MARGIN.right, y1: toY(at), y2: toY(at) }),
      node('text', { x: MARGIN.left - 8, y: toY(at) + 4, 'text-anchor': 'end' }, formatValue(at, y.percent)),
    );
  }
  for (const at of ticks(x.low, x.high, Math.max(2, Math.min(6, width / 80)))) {
    const label = String(Number(at.toPrecision(6)));
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

function drawLegend(legend, series, y) {
  legend.replaceChildren(
    ...series.map(({ name, kind, points, colour, value }) => {
      const entry = document.createElement('span');
      entry.className = `${kind} c${colour}`;
      const shown = value ?? (points.length > 0 ? formatValue(points[points.length - 1][1], y.percent) : '');
      entry.append(document.createElement('i'), `${name} ${shown}`.trim());
      return entry;
    }),
  );
}

function drawPlot(svg, legend, { title, x, y, series, at }) {
  svg.replaceChildren();
  drawLegend(legend, series, y);
  const { clientWidth: width, clientHeight: height } = svg;
  if (series.length === 0 || width === 0) return;
  const toX = (value) => MARGIN.left + ((value - x.low) / (x.high - x.low)) * (width - MARGIN.left - MARGIN.right);
  const toY = (value) => height - MARGIN.bottom - ((value - y.low) / (y.high - y.low)) * (height - MARGIN.top - MARGIN.bottom);
  drawAxes(svg, { width, height, x, y, toX, toY });
  const bottom = height - MARGIN.bottom;
  const inside = node('svg', { width, height: bottom, viewBox: `0 0 ${width} ${bottom}`, class: 'inside' });
  if (at !== undefined) inside.append(node('line', { class: 'mark', x1: toX(at), x2: toX(at), y1: 0, y2: bottom }));
  inside.append(...series.flatMap((one) => drawSeries(one, toX, toY)));
  svg.append(inside);
  svg.setAttribute('aria-label', [title, ...[...legend.children].map((entry) => entry.textContent)].join(', '));
}

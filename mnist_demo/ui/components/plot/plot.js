// A line chart in an <svg>, with its <span class="legend">:
// drawPlot(svg, legend, { title, x: { low, high, label }, y: { low, high, percent, log }, at, marks,
//   legend: [entry, ...], series: [{ name, kind, points: [[x, y], ...], colour }], behind, ends, above })
// kind is 'line' or 'dots'; colour a number, 0 to 9. at: an x that is marked; marks: more of them,
// [x, text] each. legend: entries like series, where they are not the series themselves. behind, where
// given, is { svg, series, key }: series that seldom change, in an <svg> of their own, which is drawn
// anew only with another key or size. ends: names at the curves' ends, { x, y, text, colour } each. above:
// the highest value, where it lies above the axis. Returns { toX, fromX }, between values and pixels, or null where
// there is nothing to draw.
// Around the axes, in pixels; the text beside them grows with the page.
const MARGIN = { top: 0, right: 0, bottom: 0, left: 0 };
let rem = 16;

function measure(toTheRight = 1) {
  rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  Object.assign(MARGIN, { top: 0.75 * rem, right: toTheRight * rem, bottom: 2.25 * rem, left: 3.25 * rem });
}
measure();

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
  if (percent) return `${Number((y * 100).toFixed(2))}%`;
  return Math.abs(y) >= 1e5 ? y.toExponential(0).replace('e+', 'e') : String(Number(y.toPrecision(3)));
}

function drawAxes(svg, { width, height, x, y, toX, toY }) {
  for (const at of y.log ? logTicks(y.low, y.high) : ticks(y.low, y.high, 4)) {
    svg.append(
      node('line', { class: 'grid', x1: MARGIN.left, x2: width - MARGIN.right, y1: toY(at), y2: toY(at) }),
      node('text', { x: MARGIN.left - rem / 2, y: toY(at) + rem / 4, 'text-anchor': 'end' }, formatValue(at, y.percent)),
    );
  }
  for (const at of ticks(x.low, x.high, Math.max(2, Math.min(6, width / (5 * rem))))) {
    const label = Number(at.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 6 });
    svg.append(node('text', { x: toX(at), y: height - MARGIN.bottom + rem, 'text-anchor': 'middle' }, label));
  }
  const middle = (MARGIN.left + width - MARGIN.right) / 2;
  svg.append(node('text', { x: middle, y: height - rem / 4, 'text-anchor': 'middle' }, x.label));
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

function drawMark(x, bottom) {
  return node('line', { class: 'mark', x1: x, x2: x, y1: 0, y2: bottom });
}

// What marks say, beside them and none over another: each in the first row that is free there, from the top, or of
// shares, which lie high, from the bottom. Where there is no room at all for one, its line alone is seen. above: a text
// at the right end of the topmost row, where there is one.
function drawMarkTexts(inside, marks, { above, percent }, { toX }, bottom, right) {
  const rows = Array.from({ length: Math.floor(bottom / rem) }, () => []);
  const texts = marks.map(([, text]) => node('text', { class: 'told' }, text));
  inside.append(...texts);
  if (above) inside.append(above);
  if (above) rows[0].push([right - above.getComputedTextLength(), right]);
  const lengths = texts.map((text) => text.getComputedTextLength()); // all at once: each layout takes its time
  texts.forEach((text, index) => {
    const line = toX(marks[index][0]);
    const fits = line + rem / 4 + lengths[index] <= right;
    const x = Math.max(fits ? line + rem / 4 : line - rem / 4 - lengths[index], MARGIN.left);
    const end = x + lengths[index];
    const row = rows.findIndex((taken) => taken.every(([from, to]) => end + rem / 2 <= from || to + rem / 2 <= x));
    if (row < 0) return text.remove();
    rows[row].push([x, end]);
    text.setAttribute('x', x);
    text.setAttribute('y', percent ? bottom - (row + 0.4) * rem : (row + 0.75) * rem);
  });
}

const LONGEST = 18; // characters of a name

// Names, where one is too long all without what they begin with alike, up to a word's end: what tells them apart comes
// last. One that is left without any stays whole.
function shorten(names) {
  const [first, ...others] = names.map((name) => name.split(/(?<= )/));
  const differs = first?.findIndex((word, at) => others.some((other) => other[at] !== word)) ?? -1;
  const tooLong = names.some((name) => name.length > LONGEST);
  const shared = tooLong && others.length > 0 && differs > 0 ? first.slice(0, differs).join('').length : 0;
  return names.map((name) => {
    const own = name.slice(shared) || name;
    return own.length > LONGEST ? `${own.slice(0, LONGEST - 1)}…` : own;
  });
}

// Names beside the ends of curves, none over another; where it is too narrow for that, there are none.
function drawEnds(ends, { toX, toY }, bottom) {
  const placed = ends
    .map(({ x, y, text, colour }) => ({ text, colour, x: toX(x) + rem / 2, y: Math.max(toY(y) + rem / 4, 0.75 * rem) }))
    .sort((one, other) => one.y - other.y);
  placed.forEach((end, index) => {
    if (index > 0) end.y = Math.max(end.y, placed[index - 1].y + 0.9 * rem);
  });
  const over = Math.max(0, (placed.at(-1)?.y ?? 0) - bottom + rem / 4); // all of them higher, then
  const names = shorten(placed.map(({ text }) => text));
  return placed.map(({ colour, x, y }, at) => node('text', { class: `end c${colour}`, x, y: y - over }, names[at]));
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

function drawPlot(svg, legend, { title, x, y, series, at, marks = [], legend: entries = series, behind, ends = [], above }) {
  svg.replaceChildren();
  drawLegend(legend, entries, y);
  const { clientWidth: width, clientHeight: height } = svg;
  const named = ends.length > 0 && width > 30 * rem;
  measure(named ? 8 : 1);
  if ((series.length === 0 && !behind) || width === 0) return null;
  const scales = makeScales(width, height, x, y);
  const { toX, toY } = scales;
  drawAxes(svg, { width, height, x, y, toX, toY });
  if (behind) drawBehind(behind, width, height, scales);
  const bottom = height - MARGIN.bottom;
  const inside = makeInside(width, height);
  const marked = marks.map(([value]) => value);
  if (at !== undefined) marked.push(at);
  inside.append(...marked.map((value) => drawMark(toX(value), bottom)));
  inside.append(...series.flatMap((one) => drawSeries(one, toX, toY)));
  if (named) inside.append(...drawEnds(ends, scales, bottom));
  svg.append(inside);
  const right = width - MARGIN.right;
  const highest = above === undefined ? null : `↑ ${formatValue(above, y.percent)}`;
  const told = highest && node('text', { x: right, y: 0.75 * rem, 'text-anchor': 'end' }, highest);
  drawMarkTexts(inside, marks, { above: told, percent: y.percent }, scales, bottom, right);
  const changes = marks.map(([value, text]) => `${x.label} ${Number(value.toPrecision(3))}: ${text}`);
  const shown = [...legend.children].map((entry) => entry.textContent);
  svg.setAttribute('aria-label', [title, ...shown, ...changes].join(', '));
  return scales;
}

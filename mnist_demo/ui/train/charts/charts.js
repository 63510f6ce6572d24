// The curves of all runs over each other. The table of runs tells of those that are done, with the event
// 'runs', and the progress bar of the one under way, with 'curves', several times a second: see
// `curves` in session.py.
const root = element.querySelector('.charts');
const charts = [...element.querySelectorAll('.chart')].map((figure) => ({
  figure,
  value: Number(figure.dataset.value), // its place in a point
  svg: figure.querySelector('.live'),
  behind: figure.querySelector('.done'),
  legend: figure.querySelector('.legend'),
  readout: figure.querySelector('.readout'),
  series: [],
  scale: null,
}));
const axis = element.querySelector('.axis');
const smoothing = element.querySelector('.smoothing');
const logScale = element.querySelector('.log');

let done = { curves: [], hidden: new Set() };
let live = null; // newer than what the table has of the same run
let drawing = null;
let moment = null; // { run, step } that the visitor has gone back to

function allCurves() {
  const others = done.curves.filter(({ number }) => number !== live?.number);
  return live ? [...others, live] : others;
}

// An exponential moving average, corrected for its start (Kingma and Ba, "Adam", 2015, section 3).
function smooth(points, weight) {
  if (!weight) return points;
  let mean = 0;
  return points.map(([x, y], index) => {
    mean = weight * mean + (1 - weight) * y;
    return [x, mean / (1 - weight ** (index + 1))];
  });
}

// The settings of the charts; what was made with the same ones need not be made again.
const settings = () => [axis.value, smoothing.value, logScale.checked].join();
const made = new WeakMap(); // of a run's curves: { settings, series by a chart's value }

function makeSeries(curves, chart) {
  const known = made.get(curves);
  if (known?.settings === settings() && known.series[chart.value]) return known.series[chart.value];
  const series = makeNewSeries(curves, chart);
  made.set(curves, {
    settings: settings(),
    series: { ...(known?.settings === settings() ? known.series : {}), [chart.value]: series },
  });
  return series;
}

function makeNewSeries(curves, chart) {
  const toX = {
    step: ([step]) => step,
    epoch: ([step]) => step / curves.steps_per_epoch,
    seconds: ([, seconds]) => seconds,
  }[axis.value];
  const log = logScale.checked && chart.value === 2;
  const pick = (points) =>
    points.map((point) => [toX(point), point[chart.value]]).filter(([, y]) => y !== null && (!log || y > 0));
  const same = { run: curves.number, run_name: curves.name, colour: (curves.number - 1) % 10 };
  return [
    { ...same, name: props.series_train, kind: 'line', points: smooth(pick(curves.train), Number(smoothing.value)) },
    { ...same, name: props.series_test, kind: 'dots', points: pick(curves.test) },
  ].filter(({ points }) => points.length > 0);
}

// How far the axis goes: to the longest of the curves. That of the run under way grows: so to the next
// round number, but not beyond its planned end; to that end from the start, and its first minute would be
// a stroke along the left.
function xEnd(series) {
  const lastOf = (some) => Math.max(0, ...some.map(({ points }) => points[points.length - 1][0]));
  const running = lastOf(series.filter(({ run }) => run === live?.number));
  if (!running) return lastOf(series);
  const { steps, steps_per_epoch: each } = live;
  const planned = { step: steps, epoch: steps / each, seconds: Infinity }[axis.value];
  return Math.max(lastOf(series), Math.min(roundUp(running), planned));
}

function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= value * 0.999999);
}

const GUESSING = 2.6; // a little above the loss of ten equal probabilities, where runs begin
const USUAL = 0.9; // of the points: those that the axis is made for

// A run that goes wrong for a moment would leave nothing to be seen of all else.
function lossEnd(ys) {
  return Math.min(ys[ys.length - 1], Math.max(GUESSING, 1.5 * ys[Math.floor(ys.length * USUAL)]));
}

// A share's axis starts where nearly all of its points lie: else 98% and 99% look the same.
function yBounds(chart, series) {
  const ys = series.flatMap(({ points }) => points.map(([, y]) => y)).sort((one, other) => one - other);
  if (chart.value !== 2) {
    const usual = ys[Math.floor(ys.length / 5)];
    return { low: Math.max(0, Math.floor((2 * usual - 1) * 10) / 10), high: 1, percent: true };
  }
  const highest = ys[ys.length - 1];
  if (logScale.checked) return { low: ys[0] * 0.95, high: highest * 1.05, log: true };
  const high = lossEnd(ys) * 1.05 || 1;
  return { low: 0, high, above: highest > high ? highest : undefined };
}

function stepToX(step, { train, steps_per_epoch: each }) {
  const [, seconds] = train.find(([at]) => at >= step) ?? train.at(-1) ?? [step, 0];
  return { step, epoch: step / each, seconds }[axis.value];
}

function marksOf(curves) {
  return curves.marks.map(([step, words]) => [stepToX(step, curves), translate(words)]);
}

function momentOf(shown) {
  const curves = shown.find(({ number }) => number === moment?.run);
  return curves && stepToX(moment.step, curves);
}

// One run's two curves are named by what they are of; of several, each by its run.
function endsOf(series, single) {
  const last = new Map(); // of a run: the test's curve, where there is one
  for (const one of series) last.set(single ? one.name : one.run, one);
  return [...last.values()].map(({ name, run_name: run, points, colour }) => {
    const [x, y] = points[points.length - 1];
    return { x, y, text: single ? translate(name) : run, colour };
  });
}

function drawChart(chart, shown) {
  chart.series = shown.flatMap((curves) => makeSeries(curves, chart));
  const { series, svg, legend, figure } = chart;
  const title = figure.querySelector('.title').textContent;
  figure.classList.toggle('started', series.length > 0);
  if (series.length === 0) {
    chart.behind.replaceChildren();
    delete chart.behind.dataset.drawn;
    chart.scale = drawPlot(svg, legend, { title, series });
    return;
  }
  const kinds = [
    { name: props.series_train, kind: 'line', colour: 'none' },
    { name: props.series_test, kind: 'dots', colour: 'none' },
  ];
  const [x, y] = [{ low: 0, high: xEnd(series), label: axis.selectedOptions[0].textContent }, yBounds(chart, series)];
  const over = series.filter(({ run }) => run !== live?.number);
  const runs = over.map(({ run, run_name: name, points }) => [run, name, points.length]);
  chart.scale = drawPlot(svg, legend, {
    title,
    x,
    y,
    series: series.filter(({ run }) => run === live?.number),
    at: momentOf(shown),
    behind: { svg: chart.behind, series: over, key: JSON.stringify([x, y, settings(), runs]) },
    legend: shown.length === 1 ? series : kinds,
    marks: shown.flatMap(marksOf).sort(([one], [other]) => one - other),
    ends: endsOf(series, shown.length === 1),
    above: y.above,
  });
}

function draw() {
  drawing = null;
  const shown = allCurves().filter(({ number }) => !done.hidden.has(number));
  root.classList.toggle('started', allCurves().length > 0);
  for (const chart of charts) drawChart(chart, shown);
}

function drawSoon() {
  drawing ??= requestAnimationFrame(draw);
}

// What every curve has at an x, read off its nearest point.
function readOff(chart, pixel) {
  if (!chart.scale) return;
  const x = chart.scale.fromX(pixel);
  const values = chart.series.map(({ run_name: run, name, colour, points }) => {
    const nearest = points.reduce((best, point) => (Math.abs(point[0] - x) < Math.abs(best[0] - x) ? point : best));
    return { text: `${run}, ${translate(name)}: ${formatValue(nearest[1], chart.value !== 2)}`, colour, at: nearest[0] };
  });
  const head = make('b', '', `${axis.selectedOptions[0].textContent}: ${Number(x.toPrecision(4))}`);
  const lines = values.map(({ text, colour }) => {
    const line = make('span', `line-of c${colour}`);
    line.append(make('i'), text);
    return line;
  });
  chart.readout.replaceChildren(head, ...lines);
  chart.readout.hidden = false;
  chart.readout.classList.toggle('left', pixel > chart.svg.clientWidth / 2);
  chart.pixel = pixel;
  chart.svg.querySelector('.cursor')?.remove();
  chart.svg.append(node('line', { class: 'mark cursor', x1: pixel, x2: pixel, y1: 0, y2: chart.svg.clientHeight - MARGIN.bottom }));
}

function endReading(chart) {
  chart.readout.hidden = true;
  chart.svg.querySelector('.cursor')?.remove();
}

for (const chart of charts) {
  const readAt = ({ clientX }) => {
    const { left, width } = chart.svg.getBoundingClientRect();
    readOff(chart, Math.min(Math.max(clientX - left, MARGIN.left), width - MARGIN.right));
  };
  chart.svg.addEventListener('pointermove', readAt);
  chart.svg.addEventListener('click', readAt); // a finger that taps
  chart.svg.addEventListener('pointerleave', () => endReading(chart));
  chart.svg.addEventListener('blur', () => endReading(chart));
  chart.svg.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: -8, ArrowRight: 8 }[event.key];
    if (!move) return;
    event.preventDefault();
    const { clientWidth: width } = chart.svg;
    readOff(chart, Math.min(Math.max((chart.pixel ?? MARGIN.left) + move, MARGIN.left), width - MARGIN.right));
  });
  new ResizeObserver(drawSoon).observe(chart.svg);
}

for (const control of [axis, smoothing, logScale]) control.addEventListener('input', drawSoon);

document.addEventListener('language', drawSoon);
document.addEventListener('curves', ({ detail }) => {
  live = detail;
  drawSoon();
});
document.addEventListener('moment', ({ detail }) => {
  if (detail?.run === moment?.run && detail?.step === moment?.step) return;
  moment = detail;
  drawSoon();
});
document.addEventListener('runs', ({ detail }) => {
  done = detail;
  drawSoon();
});

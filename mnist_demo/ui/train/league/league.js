// The league. props.value = { best: text, note: text, runs: [{ number, name, parameters, accuracy, parameters_text,
// accuracy_text, front: whether no run of fewer parameters is as good }], the fewest parameters first }.
const best = element.querySelector('.best');
const note = element.querySelector('.note');
const rows = element.querySelector('tbody');
const svg = element.querySelector('.plot svg');

const LEVELS = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999]; // shares that are told at the left
const USUAL = { x: [100, 1e6], y: [0.9, 0.995] }; // what the axes show at least
const RADIUS = 5; // of a dot

// Both axes are logarithmic: the lower one in parameters, the left one in the share that is read wrong, so that 98% and
// 99% lie as far apart as 80% and 90%.
const wrong = (accuracy) => -Math.log(Math.max(1 - accuracy, 1 - LEVELS.at(-1)));

function makeLeagueScales(runs, width, height) {
  const parameters = runs.map((run) => run.parameters);
  const shares = runs.map((run) => run.accuracy);
  const [fewest, most] = [Math.min(USUAL.x[0], ...parameters), Math.max(USUAL.x[1], ...parameters)];
  const [worst, top] = [Math.min(USUAL.y[0], ...shares), Math.max(USUAL.y[1], ...shares)];
  const x = { low: 10 ** Math.floor(Math.log10(Math.max(fewest, 1))), high: 10 ** Math.ceil(Math.log10(most)) };
  const y = {
    low: LEVELS.findLast((level) => level <= worst),
    high: LEVELS.find((level) => level >= top) ?? LEVELS.at(-1),
  };
  const along = (value, low, high) => (value - low) / (high - low);
  return {
    x,
    y,
    toX: (value) =>
      MARGIN.left + along(Math.log(Math.max(value, x.low)), Math.log(x.low), Math.log(x.high)) * (width - MARGIN.left - MARGIN.right),
    toY: (value) =>
      height - MARGIN.bottom - along(wrong(value), wrong(y.low), wrong(y.high)) * (height - MARGIN.top - MARGIN.bottom),
  };
}

function drawLeagueAxes(width, height, { x, y, toX, toY }) {
  const right = width - MARGIN.right;
  for (const level of LEVELS.filter((each) => each >= y.low && each <= y.high)) {
    const at = toY(level);
    svg.append(
      node('line', { class: level === props.goal ? 'goal' : 'grid', x1: MARGIN.left, x2: right, y1: at, y2: at }),
      node('text', { x: MARGIN.left - rem / 2, y: at + rem / 4, 'text-anchor': 'end' }, formatValue(level, true)),
    );
  }
  for (let at = x.low; at <= x.high; at *= 10) {
    const label = at.toLocaleString('en-US', { notation: 'compact' });
    svg.append(node('text', { x: toX(at), y: height - MARGIN.bottom + rem, 'text-anchor': 'middle' }, label));
  }
  const middle = (MARGIN.left + right) / 2;
  svg.append(node('text', { x: middle, y: height - rem / 4, 'text-anchor': 'middle' }, translate(props.words.along)));
}

// The Pareto front as stairs: what was reached with so many parameters or fewer.
function drawFront(runs, { toX, toY }, bottom, right) {
  const front = runs.filter((run) => run.front).map((run) => [toX(run.parameters), toY(run.accuracy)]);
  if (front.length === 0) return;
  const stairs = front.map(([x, y]) => `H${x}V${y}`).join('');
  svg.append(node('path', { class: 'step', d: `M${front[0][0]},${bottom}${stairs}H${right}` }));
}

// Beside a dot, in the order in which they are tried. To the right of one of the front, and below it, are the stairs.
function placesBeside({ x, y, front }, length) {
  const gap = 2 * RADIUS;
  const [right, left] = [[x + gap, y], [x - gap - length, y]];
  const above = [-gap, -length / 2, gap - length].map((by) => [x + by, y - 1.5 * gap]);
  const below = [x - length / 2, y + 1.5 * gap];
  return front ? [...above, left, below, right] : [right, left, ...above, below];
}

// The names, each where it is over nothing else, whole or at least shortened; where there is no such place, the table
// alone tells it.
function drawNames(dots, width, bottom) {
  const taken = dots.map(({ x, y }) => [x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS]);
  const free = (box) =>
    box[0] >= MARGIN.left && box[2] <= width && box[1] >= 0 && box[3] <= bottom &&
    taken.every((other) => box[2] <= other[0] || other[2] <= box[0] || box[3] <= other[1] || other[3] <= box[1]);
  const short = shorten(dots.map(({ name }) => name));
  dots.forEach((dot, index) => {
    const text = node('text', { class: 'end' });
    svg.append(text);
    for (const name of [dot.name, short[index]]) {
      text.textContent = name;
      const length = text.getComputedTextLength();
      const boxes = placesBeside(dot, length).map(([x, y]) => [x, y - rem / 2, x + length, y + rem / 2]);
      const box = boxes.find(free);
      if (!box) continue;
      taken.push(box);
      text.setAttribute('x', box[0]);
      text.setAttribute('y', box[1] + 0.75 * rem);
      return;
    }
    text.remove();
  });
}

function drawDot({ x, y, number, front, title }) {
  const dot = number
    ? node('circle', { class: `dot c${(number - 1) % 10}${front ? ' front' : ''}`, cx: x, cy: y, r: RADIUS })
    : node('path', { class: 'record', d: `M${x - 7},${y} ${x},${y - 7} ${x + 7},${y} ${x},${y + 7}Z` });
  dot.append(node('title', {}, title));
  svg.append(dot);
}

function draw() {
  svg.replaceChildren();
  const { clientWidth: width, clientHeight: height } = svg;
  if (width === 0) return;
  measure();
  const { runs = [] } = props.value ?? {};
  const scales = makeLeagueScales([...runs, props.record], width, height);
  drawLeagueAxes(width, height, scales);
  drawFront(runs, scales, height - MARGIN.bottom, width - MARGIN.right);
  const record = { ...props.record, name: translate(props.words.record_name) };
  const dots = [record, ...runs].map((run) => ({
    ...run,
    x: scales.toX(run.parameters),
    y: scales.toY(run.accuracy),
    title: `${run.name}: ${run.parameters_text}, ${run.accuracy_text}`,
  }));
  dots.forEach(drawDot);
  drawNames(dots.sort((one, other) => (other.front ?? false) - (one.front ?? false)), width, height - MARGIN.bottom);
}

function row({ number, name, parameters_text: parameters, accuracy_text: accuracy, front }) {
  const made = make('tr', front ? 'front' : '');
  const head = make('th');
  head.scope = 'row';
  if (number) head.append(make('i', `c${(number - 1) % 10}`));
  head.append(make('span', '', number ? name : props.words.record_name));
  if (front) head.append(make('small', '', props.words.on_front));
  made.append(head, make('td', '', parameters), make('td', '', accuracy));
  return made;
}

function show() {
  const { best: line = '', note: words = '', runs = [] } = props.value ?? {};
  best.textContent = translate(line);
  note.textContent = translate(words);
  const all = [...runs, props.record].sort((one, other) => one.parameters - other.parameters);
  rows.replaceChildren(...all.map(row));
  draw();
}

new ResizeObserver(draw).observe(svg);
document.addEventListener('runs', askSoon);
keepShowing(show);

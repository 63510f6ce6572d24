// The map. props.value from the server, in answers of their own: { maps: [{ id, key, name, points, answers, rough,
// seen }], labels, line }, where points are 16-bit numbers, x and y in turn, null where the page has those of that key;
// { digits, sheet }, pictures; { placed: { key: [x, y] }, picture, among, done }, the drawing. To it: { known: [keys] } with
// 'ask', { wanted: [indices] } with 'look', { open: index } with 'pick', { region } with 'pick_region', and { drawing }
// with 'place': that of the small pad beside the map; null: what is on the pad of the Draw tab.
const stage = element.querySelector('.stage');
const which = element.querySelector('.which');
const tip = element.querySelector('.tip');
const now = element.querySelector('.now');
const legend = element.querySelector('.legend');
const lassoButton = element.querySelector('.lasso');
const say = makeSpeaker(element.querySelector('.spoken'), 200);
const painter = makePainter(stage.querySelector('canvas'));
const pictures = makePictures((wanted) => tell({ wanted }, 'look'), () => redraw());
const view = makeView(stage, () => {
  stage.style.touchAction = !view.isWhole() || isLasso() ? 'none' : 'pan-y';
  redraw();
});
const placing = makePlacing({
  isSeen: () => fold.open && stage.offsetParent !== null && maps.length > 0,
  ask: () => tell({ drawing: smallPad.drawing() }, 'place'),
  came: () => {
    describe();
    redraw();
  },
});
const smallPad = makeSmallPad(element.querySelector('.pad canvas'), element.querySelector('.clear'), placing.soon);

const NEAR = 12; // pixels around a point in which it is meant
const MOVES_FOR = 900; // milliseconds from one map to another
const still = matchMedia('(prefers-reduced-motion: reduce)');

let labels = new Uint8Array(0);
let maps = []; // the last the server told of
const clouds = new Map(); // by key: the points, 0 to 1
let wanted = 'model'; // the id of the map that is to be seen
let shown = null; // the map that is seen
let points = new Float32Array(0); // as they are now
let wrong = new Uint8Array(0);
let move = null; // { from, to, centres: [from, to], began }
let centres = [];
let current = null; // { index, by: 'pointer', 'finger' or 'keys' }
let walk = null; // { of, order, at }: the points in view, from its middle outwards
let lasso = null; // the line that is or was drawn: [[x, y], ...], 0 to 1
let opened = null; // { order, at }: the digit whose detail was opened from here, and those around it
let progress = ''; // what the server is at, or was chosen last
let frame = null;

function tell(value, event) {
  props.value = value;
  trigger(event);
}

question = () => tell({ known: [...clouds.keys()] }, 'ask');

const radius = () => Math.min(7, (stage.clientWidth < 480 ? 1.2 : 1.6) * view.zoom() ** 0.45);

function redraw() {
  frame ??= requestAnimationFrame((time) => {
    frame = null;
    draw(time);
  });
}

function advance(time) {
  const share = Math.min(1, (time - move.began) / MOVES_FOR);
  const eased = share * share * (3 - 2 * share);
  const { from, to } = move;
  for (let at = 0; at < to.length; at++) points[at] = from[at] + (to[at] - from[at]) * eased;
  const [first, last] = move.centres;
  centres = last.map((end, label) => {
    const start = first[label] ?? end;
    return end && start.map((value, axis) => value + (end[axis] - value) * eased);
  });
  if (share === 1) move = null;
  else redraw();
}

function draw(time) {
  if (!painter.fit() || labels.length === 0 || !shown) return;
  if (move) advance(time);
  const places = view.scales();
  const { color: ink, backgroundColor: ground } = getComputedStyle(stage);
  const dark = element.closest('.dark') !== null;
  painter.paint({ points, labels, wrong, radius: radius(), ground, ink, dark, ...places });
  const { context } = painter;
  drawCentres(context, centres, stage.clientWidth < 480 ? 16 : 20, places, ground, ink);
  if (lasso) drawLasso(context, lasso, places, ink);
  const { accentColor } = getComputedStyle(which);
  if (placing.draw(context, shown.key, places, accentColor, still.matches)) redraw();
  if (current) markPoint(context, ...placeOf(current.index, places), radius() + 5, ink, ground);
  showTip();
}

const placeOf = (index, { toX, toY }) => [toX(points[2 * index]), toY(points[2 * index + 1])];

function sentenceOf(index) {
  const answer = shown.answersOf[index];
  const words = translate(answer === labels[index] ? props.words.point_right : props.words.point_wrong);
  return words.replace('{index}', index).replace('{label}', labels[index]).replace('{answer}', answer);
}

// Beside the point that is meant: its picture, and what it is.
function showTip() {
  now.hidden = !current || current.by === 'pointer' || !shown;
  tip.hidden = !current || current.by === 'finger' || !shown; // which would be below the hand
  if (!current || !shown) return;
  const { index } = current;
  pictures.want(index, () => nearestTo(points[2 * index], points[2 * index + 1]));
  for (const part of [now, tip].filter(({ hidden }) => !hidden)) {
    pictures.draw(part.querySelector('canvas').getContext('2d'), index, 0, 0, 28);
    part.querySelector('span').textContent = sentenceOf(index);
  }
  if (tip.hidden) return;
  const { width, height, ...places } = view.scales();
  const [x, y] = placeOf(index, places);
  const gap = radius() + 12;
  const beside = x + gap + tip.offsetWidth < width ? x + gap : Math.max(0, x - gap - tip.offsetWidth);
  const below = Math.max(0, Math.min(height - tip.offsetHeight, y - tip.offsetHeight / 2));
  tip.style.transform = `translate(${Math.round(beside)}px, ${Math.round(below)}px)`;
}

function nearestTo(x, y, among = null) {
  const indices = among ?? [...labels.keys()];
  const distance = (index) => (points[2 * index] - x) ** 2 + (points[2 * index + 1] - y) ** 2;
  const distances = new Map(indices.map((index) => [index, distance(index)]));
  return indices.sort((one, other) => distances.get(one) - distances.get(other));
}

function inView() {
  const { width, height, fromX, fromY } = view.scales();
  const [left, right, top, bottom] = [fromX(0), fromX(width), fromY(0), fromY(height)];
  return [...labels.keys()].filter((index) => {
    const [x, y] = [points[2 * index], points[2 * index + 1]];
    return x >= left && x <= right && y >= top && y <= bottom;
  });
}

function pointAt(x, y) {
  const places = view.scales();
  let [best, least] = [null, NEAR ** 2];
  for (let index = 0; index < labels.length; index++) {
    const [atX, atY] = placeOf(index, places);
    const distance = (atX - x) ** 2 + (atY - y) ** 2;
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

function mean(index, by) {
  if (current?.index === index && current?.by === by) return;
  current = index === null ? null : { index, by };
  stage.style.cursor = index !== null && by === 'pointer' ? 'pointer' : '';
  redraw();
}

function open(index) {
  const order = nearestTo(points[2 * index], points[2 * index + 1]);
  document.dispatchEvent(new CustomEvent('digit-picked', { detail: index }));
  opened = { order, at: 0 };
  tell({ open: index }, 'pick');
}

function isLasso() {
  return lassoButton.getAttribute('aria-pressed') === 'true';
}

function setLasso(on) {
  lassoButton.setAttribute('aria-pressed', on);
  view.pan(0, 0); // a finger draws now, or scrolls the page again
}

function circle(path, done) {
  const { fromX, fromY } = view.scales();
  lasso = path && path.map(([x, y]) => [fromX(x), fromY(y)]);
  redraw();
  if (!done) return;
  setLasso(false);
  if (lasso) pickRegion([...labels.keys()].filter((index) => isInside(lasso, points[2 * index], points[2 * index + 1])));
}

// The chosen ones become what the Gallery shows.
function pickRegion(indices) {
  const count = indices.length.toLocaleString('en-US');
  const words = Object.entries(props.words[indices.length > 0 ? 'chosen' : 'nothing_here']);
  progress = Object.fromEntries(words.map(([language, text]) => [language, text.replace('{count}', count)]));
  describe();
  if (indices.length === 0) return;
  document.dispatchEvent(new CustomEvent('digits-picked'));
  tell({ region: encodeRegion(indices, labels.length) }, 'pick_region');
}

// From the middle of what is seen outwards, one after another.
function step(by) {
  const of = `${view.name()} ${shown.key}`;
  if (walk?.of !== of) walk = { of, order: nearestTo(...view.middle(), inView()), at: by > 0 ? -1 : 0 };
  if (walk.order.length === 0) {
    say(translate(props.words.nothing_here));
    return;
  }
  walk.at = (walk.at + by + walk.order.length) % walk.order.length;
  const index = walk.order[walk.at];
  mean(index, 'keys');
  const place = translate(props.words.place).replace('{at}', walk.at + 1).replace('{count}', walk.order.length);
  say(`${sentenceOf(index)} ${place}`);
}

const PAN = 60; // pixels a press
const MAP_KEYS = {
  ArrowLeft: () => view.pan(PAN, 0),
  ArrowRight: () => view.pan(-PAN, 0),
  ArrowUp: () => view.pan(0, PAN),
  ArrowDown: () => view.pan(0, -PAN),
  '+': () => view.enlarge(1.4),
  '=': () => view.enlarge(1.4),
  '-': () => view.enlarge(1 / 1.4),
  Home: view.whole,
  PageDown: () => step(1),
  PageUp: () => step(-1),
  Enter: () => { if (current) open(current.index); },
};

stage.addEventListener('keydown', (event) => {
  const act = MAP_KEYS[event.key];
  if (!act || event.ctrlKey || event.altKey || event.metaKey || !shown) return;
  event.preventDefault();
  act();
});

listenForGestures(stage, isLasso, view.isWhole, {
  pan: view.pan,
  zoom: view.enlarge,
  hover: (x, y) => {
    const index = x === null ? null : pointAt(x, y);
    if (index !== null || current?.by === 'pointer') mean(index, 'pointer');
  },
  tap: (x, y, byFinger) => {
    const index = pointAt(x, y);
    if (lasso) lasso = null;
    if (!byFinger) {
      if (index !== null) open(index);
      else mean(null);
    } else if (index !== null && current?.index === index) open(index);
    else mean(index, 'finger');
    redraw();
  },
  lasso: circle,
});
now.querySelector('.open').addEventListener('click', () => open(current.index));
lassoButton.addEventListener('click', () => setLasso(!isLasso()));
element.querySelector('.in-view').addEventListener('click', () => pickRegion(inView()));
element.querySelector('.in').addEventListener('click', () => view.enlarge(1.6));
element.querySelector('.out').addEventListener('click', () => view.enlarge(1 / 1.6));
element.querySelector('.whole').addEventListener('click', view.whole);

// The detail below the tiles: its next digit is the next nearest on the map, where it was opened from there.
document.addEventListener('digit-picked', () => { opened = null; });
document.addEventListener('digit-step', ({ detail: by }) => {
  const at = opened && opened.at + by;
  if (at === null || at < 0 || at >= opened.order.length) return;
  const { order } = opened;
  open(order[at]);
  opened = { order, at };
  mean(order[at], 'keys');
});
document.addEventListener('digit-closed', () => {
  if (opened) stage.focus();
  opened = null;
});

// Moves the points to the map that is wanted, or to one that is there.
function showMap() {
  const next = maps.find((map) => map.id === wanted && clouds.has(map.key)) ?? maps.find((map) => clouds.has(map.key));
  if (!next) return;
  const [before, to] = [shown, clouds.get(next.key)];
  shown = next;
  wrong = Uint8Array.from(labels, (label, index) => Number(next.answersOf[index] !== label));
  const ends = findCentres(to, labels);
  if (!before || before.key === next.key || points.length !== to.length || still.matches) {
    if (before?.key !== next.key || points.length !== to.length) {
      points = to.slice();
      move = null;
      centres = ends;
    }
  } else {
    move = { from: points.slice(), to, centres: [centres, ends], began: performance.now() };
    lasso = null;
  }
  walk = null;
  redraw();
}

function button({ id, name }) {
  const made = make('button', '', name);
  made.type = 'button';
  made.dataset.id = id;
  made.addEventListener('click', () => {
    wanted = id;
    showMap();
    describe();
  });
  return made;
}

// All words that belong to the maps.
function describe() {
  const focused = which.contains(document.activeElement) && document.activeElement.dataset.id;
  which.replaceChildren(...maps.map(button));
  for (const one of which.children) one.setAttribute('aria-pressed', one.dataset.id === wanted);
  if (focused) which.querySelector(`[data-id="${focused}"]`)?.focus();
  element.querySelector('.seen').textContent = shown ? translate(shown.seen) : '';
  element.querySelector('.line').textContent = translate(progress);
  element.querySelector('.drawn').textContent = translate(placing.among() || props.words.pad_help);
}

function takeMaps({ maps: told, labels: text, line: words }) {
  labels = decode(text);
  progress = words;
  maps = told.map((map) => ({ ...map, answersOf: decode(map.answers) }));
  const isNew = told.some(({ key }) => !clouds.has(key));
  for (const { key, points: sent } of told) if (sent && !clouds.has(key)) clouds.set(key, decodePoints(sent));
  if (!maps.some(({ id }) => id === wanted)) wanted = 'model';
  if (current && current.index >= labels.length) current = null;
  showMap();
  describe();
  if (isNew) placing.soon(); // on a map that was not there yet
  else placing.seen();
}

watch('value', () => {
  const value = props.value ?? {};
  if (value.maps) takeMaps(value);
  else if (value.digits) pictures.take(value);
  else if (value.placed) placing.take(value);
});

for (const event of ['drawing', 'digit-chosen']) document.addEventListener(event, () => {
  smallPad.clear(); // what was drawn last counts
  placing.soon();
});
document.addEventListener('gallery-models', () => {
  askSoon();
  placing.soon();
});

function showLegend() {
  const dots = LABEL_COLOURS.map((colour, label) => {
    const made = make('span', '', '');
    const dot = make('i');
    dot.style.setProperty('--colour', colour);
    dot.style.setProperty('--on-dark', ON_DARK[colour] ?? colour);
    made.append(dot, String(label));
    return made;
  });
  const ring = make('span', '', '');
  ring.append(make('i', 'ring'), translate(props.words.ring));
  legend.replaceChildren(...dots, ring);
}

document.addEventListener('language', () => {
  showLegend();
  describe();
  redraw();
});
new ResizeObserver(() => {
  redraw();
  placing.seen();
}).observe(stage);
for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
  matchMedia(query).addEventListener('change', redraw);
}
new MutationObserver(redraw).observe(document.body, { attributeFilter: ['class'] });
showLegend();
view.whole();

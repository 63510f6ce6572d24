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
const pictures = makePictures((wanted) => tell({ wanted }, 'look'), () => { showTip(); redraw(); });

const STEPS = 65535; // of the server's numbers from one edge to the other
const FILLS = 0.93; // of the shorter side of the stage
const NEAR = 12; // pixels around a point in which it is meant
const MOVES_FOR = 900; // milliseconds from one map to another
const MOST_ZOOM = 60;
const ANSWERS_WITHIN = 60000; // milliseconds: after that the drawing is asked for again
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
let view = { x: 0.5, y: 0.5, zoom: 1 };
let current = null; // { index, by: 'pointer', 'finger' or 'keys' }
let walk = null; // { view, order, at }: the points in view, from its middle outwards
let lasso = null; // the line that is or was drawn: [[x, y], ...], 0 to 1
let opened = null; // { order, at }: the digit whose detail was opened from here, and those around it
let progress = ''; // what the server is at
let drawn = null; // the server's last answer to 'place', and its picture, loaded
let stale = true; // whether the drawing may be another one since
let placing = null; // the timer of the next time that the drawing is placed
let askedToPlace = -Infinity; // when the server was asked to, while its answer is to come
let frame = null;

function tell(value, event) {
  props.value = value;
  trigger(event);
}

question = () => tell({ known: [...clouds.keys()] }, 'ask');

const decode = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

function decodePoints(text) {
  const bytes = new DataView(decode(text).buffer);
  return Float32Array.from({ length: bytes.byteLength / 2 }, (_, at) => bytes.getUint16(2 * at, true) / STEPS);
}

// Where a point is on the stage, and back.
function scales() {
  const [width, height] = [stage.clientWidth, stage.clientHeight];
  const scale = FILLS * Math.min(width, height) * view.zoom;
  return {
    width,
    height,
    scale,
    toX: (x) => (x - view.x) * scale + width / 2,
    toY: (y) => (y - view.y) * scale + height / 2,
    fromX: (x) => (x - width / 2) / scale + view.x,
    fromY: (y) => (y - height / 2) / scale + view.y,
  };
}

const radius = () => Math.min(7, (stage.clientWidth < 480 ? 1.2 : 1.6) * view.zoom ** 0.45);

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
  const { toX, toY } = scales();
  const { color: ink, backgroundColor: ground } = getComputedStyle(stage);
  const dark = element.closest('.dark') !== null;
  painter.paint({ points, labels, wrong, radius: radius(), ground, ink, dark, toX, toY });
  const { context } = painter;
  drawCentres(context, toX, toY, ground, ink);
  drawLasso(context, toX, toY, ink);
  drawDrawing(context, toX, toY);
  if (current) markPoint(context, toX(points[2 * current.index]), toY(points[2 * current.index + 1]), ink, ground);
  showTip();
}

function drawCentres(context, toX, toY, ground, ink) {
  context.font = `700 ${stage.clientWidth < 480 ? 16 : 20}px system-ui, sans-serif`;
  Object.assign(context, { textAlign: 'center', textBaseline: 'middle', lineWidth: 5, lineJoin: 'round' });
  Object.assign(context, { strokeStyle: ground, fillStyle: ink });
  centres.forEach((centre, label) => {
    if (!centre) return;
    const at = [toX(centre[0]), toY(centre[1])];
    context.strokeText(label, ...at);
    context.fillText(label, ...at);
  });
}

function drawLasso(context, toX, toY, ink) {
  if (!lasso) return;
  context.beginPath();
  for (const [x, y] of lasso) context.lineTo(toX(x), toY(y));
  context.closePath();
  Object.assign(context, { strokeStyle: ink, lineWidth: 1.5 });
  context.setLineDash([5, 4]);
  context.stroke();
  context.setLineDash([]);
}

function markPoint(context, x, y, ink, ground) {
  for (const [colour, width] of [[ground, 5], [ink, 2]]) {
    context.beginPath();
    context.arc(x, y, radius() + 5, 0, 2 * Math.PI);
    Object.assign(context, { strokeStyle: colour, lineWidth: width });
    context.stroke();
  }
}

// The picture of the drawing where it belongs; on the way from one map to another, where it moves with its likes.
function drawDrawing(context, toX, toY) {
  const target = drawn?.placed[shown.key];
  if (!target || !drawn.image) return;
  const goal = target.map((value) => value / STEPS);
  const calm = still.matches || !drawn.at;
  drawn.at = calm ? goal : drawn.at.map((value, axis) => value + (goal[axis] - value) * 0.2);
  if (Math.hypot(goal[0] - drawn.at[0], goal[1] - drawn.at[1]) > 0.0005) redraw();
  const [x, y, side] = [toX(drawn.at[0]), toY(drawn.at[1]), 34];
  context.fillStyle = getComputedStyle(which).accentColor;
  context.fillRect(x - side / 2 - 3, y - side / 2 - 3, side + 6, side + 6);
  context.imageSmoothingEnabled = false;
  context.drawImage(drawn.image, x - side / 2, y - side / 2, side, side);
}

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
  const { width, height, toX, toY } = scales();
  const [x, y] = [toX(points[2 * index]), toY(points[2 * index + 1])];
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
  const { width, height, fromX, fromY } = scales();
  const [left, right, top, bottom] = [fromX(0), fromX(width), fromY(0), fromY(height)];
  return [...labels.keys()].filter((index) => {
    const [x, y] = [points[2 * index], points[2 * index + 1]];
    return x >= left && x <= right && y >= top && y <= bottom;
  });
}

function pointAt(x, y) {
  const { toX, toY } = scales();
  let [best, least] = [null, NEAR ** 2];
  for (let index = 0; index < labels.length; index++) {
    const distance = (toX(points[2 * index]) - x) ** 2 + (toY(points[2 * index + 1]) - y) ** 2;
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

function mean(index, by) {
  if (current?.index === index && current?.by === by) return;
  current = index === null ? null : { index, by };
  stage.style.cursor = index !== null && by === 'pointer' ? 'pointer' : '';
  redraw();
  showTip();
}

function open(index) {
  const order = nearestTo(points[2 * index], points[2 * index + 1]);
  document.dispatchEvent(new CustomEvent('digit-picked', { detail: index }));
  opened = { order, at: 0 };
  tell({ open: index }, 'pick');
}

function changeView(x, y, zoom) {
  const limited = Math.max(1, Math.min(MOST_ZOOM, zoom));
  const clamp = (value) => Math.max(0, Math.min(1, value));
  view = limited === 1 && zoom < 1 ? { x: 0.5, y: 0.5, zoom: 1 } : { x: clamp(x), y: clamp(y), zoom: limited };
  stage.style.touchAction = view.zoom > 1 || isLasso() ? 'none' : 'pan-y';
  redraw();
}

// The point under (x, y) stays there.
function zoom(by, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
  const { fromX, fromY } = scales();
  const [atX, atY] = [fromX(x), fromY(y)];
  const after = Math.max(1, Math.min(MOST_ZOOM, view.zoom * by));
  const kept = view.zoom / after;
  changeView(atX + (view.x - atX) * kept, atY + (view.y - atY) * kept, view.zoom * by);
}

function pan(byX, byY) {
  const { scale } = scales();
  changeView(view.x - byX / scale, view.y - byY / scale, view.zoom);
}

function isLasso() {
  return lassoButton.getAttribute('aria-pressed') === 'true';
}

function setLasso(on) {
  lassoButton.setAttribute('aria-pressed', on);
  changeView(view.x, view.y, view.zoom);
}

// By the even-odd rule.
function isInside(path, x, y) {
  let inside = false;
  for (let at = 0, before = path.length - 1; at < path.length; before = at++) {
    const [[x1, y1], [x2, y2]] = [path[at], path[before]];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

function circle(path, done) {
  const { fromX, fromY } = scales();
  lasso = path && path.map(([x, y]) => [fromX(x), fromY(y)]);
  redraw();
  if (!done) return;
  setLasso(false);
  if (lasso) pickRegion([...labels.keys()].filter((index) => isInside(lasso, points[2 * index], points[2 * index + 1])));
}

// The chosen ones become what the Gallery shows.
function pickRegion(indices) {
  if (indices.length === 0) {
    tellLine(props.words.nothing_here);
    return;
  }
  const bits = new Uint8Array(Math.ceil(labels.length / 8));
  for (const index of indices) bits[index >> 3] |= 1 << (index & 7);
  tellLine(translate(props.words.chosen).replace('{count}', indices.length.toLocaleString('en-US')));
  document.dispatchEvent(new CustomEvent('digits-picked'));
  tell({ region: btoa(String.fromCharCode(...bits)) }, 'pick_region');
}

function tellLine(words) {
  element.querySelector('.line').textContent = translate(words);
}

// From the middle of what is seen outwards, one after another.
function step(by) {
  if (!walk || walk.view !== view || walk.map !== shown) {
    walk = { view, map: shown, order: nearestTo(view.x, view.y, inView()), at: by > 0 ? -1 : 0 };
  }
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
  ArrowLeft: () => pan(PAN, 0),
  ArrowRight: () => pan(-PAN, 0),
  ArrowUp: () => pan(0, PAN),
  ArrowDown: () => pan(0, -PAN),
  '+': () => zoom(1.4),
  '=': () => zoom(1.4),
  '-': () => zoom(1 / 1.4),
  Home: () => changeView(0.5, 0.5, 1),
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

listenForGestures(stage, isLasso, () => view.zoom === 1, {
  pan,
  zoom,
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
element.querySelector('.in').addEventListener('click', () => zoom(1.6));
element.querySelector('.out').addEventListener('click', () => zoom(1 / 1.6));
element.querySelector('.whole').addEventListener('click', () => changeView(0.5, 0.5, 1));

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
  tellLine(progress);
  element.querySelector('.drawn').textContent = translate(drawn?.among || props.words.pad_help);
}

function takeMaps({ maps: told, labels: text, line: words }) {
  labels = decode(text);
  progress = words;
  maps = told.map((map) => ({ ...map, answersOf: decode(map.answers) }));
  for (const { key, points: sent } of told) if (sent && !clouds.has(key)) clouds.set(key, decodePoints(sent));
  if (!maps.some(({ id }) => id === wanted)) wanted = 'model';
  if (current && current.index >= labels.length) current = null;
  showMap();
  describe();
  if (stale) placeSoon();
}

function takeDrawing(answer) {
  if (answer.done) askedToPlace = -Infinity;
  if (answer.done && stale) placeSoon();
  const at = drawn?.at;
  drawn = { ...answer, at, image: null };
  describe();
  if (!answer.picture) {
    redraw();
    return;
  }
  const picture = new Image();
  const mine = drawn;
  picture.onload = () => {
    mine.image = picture;
    redraw();
  };
  picture.src = answer.picture;
}

watch('value', () => {
  const value = props.value ?? {};
  if (value.maps) takeMaps(value);
  else if (value.digits) pictures.take(value);
  else if (value.placed) takeDrawing(value);
});

// The drawing on the pad, as it changes, while the map can be seen.
function place() {
  placing = null;
  if (!fold.open || stage.offsetParent === null || maps.length === 0) return;
  if (performance.now() - askedToPlace < ANSWERS_WITHIN) return;
  askedToPlace = performance.now();
  stale = false;
  tell({ drawing: smallPad.drawing() }, 'place');
}

function placeSoon() {
  stale = true;
  placing ??= setTimeout(place, ASK_EVERY);
}

const smallPad = makeSmallPad(element.querySelector('.pad canvas'), element.querySelector('.clear'), placeSoon);
for (const event of ['drawing', 'digit-chosen']) document.addEventListener(event, () => {
  smallPad.clear();
  placeSoon();
});
document.addEventListener('gallery-models', () => {
  askSoon();
  placeSoon();
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
  showTip();
});
new ResizeObserver(() => {
  redraw();
  if (stale) placeSoon();
}).observe(stage);
for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
  matchMedia(query).addEventListener('change', redraw);
}
new MutationObserver(redraw).observe(document.body, { attributeFilter: ['class'] });
showLegend();
changeView(0.5, 0.5, 1);

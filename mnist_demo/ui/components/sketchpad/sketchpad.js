// The pad: strokes in units of its own, 280 to a side, whatever the size of the screen; or a picture. A wide pad is twice
// as wide as high: by its button (drawing.wide = true), or by itself where a number comes near the edge ('auto').
// props.value = { strokes: [[[x, y], ...], ...], line_width, picture, digit, wide, from, chosen }: chosen is the box of
// the digit that is looked at, where the drawing is a number, told by 'digit-chosen' { boxes, at }. picture is a data
// URI of a photo, digit one of a test digit, 28 x 28, white on black; null where there is none. Strokes lie on top
// of it. The event 'drawing' of the document tells each new one, and `moving`: whether more of it is to come. The server
// may set it too, with another `from` each time. At 'digit-labelled' the strokes are remembered, and at 'drawing-stored'
// they are taken from the pad.
const UNITS = 280;
const PALM_AFTER = 2000; // milliseconds after a pen in which a touch draws nothing
const NUDGES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const BLANK = { strokes: [], picture: null, digit: null, wide: false };
const FINER = 0.6; // on a wide pad, where digits are smaller, the pen is thinner
const EDGE = 56; // units: a number that comes nearer to the right edge needs room

const pad = element.querySelector('.pad');
const canvas = element.querySelector('canvas');
const undoButton = element.querySelector('.undo');
const redoButton = element.querySelector('.redo');
const clearButton = element.querySelector('.clear');
const widerButton = element.querySelector('.wider');
const boxesPart = element.querySelector('.boxes');
const brush = element.querySelector('.brush input');
const context = canvas.getContext('2d');

let drawing = BLANK; // never changed in place, so that history can hold earlier ones
let history = []; // what `drawing` was before each change
let future = []; // what was taken back
let pen = null; // the stroke under way: { id, points }
let penUsedAt = -Infinity;
let labelled = []; // the strokes that a label was given to
let ink = '#000'; // the colour of the strokes
let image = null; // of drawing.picture or drawing.digit, when loaded
let imageOf = null; // that one
let chosen = null; // { boxes, at } of a number
let frame = null; // the one before which the drawing is told

function isBlank({ strokes, picture, digit }) {
  return strokes.length === 0 && !picture && !digit;
}

function drawImage() {
  const scale = UNITS / Math.max(image.width, image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  context.imageSmoothingEnabled = !drawing.digit;
  context.drawImage(image, (UNITS - width) / 2, (UNITS - height) / 2, width, height);
}

// MNIST's white on black as the pad's own ink.
function toInk(picture) {
  const made = document.createElement('canvas');
  made.width = picture.width;
  made.height = picture.height;
  const onto = made.getContext('2d');
  if (isCanvasFalsified()) return invert(onto, picture);
  onto.drawImage(picture, 0, 0);
  const pixels = onto.getImageData(0, 0, made.width, made.height);
  for (let i = 0; i < pixels.data.length; i += 4) {
    pixels.data[i + 3] = pixels.data[i];
    pixels.data.fill(0, i, i + 3);
  }
  onto.putImageData(pixels, 0, 0);
  return made;
}

// A photo of chalk on a board is drawn on with chalk.
function inkOf(picture) {
  if (isCanvasFalsified()) return '#000';
  const made = document.createElement('canvas');
  made.width = made.height = 1;
  const onto = made.getContext('2d');
  onto.imageSmoothingQuality = 'high';
  onto.drawImage(picture, 0, 0, 1, 1);
  return onto.getImageData(0, 0, 1, 1).data[0] < 128 ? '#fff' : '#000';
}

function drawStroke(points) {
  context.beginPath();
  context.moveTo(...points[0]);
  // Through the middles of neighbouring points: a smooth line from few points.
  for (let i = 1; i < points.length - 1; i++) {
    const [x, y] = points[i];
    const [nextX, nextY] = points[i + 1];
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  context.lineTo(...points[points.length - 1]);
  context.stroke();
}

function strokesNow() {
  const underWay = [pen?.points, demonstration].filter(Boolean);
  return [...drawing.strokes, ...underWay.map((points) => [...points])];
}

const padWidth = () => (drawing.wide ? 2 * UNITS : UNITS);
const lineWidth = () => Number(brush.value) * (drawing.wide ? FINER : 1);
const rightmost = ({ strokes }) => Math.max(0, ...strokes.map((points) => points.reduce((most, [x]) => Math.max(most, x), 0)));

// A thin box around each digit of a number.
function drawBoxes() {
  const { boxes = [], at } = chosen ?? {};
  const apart = lineWidth() / 2 + 3;
  const made = boxes.map(([x, y, width, height], place) => {
    const box = document.createElement('div');
    const low = [Math.max(1, x - apart), Math.max(1, y - apart)];
    const high = [Math.min(padWidth() - 1, x + width + apart), Math.min(UNITS - 1, y + height + apart)];
    const share = (number, all) => `${(100 * number) / all}%`;
    Object.assign(box.style, {
      left: share(low[0], padWidth()),
      top: share(low[1], UNITS),
      width: share(high[0] - low[0], padWidth()),
      height: share(high[1] - low[1], UNITS),
    });
    box.classList.toggle('chosen', place === at);
    return box;
  });
  boxesPart.replaceChildren(...made);
}

function choose(detail) {
  chosen = detail;
  if (props.value) props.value = { ...props.value, chosen: chosenBox() };
  widenWhereCrowded();
  drawBoxes();
}

// A number near the edge gets a wide pad, but not below the pen: its last answer may come before that is lifted.
function widenWhereCrowded() {
  const crowded = chosen && !drawing.wide && !drawing.picture && rightmost(drawing) > UNITS - EDGE;
  if (!crowded || pen) return;
  drawing = { ...drawing, wide: 'auto' };
  draw();
}

const chosenBox = () => chosen?.boxes[chosen.at] ?? null;

function draw() {
  pad.classList.toggle('wide', Boolean(drawing.wide));
  fitToScreen();
  const unit = canvas.width / padWidth();
  context.setTransform(unit, 0, 0, unit, 0, 0);
  context.clearRect(0, 0, padWidth(), UNITS);
  if (image) drawImage();
  context.strokeStyle = ink;
  context.lineWidth = lineWidth();
  context.lineCap = context.lineJoin = 'round';
  for (const points of strokesNow()) drawStroke(points);
  const blank = isBlank(drawing) && !pen && !demonstration;
  pad.classList.toggle('inked', !blank);
  pad.classList.toggle('photo', Boolean(drawing.picture)); // is not inverted in the dark
  undoButton.disabled = history.length === 0;
  redoButton.disabled = future.length === 0;
  clearButton.disabled = blank;
  widerButton.disabled = Boolean(drawing.picture || drawing.digit || (drawing.wide && rightmost(drawing) > UNITS));
  widerButton.setAttribute('aria-pressed', String(Boolean(drawing.wide)));
}

// Whether the canvas has another size now, and is blank.
function fitToScreen() {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((side) => Math.round(side * scale));
  if (width === 0 || (width === canvas.width && height === canvas.height)) return false;
  [canvas.width, canvas.height] = [width, height];
  return true;
}

// moving: more of it is to come at once, as while the pen moves.
function send(moving = false) {
  cancelAnimationFrame(frame);
  frame = null;
  const value = { ...drawing, strokes: strokesNow(), line_width: lineWidth(), from: props.value?.from ?? 0 };
  props.value = { ...value, chosen: chosenBox() };
  document.dispatchEvent(new CustomEvent('drawing', { detail: { ...value, moving } }));
  if (!pen && !demonstration) tellLink();
}

function sendSoon() {
  if (pen && drawing.picture) return; // too large to be sent again and again: when the pen is lifted
  frame ??= requestAnimationFrame(() => send(true));
}

function show(next) {
  drawing = next;
  const source = drawing.digit ?? drawing.picture;
  if (source === imageOf) {
    draw();
    return;
  }
  [image, imageOf, ink] = [null, source, '#000'];
  if (source) {
    const loading = new Image();
    loading.onload = () => {
      if (source !== (drawing.digit ?? drawing.picture)) return; // another has come since
      image = drawing.digit ? toInk(loading) : loading;
      if (!drawing.digit) ink = inkOf(loading);
      draw();
    };
    loading.src = source;
  }
  draw();
}

function change(next) {
  endDemonstration();
  if (!isBlank(drawing) || !isBlank(next)) history = [...history, drawing];
  future = [];
  show(next);
  send();
}

function undo() {
  if (pen || history.length === 0) return;
  future = [...future, drawing];
  const last = history[history.length - 1];
  history = history.slice(0, -1);
  show(last);
  send();
}

function redo() {
  if (pen || future.length === 0) return;
  history = [...history, drawing];
  const next = future[future.length - 1];
  future = future.slice(0, -1);
  show(next);
  send();
}

function clear() {
  if (!pen && (demonstration || !isBlank(drawing))) change({ ...BLANK, wide: drawing.wide === true });
}

function nudge([right, down], step) {
  const moved = drawing.strokes.map((points) => points.map(([x, y]) => [x + right * step, y + down * step]));
  if (moved.length > 0) change({ ...drawing, strokes: moved });
}

function point(event) {
  const box = canvas.getBoundingClientRect();
  const unit = padWidth() / box.width;
  const round = (number) => Math.round(number * 10) / 10;
  return [round((event.clientX - box.left) * unit), round((event.clientY - box.top) * unit)];
}

// While somebody writes with a pen, what touches the screen beside it is their hand.
function isPalm({ pointerType }) {
  if (pointerType === 'pen') penUsedAt = performance.now();
  return pointerType === 'touch' && performance.now() - penUsedAt < PALM_AFTER;
}

canvas.addEventListener('pointerdown', (event) => {
  if (event.button !== 0 || isPalm(event)) return;
  if (pen && !(event.pointerType === 'pen' && pen.type !== 'pen')) return; // a second finger draws nothing
  endDemonstration();
  canvas.setPointerCapture(event.pointerId);
  pen = { id: event.pointerId, type: event.pointerType, points: [point(event)] }; // in place of a palm's
  draw();
  sendSoon();
});

canvas.addEventListener('pointermove', (event) => {
  if (event.pointerType === 'pen') penUsedAt = performance.now();
  if (pen?.id !== event.pointerId) return;
  const between = event.getCoalescedEvents?.() ?? [];
  pen.points.push(...(between.length > 0 ? between : [event]).map(point));
  draw();
  sendSoon();
});

function lift(event) {
  if (pen?.id !== event.pointerId) return;
  const { points } = pen;
  pen = null;
  change({ ...drawing, strokes: [...drawing.strokes, points] });
  widenWhereCrowded();
}
canvas.addEventListener('pointerup', lift);
// The system has taken the touch for something else, such as a gesture: it was no stroke.
canvas.addEventListener('pointercancel', (event) => {
  if (pen?.id !== event.pointerId) return;
  pen = null;
  draw();
  send();
});
canvas.addEventListener('lostpointercapture', lift);
// Else Scribble of an iPad takes strokes of its Pencil for words to be typed, and the next ones are lost.
canvas.addEventListener('touchmove', (event) => event.preventDefault(), { passive: false });

undoButton.addEventListener('click', undo);
redoButton.addEventListener('click', redo);
clearButton.addEventListener('click', clear);
widerButton.addEventListener('click', () => {
  if (!pen) change({ ...drawing, wide: !drawing.wide });
});
brush.addEventListener('input', () => {
  draw();
  if (drawing.strokes.length > 0) sendSoon();
});

function shown(event) {
  const typing = event.target.closest?.('input:not([type=range]), textarea, select, [contenteditable]');
  return !typing && canvas.offsetParent !== null; // nothing happens while another tab is shown
}

document.addEventListener('keydown', (event) => {
  if (!shown(event)) return;
  const key = event.key.toLowerCase();
  const command = event.ctrlKey || event.metaKey;
  if (command && key === 'z' && !event.shiftKey) undo();
  else if (command && (key === 'y' || (key === 'z' && event.shiftKey))) redo();
  else if (key === 'escape') clear();
  else if (document.activeElement === canvas && NUDGES[event.key]) nudge(NUDGES[event.key], event.shiftKey ? 20 : 4);
  else return;
  event.preventDefault();
});

document.addEventListener('digit-chosen', ({ detail }) => choose(detail));
document.addEventListener('digit-labelled', () => { labelled = drawing.strokes; });
document.addEventListener('drawing-stored', () => {
  const { strokes } = drawing; // the next digit may have been begun
  if (!labelled.every((points, at) => points === strokes[at])) return;
  change({ ...drawing, strokes: strokes.slice(labelled.length) });
});
document.addEventListener('show-pad', () => bringIntoView(pad));

// What the server has put on the pad is to be seen.
function reveal() {
  const { top, bottom } = canvas.getBoundingClientRect();
  const seen = canvas.offsetParent !== null && top >= 0 && bottom <= window.innerHeight;
  if (!seen) bringIntoView(pad);
}

// An example from the server.
watch('value', () => {
  const { from, strokes, picture, digit } = props.value ?? {};
  if (from === undefined || from === lastFrom) return;
  lastFrom = from;
  change({ ...BLANK, strokes: strokes ?? [], picture: picture ?? null, digit: digit ?? null });
  reveal();
});
let lastFrom = props.value?.from ?? 0;
openLink();
listenForPictures();

const fit = () => { if (fitToScreen()) draw(); };
// On a screen of another density, such as a projector to which the window is moved, the canvas has as much room and
// other pixels.
function followDensity() {
  const density = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  density.addEventListener('change', () => {
    fit();
    followDensity();
  }, { once: true });
}
followDensity();
new ResizeObserver(fit).observe(canvas);
fit();

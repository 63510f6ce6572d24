// The pad: strokes in units of its own, 280 to a side, whatever the size of the screen; or a picture.
// props.value = { strokes: [[[x, y], ...], ...], line_width, picture, digit, from }: picture is a data
// URI of a photo, digit one of a test digit, 28 x 28, white on black; null where there is none.
// The event 'drawing' of the document tells each new one. The server may set it too, with another `from` each time.
const UNITS = 280;
const SEND_EVERY = 80; // milliseconds: twelve answers a second while the pen moves
const LARGEST = 800; // pixels of a picture's longer side: more would not be looked at
const NUDGES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const BLANK = { strokes: [], picture: null, digit: null };

const pad = element.querySelector('.pad');
const canvas = element.querySelector('canvas');
const undoButton = element.querySelector('.undo');
const redoButton = element.querySelector('.redo');
const clearButton = element.querySelector('.clear');
const photo = element.querySelector('.photo-button input');
const brush = element.querySelector('.brush input');
const context = canvas.getContext('2d');

let drawing = BLANK; // never changed in place, so that history can hold earlier ones
let history = []; // what `drawing` was before each change
let future = []; // what was taken back
let pen = null; // the stroke under way: { id, points }
let image = null; // of drawing.picture or drawing.digit, when loaded
let sentAt = 0;
let timer = null;

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
  onto.drawImage(picture, 0, 0);
  const pixels = onto.getImageData(0, 0, made.width, made.height);
  for (let i = 0; i < pixels.data.length; i += 4) {
    pixels.data[i + 3] = pixels.data[i];
    pixels.data.fill(0, i, i + 3);
  }
  onto.putImageData(pixels, 0, 0);
  return made;
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

function draw() {
  const side = canvas.width;
  context.setTransform(side / UNITS, 0, 0, side / UNITS, 0, 0);
  context.clearRect(0, 0, UNITS, UNITS);
  if (image) drawImage();
  context.lineWidth = Number(brush.value);
  context.lineCap = context.lineJoin = 'round';
  for (const points of pen ? [...drawing.strokes, pen.points] : drawing.strokes) drawStroke(points);
  const blank = isBlank(drawing) && !pen;
  pad.classList.toggle('inked', !blank);
  pad.classList.toggle('photo', Boolean(drawing.picture)); // is not inverted in the dark
  undoButton.disabled = history.length === 0;
  redoButton.disabled = future.length === 0;
  clearButton.disabled = blank;
}

function fitToScreen() {
  const side = Math.round(canvas.clientWidth * (window.devicePixelRatio || 1));
  if (side === 0 || (side === canvas.width && side === canvas.height)) return;
  canvas.width = canvas.height = side;
  draw();
}

function send() {
  clearTimeout(timer);
  timer = null;
  sentAt = performance.now();
  const strokes = pen ? [...drawing.strokes, [...pen.points]] : drawing.strokes;
  const value = { ...drawing, strokes, line_width: Number(brush.value), from: props.value?.from ?? 0 };
  props.value = value;
  document.dispatchEvent(new CustomEvent('drawing', { detail: value }));
}

function sendSoon() {
  timer ??= setTimeout(send, Math.max(0, sentAt + SEND_EVERY - performance.now()));
}

function show(next) {
  drawing = next;
  const source = drawing.digit ?? drawing.picture;
  image = null;
  if (source) {
    const loading = new Image();
    loading.onload = () => {
      if (source !== (drawing.digit ?? drawing.picture)) return; // another has come since
      image = drawing.digit ? toInk(loading) : loading;
      draw();
    };
    loading.src = source;
  }
  draw();
}

function change(next) {
  history = [...history, drawing];
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
  if (!pen && !isBlank(drawing)) change(BLANK);
}

function nudge([right, down], step) {
  const moved = drawing.strokes.map((points) => points.map(([x, y]) => [x + right * step, y + down * step]));
  if (moved.length > 0) change({ ...drawing, strokes: moved });
}

// A file as a picture of at most LARGEST pixels a side, upright, on white.
async function load(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    change({ ...BLANK, picture: 'data:,' }); // the server says that it cannot be read
    return;
  }
  const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  const small = document.createElement('canvas');
  small.width = Math.max(1, Math.round(bitmap.width * scale));
  small.height = Math.max(1, Math.round(bitmap.height * scale));
  const onto = small.getContext('2d');
  onto.fillStyle = '#fff';
  onto.fillRect(0, 0, small.width, small.height);
  onto.drawImage(bitmap, 0, 0, small.width, small.height);
  change({ ...BLANK, picture: small.toDataURL('image/jpeg', 0.92) });
}

function firstPicture(transfer) {
  return [...(transfer?.files ?? [])].find((file) => file.type.startsWith('image/'));
}

function point(event) {
  const box = canvas.getBoundingClientRect();
  const unit = UNITS / box.width;
  const round = (number) => Math.round(number * 10) / 10;
  return [round((event.clientX - box.left) * unit), round((event.clientY - box.top) * unit)];
}

canvas.addEventListener('pointerdown', (event) => {
  if (pen || event.button !== 0) return; // a second finger or button draws nothing
  canvas.setPointerCapture(event.pointerId);
  if (drawing.picture || drawing.digit) change(BLANK); // a picture gives way to the pen
  pen = { id: event.pointerId, points: [point(event)] };
  draw();
  sendSoon();
});

canvas.addEventListener('pointermove', (event) => {
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
}
canvas.addEventListener('pointerup', lift);
canvas.addEventListener('pointercancel', lift);
canvas.addEventListener('lostpointercapture', lift);

undoButton.addEventListener('click', undo);
redoButton.addEventListener('click', redo);
clearButton.addEventListener('click', clear);
brush.addEventListener('input', () => {
  draw();
  if (drawing.strokes.length > 0) sendSoon();
});

canvas.addEventListener('dragover', (event) => event.preventDefault());
canvas.addEventListener('drop', (event) => {
  event.preventDefault();
  const file = firstPicture(event.dataTransfer);
  if (file) load(file);
});

photo.addEventListener('change', () => {
  const [file] = photo.files;
  if (file) load(file);
  photo.value = ''; // so that the same file can be chosen again
});

function shown(event) {
  const typing = event.target.closest?.('input:not([type=range]), textarea, select, [contenteditable]');
  return !typing && canvas.offsetParent !== null; // nothing happens while another tab is shown
}

document.addEventListener('paste', (event) => {
  const file = firstPicture(event.clipboardData);
  if (file && shown(event)) load(file);
});

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

// An example from the server.
watch('value', () => {
  const { from, strokes, picture, digit } = props.value ?? {};
  if (from === undefined || from === lastFrom) return;
  lastFrom = from;
  change({ strokes: strokes ?? [], picture: picture ?? null, digit: digit ?? null });
});
let lastFrom = props.value?.from ?? 0;

new ResizeObserver(fitToScreen).observe(canvas);
fitToScreen();

// The pad: strokes in units of its own, 280 to a side, whatever the size of the screen.
// props.value = { strokes: [[[x, y], ...], ...] }; 'input' says that it has changed.
const UNITS = 280;
const SEND_EVERY = 80; // milliseconds: twelve answers a second while the pen moves

const pad = element.querySelector('.pad');
const canvas = element.querySelector('canvas');
const undoButton = element.querySelector('.undo');
const clearButton = element.querySelector('.clear');
const context = canvas.getContext('2d');

let strokes = []; // never changed in place, so that history can hold earlier ones
let history = []; // what `strokes` was before each stroke and each clearing
let pen = null; // the stroke under way: { id, points }
let sentAt = 0;
let timer = null;

function draw() {
  const side = canvas.width;
  context.setTransform(side / UNITS, 0, 0, side / UNITS, 0, 0);
  context.clearRect(0, 0, UNITS, UNITS);
  context.lineWidth = props.line_width;
  context.lineCap = context.lineJoin = 'round';
  for (const points of pen ? [...strokes, pen.points] : strokes) {
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
  pad.classList.toggle('inked', strokes.length > 0 || pen !== null);
  undoButton.disabled = history.length === 0;
  clearButton.disabled = strokes.length === 0;
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
  props.value = { strokes: pen ? [...strokes, [...pen.points]] : strokes };
  trigger('input');
}

function sendSoon() {
  timer ??= setTimeout(send, Math.max(0, sentAt + SEND_EVERY - performance.now()));
}

function point(event) {
  const box = canvas.getBoundingClientRect();
  const unit = UNITS / box.width;
  const round = (number) => Math.round(number * 10) / 10;
  return [round((event.clientX - box.left) * unit), round((event.clientY - box.top) * unit)];
}

function change(next) {
  history = [...history, strokes];
  strokes = next;
  draw();
  send();
}

function undo() {
  if (pen || history.length === 0) return;
  strokes = history[history.length - 1];
  history = history.slice(0, -1);
  draw();
  send();
}

function clear() {
  if (!pen && strokes.length > 0) change([]);
}

canvas.addEventListener('pointerdown', (event) => {
  if (pen || event.button !== 0) return; // a second finger or button draws nothing
  canvas.setPointerCapture(event.pointerId);
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
  change([...strokes, points]);
}
canvas.addEventListener('pointerup', lift);
canvas.addEventListener('pointercancel', lift);
canvas.addEventListener('lostpointercapture', lift);

undoButton.addEventListener('click', undo);
clearButton.addEventListener('click', clear);

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
  if (typing || canvas.offsetParent === null) return; // no shortcut while another tab is shown
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z') {
    event.preventDefault();
    undo();
  } else if (event.key === 'Escape') {
    clear();
  }
});

new ResizeObserver(fitToScreen).observe(canvas);
fitToScreen();

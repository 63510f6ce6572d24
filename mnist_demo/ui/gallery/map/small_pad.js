// A pad for a digit beside the map: strokes in the units of the large one, 280 to a side. changed() is called as the pen
// moves. drawing() is as the large one tells its own; null where nothing is on it.
const PAD_UNITS = 280;
const PAD_LINE = 18;

function makeSmallPad(canvas, clearButton, changed) {
  const context = canvas.getContext('2d');
  let strokes = [];
  let pen = null;

  function draw() {
    const scale = canvas.width / PAD_UNITS;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, PAD_UNITS, PAD_UNITS);
    Object.assign(context, { lineWidth: PAD_LINE, lineCap: 'round', lineJoin: 'round', strokeStyle: '#000' });
    for (const points of strokes) {
      context.beginPath();
      context.moveTo(...points[0]);
      for (const point of points) context.lineTo(...point);
      context.stroke();
    }
    clearButton.hidden = strokes.length === 0;
  }

  function clear() {
    if (strokes.length === 0) return;
    strokes = [];
    pen = null;
    draw();
  }

  const pointOf = ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const units = (value) => Math.round(10 * PAD_UNITS * value) / 10;
    return [units((clientX - left) / width), units((clientY - top) / height)];
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || pen !== null) return;
    canvas.setPointerCapture(event.pointerId);
    pen = event.pointerId;
    strokes.push([pointOf(event)]);
    draw();
    changed();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pen) return;
    strokes.at(-1).push(...(event.getCoalescedEvents?.() ?? [event]).map(pointOf));
    draw();
    changed();
  });
  for (const end of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(end, ({ pointerId }) => { if (pointerId === pen) pen = null; });
  }
  clearButton.addEventListener('click', () => {
    clear();
    changed();
  });
  draw();

  return { clear, drawing: () => (strokes.length > 0 ? { strokes, line_width: PAD_LINE } : null) };
}

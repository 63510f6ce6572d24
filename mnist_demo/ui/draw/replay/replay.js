// The drawing again, stroke by stroke, with the probabilities over time. What is shown: { strokes, line_width,
// side, series: [{ name, colour, points: [[share of the drawing, probability], ...] }] }.
const canvas = element.querySelector('canvas');
const button = element.querySelector('.play');
const scrub = element.querySelector('input');
const svg = element.querySelector('svg');
const legend = element.querySelector('.legend');
const context = canvas.getContext('2d');
const SECONDS = 4;
let started = null; // when it began to play

// The first `share` of all points.
function drawStrokes(share) {
  const { strokes, line_width: width, side } = answer.shown;
  context.setTransform(canvas.width / side, 0, 0, canvas.height / side, 0, 0);
  context.clearRect(0, 0, side, side);
  context.lineWidth = width;
  context.lineCap = context.lineJoin = 'round';
  let left = Math.round(share * strokes.reduce((sum, points) => sum + points.length, 0));
  for (const points of strokes) {
    const drawn = points.slice(0, left);
    left -= drawn.length;
    if (drawn.length === 0) return;
    context.beginPath();
    context.moveTo(...drawn[0]);
    for (const point of drawn) context.lineTo(...point);
    context.stroke();
  }
}

function show() {
  if (!answer?.shown) return;
  const at = Number(scrub.value);
  drawStrokes(at);
  const series = answer.shown.series.map((one) => {
    const reached = one.points.filter(([share]) => share <= at + 1e-9);
    return { ...one, kind: 'line', value: formatValue(Number((reached.at(-1)?.[1] ?? 0).toFixed(3)), true) };
  });
  drawPlot(svg, legend, {
    title: translate(props.caption),
    x: { low: 0, high: 1, label: translate(props.x_label) },
    y: { low: 0, high: 1, percent: true },
    series,
    at,
  });
}

function stop() {
  started = null;
  sayButton();
}

function sayButton() {
  button.textContent = translate(started === null ? props.play : props.pause);
}

function step(now) {
  if (started === null) return;
  scrub.value = Math.min(1, (now - started) / 1000 / SECONDS);
  show();
  if (Number(scrub.value) >= 1) stop();
  else requestAnimationFrame(step);
}

button.addEventListener('click', () => {
  if (started !== null) {
    stop();
    return;
  }
  const from = Number(scrub.value) >= 1 ? 0 : Number(scrub.value);
  started = performance.now() - from * SECONDS * 1000;
  sayButton();
  requestAnimationFrame(step);
});
scrub.addEventListener('input', () => {
  stop();
  show();
});
watch('value', () => {
  stop();
  scrub.value = 1;
});
document.addEventListener('language', sayButton);
new ResizeObserver(show).observe(svg);
keepShowingAnswer(show);

// A line chart over 0..x_end. props.value = { x_end, series: { name: { kind, points }, ... } }, kind
// being 'line' or 'dots' and points [[x, y], ...]. props.percent says that y is a share in [0, 1].
const figure = element.querySelector('.chart');
const legend = element.querySelector('.legend');
const svg = element.querySelector('svg');

// A share's axis starts where nearly all of its points lie: else 98% and 99% look the same.
function yBounds(points) {
  const ys = points.map(([, y]) => y).sort((one, other) => one - other);
  if (!props.percent) return { low: 0, high: ys[ys.length - 1] * 1.05 || 1 };
  const usual = ys[Math.floor(ys.length / 5)];
  return { low: Math.max(0, Math.floor((2 * usual - 1) * 10) / 10), high: 1, percent: true };
}

function draw() {
  const series = Object.entries(props.value?.series ?? {})
    .map(([name, { kind, points }]) => ({ name, kind, points }))
    .filter(({ points }) => points.length > 0)
    .map((one, colour) => ({ ...one, colour }));
  figure.classList.toggle('started', series.length > 0);
  drawPlot(svg, legend, {
    title: props.title,
    x: { low: 0, high: props.value?.x_end ?? 1, label: props.x_label },
    y: yBounds(series.flatMap(({ points }) => points)),
    series,
  });
}

watch('value', draw);
new ResizeObserver(draw).observe(svg);
draw();

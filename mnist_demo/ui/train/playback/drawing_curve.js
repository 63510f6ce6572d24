// A drawing's probabilities over a training: showCurve(part, curve, step, words) draws them in `part`, marks the
// moment of that step, and names the probabilities there. curve: { low, high, series: [{ name, colour, points: [[step,
// probability], ...] }], told }, of as many moments as have read it; null hides the part. words: { curve: the title, axis }.
function showCurve(part, curve, step, words) {
  part.hidden = !curve;
  if (!curve) return;
  part.querySelector('.since').textContent = translate(curve.told);
  const series = curve.series.map((one) => {
    const [, probability] = one.points.find(([x]) => x === step) ?? [];
    return { ...one, kind: 'line', value: probability === undefined ? '' : formatValue(Number(probability.toFixed(2)), true) };
  });
  drawPlot(part.querySelector('svg'), part.querySelector('.legend'), {
    title: translate(words.curve),
    x: { low: curve.low, high: curve.high, label: translate(words.axis) },
    y: { low: 0, high: 1, percent: true },
    series,
    at: step,
  });
}

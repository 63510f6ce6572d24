// What lies over the points: each label's number, a line that was drawn around some, and a mark around one.
// toX, toY: from the map, 0 to 1, to the stage.

function drawCentres(context, centres, size, { toX, toY }, ground, ink) {
  context.font = `700 ${size}px system-ui, sans-serif`;
  Object.assign(context, { textAlign: 'center', textBaseline: 'middle', lineWidth: 5, lineJoin: 'round' });
  Object.assign(context, { strokeStyle: ground, fillStyle: ink });
  centres.forEach((centre, label) => {
    if (!centre) return;
    const at = [toX(centre[0]), toY(centre[1])];
    context.strokeText(label, ...at);
    context.fillText(label, ...at);
  });
}

function drawLasso(context, lasso, { toX, toY }, ink) {
  context.beginPath();
  for (const [x, y] of lasso) context.lineTo(toX(x), toY(y));
  context.closePath();
  Object.assign(context, { strokeStyle: ink, lineWidth: 1.5 });
  context.setLineDash([5, 4]);
  context.stroke();
  context.setLineDash([]);
}

function markPoint(context, x, y, radius, ink, ground) {
  for (const [colour, width] of [[ground, 5], [ink, 2]]) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    Object.assign(context, { strokeStyle: colour, lineWidth: width });
    context.stroke();
  }
}

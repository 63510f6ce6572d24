// What a layer puts out, drawn to scale.
function svg(tag, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// Maps as sheets, as many as their number has doublings and as large as they are, with those of the picture `full`
// pixels wide; numbers as a bar.
const SIZE = 56; // pixels
function drawShape(shape, full) {
  const picture = svg('svg', { viewBox: `0 0 ${SIZE} ${SIZE}`, 'aria-hidden': true });
  if (shape.length === 3) {
    const sheets = Math.min(8, 1 + Math.floor(Math.log2(shape[0])));
    const side = 3 + (37 * shape[2]) / full;
    const corner = (SIZE - side - 2 * (sheets - 1)) / 2;
    for (let index = sheets - 1; index >= 0; index -= 1) {
      picture.append(svg('rect', { x: corner + 2 * index, y: corner + 2 * (sheets - 1 - index), width: side, height: side }));
    }
  } else {
    const height = Math.min(SIZE - 4, 6 + 4 * Math.log2(shape[0]));
    picture.append(svg('rect', { x: SIZE / 2 - 4, y: (SIZE - height) / 2, width: 8, height }));
  }
  return picture;
}

function drawDigits() {
  const picture = svg('svg', { viewBox: `0 0 ${SIZE} ${SIZE}`, 'aria-hidden': true });
  for (let digit = 0; digit < 10; digit += 1) picture.append(svg('rect', { x: 14, y: 3 + 5 * digit, width: 28, height: 3 }));
  return picture;
}

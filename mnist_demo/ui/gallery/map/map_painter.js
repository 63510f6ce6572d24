// Draws thousands of points in a frame, pixel by pixel: a canvas that is told of each disc takes several times as long.
// The colours are those of Petroff, "Accessible color sequences for data visualization", 2021, which those who see fewer
// colours tell apart as well as ten can be; digits that are often taken for each other have the most different ones.
const LABEL_COLOURS = [
  '#e76300', '#b9ac70', '#a96b59', '#3f90da', '#bd1f01', '#ffa90e', '#94a4a2', '#717581', '#832db6', '#92dadd',
];
const ON_DARK = { '#bd1f01': '#e0452a', '#832db6': '#b06ee0', '#717581': '#8d929e', '#a96b59': '#bd7f6c' };
const OPAQUE = 0xff000000;
const FAINT = 64; // of 256: the colour of points that do not stand out, on paper

// As a pixel is written: alpha, blue, green, red. text: #rrggbb, or as a computed style has it.
function toPixel(text) {
  const parts = text.startsWith('#')
    ? [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16))
    : (text.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).map(Number);
  return (OPAQUE | (parts[2] << 16) | (parts[1] << 8) | parts[0]) >>> 0;
}

// `share`, of 256, of one pixel over another.
function mix(over, under, share) {
  const rest = 256 - share;
  const even = (((over & 0xff00ff) * share + (under & 0xff00ff) * rest) >>> 8) & 0xff00ff;
  const odd = (((over & 0xff00) * share + (under & 0xff00) * rest) >>> 8) & 0xff00;
  return (OPAQUE | even | odd) >>> 0;
}

// How much of each pixel a disc covers, of 256, around its middle.
function makeDisc(radius) {
  const reach = Math.ceil(radius);
  const side = 2 * reach + 1;
  const cover = new Uint16Array(side * side);
  for (let at = 0; at < cover.length; at++) {
    const distance = Math.hypot((at % side) - reach, Math.floor(at / side) - reach);
    cover[at] = Math.round(256 * Math.min(1, Math.max(0, radius + 0.5 - distance)));
  }
  return { reach, side, cover };
}

function makePainter(canvas) {
  const context = canvas.getContext('2d');
  let image = null;
  let pixels = null;
  let density = 1;
  let painted = null; // what was drawn last: what lies over the points changes more often than they do

  // Whether there is anything to draw on.
  function fit() {
    density = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((length) => Math.round(length * density));
    if (width === 0 || height === 0) return false;
    if (!image || image.width !== width || image.height !== height) {
      Object.assign(canvas, { width, height });
      image = new ImageData(width, height);
      painted = null;
      pixels = new Uint32Array(image.data.buffer);
    }
    return true;
  }

  function stamp(x, y, { reach, side, cover }, colour) {
    const { width, height } = image;
    const [left, top] = [Math.round(x) - reach, Math.round(y) - reach];
    const [firstRow, lastRow] = [Math.max(0, -top), Math.min(side, height - top)];
    const [first, last] = [Math.max(0, -left), Math.min(side, width - left)];
    for (let row = firstRow; row < lastRow; row++) {
      let at = (top + row) * width + left + first;
      for (let column = first; column < last; column++, at++) {
        const share = cover[row * side + column];
        if (share === 256) pixels[at] = colour;
        else if (share > 0) pixels[at] = mix(colour, pixels[at], share);
      }
    }
  }

  // points: x and y of each in turn, 0 to 1. wrong: 1 for those with a ring. chosen: 1 for those that stand out, where
  // the others are faint; null: all do. Those with a ring, and those that stand out, come last. toX, toY: from there
  // to the canvas, in pixels of its own style.
  function paint({ points, labels, wrong, chosen, radius, ground, ink, dark, toX, toY }) {
    const next = [points, labels, wrong, chosen, radius, ground, ink, dark, toX(0), toX(1), toY(0)];
    const isNew = !painted || next.some((value, at) => value !== painted[at]);
    if (isNew) paintPoints({ points, labels, wrong, chosen, radius, ground, ink, dark, toX, toY });
    painted = next;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.putImageData(image, 0, 0);
  }

  function paintPoints({ points, labels, wrong, chosen, radius, ground, ink, dark, toX, toY }) {
    const colours = LABEL_COLOURS.map((colour) => toPixel(dark ? (ON_DARK[colour] ?? colour) : colour));
    const [paper, line] = [toPixel(ground), toPixel(ink)];
    const faint = colours.map((colour) => mix(colour, paper, FAINT));
    const dot = makeDisc(radius * density);
    const gap = makeDisc((radius + 0.6) * density);
    const ring = makeDisc((radius + 2) * density);
    const { width, height } = image;
    const margin = ring.reach;
    pixels.fill(paper);
    for (const pass of chosen ? [0, 1, 2] : [1, 2]) { // faint, plain, with a ring
      for (let index = 0; index < labels.length; index++) {
        if ((chosen && !chosen[index] ? 0 : 1 + wrong[index]) !== pass) continue;
        const [x, y] = [toX(points[2 * index]) * density, toY(points[2 * index + 1]) * density];
        if (x < -margin || y < -margin || x > width + margin || y > height + margin) continue;
        if (pass === 2) {
          stamp(x, y, ring, line);
          stamp(x, y, gap, paper);
        }
        stamp(x, y, dot, (pass === 0 ? faint : colours)[labels[index]]);
      }
    }
  }

  return { context, fit, paint };
}

// Where most of the points of each label lie: the middle of the fullest of the squares of a grid, with those around it.
function findCentres(points, labels) {
  const GRID = 16;
  const counts = new Float64Array(10 * GRID * GRID * 3);
  const cell = (label, x, y) => 3 * ((label * GRID + y) * GRID + x);
  const place = (value) => Math.min(GRID - 1, Math.floor(value * GRID));
  labels.forEach((label, index) => {
    const [x, y] = [points[2 * index], points[2 * index + 1]];
    const at = cell(label, place(x), place(y));
    counts[at] += 1;
    counts[at + 1] += x;
    counts[at + 2] += y;
  });
  return [...Array(10).keys()].map((label) => {
    let best = [0, 0, 0];
    for (let y = 1; y < GRID - 1; y++) {
      for (let x = 1; x < GRID - 1; x++) {
        const sum = [0, 0, 0];
        for (let near = 0; near < 9; near++) {
          const at = cell(label, x - 1 + (near % 3), y - 1 + Math.floor(near / 3));
          for (let part = 0; part < 3; part++) sum[part] += counts[at + part];
        }
        if (sum[0] > best[0]) best = sum;
      }
    }
    return best[0] > 0 ? [best[1] / best[0], best[2] / best[0]] : null;
  });
}

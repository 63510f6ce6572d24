// A drawing in the address, behind the #, which no server is sent: #drawing=STROKES. A part of sketchpad.js.
// Each stroke is its first point, two characters for x and two for y, then a character for the way right and one for
// the way down to each next point; strokes stand between dots. One character before them is the brush's width, where
// that is not the usual one. All in whole units of the pad, by the characters' places in ALPHABET.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const MOST = 31; // units that one character can tell, to either side
const STEP_LENGTH = 3; // units between two points: a third of a pixel of what the network sees of a large digit
const LONGEST = 6000; // characters; a usual drawing has some 500
const STROKES = /^([A-Za-z0-9_-]\.)?([A-Za-z0-9_-]{4}([A-Za-z0-9-]{2})*)(\.[A-Za-z0-9_-]{4}([A-Za-z0-9-]{2})*)*$/;
const BRUSH = props.line_width;

const toCharacters = (number) => ALPHABET[Math.floor(number / 64)] + ALPHABET[number % 64];
const toNumber = (characters) => [...characters].reduce((sum, one) => sum * 64 + ALPHABET.indexOf(one), 0);
const onPad = (number, axis) => Math.max(0, Math.min(axis === 0 ? padWidth() : UNITS, Math.round(number)));

// Points a step apart, and the last one; written and read again they are the same.
function thinOut(points) {
  const [first, ...others] = points.map((point) => point.map(onPad));
  const kept = [first];
  others.forEach((point, at) => {
    const [right, down] = point.map((to, axis) => to - kept[kept.length - 1][axis]);
    const far = Math.hypot(right, down);
    if (far < STEP_LENGTH && (far === 0 || at < others.length - 1)) return;
    const [x, y] = kept[kept.length - 1];
    const parts = Math.ceil(Math.max(Math.abs(right), Math.abs(down)) / MOST);
    for (let part = 1; part <= parts; part++) {
      kept.push([x + Math.round((right * part) / parts), y + Math.round((down * part) / parts)]);
    }
  });
  return kept;
}

function writeStroke(points) {
  const [[x, y], ...others] = thinOut(points);
  let before = [x, y];
  const ways = others.map((point) => {
    const way = point.map((to, axis) => ALPHABET[to - before[axis] + MOST]);
    before = point;
    return way.join('');
  });
  return toCharacters(x) + toCharacters(y) + ways.join('');
}

function readStroke(text) {
  let [x, y] = [toNumber(text.slice(0, 2)), toNumber(text.slice(2, 4))];
  const points = [[x, y]];
  for (let at = 4; at < text.length; at += 2) {
    x += toNumber(text[at]) - MOST;
    y += toNumber(text[at + 1]) - MOST;
    points.push([x, y]);
  }
  return points;
}

// What is on the pad; null where that is not strokes alone, or too much.
function writeDrawing() {
  const { strokes, picture, digit } = drawing;
  if (strokes.length === 0 || picture || digit) return null;
  const width = Number(brush.value);
  const parts = [...(width === BRUSH ? [] : [ALPHABET[width]]), ...strokes.map(writeStroke)];
  const text = parts.join('.');
  return text.length <= LONGEST ? text : null;
}

// { width, strokes }; null where the text, which anybody may have written, is no drawing, or leaves the wide pad.
function readDrawing(text) {
  if (text.length > LONGEST || !STROKES.test(text)) return null;
  const parts = text.split('.');
  const width = parts[0].length === 1 ? toNumber(parts.shift()) : BRUSH;
  const strokes = parts.map(readStroke);
  const inside = strokes.flat().every(([x, y]) => x >= 0 && x <= 2 * UNITS && y >= 0 && y <= UNITS);
  return inside && width >= Number(brush.min) && width <= Number(brush.max) ? { width, strokes } : null;
}

let linked = null; // what the address holds
let refused = null; // words

function tellLink() {
  const text = writeDrawing();
  if (text || !isBlank(drawing)) refused = null;
  document.dispatchEvent(new CustomEvent('link-parameters', { detail: { drawing: text, refused } }));
  if (!linked || !text || text === linked) return;
  linked = null; // another drawing: the address does not hold that one
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
}

function openLink() {
  const text = new URLSearchParams(window.location.hash.slice(1)).get('drawing');
  if (text === null) return;
  const read = readDrawing(text);
  refused = read ? null : props.refused;
  linked = null;
  brush.value = read?.width ?? BRUSH;
  const strokes = read?.strokes ?? [];
  change({ ...BLANK, strokes, wide: rightmost({ strokes }) > UNITS && 'auto' });
  linked = writeDrawing();
}

document.addEventListener('link-asked', tellLink);
// The answer's card may be there later than the drawing that was opened.
document.addEventListener('drawing-asked', () => { if (!isBlank(drawing)) send(); });
window.addEventListener('hashchange', openLink);

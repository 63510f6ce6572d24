// Bytes from the server, and a choice of points for it.
const STEPS = 65535; // of the server's numbers from one edge of the map to the other

const decode = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

function decodePoints(text) {
  const bytes = new DataView(decode(text).buffer);
  return Float32Array.from({ length: bytes.byteLength / 2 }, (_, at) => bytes.getUint16(2 * at, true) / STEPS);
}

// A bit for each of `count` points, the first one's the lowest of its byte.
function encodeRegion(indices, count) {
  const bits = new Uint8Array(Math.ceil(count / 8));
  for (const index of indices) bits[index >> 3] |= 1 << (index & 7);
  return btoa(String.fromCharCode(...bits));
}

// By the even-odd rule.
function isInside(path, x, y) {
  let inside = false;
  for (let at = 0, before = path.length - 1; at < path.length; before = at++) {
    const [[x1, y1], [x2, y2]] = [path[at], path[before]];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

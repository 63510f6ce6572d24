// Where nobody has drawn for some seconds, a digit draws itself on the pad, once, and goes: that shows a visitor what to
// do and what comes of it. Not where motion is not wanted, nor over a drawing. A part of sketchpad.js: its `drawing`
// stays blank meanwhile.
const IDLE = 4000; // milliseconds until it begins
const STEP = 30; // between two of its points
const STAY = 3000; // until it goes

// A 3, in units of the pad: two arcs.
function arc(x, y, radius, from, to) {
  const count = 20;
  const angles = Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count);
  return angles.map((angle) => [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]);
}
const THREE = [...arc(138, 94, 44, -2.6, Math.PI / 2), ...arc(138, 188, 50, -Math.PI / 2, 2.6)];

let demonstration = null; // the points of it that are drawn by now
let demonstrationTimer = setTimeout(demonstrate, IDLE);

function demonstrate() {
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (still || document.hidden || canvas.offsetParent === null || !isBlank(drawing)) return;
  const drawn = (demonstration?.length ?? 0) + 1;
  if (drawn > THREE.length) {
    demonstrationTimer = setTimeout(() => {
      endDemonstration();
      send();
    }, STAY);
    return;
  }
  demonstration = THREE.slice(0, drawn);
  draw();
  sendSoon();
  demonstrationTimer = setTimeout(demonstrate, STEP);
}

function endDemonstration() {
  clearTimeout(demonstrationTimer);
  if (!demonstration) return;
  demonstration = null;
  draw();
}

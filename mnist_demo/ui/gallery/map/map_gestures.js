// What mouse, finger and wheel do on the map; places are in pixels of the stage.
// isLasso(): whether a drag draws a line around points; shift does so too. acts: pan(by x, by y), zoom(by, x, y), hover(x,
// y) or hover(null), tap(x, y, whether by finger), lasso(path, whether it is done), which is null where it was broken off.
const DRAGS_AFTER = 5; // pixels

function listenForGestures(stage, isLasso, isWhole, acts) {
  const pointers = new Map(); // those that are down: [x, y] of each
  let began = null; // { x, y, moved, path } of the first

  const placeOf = ({ clientX, clientY }) => {
    const { left, top } = stage.getBoundingClientRect();
    return [clientX - left - stage.clientLeft, clientY - top - stage.clientTop];
  };

  function breakOff() {
    if (began?.path) acts.lasso(null, true);
    began = null;
  }

  function pinch(id, [x, y]) {
    const [other] = [...pointers].filter(([one]) => one !== id).map(([, at]) => at);
    const [oldX, oldY] = pointers.get(id);
    const spread = (px, py) => Math.hypot(px - other[0], py - other[1]);
    acts.zoom(spread(x, y) / Math.max(spread(oldX, oldY), 1), (x + other[0]) / 2, (y + other[1]) / 2);
    acts.pan((x - oldX) / 2, (y - oldY) / 2);
  }

  stage.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.target.closest('button')) return;
    const [x, y] = placeOf(event);
    pointers.set(event.pointerId, [x, y]);
    stage.setPointerCapture(event.pointerId);
    if (pointers.size > 1) {
      breakOff();
      return;
    }
    began = { x, y, moved: false, path: isLasso() || event.shiftKey ? [[x, y]] : null };
  });

  stage.addEventListener('pointermove', (event) => {
    const [x, y] = placeOf(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== 'touch') acts.hover(x, y);
      return;
    }
    if (pointers.size === 2) pinch(event.pointerId, [x, y]);
    else if (began) {
      began.moved ||= Math.hypot(x - began.x, y - began.y) > DRAGS_AFTER;
      if (began.path) {
        began.path.push([x, y]);
        acts.lasso(began.path, false);
      } else if (began.moved) acts.pan(x - before[0], y - before[1]);
    }
    pointers.set(event.pointerId, [x, y]);
  });

  stage.addEventListener('pointerup', (event) => {
    pointers.delete(event.pointerId);
    if (!began) return;
    const { x, y, moved, path } = began;
    began = null;
    if (path) acts.lasso(moved ? path : null, true);
    if (!moved) acts.tap(x, y, event.pointerType === 'touch');
  });
  stage.addEventListener('pointercancel', ({ pointerId }) => {
    pointers.delete(pointerId);
    breakOff();
  });
  stage.addEventListener('pointerleave', () => acts.hover(null));

  // The wheel scrolls the page, unless the map was chosen before or Ctrl, as a trackpad's pinch has it, is held.
  stage.addEventListener('wheel', (event) => {
    const asked = event.ctrlKey || event.metaKey;
    if (!asked && (document.activeElement !== stage || (event.deltaY > 0 && isWhole()))) return;
    event.preventDefault();
    acts.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.002)), ...placeOf(event));
  }, { passive: false });
}

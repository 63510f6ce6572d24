// Lets the blocks of a row be dragged: by mouse and pen from anywhere on one; by finger from the one that is chosen, as
// others scroll the page. isMovable, isChosen: of a block's index; move: from one index to another.
const DRAGS_FROM = 6; // pixels

function makeDraggable(row, { isMovable, isChosen, move }) {
  let drag = null; // { index, x, y, to }
  const blocks = () => [...row.querySelectorAll('button')];
  const indexOf = (block) => Number(block.dataset.index);

  function nearest(x, y) {
    const distance = (block) => {
      const { left, top, width, height } = block.getBoundingClientRect();
      return Math.hypot(left + width / 2 - x, top + height / 2 - y);
    };
    const places = blocks().filter((block) => isMovable(indexOf(block)));
    return places.reduce((best, one) => (distance(one) < distance(best) ? one : best));
  }

  function drop({ type }) {
    if (!drag) return;
    const { index, to } = drag;
    drag = null;
    for (const block of blocks()) block.classList.remove('drop');
    if (to === null || type === 'pointercancel') return;
    document.addEventListener('click', (click) => click.stopPropagation(), { capture: true, once: true });
    setTimeout(() => move(index, to));
  }

  row.addEventListener('pointerdown', ({ target, pointerType, clientX: x, clientY: y }) => {
    const block = target.closest('button');
    const index = block ? indexOf(block) : -1;
    if (!isMovable(index) || (pointerType === 'touch' && !isChosen(index))) return;
    drag = { index, x, y, to: null };
  });
  document.addEventListener('pointermove', ({ clientX: x, clientY: y }) => {
    if (!drag || (drag.to === null && Math.hypot(x - drag.x, y - drag.y) < DRAGS_FROM)) return;
    const place = nearest(x, y);
    drag.to = indexOf(place);
    for (const block of blocks()) block.classList.toggle('drop', block === place);
  });
  document.addEventListener('pointerup', drop);
  document.addEventListener('pointercancel', drop);
}

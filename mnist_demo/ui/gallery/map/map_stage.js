// One map on the page: a canvas with the points, on which mouse, finger and keys look about, and above it whose map it is.
// frame: the part of the page. preferred: ids of maps, of which the first that is there is shown until one is chosen.
// room, what all stages share: { labels, maps, clouds, chosen, current } as they are now, { pictures, placing, still },
// and what is done in one of them and concerns all: isLasso(), mean(stage, index, by), open(stage, index), circle(stage,
// indices, done), letGo(), change(stage), say(words).
const NEAR = 12; // pixels around a point in which it is meant
const MOVES_FOR = 900; // milliseconds from one map to another
const PAN = 60; // pixels a press

function makeStage(frame, room, preferred) {
  const [stage, which, tip] = ['.stage', '.which', '.tip'].map((one) => frame.querySelector(one));
  const painter = makePainter(stage.querySelector('canvas'));
  const drawMine = room.placing.makeDrawer();
  const view = makeView(stage, () => {
    stage.style.touchAction = !view.isWhole() || room.isLasso() ? 'none' : 'pan-y';
    redraw();
  });

  let wanted = null; // the id of the map that was chosen
  let shown = null; // the map that is seen
  let points = new Float32Array(0); // as they are now
  let wrong = new Uint8Array(0);
  let move = null; // { from, to, centres: [from, to], began }
  let centres = [];
  let walk = null; // { of, order, at }: the points in view, from its middle outwards
  let lasso = null; // the line that is or was drawn: [[x, y], ...], 0 to 1
  let asked = null; // the frame in which it is drawn

  const radius = () => Math.min(7, (stage.clientWidth < 480 ? 1.2 : 1.6) * view.zoom() ** 0.45);

  function redraw() {
    asked ??= requestAnimationFrame((time) => {
      asked = null;
      draw(time);
    });
  }

  function advance(time) {
    const share = Math.min(1, (time - move.began) / MOVES_FOR);
    const eased = share * share * (3 - 2 * share);
    const { from, to } = move;
    points = Float32Array.from(to, (end, at) => from[at] + (end - from[at]) * eased);
    const [first, last] = move.centres;
    centres = last.map((end, label) => {
      const start = first[label] ?? end;
      return end && start.map((value, axis) => value + (end[axis] - value) * eased);
    });
    if (share === 1) move = null;
    else redraw();
  }

  function draw(time) {
    const { labels, chosen, current } = room;
    if (!painter.fit() || labels.length === 0 || !shown) return;
    if (move) advance(time);
    const places = view.scales();
    const { color: ink, backgroundColor: ground } = getComputedStyle(stage);
    const dark = element.closest('.dark') !== null;
    painter.paint({ points, labels, wrong, chosen, radius: radius(), ground, ink, dark, ...places });
    const { context } = painter;
    drawCentres(context, centres, stage.clientWidth < 480 ? 16 : 20, places, ground, ink);
    if (lasso) drawLasso(context, lasso, places, ink);
    const { accentColor } = getComputedStyle(which);
    if (drawMine(context, shown.key, places, accentColor, room.still.matches)) redraw();
    if (current) markPoint(context, ...placeOf(current.index, places), radius() + 5, ink, ground);
    showTip();
  }

  const placeOf = (index, { toX, toY }) => [toX(points[2 * index]), toY(points[2 * index + 1])];

  function sentenceOf(index) {
    const [label, answer] = [room.labels[index], shown.answersOf[index]];
    const words = translate(answer === label ? props.words.point_right : props.words.point_wrong);
    return words.replace('{index}', index).replace('{label}', label).replace('{answer}', answer);
  }

  // Shows a point's picture and what it is in such a part of the page.
  function tell(part, index) {
    room.pictures.want(index, () => nearestTo(points[2 * index], points[2 * index + 1]));
    room.pictures.draw(part.querySelector('canvas').getContext('2d'), index, 0, 0, 28);
    part.querySelector('span').textContent = sentenceOf(index);
  }

  // Beside the point that is meant; not of a finger, as it would be below the hand.
  function showTip() {
    const { current } = room;
    tip.hidden = current?.stage !== self || current.by === 'finger';
    if (tip.hidden) return;
    tell(tip, current.index);
    const { width, height, ...places } = view.scales();
    const [x, y] = placeOf(current.index, places);
    const gap = radius() + 12;
    const beside = x + gap + tip.offsetWidth < width ? x + gap : Math.max(0, x - gap - tip.offsetWidth);
    const below = Math.max(0, Math.min(height - tip.offsetHeight, y - tip.offsetHeight / 2));
    tip.style.transform = `translate(${Math.round(beside)}px, ${Math.round(below)}px)`;
  }

  function nearestTo(x, y, among = null) {
    const indices = among ?? [...room.labels.keys()];
    const distance = (index) => (points[2 * index] - x) ** 2 + (points[2 * index + 1] - y) ** 2;
    const distances = new Map(indices.map((index) => [index, distance(index)]));
    return indices.sort((one, other) => distances.get(one) - distances.get(other));
  }

  function within(isThere) {
    return [...room.labels.keys()].filter((index) => isThere(points[2 * index], points[2 * index + 1]));
  }

  function inView() {
    const { width, height, fromX, fromY } = view.scales();
    const [left, right, top, bottom] = [fromX(0), fromX(width), fromY(0), fromY(height)];
    return within((x, y) => x >= left && x <= right && y >= top && y <= bottom);
  }

  function pointAt(x, y) {
    const places = view.scales();
    let [best, least] = [null, NEAR ** 2];
    for (let index = 0; index < room.labels.length; index++) {
      const [atX, atY] = placeOf(index, places);
      const distance = (atX - x) ** 2 + (atY - y) ** 2;
      if (distance < least) [best, least] = [index, distance];
    }
    return best;
  }

  function circle(path, done) {
    const { fromX, fromY } = view.scales();
    lasso = path && path.map(([x, y]) => [fromX(x), fromY(y)]);
    redraw();
    room.circle(self, lasso && done ? within((x, y) => isInside(lasso, x, y)) : null, done);
  }

  // From the middle of what is seen outwards, one after another.
  function step(by) {
    const of = `${view.name()} ${shown.key}`;
    if (walk?.of !== of) walk = { of, order: nearestTo(...view.middle(), inView()), at: by > 0 ? -1 : 0 };
    if (walk.order.length === 0) {
      room.say(translate(props.words.nothing_here));
      return;
    }
    walk.at = (walk.at + by + walk.order.length) % walk.order.length;
    const index = walk.order[walk.at];
    room.mean(self, index, 'keys');
    const place = translate(props.words.place).replace('{at}', walk.at + 1).replace('{count}', walk.order.length);
    room.say(`${sentenceOf(index)} ${place}`);
  }

  const KEYS = {
    ArrowLeft: () => view.pan(PAN, 0),
    ArrowRight: () => view.pan(-PAN, 0),
    ArrowUp: () => view.pan(0, PAN),
    ArrowDown: () => view.pan(0, -PAN),
    '+': () => view.enlarge(1.4),
    '=': () => view.enlarge(1.4),
    '-': () => view.enlarge(1 / 1.4),
    Home: view.whole,
    PageDown: () => step(1),
    PageUp: () => step(-1),
    Enter: () => { if (room.current) room.open(self, room.current.index); },
    Escape: () => room.mean(self, null),
  };
  stage.addEventListener('blur', () => { if (room.current?.by === 'keys') room.mean(self, null); });
  stage.addEventListener('keydown', (event) => {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.altKey || event.metaKey || !shown) return;
    event.preventDefault();
    act();
  });

  listenForGestures(stage, room.isLasso, view.isWhole, {
    pan: view.pan,
    zoom: view.enlarge,
    hover: (x, y) => {
      const index = x === null ? null : pointAt(x, y);
      if (index !== null || room.current?.by === 'pointer') room.mean(self, index, 'pointer');
    },
    tap: (x, y, byFinger) => {
      const index = pointAt(x, y);
      if (index === null) room.letGo();
      if (index === null || (byFinger && room.current?.index !== index)) room.mean(self, index, 'finger');
      else room.open(self, index);
    },
    lasso: circle,
  });
  frame.querySelector('.in').addEventListener('click', () => view.enlarge(1.6));
  frame.querySelector('.out').addEventListener('click', () => view.enlarge(1 / 1.6));
  frame.querySelector('.whole').addEventListener('click', view.whole);

  const idNow = () => [wanted, ...preferred].find((id) => room.maps.some((map) => map.id === id));

  function showWhich() {
    const focused = which.contains(document.activeElement) && document.activeElement.dataset.id;
    which.replaceChildren(...room.maps.map(({ id, name }) => {
      const made = make('button', '', name);
      Object.assign(made, { type: 'button', onclick: () => { wanted = id; room.change(self); } });
      made.dataset.id = id;
      made.setAttribute('aria-pressed', id === idNow());
      return made;
    }));
    if (focused) which.querySelector(`[data-id="${focused}"]`)?.focus();
  }

  // Moves the points to the map that is wanted, or to one that is there.
  function show() {
    const { maps, clouds, labels } = room;
    const there = maps.filter(({ key }) => clouds.has(key));
    const next = there.find(({ id }) => id === idNow()) ?? there[0];
    if (!next) return;
    const [before, to] = [shown, clouds.get(next.key)];
    const isSame = before?.key === next.key && points.length === to.length;
    shown = next;
    wrong = Uint8Array.from(labels, (label, index) => Number(next.answersOf[index] !== label));
    walk = null;
    if (!isSame) moveTo(to, findCentres(to, labels), before);
    redraw();
  }

  function moveTo(to, ends, before) {
    lasso = null;
    if (before && points.length === to.length && !room.still.matches) {
      move = { from: points, to, centres: [centres, ends], began: performance.now() };
      return;
    }
    [points, centres, move] = [to, ends, null];
  }

  const self = {
    show,
    showWhich,
    redraw,
    inView,
    tell,
    nearestTo: (index) => nearestTo(points[2 * index], points[2 * index + 1]),
    seen: () => (shown ? translate(shown.seen) : ''),
    setPointer: (pointer) => { stage.style.cursor = pointer; },
    heedLasso: () => view.pan(0, 0), // a finger draws now, or scrolls the page again
    forgetLasso: () => { lasso = null; },
    focus: () => stage.focus(),
  };
  new ResizeObserver(() => {
    redraw();
    room.placing.seen();
  }).observe(stage);
  view.whole();
  return self;
}

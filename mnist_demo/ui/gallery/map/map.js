// The map, or two of them side by side. props.value from the server, in answers of their own: { maps: [{ id, key, name,
// points, answers, rough, seen }], labels, line }, where points are 16-bit numbers, x and y in turn, null where the page
// has those of that key; { digits, sheet }, pictures; { placed: { key: [x, y] }, picture, among, done }, the drawing. To
// it: { known: [keys] } with 'ask', { wanted: [indices] } with 'look', { open: index } with 'pick', { region } with
// 'pick_region', null for all, and { drawing } with 'place': that of the small pad beside the map; null: what is on the
// pad of the Draw tab.
const frames = element.querySelector('.frames');
const now = element.querySelector('.now');
const legend = element.querySelector('.legend');
const lassoButton = element.querySelector('.lasso');
const besideButton = element.querySelector('.beside');
const WIDE = 760; // pixels: two maps stand side by side by themselves

let opened = null; // { stage, order, at }: the digit whose detail was opened from here, and those around it
let progress = ''; // what the server is at, or was chosen last
let besideChosen = null; // whether two maps were asked for; null: as it suits

const smallPad = makeSmallPad(element.querySelector('.pad canvas'), element.querySelector('.clear'), () => room.placing.soon());
const room = {
  labels: new Uint8Array(0),
  maps: [], // the last the server told of
  clouds: new Map(), // by key: the points, 0 to 1
  chosen: null, // 1 for each point that was drawn around
  current: null, // the point that is meant: { stage, index, by: 'pointer', 'finger' or 'keys' }
  still: matchMedia('(prefers-reduced-motion: reduce)'),
  say: makeSpeaker(element.querySelector('.spoken'), 200),
  pictures: makePictures((wanted) => tell({ wanted }, 'look'), () => redraw()),
  placing: makePlacing({
    isSeen: () => isShown() && room.maps.length > 0,
    ask: () => tell({ drawing: smallPad.drawing() }, 'place'),
    came: () => {
      describe();
      redraw();
    },
  }),
  isLasso: () => lassoButton.getAttribute('aria-pressed') === 'true',
  mean(stage, index, by) {
    const { current } = room;
    if (current?.index === index && current?.by === by && current?.stage === stage) return;
    room.current = index === null ? null : { stage, index, by };
    stage.setPointer(index !== null && by === 'pointer' ? 'pointer' : '');
    redraw();
  },
  // order: the points that follow, of which it is the one at that place.
  open(stage, index, order = stage.nearestTo(index), at = 0) {
    document.dispatchEvent(new CustomEvent('digit-picked', { detail: index }));
    opened = { stage, order, at };
    tell({ open: index }, 'pick');
  },
  circle(stage, indices, done) {
    for (const other of stages) if (other !== stage || !indices) other.forgetLasso();
    if (done) setLasso(false);
    if (indices) pickRegion(indices);
    else redraw();
  },
  // What was drawn around is forgotten when the Gallery shows all.
  letGo() {
    if (room.chosen) tell({ region: null }, 'pick_region');
  },
  change(stage) {
    stage.show();
    describe();
  },
};
const stages = [makeStage(frames.firstElementChild, room, ['model', 'other', 'pixels'])];

function tell(value, event) {
  props.value = value;
  trigger(event);
}
question = () => tell({ known: [...room.clouds.keys()] }, 'ask');

function redraw() {
  for (const stage of stages) stage.redraw();
  const { current } = room;
  now.hidden = !current || current.by === 'pointer';
  if (!now.hidden) current.stage.tell(now, current.index);
}

function setLasso(on) {
  lassoButton.setAttribute('aria-pressed', on);
  for (const stage of stages) stage.heedLasso();
}

// The chosen ones become what the Gallery shows, and the others fade on every map.
function pickRegion(indices) {
  const count = indices.length.toLocaleString('en-US');
  const words = Object.entries(props.words[indices.length > 0 ? 'chosen' : 'nothing_here']);
  progress = Object.fromEntries(words.map(([language, text]) => [language, text.replace('{count}', count)]));
  describe();
  if (indices.length === 0) return;
  room.chosen = new Uint8Array(room.labels.length);
  for (const index of indices) room.chosen[index] = 1;
  redraw();
  tell({ region: encodeRegion(indices, room.labels.length) }, 'pick_region');
}

// The Gallery shows others than those that were chosen here.
document.addEventListener('tiles-shown', ({ detail: { region } }) => {
  if (region || !room.chosen) return;
  for (const stage of stages) stage.forgetLasso();
  [room.chosen, progress] = [null, ''];
  describe();
  redraw();
});

// Of which map those in view are meant: the one that was used last, whose pointer is elsewhere by now.
let used = 0;
const usedStage = () => stages[used] ?? stages[0];
for (const event of ['pointerdown', 'keydown', 'wheel']) {
  frames.addEventListener(event, ({ target }) => {
    used = [...frames.children].indexOf(target.closest('.frame'));
  }, { passive: true });
}

now.querySelector('.open').addEventListener('click', () => room.open(room.current.stage, room.current.index));
lassoButton.addEventListener('click', () => setLasso(!room.isLasso()));
element.querySelector('.in-view').addEventListener('click', () => pickRegion(usedStage().inView()));
besideButton.addEventListener('click', () => {
  besideChosen = stages.length < 2;
  arrange();
});

// As many maps as were asked for, or suit.
function arrange() {
  const fits = stages.length > 1 || frames.parentElement.clientWidth >= WIDE;
  const two = besideChosen ?? (fits && room.maps.some(({ id }) => id === 'other'));
  besideButton.hidden = room.maps.length < 2;
  besideButton.setAttribute('aria-pressed', two);
  element.querySelector('.map').classList.toggle('two', two);
  if (two && stages.length < 2) {
    const frame = frames.firstElementChild.cloneNode(true);
    frames.append(frame);
    stages.push(makeStage(frame, room, ['other', 'pixels']));
    stages[1].show();
  } else if (!two && stages.length > 1) {
    if (room.current?.stage === stages[1]) room.current = null;
    stages.pop();
    frames.lastElementChild.remove();
  }
  describe();
}

// The detail below the tiles: its next digit is the next nearest on the map, where it was opened from there.
document.addEventListener('digit-picked', () => { opened = null; });
document.addEventListener('digit-step', ({ detail: by }) => {
  const at = opened && opened.at + by;
  if (at === null || at < 0 || at >= opened.order.length) return;
  const { stage, order } = opened;
  room.open(stage, order[at], order, at);
  room.mean(stage, order[at], 'keys');
});
document.addEventListener('digit-closed', () => {
  opened?.stage.focus();
  opened = null;
});

// All words that belong to the maps.
function describe() {
  for (const stage of stages) stage.showWhich();
  element.querySelector('.seen').textContent = stages.map((stage) => stage.seen()).join(' ');
  element.querySelector('.line').textContent = translate(progress);
  element.querySelector('.drawn').textContent = translate(room.placing.among() || props.words.pad_help);
}

function takeMaps({ maps: told, labels: text, line: words }) {
  const { clouds } = room;
  room.labels = decode(text);
  progress = words;
  room.maps = told.map((map) => ({ ...map, answersOf: decode(map.answers) }));
  const isNew = told.some(({ key }) => !clouds.has(key));
  for (const { key, points: sent } of told) if (sent && !clouds.has(key)) clouds.set(key, decodePoints(sent));
  if (room.current?.index >= room.labels.length) room.current = null;
  if (room.chosen?.length !== room.labels.length) room.chosen = null;
  arrange();
  for (const stage of stages) stage.show();
  describe();
  if (isNew) room.placing.soon(); // on a map that was not there yet
  else room.placing.seen();
}

watch('value', () => {
  const value = props.value ?? {};
  if (value.maps) takeMaps(value);
  else if (value.digits) room.pictures.take(value);
  else if (value.placed) room.placing.take(value);
});

for (const event of ['drawing', 'digit-chosen']) document.addEventListener(event, () => {
  smallPad.clear(); // what was drawn last counts
  room.placing.soon();
});
document.addEventListener('gallery-models', () => {
  askSoon();
  room.placing.soon();
});

function showLegend() {
  const dots = LABEL_COLOURS.map((colour, label) => {
    const made = make('span', '', '');
    const dot = make('i');
    dot.style.setProperty('--colour', colour);
    dot.style.setProperty('--on-dark', ON_DARK[colour] ?? colour);
    made.append(dot, String(label));
    return made;
  });
  const ring = make('span', '', '');
  ring.append(make('i', 'ring'), translate(props.words.ring));
  legend.replaceChildren(...dots, ring);
}

document.addEventListener('language', () => {
  showLegend();
  describe();
  redraw();
});
new ResizeObserver(() => { if (isShown()) arrange(); }).observe(frames.parentElement);
for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
  matchMedia(query).addEventListener('change', redraw);
}
new MutationObserver(redraw).observe(document.body, { attributeFilter: ['class'] });
showLegend();
describe();

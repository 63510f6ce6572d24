// A run as it was at moments of its training. props.value = { run, step, more } to the server with 'ask': null for the
// newest; more: of the test images and the curve alone. From it { run, step, name, moments: [{ step, told }], place,
// pictures, tiles, summary, drawing: { picture, told } or null, weights, tested: { done, told, matrix }, curve: { done,
// and what drawing_curve.js draws } or null }; { run, step, more, tested, curve }; { message }, where there is nothing
// to show; or { saved: words } after 'save', which asks with { run, step }, as 'go_on' does. One question is on its way
// at a time: the last place of the slider wins. The event 'moment' of the document tells the charts { run, step }, or
// null.
const [prompt, moving, play, slider, message] = ['.prompt', '.moving', '.play', 'input', '.message'].map((one) => element.querySelector(one));
const [save, goOn] = ['.save', '.go-on'].map((one) => element.querySelector(one));
const say = (name, words) => { element.querySelector(`.${name}`).textContent = translate(words ?? ''); };
const speak = makeSpeaker(element.querySelector('p.spoken'), 800);
const showMatrix = makeMatrix(element.querySelector('.matrix'), props.matrix);
const curvePart = element.querySelector('.curve');
const FRAME = 330; // milliseconds, of the film
const FOLLOW_EVERY = 1000; // milliseconds, of a run under way
const PAUSE = 40; // milliseconds, for others to be answered
const PATIENCE = 8000; // milliseconds after which an answer is given up

let selected = null; // the number of the run that is selected in the table
let live = null; // that of the run under way
let shown = null; // the last whole answer
let wanted = null; // the step that is asked for; null: the newest
let sent = null; // the question on its way: { more, at }
let again = false; // whether another one waits for its answer
let film = null; // the timer, while it plays

const isWaiting = () => Boolean(sent) && performance.now() - sent.at < PATIENCE;

function send(more = false) {
  again = isWaiting();
  if (again) return;
  sent = { more, at: performance.now() };
  props.value = more ? { run: shown.run, step: shown.step, more } : { run: live ?? selected, step: wanted };
  trigger('ask');
}
question = () => send();

function mark() {
  const at = fold.open && shown?.moments ? { run: shown.run, step: shown.step } : null;
  document.dispatchEvent(new CustomEvent('moment', { detail: at }));
}

function sayPlace(told) {
  say('told', told);
  slider.setAttribute('aria-valuetext', translate(told));
}

// Its mark goes with the slider, before the answer.
function showDrawingCurve() {
  const { curve = null, moments } = shown ?? {};
  showCurve(curvePart, curve, moments?.[Number(slider.value)]?.step, props.words);
}

function showMore() {
  const { tested } = shown;
  say('tested', tested.told);
  showMatrix(tested.matrix);
  showDrawingCurve();
}

const isDone = () => shown.tested.done && (shown.curve?.done ?? true);

function show() {
  play.textContent = translate(film ? props.words.pause : props.words.play);
  const there = Boolean(shown?.moments);
  prompt.hidden = there;
  moving.hidden = !there;
  prompt.textContent = translate(shown?.message ?? props.words.prompt);
  if (!there) return;
  const { name, moments, place, pictures, tiles, summary, drawing, weights } = shown;
  slider.max = moments.length - 1;
  if (!again) {
    slider.value = place;
    sayPlace(moments[place].told);
  }
  say('name', name);
  say('summary', summary);
  showTiles(element.querySelector('.digits'), tiles, pictures);
  const own = element.querySelector('.own');
  own.hidden = !drawing;
  if (drawing) own.src = drawing.picture;
  say('reads', drawing ? drawing.told : props.words.no_drawing);
  showWeights(element.querySelector('.first'), weights);
  showMore();
}

// What one would see of it.
function speakMoment() {
  const { moments, place, summary, tested, drawing } = shown;
  speak([moments[place].told, summary, tested.told, drawing?.told].filter(Boolean).map(translate).join('. '));
}

function take() {
  const value = props.value ?? {};
  if ('saved' in value) {
    save.disabled = false;
    message.textContent = translate(value.saved);
    return;
  }
  if (!('message' in value || 'tested' in value)) return; // our own question
  sent = null;
  if (!value.more) shown = value;
  else if (shown.run === value.run && shown.step === value.step) shown = { ...shown, tested: value.tested, curve: value.curve };
  if (value.more) showMore();
  else show();
  mark();
  if (again) return send();
  if (!shown.moments || !isShown()) return;
  if (!film && live === null && (!value.more || isDone())) speakMoment();
  if (!isDone()) setTimeout(readOn, live === null ? PAUSE : FOLLOW_EVERY / 2);
}

// More of the test images and the curve, unless something else was asked for meanwhile.
function readOn() {
  if (!isWaiting() && isShown() && shown?.tested && !isDone()) send(true);
}

function stop() {
  clearInterval(film);
  film = null;
  play.textContent = translate(props.words.play);
}

function goTo(step) {
  wanted = step;
  message.textContent = '';
  send();
}

function playOn() {
  if (isWaiting() && !sent.more) return; // the last picture is not there yet
  const next = shown.moments.find(({ step }) => step > (wanted ?? shown.step));
  if (next && isShown()) return goTo(next.step);
  stop();
  speakMoment();
}

play.addEventListener('click', () => {
  if (film) return stop();
  const [first] = shown.moments;
  film = setInterval(playOn, FRAME);
  play.textContent = translate(props.words.pause);
  if (shown.place === shown.moments.length - 1) goTo(first.step);
});

slider.addEventListener('input', () => {
  stop();
  const moment = shown.moments[Number(slider.value)];
  sayPlace(moment.told);
  showDrawingCurve();
  goTo(moment === shown.moments.at(-1) ? null : moment.step);
});

function goOnFrom() {
  trigger('go_on');
  bringIntoView(document.querySelector('#progress')); // far above
}

for (const [button, act] of [[save, () => trigger('save')], [goOn, goOnFrom]]) {
  button.addEventListener('click', () => {
    stop();
    message.textContent = '';
    props.value = { run: shown.run, step: shown.step };
    act();
  });
}
save.addEventListener('click', () => {
  save.disabled = true;
  setTimeout(() => { save.disabled = false; }, PATIENCE); // where it was refused
});

// Another run is shown from its newest moment on.
function follow(change) {
  const before = live ?? selected;
  change();
  if ((live ?? selected) !== before) {
    stop();
    wanted = null;
    message.textContent = '';
  }
}
let followedAt = 0;
document.addEventListener('curves', ({ detail }) => {
  const other = (detail?.number ?? null) !== live;
  follow(() => { live = detail?.number ?? null; });
  if (!other && (!live || wanted !== null || performance.now() - followedAt < FOLLOW_EVERY)) return;
  followedAt = performance.now();
  askSoon();
});
document.addEventListener('runs', ({ detail }) => {
  follow(() => { selected = detail.selected ?? null; });
  askSoon();
});
document.addEventListener('at-stake', ({ detail }) => {
  if ('training' in detail) goOn.disabled = detail.training;
});
document.addEventListener('drawing', askSoon);
new ResizeObserver(showDrawingCurve).observe(curvePart);
fold.addEventListener('toggle', () => {
  if (!fold.open) stop();
  mark();
});
watch('value', take);
document.addEventListener('language', show);
show();

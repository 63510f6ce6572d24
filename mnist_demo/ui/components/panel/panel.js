// A panel that folds open, and asks only while it is open: 'ask' goes to the server. In sight it keeps up with the pen;
// elsewhere on the page it waits until the pen rests, and in a tab that is not shown until that one is. One that follows
// the drawing and the models is answered { model, shown }, or null where there is nothing on the pad; it shows `shown`
// in .shown, below a line, .of, that names the model, or says why there is nothing to see.
const fold = element.querySelector('details');
const line = element.querySelector('.of');
const part = element.querySelector('.shown');
const [ASK_EVERY, RESTS_AFTER, ANSWERED_WITHIN] = [250, 400, 10000]; // milliseconds
const CARD_FIRST = 80; // milliseconds after the pen is lifted: the prediction card is answered before
const BUSY_SHARE = 0.5; // of the time that the pen moves, at most, a question is on its way
const SLOWEST = 2000; // milliseconds from one question to the next
// A panel that asks with something has its own, with askWith.
let question = () => (props.follows ? askWith({}) : trigger('ask'));
let askedAt = 0;
let pace = ASK_EVERY; // while the pen moves
let asking = null; // the timer
let [drawnAt, penMoves] = [-Infinity, false]; // the last drawing, and whether more of it was to come
let inSight = false; // whether any of it is on the screen
let isStale = false; // whether it is to ask as soon as its tab is shown
// Whether a question is on its way in the value, and the next one waits: an answer would come in its place.
let [isAsked, waits] = [false, false];
let chosen = null; // the model that was chosen last; null: none since the page was opened
let answer = null; // the last one of the server

const isShown = () => fold.open && fold.offsetParent !== null;

// Milliseconds until it may ask.
function untilTurn() {
  const pause = !inSight ? RESTS_AFTER : penMoves ? 0 : CARD_FIRST;
  return Math.max(askedAt + (penMoves ? pace : ASK_EVERY), drawnAt + pause) - performance.now();
}

function ask() {
  clearTimeout(asking);
  asking = null;
  isStale = !isShown();
  if (isStale) return;
  if (untilTurn() > 0) {
    asking = setTimeout(ask, untilTurn());
    return;
  }
  const givenUpIn = askedAt + ANSWERED_WITHIN - performance.now();
  waits = isAsked && givenUpIn > 0;
  if (waits) {
    asking = setTimeout(ask, givenUpIn);
    return;
  }
  askedAt = performance.now();
  question();
}

// What is answered { model, shown } is asked with a value, one at a time.
function askWith(value) {
  props.value = value;
  isAsked = true;
  trigger('ask');
}

function askSoon() {
  if (fold.open) asking ??= setTimeout(ask, Math.max(0, untilTurn()));
}

const isAnswer = (value) => !value || 'model' in value;

// What was shown of another model stays in the background until the answer is there.
function markLate() {
  part.classList.toggle('late', Boolean(chosen && answer && answer.model !== chosen));
}

function askIfStale() {
  if (isStale) askSoon();
}
document.addEventListener('drawing', ({ detail }) => { [drawnAt, penMoves] = [performance.now(), detail.moving]; });
new IntersectionObserver((changes) => {
  inSight = changes[changes.length - 1].isIntersecting;
  if (asking && inSight) ask();
  else askIfStale();
}).observe(fold);
new ResizeObserver(askIfStale).observe(fold); // it has no size where its tab is not shown
fold.addEventListener('toggle', askSoon);
askSoon(); // it may have been opened before this ran
if (props.follows) {
  for (const event of ['drawing', 'digit-chosen', 'model', 'runs']) document.addEventListener(event, askSoon);
  document.addEventListener('model', ({ detail }) => {
    chosen = detail;
    markLate();
  });
}

// `show` draws what the server has answered, where there is something.
function keepShowingAnswer(show) {
  keepShowing(() => {
    if (isAnswer(props.value)) {
      answer = props.value;
      if (isAsked) pace = Math.min(SLOWEST, Math.max(ASK_EVERY, (performance.now() - askedAt) / BUSY_SHARE));
      isAsked = false;
      if (waits) ask();
    }
    const { model, shown } = answer ?? {};
    const text = translate(shown ? props.of : answer ? props.nothing : props.prompt);
    line.textContent = text.replace('{model}', () => model);
    part.hidden = !shown;
    markLate();
    if (shown) show(shown);
  });
}

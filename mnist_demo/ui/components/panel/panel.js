// A panel that folds open, and asks only while it is open: 'ask' goes to the server. One that follows the drawing
// and the models is answered { model, shown }, or null where there is nothing on the pad; it shows `shown` in .shown,
// below a line, .of, that names the model, or says why there is nothing to see.
const fold = element.querySelector('details');
const line = element.querySelector('.of');
const part = element.querySelector('.shown');
const [ASK_EVERY, ANSWERED_WITHIN] = [250, 10000]; // milliseconds
let question = () => trigger('ask'); // a panel that asks with more than that has its own, with askWith
let askedAt = 0;
let asking = null;
// Whether a question is on its way in the value, and the next one waits: an answer would come in its place.
let [isAsked, waits] = [false, false];
let chosen = null; // the model that was chosen last; null: none since the page was opened
let answer = null; // the last one of the server

function ask() {
  clearTimeout(asking);
  asking = null;
  waits = isAsked && performance.now() - askedAt < ANSWERED_WITHIN;
  if (waits) return;
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
  if (fold.open) asking ??= setTimeout(ask, Math.max(0, askedAt + ASK_EVERY - performance.now()));
}

const isAnswer = (value) => !value || 'model' in value;

// What was shown of another model stays in the background until the answer is there.
function markLate() {
  part.classList.toggle('late', Boolean(chosen && answer && answer.model !== chosen));
}

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
      isAsked = false;
      if (waits) askSoon();
    }
    const { model, shown } = answer ?? {};
    const text = translate(shown ? props.of : answer ? props.nothing : props.prompt);
    line.textContent = text.replace('{model}', () => model);
    part.hidden = !shown;
    markLate();
    if (shown) show(shown);
  });
}

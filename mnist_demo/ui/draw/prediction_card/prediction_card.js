// The answer to a drawing: null for a blank pad, else
// { digit, headline, sentence, shares: [0..1, ten of them], picture: data URI, note: what the model cannot do, or '' }; or
// { sentence, gone }, where gone says that the chosen model is no longer there; or, for a number, { sentence, note,
// digits: [the same of each digit, and its box] }.
// Of a number, one digit is chosen, by a click or the arrow keys, at first the least sure: the picture and the bars are
// its own, and 'digit-chosen' { boxes, at } of the document, null for one digit, tells the pad and the panels of it.
// It is asked for by the page itself at each 'drawing' and each 'model' of the document: a shipped model by the
// server's route, one request at a time, the newest drawing next; a visitor's own one by Gradio's event 'ask', with
// props.value = { model, answer } from it. An answer of a model that is no longer the chosen one is not shown. While the
// pen moves, the route is asked again when its last answer said so (predict_route.py), and Gradio, whose events cost
// the server more, by a clock; when it rests, at once.
const answer = element.querySelector('.answer');
const digit = element.querySelector('.digit');
const sentence = element.querySelector('.sentence');
const picture = element.querySelector('img');
const part = element.querySelector('.part');
const note = element.querySelector('.note');
const speak = makeSpeaker(element.querySelector('.spoken'), 300);
const rows = [...element.querySelectorAll('.bars li')];

let drawing = null; // as the pad told it last
let { model } = props; // the chosen one
let shown = null;
let moving = false; // more of it is to come; the answer is said when it is not, for it changes many times a second
let asking = false; // the route
let newer = false; // whether there is something to ask for since
let turn = 0; // of the next question while the pen moves, as performance.now() has it
let timer = null; // until then

const CLOCK = 80; // milliseconds from one question to the next, where the server does not tell another time

let at = 0; // which digit of a number is chosen
const LONG = 3; // digits: more stand above the sentence on a phone
let picked = false; // whether by the visitor
let told = 'null'; // what 'digit-chosen' told last

const surest = ({ shares }) => Math.max(...shares);

function chooseLeastSure(digits) {
  at = digits.reduce((least, each, place) => (surest(each) < surest(digits[least]) ? place : least), 0);
}

function tellChosen() {
  const digits = shown?.digits;
  const detail = digits ? { boxes: digits.map(({ box }) => box), at } : null;
  const text = JSON.stringify(detail);
  if (text === told) return;
  told = text;
  document.dispatchEvent(new CustomEvent('digit-chosen', { detail }));
}

function choose(place) {
  at = Math.max(0, Math.min(shown.digits.length - 1, place));
  picked = true;
  show();
  digit.children[at].focus();
}

const WAYS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };
digit.addEventListener('keydown', (event) => {
  if (!shown?.digits || !(event.key in WAYS)) return;
  event.preventDefault();
  choose(at + WAYS[event.key]);
});
digit.addEventListener('click', ({ target }) => {
  const place = [...digit.children].indexOf(target);
  if (place >= 0) choose(place);
});

function showNumber(digits) {
  while (digit.children.length > digits.length) digit.lastChild.remove();
  if (digit.children.length === 0) digit.textContent = '';
  while (digit.children.length < digits.length) {
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('role', 'radio');
    digit.append(button);
  }
  digits.forEach(({ headline }, place) => {
    const button = digit.children[place];
    button.textContent = headline;
    button.setAttribute('aria-checked', String(place === at));
    button.tabIndex = place === at ? 0 : -1;
  });
  digit.style.setProperty('--count', digits.length);
}

function showHeadline(known, digits) {
  answer.classList.toggle('number', Boolean(digits));
  answer.classList.toggle('long', digits?.length > LONG);
  if (digits) {
    digit.removeAttribute('aria-hidden');
    digit.setAttribute('role', 'radiogroup');
    digit.setAttribute('aria-label', translate(props.digits_label));
    showNumber(digits);
  } else {
    digit.setAttribute('aria-hidden', 'true');
    digit.removeAttribute('role');
    digit.removeAttribute('aria-label');
    digit.textContent = known ? shown.headline : '';
  }
  part.hidden = !digits;
  const values = digits && { place: at + 1, count: digits.length, sentence: translate(digits[at].sentence) };
  part.textContent = digits ? translate(props.part).replace(/\{(\w+)\}/g, (_, name) => values[name]) : '';
}

function show() {
  const digits = shown?.digits;
  const one = digits ? digits[at] : shown;
  const known = Boolean(one?.shares);
  answer.classList.toggle('blank', !known);
  sentence.textContent = translate(shown?.sentence ?? props.prompt);
  note.textContent = translate(shown?.note);
  showHeadline(known, digits);
  if (known) picture.src = one.picture;
  rows.forEach((row, index) => {
    const share = known ? one.shares[index] : 0;
    row.classList.toggle('best', known && one.headline === String(index));
    row.querySelector('.bar').style.width = `${share * 100}%`;
    row.querySelector('.share').textContent = known ? `${(share * 100).toFixed(1)}%` : '';
  });
  tellChosen();
}

function take(from, value) {
  if (from !== model) return;
  const digits = value?.digits;
  if (digits?.length !== shown?.digits?.length) picked = false;
  if (digits && !picked) chooseLeastSure(digits);
  shown = value;
  show();
  if (!moving && !newer) speak(sentence.textContent);
  if (shown?.gone) document.dispatchEvent(new CustomEvent('model-gone'));
}

async function fetchAnswer(asked) {
  const response = await fetch(serverAddress('answer'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(asked),
  });
  const pause = response.headers.get('ask-again-after'); // null of a proxy that refuses
  if (pause !== null) turn = performance.now() + Number(pause);
  return response.ok ? response.json() : { sentence: props.failed };
}

async function askRoute() {
  asking = true;
  turn = performance.now() + CLOCK;
  try {
    const asked = { drawing, model };
    take(asked.model, await fetchAnswer(asked));
  } finally {
    asking = false;
    if (newer) askInTurn();
  }
}

function askOwn() {
  turn = performance.now() + CLOCK;
  props.value = {}; // so that the answer is another value, which is noticed
  trigger('ask');
}

// For the newest drawing: as soon as the last answer is there and, while the pen moves, it is the page's turn.
function askInTurn() {
  clearTimeout(timer);
  timer = null;
  const own = !props.shipped.includes(model);
  const wait = moving ? turn - performance.now() : 0;
  newer = asking && !own;
  if (newer) return;
  if (wait > 0) timer = setTimeout(askInTurn, wait);
  else if (own) askOwn();
  else askRoute();
}

document.addEventListener('drawing', ({ detail }) => {
  ({ moving, ...drawing } = detail);
  askInTurn();
});
document.addEventListener('model', ({ detail }) => {
  if (detail === model) return;
  model = detail;
  if (drawing) askInTurn();
});
document.addEventListener('language', show);
watch('value', () => {
  const { value } = props;
  if (value && 'answer' in value) take(value.model, value.answer);
});
show();
document.dispatchEvent(new CustomEvent('drawing-asked')); // one may have been opened before

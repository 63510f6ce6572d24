// A lesson. props.value from the server: { hidden: [name], question, asks: whether a guess is to be made, line,
// guide: { try, look, learnt } or null, choices: [text], guess: index or null, chosen: index, left: [index] of those
// not trained yet, training_all, next: true once where the chosen one is to be trained now }; to it the same with another guess or choice.
const lesson = element.querySelector('.lesson');
const question = element.querySelector('.question');
const line = element.querySelector('.line');
const choices = element.querySelector('.choices');
const all = element.querySelector('.all');
const guide = element.querySelector('.guide');

// One after another: an answer that comes late would undo what was chosen meanwhile. `sent` is not of the server.
const PATIENCE = 3000; // milliseconds for an answer: a server that is gone gives none
let later = null;
let sentAt = 0;

function ask(event, changes) {
  if (props.value.sent && performance.now() - sentAt < PATIENCE) {
    later = [event, changes];
    return;
  }
  later = null; // an older one, whose turn has not come
  sentAt = performance.now();
  props.value = { ...props.value, ...changes, sent: true };
  show();
  trigger(event);
}

const trainSetUp = (chosen) => ask('train_set_up', { chosen, training_all: true, next: false });

function makeChoice(name, index) {
  const { asks, guess, chosen } = props.value;
  const button = make('button', '', name);
  button.type = 'button';
  if (!asks) button.setAttribute('aria-pressed', index === chosen);
  if (index === guess) button.append(' ', make('small', '', props.guessed));
  button.addEventListener('click', () => (asks ? ask('guess', { guess: index }) : ask('choose', { chosen: index })));
  return button;
}

function showGuide(words) {
  guide.hidden = !words;
  if (!words) return;
  const learnt = guide.querySelector('.learnt');
  const before = learnt.textContent;
  for (const name of ['try', 'look', 'learnt']) guide.querySelector(`.${name}`).textContent = translate(words[name]);
  if (learnt.textContent !== before) guide.querySelector('details').open = false; // another lesson
}

let opened = false;
let done = false;

// Of all set-ups there is a result: so it may be read what was learnt.
function showLearnt() {
  const { asks, choices, left = [] } = props.value;
  const before = done;
  done = !asks && choices.length > 0 && left.length === 0;
  if (done && !before) guide.querySelector('details').open = true;
}

function show() {
  const { hidden = [], question: asked, choices: names, asks, line: text, left = [], training_all: trains } = props.value ?? {};
  document.body.dataset.hide = hidden.join(' ');
  // What a lesson is about is to train them all, so that button stands out, not Train.
  document.body.toggleAttribute('data-guess', Boolean(asks));
  document.body.toggleAttribute('data-several', Boolean(names?.length > 1 && left.length));
  lesson.hidden = !names;
  if (!names) return;
  question.textContent = translate(asked);
  line.textContent = translate(text);
  choices.replaceChildren(...names.map(makeChoice));
  showGuide(props.value.guide);
  showLearnt();
  all.hidden = asks || names.length < 2;
  all.disabled = trains || !left.length; // not hidden: what stands below would jump as the training begins
  if (opened && !props.value.sent) {
    opened = false;
    bringIntoView(lesson);
  }
  if (props.value.next) trainSetUp(props.value.chosen);
  if (!later || props.value.sent) return;
  const [event, changes] = later;
  later = null;
  ask(event, changes);
}

all.addEventListener('click', () => trainSetUp(props.value.left[0]));
// Who pauses a training does not want the next one.
document.addEventListener('click', ({ target }) => {
  if (!target.closest('#pause, #leave') || !props.value?.training_all) return;
  props.value = { ...props.value, training_all: false };
});
document.addEventListener('lesson-opened', () => { opened = true; });
keepShowing(show);

// One line at the top while the server is away (see reconnect.js), and when it is back. Then 'ask' goes to the
// server; props.value = { kept } from it: whether it still has what belongs to this visitor. Where it has not,
// the event 'started-anew' asks for what the page itself has kept; else 'all-kept' tells so.
const line = element.querySelector('.connection');
const [reload, close] = element.querySelectorAll('button');
const CALM = 6000; // milliseconds that good news is shown
const IDLE = 600_000; // milliseconds out of sight after which the server is asked again

let lost = false; // whether the visitor reads so
let anew = false; // whether the server was started anew meanwhile
let runs = false; // whether the page shows runs, or one under way
let hiding = null;
let shown = null; // words

function spell() {
  element.querySelector('p').textContent = translate(shown ?? '');
}
document.addEventListener('language', spell);

function show(words, { stays }) {
  clearTimeout(hiding);
  shown = words;
  spell();
  line.classList.toggle('back', !stays);
  reload.hidden = close.hidden = !stays || lost;
  line.hidden = false;
  if (!stays) hiding = setTimeout(() => { line.hidden = true; }, CALM);
}

document.addEventListener('server-lost', () => {
  lost = true;
  show(props.lost, { stays: true });
});

function ask() {
  props.value = {}; // so that the answer is another value, which is noticed
  trigger('ask');
}

document.addEventListener('server-back', ({ detail }) => {
  anew = detail.anew;
  ask();
});

document.addEventListener('model-gone', ask);

// A page that lay idle may have been let go.
let hiddenSince = Infinity;
document.addEventListener('visibilitychange', () => {
  if (document.hidden) hiddenSince = Date.now();
  else if (Date.now() - hiddenSince > IDLE) ask();
});

document.addEventListener('runs', ({ detail }) => { runs = detail.curves.length > 0; });
document.addEventListener('curves', ({ detail }) => { runs ||= detail !== null; });

watch('value', () => {
  const { kept, session, former, resumes, stands } = props.value ?? {};
  if (session) formerSession.keep(session);
  if (former) trigger('take');
  if (resumes) trigger('resume');
  if (stands) trigger('stand');
  if (kept === undefined) return;
  const wasLost = lost;
  lost = false;
  document.dispatchEvent(new CustomEvent(kept ? 'all-kept' : 'started-anew'));
  if (!kept) {
    show(props[`${anew ? 'anew' : 'forgotten'}${runs ? '_with_runs' : ''}`], { stays: true });
    runs = false;
  } else if (wasLost) show(props.back, { stays: false });
  anew = false;
});

reload.addEventListener('click', () => window.location.reload());
close.addEventListener('click', () => { line.hidden = true; });

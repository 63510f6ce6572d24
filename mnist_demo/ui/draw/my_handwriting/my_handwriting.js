// The visitor's own set of labelled drawings. props.value = { action } or { seen } to the server, with 'act' or 'ask',
// and from it { model, tiles: [{ picture, label, right, alt }], counts, scores: [text], frames, file }, to 'act' also
// with { message, question, added }, to 'ask' with { seen }: file is the whole set as the text of a file, so that it
// is in the page's hands should the server be started anew; seen tells answers from before an action.
// An action is { kind: 'add', label, sure }, { kind: 'remove', index }, { kind: 'clear' }, { kind: 'open', text } or
// { kind: 'restore', text }, which adds only what is not there. label_bar.js has the buttons at the pad.
const message = element.querySelector('.message');
const scores = element.querySelector('.scores');
const frames = element.querySelector('.frames');
const set = element.querySelector('.set');
const save = element.querySelector('.save');
const open = element.querySelector('.open');
const empty = element.querySelector('.empty');
const undo = element.querySelector('.undo');
let removed = ''; // the set before the last removal, as the text of a file; '' after anything else
let acted = 0; // how many actions there were
let acting = false; // whether the last one is not answered yet
let taken = 0; // how many of these were answered: an answer is shown again in another language
let adding = false; // whether the last one was 'add', whose message stands at the pad

question = () => {
  if (acting) return; // its answer tells all that is asked
  props.value = { seen: acted };
  trigger('ask');
};

function act(action) {
  for (const button of element.querySelectorAll('button')) button.disabled = true; // until it is done
  acted += 1;
  acting = true;
  adding = action.kind === 'add';
  removed = ['remove', 'clear'].includes(action.kind) ? kept : '';
  props.value = { action };
  trigger('act');
  const asked = acted;
  setTimeout(() => { if (acting && acted === asked) giveUp(); }, ANSWERED_WITHIN);
}

// The answer is lost: what there is now is asked for, or told where the server has nothing.
function giveUp() {
  acting = false;
  askSoon();
  restore();
}

function tile({ picture, label, right, alt }, index) {
  const item = make('li', right ? 'right' : 'wrong');
  const remove = make('button', 'remove', '×');
  remove.type = 'button';
  remove.setAttribute('aria-label', `${translate(props.remove)}: ${translate(alt)}`);
  remove.addEventListener('click', () => act({ kind: 'remove', index }));
  item.append(makePicture(picture, alt), make('span', 'label', label), remove);
  return item;
}

let kept = ''; // the set as the text of a file
let saved = ''; // what it was when the server was last lost
let lost = ''; // what a server that was started anew has yet to be told

function download(text) {
  const link = make('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = 'my-digits.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

function show() {
  const { tiles, counts, scores: lines, frames: about, message: told = '', question: asked, added, file, seen } = props.value ?? {};
  if (!tiles) return; // our own, not yet answered
  if (seen === undefined) acting = false;
  else if (seen !== acted) {
    askSoon();
    return;
  }
  element.querySelector('.collect').disabled = false;
  save.disabled = empty.disabled = tiles.length === 0;
  undo.disabled = false;
  undo.hidden = !removed;
  message.textContent = adding ? '' : translate(told);
  scores.replaceChildren(...lines.map((text) => make('li', '', text)));
  frames.textContent = translate(about);
  set.replaceChildren(...tiles.map(tile));
  kept = file;
  const bar = { counts, message: adding ? told : '', question: asked };
  document.dispatchEvent(new CustomEvent('digits-collected', { detail: bar }));
  if (added && taken !== acted) document.dispatchEvent(new CustomEvent('drawing-stored'));
  taken = acted;
  restore();
}

function restore() {
  if (!lost || acting) return; // an action under way comes first
  const text = lost;
  lost = '';
  act({ kind: 'restore', text });
}

element.querySelector('.collect').addEventListener('click', () => document.dispatchEvent(new CustomEvent('collect')));
document.addEventListener('digit-labelled', ({ detail }) => act({ kind: 'add', ...detail }));
document.addEventListener('collecting-done', () => {
  fold.open = true;
  bringIntoView(fold);
});
save.addEventListener('click', () => download(kept));
empty.addEventListener('click', () => act({ kind: 'clear' }));
undo.addEventListener('click', () => act({ kind: 'restore', text: removed }));
open.addEventListener('change', async () => {
  const [file] = open.files;
  if (!file) return;
  const text = file.size > props.max_bytes ? '' : await file.text();
  open.value = '';
  act({ kind: 'open', text });
});
document.addEventListener('server-lost', () => { saved = kept; });
document.addEventListener('all-kept', () => { saved = ''; });
document.addEventListener('started-anew', () => {
  [lost, saved] = [saved || kept, ''];
  restore();
});
for (const event of ['model', 'runs']) document.addEventListener(event, askSoon);
save.disabled = empty.disabled = true;
keepShowing(show);

// The visitor's own set of labelled drawings. props.value = { action } to the server, { tiles: [{ picture,
// label, right, alt }], scores: [text], message, file } from it: file is the whole set as the text of a file,
// so that it is in the page's hands should the server be started anew. An action is { kind: 'show' },
// { kind: 'add', label }, { kind: 'remove', index }, { kind: 'clear' },
// { kind: 'open', text } or { kind: 'restore', text }, which adds only what is not there.
const labels = [...element.querySelectorAll('.labels button')];
const message = element.querySelector('.message');
const scores = element.querySelector('.scores');
const set = element.querySelector('.set');
const save = element.querySelector('.save');
const open = element.querySelector('.open input');
const empty = element.querySelector('.empty');

function act(action) {
  for (const button of element.querySelectorAll('button')) button.disabled = true; // until it is done
  props.value = { action };
  trigger('act');
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
  const { tiles = [], scores: lines = [], message: text = '', file = '' } = props.value ?? {};
  if (props.value?.action) return; // our own, not yet answered
  for (const button of labels) button.disabled = false;
  save.disabled = empty.disabled = tiles.length === 0;
  message.textContent = translate(text);
  scores.replaceChildren(...lines.map((line) => make('li', '', line)));
  set.replaceChildren(...tiles.map(tile));
  kept = file;
  restore();
}

function restore() {
  if (!lost || props.value?.action) return; // an action under way comes first
  const text = lost;
  lost = '';
  act({ kind: 'restore', text });
}

for (const button of labels) {
  button.addEventListener('click', () => act({ kind: 'add', label: Number(button.dataset.label) }));
}
save.addEventListener('click', () => download(kept));
empty.addEventListener('click', () => act({ kind: 'clear' }));
open.addEventListener('change', async () => {
  const [file] = open.files;
  if (!file) return;
  const text = file.size > props.max_bytes ? '' : await file.text();
  open.value = '';
  act({ kind: 'open', text });
});
document.addEventListener('server-lost', () => { saved = kept; });
document.addEventListener('started-anew', () => {
  lost = saved || kept;
  restore();
});
keepShowing(show);

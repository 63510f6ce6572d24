// The visitor's own set of labelled drawings. props.value = { action } to the server, { tiles: [{ picture,
// label, right, alt }], scores: [text], message, file } from it. An action is { kind: 'show' },
// { kind: 'add', label }, { kind: 'remove', index }, { kind: 'clear' }, { kind: 'save' } or
// { kind: 'open', text }.
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
  remove.setAttribute('aria-label', `${speak(props.remove)}: ${speak(alt)}`);
  remove.addEventListener('click', () => act({ kind: 'remove', index }));
  item.append(makePicture(picture, alt), make('span', 'label', label), remove);
  return item;
}

function download(text) {
  const link = make('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = 'my-digits.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

function show() {
  const { tiles = [], scores: lines = [], message: text = '', file } = props.value ?? {};
  if (props.value?.action) return; // our own, not yet answered
  for (const button of labels) button.disabled = false;
  save.disabled = empty.disabled = tiles.length === 0;
  message.textContent = speak(text);
  scores.replaceChildren(...lines.map((line) => make('li', '', line)));
  set.replaceChildren(...tiles.map(tile));
  if (file) download(file);
}

for (const button of labels) {
  button.addEventListener('click', () => act({ kind: 'add', label: Number(button.dataset.label) }));
}
save.addEventListener('click', () => act({ kind: 'save' }));
empty.addEventListener('click', () => act({ kind: 'clear' }));
open.addEventListener('change', async () => {
  const [file] = open.files;
  if (!file) return;
  const text = file.size > props.max_bytes ? '' : await file.text();
  open.value = '';
  act({ kind: 'open', text });
});
keepShowing(show);

// Makes a lesson's link. props.value = { set_ups: [parameters], remove: index or null } to the server with
// 'add_set_up' or 'remove_set_up', { set_ups, names: [text], parameters: { name: value }, message } from it.
const asked = element.querySelector('textarea');
const none = element.querySelector('.none');
const list = element.querySelector('ol');
const message = element.querySelector('.message');
const boxes = [...element.querySelectorAll('input')];
const made = element.querySelector('.made');
const link = element.querySelector('a');
const copied = element.querySelector('.copied');

const add = element.querySelector('.add');

let questions = 0;

// One after another: each answer holds all the set-ups. Where none comes, it is as it was.
function send(event, remove) {
  add.disabled = true;
  for (const button of list.querySelectorAll('button')) button.disabled = true;
  const before = props.value ?? {};
  props.value = { set_ups: before.set_ups ?? [], remove };
  trigger(event);
  const asked = ++questions;
  setTimeout(() => {
    if (asked !== questions || props.value?.names) return;
    props.value = before;
    show();
  }, ANSWERED_WITHIN);
}

function makeRow(name, index) {
  const row = make('li', '', name);
  const button = make('button', '', props.words.remove);
  button.type = 'button';
  button.addEventListener('click', () => send('remove_set_up', index));
  row.append(button);
  return row;
}

// Where the page lies now, so it holds wherever it is served.
function writeLink() {
  const address = new URL(window.location.pathname, window.location);
  const hidden = boxes.filter((box) => box.checked).map((box) => box.value);
  const parameters = {
    tab: 'train',
    ...props.value?.parameters,
    ...(hidden.length && { hide: hidden.join(',') }),
    ...(asked.value.trim() && { question: asked.value.trim() }),
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  made.hidden = !props.value?.names?.length;
  link.href = address.href.replaceAll('%2C', ',');
  link.textContent = link.href;
}

function show() {
  const { names, message: told } = props.value ?? {};
  if (props.value?.set_ups && !names) return; // on its way
  add.disabled = false;
  none.hidden = Boolean(names?.length);
  list.replaceChildren(...(names ?? []).map(makeRow));
  message.textContent = translate(told);
  writeLink();
}

add.addEventListener('click', () => send('add_set_up', null));
element.querySelector('.copy').addEventListener('click', async () => {
  copied.textContent = (await copy(link.href)) ? translate(props.words.copied) : '';
  setTimeout(() => { copied.textContent = ''; }, 3000);
});
for (const field of [asked, ...boxes]) field.addEventListener('input', writeLink);
keepShowing(show);

// Keeps the set-up in the address, and copies it. props.value = { parameters: { name: value } }, all
// those of the form that are not the recipe's own; null leaves the address as it is.
const button = element.querySelector('button');
const status = element.querySelector('span');

function show() {
  const { parameters } = props.value ?? {};
  if (!parameters) return;
  const address = new URL(window.location);
  const says = props.names.some((name) => address.searchParams.has(name));
  // The set-up that the form opens with needs nothing in the address.
  if (!says && JSON.stringify(parameters) === JSON.stringify({ recipe: props.recipe })) return;
  for (const name of props.names) address.searchParams.delete(name);
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  window.history.replaceState(window.history.state, '', address);
}

// The clipboard is there on https and on this machine alone; the old way works elsewhere.
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}

button.addEventListener('click', async () => {
  const address = new URL(window.location);
  address.searchParams.set('tab', 'train');
  status.textContent = (await copy(address.href)) ? translate(props.copied) : translate(props.failed);
  setTimeout(() => { status.textContent = ''; }, 3000);
});
watch('value', show);
show();

// Copies a link to what its tab shows, which holds its own parameters alone. props.value = { parameters: { name: value } }
// from the server. Other scripts tell theirs by 'link-parameters' of the document, { name: value or null }, and again at
// 'link-asked', as they may be there before the button is; `refused` among them are words: why a link was not opened.
const button = element.querySelector('button');
const status = element.querySelector('span');
const told = {};
let parameters = null; // the server's last ones

// Where the address holds the parameters, that is where they are put. It stays as it was opened until there are any.
function take() {
  parameters = props.value?.parameters ?? parameters;
  if (!parameters || props.in_address.length === 0) return;
  const address = new URL(window.location);
  for (const name of props.in_address) address.searchParams.delete(name);
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  window.history.replaceState(window.history.state, '', address);
}

function ownParameters(address) {
  const all = props.in_address.length > 0 ? [...address.searchParams] : Object.entries({ ...parameters, ...told });
  const isOffered = ([name, value]) => props.offered[name]?.includes(value) ?? true;
  return all.filter(([name, value]) => props.names.includes(name) && (value ?? null) !== null).filter(isOffered);
}

function writeLink() {
  const address = new URL(window.location);
  const link = new URL(address.pathname, address); // as it lies now, so it holds wherever it is served
  const language = address.searchParams.get('language');
  const all = [...(props.tab ? [['tab', props.tab]] : []), ...ownParameters(address)];
  if (language) all.push(['language', language]);
  for (const [name, value] of all) {
    if (name === props.fragment) link.hash = `${name}=${value}`;
    else link.searchParams.set(name, value);
  }
  return link.href.replaceAll('%2C', ',');
}

function show() {
  button.disabled = Boolean(props.fragment) && !told[props.fragment];
  button.title = button.disabled ? translate(props.missing) : '';
  status.textContent = translate(told.refused ?? '');
}

button.addEventListener('click', async () => {
  const done = await copy(writeLink());
  status.textContent = translate(done ? props.copied : props.failed);
  setTimeout(show, 3000);
});
document.addEventListener('link-parameters', ({ detail }) => {
  const before = JSON.stringify(told);
  for (const name of [...props.names, 'refused']) if (name in detail) told[name] = detail[name];
  if (JSON.stringify(told) !== before) show();
});
document.addEventListener('language', show);
watch('value', take);
take();
show();
document.dispatchEvent(new CustomEvent('link-asked'));

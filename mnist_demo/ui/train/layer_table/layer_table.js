// A network's layers. props.value = { rows: [{ name: words, output: text, parameters: text }] }.
const body = element.querySelector('tbody');

function row({ name, output, parameters }) {
  const made = make('tr');
  const head = make('th', '', name);
  head.scope = 'row';
  made.append(head, make('td', '', output), make('td', 'number', parameters));
  return made;
}

function show() {
  const { rows } = props.value ?? {};
  if (rows) body.replaceChildren(...rows.map(row)); // else no news
}

keepShowing(show);

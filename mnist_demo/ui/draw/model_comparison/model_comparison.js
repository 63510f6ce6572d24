// Every model's answer. What is shown: [{ name, digit, share, text, parameters, milliseconds, agrees }, ...].
const table = element.querySelector('table');

function row({ name, digit, share, text, parameters, milliseconds, agrees }) {
  const made = make('tr', agrees ? '' : 'other');
  const head = make('th', '', name);
  head.scope = 'row';
  const bar = make('span', 'bar');
  bar.style.width = `${share * 100}%`;
  const track = make('span', 'track');
  track.append(bar);
  const shareCell = make('td', 'share');
  shareCell.append(track, make('span', 'text', text));
  made.append(head, make('td', 'digit', digit), shareCell, make('td', 'number', parameters), make('td', 'number', milliseconds));
  return made;
}

keepShowingAnswer((rows) => table.tBodies[0].replaceChildren(...rows.map(row)));

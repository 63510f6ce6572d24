// Who of two models reads how many right. props.value = { buttons: [{ name, count, share, text }, ...],
// picked: a name or '', seen: who saw them in training, or nothing }. 'pick' tells the server of the one that was chosen.
const group = element.querySelector('.pairs');
const prompt = element.querySelector('.quiet');
const seen = element.querySelector('.seen');

function pick(name) {
  props.value = { ...props.value, picked: name };
  show();
  document.dispatchEvent(new CustomEvent('digits-picked'));
  trigger('pick');
}

function button({ name, count, share, text }) {
  const made = make('button');
  made.type = 'button';
  made.dataset.name = name;
  made.setAttribute('aria-pressed', name === props.value.picked);
  made.append(make('b', '', count), ' ', make('span', 'share', share), ' ', make('span', 'text', text));
  made.addEventListener('click', () => pick(name));
  return made;
}

function show() {
  const { buttons, seen: told } = props.value ?? {};
  if (!buttons) return; // no news
  const focused = group.contains(document.activeElement) && document.activeElement.dataset.name;
  prompt.hidden = buttons.length > 0;
  seen.hidden = !told;
  seen.textContent = translate(told);
  group.replaceChildren(...buttons.map(button));
  if (focused) group.querySelector(`[data-name="${focused}"]`)?.focus();
}

keepShowing(show);

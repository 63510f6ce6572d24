// One test digit and every model's answer. props.value = { index, model, label, picture, title, summary,
// rows: [{ name, chosen, answer, verdict, text, right, shares: [0..1, ten of them] }] }, or { message },
// or {} where nothing is open; opened: it was asked for elsewhere than in the tiles. 'draw' asks for the digit to be put on the pad.
const DIGITS = [...Array(10).keys()];
const card = element.querySelector('.card');
const title = element.querySelector('h2');
const table = element.querySelector('table');
let wanted = null; // the index that was picked last; null after closing

const heads = DIGITS.map((digit) => {
  const made = make('th', 'share', String(digit));
  made.scope = 'col';
  return made;
});
element.querySelector('.digits').append(...heads);

function row({ name, chosen, answer, verdict, text, right, shares }, label) {
  const made = make('tr', `${right ? 'right' : 'wrong'}${chosen ? ' chosen' : ''}`);
  const head = make('th', 'name', name);
  head.scope = 'row';
  const cells = shares.map((share, digit) => {
    const cell = make('td', 'share', share >= 0.005 ? Math.round(share * 100) : '');
    cell.classList.toggle('answer', digit === answer);
    cell.classList.toggle('label', digit === label);
    cell.style.setProperty('--share', share);
    cell.title = `${digit}: ${(share * 100).toFixed(1)}%`;
    return cell;
  });
  made.append(head, make('td', 'verdict', verdict), make('td', 'number', text), ...cells);
  return made;
}

function close() {
  if (card.hidden) return;
  wanted = null;
  card.hidden = true;
  props.value = {};
  document.dispatchEvent(new CustomEvent('digit-closed'));
  tellLink();
}

function reveal() {
  title.focus({ preventScroll: true });
  bringIntoView(card);
}

function step(by) {
  document.dispatchEvent(new CustomEvent('digit-step', { detail: by }));
}

document.addEventListener('digit-picked', ({ detail }) => { wanted = detail; });
document.addEventListener('keydown', (event) => {
  const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
  if (event.key === 'Escape' && !typing && card.offsetParent !== null) close();
});
card.addEventListener('keydown', (event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  step(by);
});
element.querySelector('.close').addEventListener('click', close);
element.querySelector('.previous').addEventListener('click', () => step(-1));
element.querySelector('.next').addEventListener('click', () => step(1));
element.querySelector('.draw').addEventListener('click', () => trigger('draw'));

// Shows what the value holds; whether there is anything to show.
function show() {
  const { index, label, picture, title: text, summary, rows = [], message, opened } = props.value ?? {};
  if (opened) wanted = index;
  if (wanted === null || (index !== wanted && !message)) return false; // closed, or another is on its way
  const heard = translate(message ?? text);
  title.textContent = heard;
  element.querySelector('.parts').hidden = Boolean(message);
  element.querySelector('.quiet').textContent = translate(summary ?? '');
  if (!message) {
    Object.assign(element.querySelector('img'), { src: picture, alt: heard });
    heads.forEach((head, digit) => head.classList.toggle('label', digit === label));
    table.tBodies[0].replaceChildren(...rows.map((one) => row(one, label)));
  }
  return true;
}

function open() {
  if (!show()) return;
  card.hidden = false;
  if (!card.contains(document.activeElement)) reveal();
  const { index, model, message } = props.value;
  document.dispatchEvent(new CustomEvent('digit-shown', { detail: message ? null : `${index} ${model}` }));
  tellLink();
}

// The open digit is a part of the link to the view.
function tellLink() {
  const digit = card.hidden ? null : (props.value?.index ?? null);
  document.dispatchEvent(new CustomEvent('link-parameters', { detail: { gallery_digit: digit } }));
}

watch('value', open);
document.addEventListener('language', show);
document.addEventListener('link-asked', tellLink);
open();

// Test digits, a page of them. props.value = { page } or { open: index } to the server, with 'change_page' or
// 'pick'; { tiles: [{ index, picture, right, verdict, second, detail, alt }], page, pages, before, after, status,
// asked } from it: picture is a data URI; second, where another model is looked at too, { text, right }; asked is the
// page that was asked for, null where other things than the page have changed; region: whether they were chosen on the
// map, which 'tiles-shown' { region } of the document tells; reveal: whether to scroll to them.
const list = element.querySelector('.tiles');
const pager = element.querySelector('.pager');
const previous = element.querySelector('.previous');
const next = element.querySelector('.next');
const number = element.querySelector('input');

let page = 1; // the one asked for last: clicks that come before its answer go on from there
let pages = 1;
let current = 0; // the tile that the Tab key stops at
let answer = null; // the last one of the server
let revealing = false; // whether what comes next is to be brought into view
let ours = true; // whether the open detail is of one of these
let arriving = null; // where the focus goes on the page that was asked for, if the keys asked

function buttons() {
  return [...list.querySelectorAll('button')];
}

function stopAt(at) {
  const all = buttons();
  current = Math.max(0, Math.min(at, all.length - 1));
  all.forEach((one, index) => { one.tabIndex = index === current ? 0 : -1; });
  return all[current];
}

function open(at) {
  const button = stopAt(at);
  for (const one of buttons()) one.classList.toggle('open', one === button);
  const index = Number(button.dataset.index);
  document.dispatchEvent(new CustomEvent('digit-picked', { detail: index }));
  props.value = { open: index };
  trigger('pick');
}

function changePage(to, focus = null) {
  const wanted = Number.isNaN(to) ? page : Math.max(1, Math.min(Math.round(to), pages));
  if (wanted === page) {
    showPlace();
    return;
  }
  page = wanted;
  arriving = focus;
  showPlace();
  props.value = { page };
  trigger('change_page');
}

function showPlace() {
  number.value = page;
  number.max = pages;
  previous.disabled = page <= 1;
  next.disabled = page >= pages;
}

function translateTile(button, { verdict, second, detail, alt }) {
  button.title = translate(alt);
  button.setAttribute('aria-label', translate(alt));
  button.querySelector('.verdict').textContent = translate(verdict);
  if (second) button.querySelector('.second').textContent = translate(second.text);
  button.querySelector('.detail').textContent = translate(detail);
}

function tile(shown, at) {
  const button = make('button', shown.right ? 'tile right' : 'tile wrong');
  button.type = 'button';
  button.dataset.index = shown.index;
  const image = makePicture(shown.picture, '');
  Object.assign(image, { width: 28, height: 28 });
  button.append(image, make('span', 'verdict'));
  if (shown.second) {
    button.classList.add('both');
    button.append(make('span', shown.second.right ? 'second' : 'second amiss'));
  }
  button.append(make('span', 'detail'));
  translateTile(button, shown);
  button.addEventListener('click', () => open(at));
  const item = make('li');
  item.append(button);
  return item;
}

function columns() {
  const all = buttons();
  const below = all.findIndex((one) => one.offsetTop > all[0].offsetTop);
  return below < 0 ? all.length : below;
}

const KEYS = {
  ArrowLeft: () => current - 1,
  ArrowRight: () => current + 1,
  ArrowUp: () => current - columns(),
  ArrowDown: () => current + columns(),
  Home: () => 0,
  End: () => buttons().length - 1,
};

list.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'PageUp') changePage(page - 1, current);
  else if (event.key === 'PageDown') changePage(page + 1, current);
  else if (KEYS[event.key]) {
    const to = KEYS[event.key]();
    if (to >= 0 && to < buttons().length) stopAt(to).focus();
  } else return;
  event.preventDefault();
});
list.addEventListener('focusin', ({ target }) => stopAt(buttons().indexOf(target.closest('button'))));

previous.addEventListener('click', () => changePage(page - 1));
next.addEventListener('click', () => changePage(page + 1));
number.addEventListener('change', () => changePage(number.valueAsNumber));

// The detail under the tiles asks for its neighbour, or has been closed.
document.addEventListener('digit-picked', ({ detail }) => {
  ours = buttons().some((one) => one.classList.contains('open') && Number(one.dataset.index) === detail);
  if (!ours) for (const one of buttons()) one.classList.remove('open');
});
document.addEventListener('digit-step', ({ detail }) => {
  if (!ours) return;
  const to = current + detail;
  if (to >= 0 && to < buttons().length) open(to);
});
document.addEventListener('digit-closed', () => {
  for (const one of buttons()) one.classList.remove('open');
  const button = stopAt(current);
  if (ours) button?.focus();
  ours = true;
});

// A cell of the confusion matrix, far above them, has been chosen.
document.addEventListener('digits-picked', () => { revealing = true; });

function show() {
  const { tiles, page: shown, pages: all, asked } = props.value ?? {};
  if (!tiles) return; // our own, not yet answered
  if (asked !== null && asked !== page) return; // another page has been asked for since
  answer = props.value;
  [page, pages] = [shown, all];
  list.replaceChildren(...tiles.map(tile));
  pager.hidden = tiles.length === 0;
  translatePlace();
  showPlace();
  document.dispatchEvent(new CustomEvent('tiles-shown', { detail: { region: Boolean(answer.region) } }));
  if (revealing || props.value.reveal) bringIntoView(list);
  revealing = false;
  const button = stopAt(arriving ?? 0);
  if (arriving !== null) button?.focus();
  arriving = null;
}

function translatePlace() {
  for (const part of ['before', 'after', 'status']) {
    element.querySelector(`.${part}`).textContent = translate(answer[part]);
  }
}

document.addEventListener('language', () => {
  if (!answer) return;
  buttons().forEach((button, at) => translateTile(button, answer.tiles[at]));
  translatePlace();
});
watch('value', show);
if (props.value?.tiles) show();
else trigger('ask');

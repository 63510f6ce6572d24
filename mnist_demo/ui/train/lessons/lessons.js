// The lessons, each a link. A plain click opens it on this page, which keeps the visitor's models: props.value =
// { search } to the server with 'open_lesson'.
const links = [...element.querySelectorAll('a')];

function show() {
  for (const link of links) link.href = translate(props.lessons[link.dataset.index].address);
}

function open(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in a tab of its own
  event.preventDefault();
  const address = new URL(event.target.href);
  const { search } = address;
  const language = new URL(window.location).searchParams.get('language');
  if (language) address.searchParams.set('language', language);
  window.history.replaceState(window.history.state, '', address);
  window.openedWith = search;
  fold.open = false;
  props.value = { search };
  trigger('open_lesson');
  document.dispatchEvent(new CustomEvent('lesson-opened')); // it is brought into view when it is there
}

for (const link of links) link.addEventListener('click', open);
document.addEventListener('language', show);
show();

// The title of the page, and the choice of its language. props.value = { language } to the server with
// 'turn', which says the words of Gradio's own components anew; all else speaks for itself, see words.js.
const buttons = [...element.querySelectorAll('button')];
const page = document.documentElement;

function turn() {
  props.value = { language: page.lang };
  trigger('turn');
}

function show() {
  document.title = speak(props.title);
  for (const button of buttons) button.setAttribute('aria-pressed', button.lang === page.lang);
}

for (const button of buttons) {
  button.addEventListener('click', () => {
    page.lang = button.lang;
    const address = new URL(window.location);
    address.searchParams.set('language', button.lang);
    window.history.replaceState(window.history.state, '', address);
    document.dispatchEvent(new CustomEvent('language'));
    turn();
  });
}
document.addEventListener('language', show);
show();
if (page.lang !== 'en' || page.dataset.madeIn !== 'en') turn(); // their choices are made in English

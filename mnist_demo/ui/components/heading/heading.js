// The title of the page, and the choice of its language. props.value = { language } to the server with
// 'switch_language', which says the words of Gradio's own components anew; all else speaks for itself, see translate.js.
const buttons = [...element.querySelectorAll('button')];
const page = document.documentElement;

function switchLanguage() {
  props.value = { language: page.lang };
  trigger('switch_language');
}

function show() {
  document.title = translate(props.title);
  for (const button of buttons) button.setAttribute('aria-pressed', button.lang === page.lang);
}

for (const button of buttons) {
  button.addEventListener('click', () => {
    page.lang = button.lang;
    const address = new URL(window.location);
    address.searchParams.set('language', button.lang);
    window.history.replaceState(window.history.state, '', address);
    document.dispatchEvent(new CustomEvent('language'));
    switchLanguage();
  });
}
document.addEventListener('language', show);
show();
if (page.lang !== 'en' || page.dataset.madeIn !== 'en') switchLanguage(); // their choices are made in English

// The title of the page, the view for a projector, light or dark, and the choice of the language. props.value = { language } to the server with
// 'switch_language', which says the words of Gradio's own components anew; all else speaks for itself, see translate.js.
const buttons = [...element.querySelectorAll('.languages button')];
const present = element.querySelector('.present');
const theme = element.querySelector('.theme');
const page = document.documentElement;

function switchLanguage() {
  props.value = { language: page.lang };
  trigger('switch_language');
}

function show() {
  document.title = translate(props.title);
  for (const button of buttons) button.setAttribute('aria-pressed', button.lang === page.lang);
}

function keepInAddress(name, value) {
  const address = new URL(window.location);
  address.searchParams.set(name, value);
  window.history.replaceState(window.history.state, '', address);
}

theme.addEventListener('click', () => {
  keepInAddress('__theme', document.body.classList.toggle('dark') ? 'dark' : 'light'); // as Gradio reads it
});
for (const button of buttons) {
  button.addEventListener('click', () => {
    page.lang = button.lang;
    keepInAddress('language', button.lang);
    document.dispatchEvent(new CustomEvent('language'));
    switchLanguage();
  });
}
// What the last row is to see fills the screen: page.css says what that is. Esc ends it, as it ends a full screen.
function setPresenting(on) {
  page.toggleAttribute('data-present', on);
  present.setAttribute('aria-pressed', on);
  present.textContent = translate(on ? props.end_present : props.present);
  window.dispatchEvent(new Event('resize')); // the pad and the charts are drawn to their size
}

present.addEventListener('click', () => {
  const on = !page.hasAttribute('data-present');
  setPresenting(on);
  if (on) page.requestFullscreen?.().catch(() => {}); // where it is not allowed, the page alone grows
  else if (document.fullscreenElement) document.exitFullscreen();
});
document.addEventListener('fullscreenchange', () => {
  if (!document.fullscreenElement) setPresenting(false);
});
document.addEventListener('language', show);
show();
if (page.lang !== 'en' || page.dataset.madeIn !== 'en') switchLanguage(); // their choices are made in English

// Which language the page speaks: the one in its address, else the first of the browser's that it knows.
// It is kept in the page's `lang`; `data-made-in` is the one that Gradio's own components are made in.
(() => {
  const KNOWN = document.querySelector('meta[name=languages]').content.split(' ');
  const page = document.documentElement;
  const asked = new URLSearchParams(window.location.search).get('language');
  const preferred = navigator.languages.map((language) => language.split('-')[0].toLowerCase());
  let chosen = [asked, ...preferred].find((language) => KNOWN.includes(language)) ?? KNOWN[0];
  page.dataset.madeIn = page.lang;

  function tellGradio() {
    page.lang = chosen;
    window.gradioInternals.setLanguage(chosen);
  }

  if (page.lang !== chosen) tellGradio();
  document.addEventListener('language', () => {
    chosen = page.lang;
    tellGradio();
  });
  // Gradio sets it too, see setLanguage: late, where it had to fetch words, and another one is chosen by then.
  new MutationObserver(() => {
    if (page.lang !== chosen) tellGradio();
  }).observe(page, { attributeFilter: ['lang'] });
})();

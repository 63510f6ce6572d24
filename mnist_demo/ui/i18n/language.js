// Which language the page speaks: the one in its address, else the first of the browser's that it knows.
// It is kept in the page's `lang`; `data-made-in` is the one that Gradio's own components are made in.
(() => {
  const KNOWN = document.querySelector('meta[name=languages]').content.split(' ');
  const page = document.documentElement;
  const asked = new URLSearchParams(window.location.search).get('language');
  const preferred = navigator.languages.map((language) => language.split('-')[0].toLowerCase());
  const tellGradio = () => window.gradioInternals.setLanguage(page.lang);
  page.dataset.madeIn = page.lang;
  page.lang = [asked, ...preferred].find((language) => KNOWN.includes(language)) ?? KNOWN[0];
  if (page.lang !== page.dataset.madeIn) tellGradio();
  document.addEventListener('language', tellGradio);
})();

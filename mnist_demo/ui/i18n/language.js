// Which language the page speaks: the one in its address, else the first of the browser's that it knows.
// It is kept in the page's `lang`; `data-made-in` is the one that Gradio's own components are made in.
(() => {
  // Gradio's own words, such as its footer's, follow. The store of their language is no part of its interface:
  // where it is not found, they stay as they are.
  const inside = performance.getEntriesByType('resource').find(({ name }) => /\/assets\/runtime-[^/]*\.js$/.test(name));
  async function tellGradio() {
    const stores = inside ? Object.values(await import(inside.name)) : [];
    stores.find((one) => one?.subscribe && one.set)?.set(page.lang);
  }

  const KNOWN = ['en', 'ko'];
  const page = document.documentElement;
  const asked = new URLSearchParams(window.location.search).get('language');
  const preferred = navigator.languages.map((language) => language.split('-')[0].toLowerCase());
  page.dataset.madeIn = page.lang;
  page.lang = [asked, ...preferred].find((language) => KNOWN.includes(language)) ?? KNOWN[0];
  if (page.lang !== page.dataset.madeIn) tellGradio();
  document.addEventListener('language', tellGradio);
})();

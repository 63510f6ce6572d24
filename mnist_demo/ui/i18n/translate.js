// The words come from the server in every language, as { en: text, ko: text }; the page shows those of its
// own, which language.js decides. What is no such object, such as a name or a number, stays as it is.
// In a template, data-i18n="PROP" names the text of an element, and data-i18n-title, -label, -alt and
// -placeholder those attributes; PROP is a path in props, such as charts.0.title. A script that sets words
// itself does so by translate, and again at the event 'language' of the document.
const ATTRIBUTES = { title: 'title', label: 'aria-label', alt: 'alt', placeholder: 'placeholder' };

function translate(words) {
  if (typeof words !== 'object') return words;
  return words?.[document.documentElement.lang] ?? words?.en ?? '';
}

function translateProp(path) {
  return translate(path.split('.').reduce((value, name) => value?.[name], props));
}

function translateTemplate() {
  for (const one of element.querySelectorAll('[data-i18n]')) one.textContent = translateProp(one.dataset.i18n);
  for (const [kind, attribute] of Object.entries(ATTRIBUTES)) {
    for (const one of element.querySelectorAll(`[data-i18n-${kind}]`)) {
      one.setAttribute(attribute, translateProp(one.getAttribute(`data-i18n-${kind}`)));
    }
  }
}

// `show` draws what the component holds: at once, at each new value, and in each new language.
function keepShowing(show) {
  watch('value', show);
  document.addEventListener('language', show);
  show();
}

translateTemplate();
document.addEventListener('language', translateTemplate);

// The words come from the server in every language, as { en: text, ko: text }; the page shows those of its
// own, which language.js decides. What is no such object, such as a name or a number, stays as it is.
// In a template, data-say="PROP" names the text of an element, and data-say-title, -label, -alt and
// -placeholder those attributes; PROP is a path in props, such as charts.0.title. A script that sets words
// itself does so by speak, and again at the event 'language' of the document.
const SPOKEN = { title: 'title', label: 'aria-label', alt: 'alt', placeholder: 'placeholder' };

function speak(words) {
  if (typeof words !== 'object') return words;
  return words?.[document.documentElement.lang] ?? words?.en ?? '';
}

function speakProp(path) {
  return speak(path.split('.').reduce((value, name) => value?.[name], props));
}

function speakTemplate() {
  for (const one of element.querySelectorAll('[data-say]')) one.textContent = speakProp(one.dataset.say);
  for (const [kind, attribute] of Object.entries(SPOKEN)) {
    for (const one of element.querySelectorAll(`[data-say-${kind}]`)) {
      one.setAttribute(attribute, speakProp(one.getAttribute(`data-say-${kind}`)));
    }
  }
}

// `show` draws what the component holds: at once, at each new value, and in each new language.
function keepShowing(show) {
  watch('value', show);
  document.addEventListener('language', show);
  show();
}

speakTemplate();
document.addEventListener('language', speakTemplate);

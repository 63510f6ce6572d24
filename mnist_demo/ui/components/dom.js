// Elements from our own tags, and any text or words.
function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = translate(text);
  return made;
}

function makePicture(source, alt) {
  const made = make('img');
  Object.assign(made, { src: source, alt: translate(alt), title: translate(alt) });
  return made;
}

// Lets a screen reader say in `region` what it is given, the last of it within so many milliseconds.
function makeSpeaker(region, pause) {
  let [timer, next] = [null, ''];
  document.addEventListener('language', () => { next = region.textContent = ''; }); // it was said in another one
  return (text) => {
    next = text;
    timer ??= setTimeout(() => {
      timer = null;
      if (region.textContent !== next) region.textContent = next;
    }, pause);
  };
}

// At once, or when its tab is shown.
function bringIntoView(target) {
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
  const waiting = new ResizeObserver(() => {
    if (target.offsetParent === null) return;
    waiting.disconnect();
    target.scrollIntoView({ block: 'start', behavior });
  });
  waiting.observe(target);
}

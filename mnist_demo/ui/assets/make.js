// Elements from our own tags, and any text or words.
function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = speak(text);
  return made;
}

function makePicture(source, alt) {
  const made = make('img');
  Object.assign(made, { src: source, alt: speak(alt), title: speak(alt) });
  return made;
}

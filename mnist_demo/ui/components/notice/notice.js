// A few lines of text. props.value = words, in which a new line is one and **these** are bold; null: nothing
// is seen of it.
const note = element.querySelector('.note');

function line(text) {
  const made = make('p');
  // What stands between two pairs of asterisks is at the odd places.
  made.append(...text.split('**').map((part, at) => (at % 2 ? make('b', '', part) : part)));
  return made;
}

function show() {
  const words = props.value;
  note.hidden = !words;
  note.replaceChildren(...(words ? translate(words).split('\n').map(line) : []));
}

keepShowing(show);

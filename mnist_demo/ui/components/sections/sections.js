// Pictures under headings: { title, help, wide, pictures: [{ picture, caption, alt, kind }] }; kind, which
// may be missing, is 'right' or 'wrong'.

// A pixel of a sheet is at most four of the screen's: the small maps of late layers stay small.
function fit({ target }) {
  target.style.width = `min(100%, ${target.naturalWidth * 4}px)`;
}

function figure({ picture, caption, alt, kind }, wide) {
  const made = make('figure', kind);
  const image = makePicture(picture, alt);
  if (wide) image.addEventListener('load', fit);
  made.append(image);
  if (caption) made.append(make('figcaption', '', caption));
  return made;
}

function section({ title, help, wide, pictures }) {
  const made = make('section', wide ? 'wide' : '');
  const row = make('div', 'pictures');
  row.append(...pictures.map((one) => figure(one, wide)));
  made.append(make('h3', '', title), make('p', 'quiet', help), row);
  return made;
}

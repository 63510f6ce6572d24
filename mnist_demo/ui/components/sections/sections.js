// Pictures under headings: { title, help, pictures: [{ picture, caption, alt, kind }] }; kind, which may be missing,
// is 'same' or 'other'.

function figure({ picture, caption, alt, kind }) {
  const made = make('figure', kind);
  made.append(makePicture(picture, alt));
  if (caption) made.append(make('figcaption', '', caption));
  return made;
}

function section({ title, help, pictures }) {
  const made = make('section');
  const row = make('div', 'pictures');
  row.append(...pictures.map(figure));
  made.append(make('h3', '', title), make('p', 'quiet', help), row);
  return made;
}

// Test digits. props.value = [{ picture, right, verdict, detail, alt }, ...]: picture is a data URI.
const list = element.querySelector('.tiles');

function tile({ picture, right, verdict, detail, alt }) {
  const item = document.createElement('li');
  item.className = right ? 'right' : 'wrong';
  const image = document.createElement('img');
  Object.assign(image, { src: picture, alt, title: alt, width: 28, height: 28 });
  item.append(image);
  for (const [name, text] of [['verdict', verdict], ['detail', detail]]) {
    const part = document.createElement('span');
    part.className = name;
    part.textContent = text;
    item.append(part);
  }
  return item;
}

function show() {
  list.replaceChildren(...(props.value ?? []).map(tile));
}

watch('value', show);
show();

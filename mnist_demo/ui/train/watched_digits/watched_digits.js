// Test digits with a network's answers, in a <ul class="digits">, and pictures of weights, in a <div class="weights">.

// As many elements as there are things to show, kept where they are already there.
function fit(parent, count, create) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) parent.append(create());
  return [...parent.children];
}

function makeTile() {
  const item = make('li');
  item.append(make('img'), make('span', 'answer'));
  return item;
}

// tiles: [{ answer, right, alt }]; pictures: a source for each of them.
function showTiles(list, tiles, pictures) {
  fit(list, tiles.length, makeTile).forEach((item, index) => {
    const { answer, right, alt: words } = tiles[index];
    const alt = translate(words);
    const [image, text] = item.children;
    item.className = right ? 'right' : 'wrong';
    if (image.src !== pictures[index]) image.src = pictures[index];
    Object.assign(image, { alt, title: alt });
    text.textContent = answer;
  });
}

function showWeights(figure, sources) {
  figure.hidden = sources.length === 0;
  fit(figure.querySelector('.weights'), sources.length, () => make('img')).forEach((image, index) => {
    image.src = sources[index];
    image.alt = '';
  });
}

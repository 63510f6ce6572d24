// The drawing on its way to the network. props.value = [{ title, picture, answer, alt }, ...] or null.
const list = element.querySelector('.steps');
const help = element.querySelector('.quiet');

function show() {
  help.textContent = translate(shownValue().length > 0 ? props.help : props.prompt);
  list.replaceChildren(
    ...shownValue().map(({ title, picture, answer, alt }) => {
      const item = make('li');
      item.append(makePicture(picture, alt), make('p', 'title', title), make('p', 'answer', answer));
      return item;
    }),
  );
}

keepShowing(show);

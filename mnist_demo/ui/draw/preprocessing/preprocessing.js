// The drawing on its way to the network. What is shown: [{ title, picture, answer, alt }, ...].
const list = element.querySelector('.steps');

keepShowingAnswer((steps) => {
  list.replaceChildren(
    ...steps.map(({ title, picture, answer: text, alt }) => {
      const item = make('li');
      item.append(makePicture(picture, alt), make('p', 'title', title), make('p', 'answer', text));
      return item;
    }),
  );
});

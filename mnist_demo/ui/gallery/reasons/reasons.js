// Why the chosen model answers as it does to the open digit. props.value = { key: 'index model', title,
// line, sections: [what sections.js shows] }: key tells answers to what is open from late ones.
const card = element.querySelector('.card');
const line = element.querySelector('.quiet');
let wanted = null;

document.addEventListener('digit-shown', ({ detail }) => {
  wanted = detail;
  card.hidden = detail === null;
  card.classList.add('late'); // until the answer is there
  if (detail !== null) trigger('ask');
});
document.addEventListener('digit-closed', () => {
  wanted = null;
  card.hidden = true;
});

function show() {
  const { key, title, line: text, sections = [] } = props.value ?? {};
  if (wanted === null || key !== wanted) return;
  card.classList.remove('late');
  element.querySelector('h2').textContent = translate(title);
  line.textContent = translate(text);
  line.hidden = !text;
  element.querySelector('.sections').replaceChildren(...sections.map(section));
}

keepShowing(show);

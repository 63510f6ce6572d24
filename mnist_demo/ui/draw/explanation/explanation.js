// Inside the network. props.value is a list of what sections.js shows.
const sections = element.querySelector('.sections');
const prompt = element.querySelector('.quiet');

function show() {
  prompt.hidden = shownValue().length > 0;
  sections.replaceChildren(...shownValue().map(section));
}

keepShowing(show);

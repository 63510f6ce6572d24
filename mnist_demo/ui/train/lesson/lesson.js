// A teacher's question. props.value = { guess, chosen } to the server with 'choose', { hidden: [name],
// question, choices: [text], guess: index or null, chosen: index, line } from it.
const lesson = element.querySelector('.lesson');
const question = element.querySelector('.question');
const line = element.querySelector('.line');
const choices = element.querySelector('.choices');

function choose(index) {
  const { guess = null } = props.value;
  props.value = { ...props.value, guess: guess ?? index, chosen: index };
  trigger('choose');
}

function show() {
  const { question: asked, choices: names = [], guess = null, chosen, line: text, hidden = [] } = props.value ?? {};
  document.body.dataset.hide = hidden.join(' ');
  lesson.hidden = !asked;
  if (!asked) return;
  question.textContent = asked;
  line.textContent = translate(guess === null && names.length > 1 ? props.guess : text);
  choices.replaceChildren(
    ...names.map((name, index) => {
      const button = make('button', '', name);
      button.type = 'button';
      button.setAttribute('aria-pressed', guess !== null && index === chosen);
      button.addEventListener('click', () => choose(index));
      return button;
    }),
  );
}

keepShowing(show);

// Marks at the form's fields and folds. props.value = { asked, errors: { field: words }, changed: { fold: words } }.
// They are written as custom properties, which page.css shows: so they stand also in what Gradio has not made
// yet, as what lies in a fold that was never open.
const style = element.querySelector('style');

const text = (words) => JSON.stringify(translate(words)); // as CSS quotes it too

let latest = {};

function show() {
  const answer = props.value ?? {};
  if ((answer.asked ?? 0) >= (latest.asked ?? 0)) latest = answer; // an older answer may come later
  const { errors = {}, changed = {} } = latest;
  const rules = [
    ...Object.entries(errors).map(([name, words]) => `#field-${name} { --wrong: ${text(words)}; --edge: #dc2626; }`),
    ...Object.entries(changed).map(([name, words]) => `#${name} { --changed: ${text(words)}; }`),
  ];
  style.textContent = rules.join('\n');
}

keepShowing(show);

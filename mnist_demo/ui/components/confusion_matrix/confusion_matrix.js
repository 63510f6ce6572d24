// A confusion matrix. props.value is what makeMatrix in matrix.js shows; 'pick' tells the server of a
// cell that was chosen, which is then in its `picked`.
const showMatrix = makeMatrix(element.querySelector('.holder'), props, (label, prediction) => {
  props.value = { ...props.value, picked: { label, prediction } };
  show();
  document.dispatchEvent(new CustomEvent('digits-picked'));
  trigger('pick');
});

function show() {
  if (props.value?.cells) showMatrix(props.value); // else no news
}

keepShowing(show);

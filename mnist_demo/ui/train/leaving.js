// Asks whether the page may go, by F5, back or closing, while that costs something: a training that is under way or
// waits its turn, or a model of the visitor's that is in no file yet. The event 'at-stake' of the document, such as
// { training: true }, tells of each.
(() => {
  const stakes = {};
  document.addEventListener('at-stake', ({ detail }) => Object.assign(stakes, detail));
  window.addEventListener('beforeunload', (event) => {
    if (!Object.values(stakes).some(Boolean)) return;
    event.preventDefault();
    event.returnValue = true; // what browsers before 2024 look at
    // Gradio's client would end, though the visitor may stay: so this runs before it, see early_scripts.py.
    event.stopImmediatePropagation();
  });
})();

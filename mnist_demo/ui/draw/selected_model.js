// Which model is chosen in Draw, for what the page itself asks by its name, and for the link to the drawing.
(model) => {
  document.dispatchEvent(new CustomEvent('model', { detail: model }));
  document.dispatchEvent(new CustomEvent('link-parameters', { detail: { draw_model: model } }));
}

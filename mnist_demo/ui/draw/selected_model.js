// Which model is chosen in Draw, for what the page itself asks by its name.
(model) => document.dispatchEvent(new CustomEvent('model', { detail: model }))

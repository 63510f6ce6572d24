// Other models are chosen in the Gallery, for what folds open there, and asks only while it is open.
() => { document.dispatchEvent(new CustomEvent('gallery-models')); }

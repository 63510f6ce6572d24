// Other models are chosen in the Gallery, for the map.
() => { document.dispatchEvent(new CustomEvent('gallery-models')); }

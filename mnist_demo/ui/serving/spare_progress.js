// No event of the page shows Gradio's own progress (see wiring.py), and marking it costs the pen its frames.
window.gradioInternals.spareHiddenProgress();

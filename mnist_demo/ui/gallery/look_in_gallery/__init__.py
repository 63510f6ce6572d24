"""What leads into the Gallery, which may not be shown yet: the report of a run, or a link."""

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html


def look_in_gallery() -> gr.HTML:
    """Nothing to be seen; outside of the tabs, as those that were not shown yet hear of nothing.

    As far as a browser can be trusted, it fires `ask` with {"model": name} and the digits that the
    report of a run asks for: {"label": int, "prediction": int}, or {"index": int} for a single one;
    and `open_view`, once, with {"search": text} where the address of the page asks for a view.
    """
    return custom_html(__file__, value={}, elem_id="look-in-gallery")

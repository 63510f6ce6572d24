"""A link to the drawing on the pad: which model reads it, and the button that copies it.

The drawing stands behind the # of the address, and is read and written by the page alone; see
sketchpad/drawing_link.js.
"""

from collections.abc import Mapping

import gradio as gr

from mnist_demo.ui.components.share_link import share_link
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.i18n.translate import Translations, translate
from mnist_demo.ui.link_parameters import not_one_of

MODEL = "draw_model"
DRAWING = "drawing"


def drawing_link(store: ModelStore) -> gr.HTML:
    """The model is left out where it is the default, or a visitor's own."""
    others = [name for name in store.names({}) if name != store.default_name]
    return share_link(
        translate("link_copy_drawing"),
        (MODEL, DRAWING),
        offered={MODEL: others},
        fragment=DRAWING,
        missing=translate("link_no_drawing"),
        elem_id="drawing-link",
    )


def read_drawing_model(
    parameters: Mapping[str, str], store: ModelStore
) -> tuple[str | None, tuple[Translations, ...]]:
    """The shipped model that a link asks for, None where it asks for none; and what is wrong."""
    name, names = parameters.get(MODEL), store.names({})
    if name is None or name in names:
        return name, ()
    return None, (not_one_of(MODEL, names, name),)

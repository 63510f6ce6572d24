"""The button that copies a link to the set-up in the form."""

import gradio as gr

from mnist_demo.training.recipes import OLD_NAMES
from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.train.links import PARAMETERS
from mnist_demo.ui.train.recipe_form import DEFAULT_RECIPE


def link_button() -> gr.HTML:
    """Copies the address. Its value is what `write_address` returns."""
    return custom_html(
        __file__,
        value={},
        copy=translate("link_copy"),
        copied=translate("link_copied"),
        failed=translate("link_failed"),
        names=[*PARAMETERS, *OLD_NAMES],
        recipe=DEFAULT_RECIPE,
        elem_id="link",
    )

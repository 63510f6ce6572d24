"""The page's address follows the form, and fills it in when the page is opened."""

from typing import Any
from urllib.parse import parse_qsl

import gradio as gr

from mnist_demo.ui.errors import as_html
from mnist_demo.ui.i18n.translate import join, translate_for_visitor
from mnist_demo.ui.train.lesson import describe_lesson
from mnist_demo.ui.train.links import PARAMETERS, Link, read_link, rename_parameters, write_link
from mnist_demo.ui.train.recipe_form import read_recipe, show_recipe
from mnist_demo.ui.wiring import Outputs

MAX_LENGTH = 4000  # characters of an address


def write_address(link: Link, **form: Any) -> Outputs:
    """The parameters of the address for what the form holds.

    None, which leaves the address as it is, while a lesson of several set-ups is under way.
    """
    try:
        recipe, seed = read_recipe(**form)
    except ValueError:
        return {}  # told when it is trained
    in_lesson = any((recipe, seed) == (each.recipe, each.seed) for each in link.set_ups)
    if in_lesson and len(link.set_ups) > 1:
        return {"address": {"parameters": None}}
    return {"address": {"parameters": write_link(recipe, seed)}}


def open_address(search: Any) -> Outputs:
    """What the address of a page that was just opened asks for, which may be anything.

    The form is left alone where nothing of it is asked for: the visitor may be quicker than this.
    """
    text = search[:MAX_LENGTH] if isinstance(search, str) else ""
    parameters = rename_parameters(dict(parse_qsl(text.removeprefix("?"))))
    link = read_link(parameters)
    if link.errors:
        gr.Warning(as_html(translate_for_visitor("link_refused", reason=join("; ", link.errors))))
    set_up = link.set_ups[0]
    guessing = bool(link.question) and len(link.set_ups) > 1
    outputs = {
        "link": link,
        "lesson": describe_lesson(link, (), None, 0),
        "train": gr.update(interactive=not guessing),
    }
    if link.tab:
        outputs["tabs"] = gr.update(selected=link.tab)
    if not parameters.keys().isdisjoint(PARAMETERS):
        outputs |= show_recipe(set_up.recipe, set_up.seed)
    return outputs

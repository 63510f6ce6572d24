"""The page's address follows the form, and fills it in when the page is opened."""

from typing import Any
from urllib.parse import parse_qsl

import gradio as gr

from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.errors import as_html
from mnist_demo.ui.i18n.translate import join, translate_for_visitor
from mnist_demo.ui.train.lesson import describe_lesson
from mnist_demo.ui.train.links import PARAMETERS, Link, read_link, rename_parameters, write_link
from mnist_demo.ui.train.recipe_form import read_recipe, show_recipe
from mnist_demo.ui.wiring import Outputs

MAX_LENGTH = 4000  # characters of an address


def write_address(store: ModelStore, link: Link, **form: Any) -> Outputs:
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
    return {"address": {"parameters": write_link(recipe, seed, store.loaded)}}


def open_address(store: ModelStore, search: Any) -> Outputs:
    """What the address of a page that was just opened asks for, which may be anything.

    The form is left alone where it is as the page was built: the visitor may be quicker than this.
    """
    parameters = _parse(search)
    link = read_link(parameters, store.loaded)
    if link.errors:
        gr.Warning(as_html(translate_for_visitor("link_refused", reason=join("; ", link.errors))))
    guessing = bool(link.question) and len(link.set_ups) > 1
    outputs = {
        "link": link,
        "lesson": describe_lesson(link, (), None, 0),
        "train": gr.update(interactive=not guessing),
    }
    if link.tab:
        outputs["tabs"] = gr.update(selected=link.tab)
    asked = not parameters.keys().isdisjoint(PARAMETERS)
    if asked or link.set_ups != read_link({}).set_ups:
        outputs |= _fill_form(link)
    return outputs


def adapt_to_dataset(store: ModelStore, search: Any, link: Link, **form: Any) -> Outputs:
    """The link and the form anew, where the data set came later than the page, and has the recipe
    trained otherwise; the form as it is, where the visitor has changed it meanwhile."""
    later = read_link(_parse(search), store.dataset())
    if later == link:
        return {}
    try:
        untouched = read_recipe(**form) == (link.set_ups[0].recipe, link.set_ups[0].seed)
    except ValueError:
        untouched = False
    return {"link": later} | (_fill_form(later) if untouched else {})


def _parse(search: Any) -> dict[str, str]:
    text = search[:MAX_LENGTH] if isinstance(search, str) else ""
    return rename_parameters(dict(parse_qsl(text.removeprefix("?"))))


def _fill_form(link: Link) -> Outputs:
    set_up = link.set_ups[0]
    return show_recipe(set_up.recipe, set_up.seed)

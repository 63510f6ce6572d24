"""The page's address follows the form, and fills it in when the page is opened."""

from typing import Any

import gradio as gr

from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.link_parameters import parse_parameters, tell_refused
from mnist_demo.ui.train.lesson import describe_lesson
from mnist_demo.ui.train.links import PARAMETERS, Link, read_link, rename_parameters, write_link
from mnist_demo.ui.train.progress import describe_progress
from mnist_demo.ui.train.recipe_form import read_recipe, show_recipe
from mnist_demo.ui.wiring import Outputs


def write_address(store: ModelStore, link: Link, **form: Any) -> Outputs:
    """The parameters of the address for what the form holds: those that the page was opened with
    while it is one of the link's set-ups. A form that is not valid leaves the address alone."""
    try:
        recipe, seed = read_recipe(**form)
    except ValueError:
        return {}  # told at the field
    if any((recipe, seed) == (each.recipe, each.seed) for each in link.set_ups):
        return {"address": {"parameters": link.parameters}}
    return {"address": {"parameters": write_link(recipe, seed, store.loaded)}}


def open_address(store: ModelStore, search: Any) -> Outputs:
    """What the address of a page that was just opened asks for, which may be anything.

    The form is left alone where it is as the page was built: the visitor may be quicker than this.
    """
    parameters = _parse(search)
    link = read_link(parameters, store.loaded)
    tell_refused(link.errors)
    outputs = {
        "link": link,
        "lesson": describe_lesson(link, (), None, 0),
        "train": gr.update(interactive=not link.asks),
    }
    if link.asks:
        outputs["status"] = describe_progress(translate("lesson_first"))
    if link.tab:
        outputs["tabs"] = gr.update(selected=link.tab)
    asked = not parameters.keys().isdisjoint(PARAMETERS)
    if asked or link.set_ups != read_link({}).set_ups:
        outputs |= _fill_form(link)
    return outputs


def open_lesson(store: ModelStore, lessons: Any) -> Outputs:
    """A lesson that was chosen on the page, as its address would open it."""
    search = lessons.get("search") if isinstance(lessons, dict) else None
    opened = {"status": describe_progress(translate("train_ready"))} | open_address(store, search)
    opened.pop("tabs", None)
    return opened


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
    return rename_parameters(parse_parameters(search))


def _fill_form(link: Link) -> Outputs:
    set_up = link.set_ups[0]
    return show_recipe(set_up.recipe, set_up.seed)

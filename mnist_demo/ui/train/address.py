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

MAX_LENGTH = 4000  # characters of an address


def write_address(store: ModelStore, link: Link, *form: Any) -> Any:
    """The parameters of the address for what the form holds.

    None, which leaves the address as it is, while a lesson of several set-ups is under way.
    """
    try:
        recipe, seed = read_recipe(*form)
    except ValueError:
        return gr.skip()  # told when it is trained
    in_lesson = any((recipe, seed) == (each.recipe, each.seed) for each in link.set_ups)
    if in_lesson and len(link.set_ups) > 1:
        return {"parameters": None}
    return {"parameters": write_link(recipe, seed, store.loaded)}


def open_address(store: ModelStore, search: Any) -> list[Any]:
    """What the address of a page that was just opened asks for, which may be anything.

    The tab to show, the link, the lesson, the Train button, the recipe, and its form, which is left
    alone where it is as the page was built: the visitor may be quicker than this.
    """
    parameters = _parse(search)
    link = read_link(parameters, store.loaded)
    if link.errors:
        gr.Warning(as_html(translate_for_visitor("link_refused", reason=join("; ", link.errors))))
    form = _fill_form(link)
    asked = not parameters.keys().isdisjoint(PARAMETERS) or link.set_ups != read_link({}).set_ups
    guessing = bool(link.question) and len(link.set_ups) > 1
    return [
        gr.update(selected=link.tab) if link.tab else gr.skip(),
        link,
        describe_lesson(link, (), None, 0),
        gr.update(interactive=not guessing),
        *(form if asked else (gr.skip() for _ in form)),
    ]


def adapt_to_dataset(store: ModelStore, search: Any, link: Link) -> list[Any]:
    """The link, the recipe and its form, where the data set came later than the page, and has the
    recipe trained otherwise."""
    later = read_link(_parse(search), store.dataset())
    filled = [later, *_fill_form(later)]
    return filled if later != link else [gr.skip() for _ in filled]


def _parse(search: Any) -> dict[str, str]:
    text = search[:MAX_LENGTH] if isinstance(search, str) else ""
    return rename_parameters(dict(parse_qsl(text.removeprefix("?"))))


def _fill_form(link: Link) -> list[Any]:
    set_up = link.set_ups[0]
    return [set_up.recipe.name, *show_recipe(set_up.recipe, set_up.seed)]

"""Where a teacher makes a lesson's link: a question, set-ups from the form, and what is hidden."""

from typing import Any

import gradio as gr

from mnist_demo.networks.notation import MAX_TEXT
from mnist_demo.training.recipes import Recipe
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.errors import error_sentence
from mnist_demo.ui.i18n.translate import TranslatedError, Translations, join, translate
from mnist_demo.ui.train.links import (
    HIDEABLE,
    MAX_QUESTION,
    MAX_SET_UPS,
    PARAMETERS,
    read_link,
    write_link,
    write_set_ups,
)
from mnist_demo.ui.train.recipe_form import describe_setting, read_recipe
from mnist_demo.ui.wiring import Outputs

# What stands on the page for what may be hidden, where that is not its own name.
_TITLES = {
    "layers": "builder_title",
    "watch": "live_view_title",
    "report": "report_title",
    "league": "league_title",
    "playback": "playback_title",
}


def lesson_editor() -> gr.HTML:
    """It fires `add_set_up` to take the form's, and `remove_set_up`. Its value is what
    `edit_lesson` returns; the browser joins the question, and what is hidden, to the link."""
    parts = [{"name": name, "title": translate(_TITLES.get(name, name))} for name in HIDEABLE]
    words = ("question", "set_ups", "none", "add", "remove", "hide", "link", "copy", "copied")
    return panel(
        __file__,
        "clipboard",
        follows=False,
        value={},
        parts=parts,
        longest=MAX_QUESTION,
        words={word: translate(f"lesson_editor_{word}") for word in words},
    )


def edit_lesson(store: ModelStore, editor: Any, **form: Any) -> Outputs:
    """The set-ups with the form's, or without the one that is to be removed.

    editor: as a browser sends it, which may be anything: { set_ups: [parameters], remove: index }.
    """
    sent = editor if isinstance(editor, dict) else {}
    set_ups = _read_set_ups(store, sent.get("set_ups"))
    message: Translations | str = ""
    index = sent.get("remove")
    if index is None:
        try:
            set_ups = _add(set_ups, read_recipe(**form))
        except ValueError as error:
            message = error_sentence(error)
    elif isinstance(index, int) and 0 <= index < len(set_ups):
        del set_ups[index]
    return {
        "editor": {
            "set_ups": [write_link(*set_up, store.loaded) for set_up in set_ups],
            "names": [_describe(store, *set_up) for set_up in set_ups],
            "parameters": write_set_ups(set_ups, store.loaded),
            "message": message,
        }
    }


def _add(set_ups: list[tuple[Recipe, int]], new: tuple[Recipe, int]) -> list[tuple[Recipe, int]]:
    if new in set_ups:
        raise TranslatedError(translate("lesson_editor_twice"))
    if len(set_ups) == MAX_SET_UPS:
        raise TranslatedError(translate("link_too_many", most=MAX_SET_UPS, count=MAX_SET_UPS + 1))
    return [*set_ups, new]


def _read_set_ups(store: ModelStore, sent: Any) -> list[tuple[Recipe, int]]:
    """Those that a browser sends back."""
    set_ups = []
    for each in (sent if isinstance(sent, list) else [])[:MAX_SET_UPS]:
        texts = each if isinstance(each, dict) else {}
        parameters = {name: str(texts[name])[:MAX_TEXT] for name in PARAMETERS if name in texts}
        set_up = read_link(parameters, store.loaded).set_ups[0]
        set_ups.append((set_up.recipe, set_up.seed))
    return set_ups


def _describe(store: ModelStore, recipe: Recipe, seed: int) -> Translations:
    changes = recipe.changes(store.loaded) | ({"seed": seed} if seed != recipe.seed else {})
    described = [describe_setting(name, value) for name, value in changes.items()]
    return join(", ", [recipe.name, *described])

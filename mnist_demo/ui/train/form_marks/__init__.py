"""What stands at a field of the form: why its value is not valid; and in the title of a fold: what
in it is not the recipe's own."""

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from mnist_demo.training.recipes import get_recipe
from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.i18n.translate import Translations, join, translate
from mnist_demo.ui.train.recipe_form import (
    EXPERIMENTS,
    SETTINGS,
    check_fields,
    describe_setting,
    name_within,
    read_fields,
    read_values,
)
from mnist_demo.ui.wiring import Outputs


def form_marks() -> gr.HTML:
    """Nothing is seen of it but what it writes elsewhere. Its value is what `mark_form` returns."""
    return custom_html(__file__, value={}, elem_id="form-marks")


# Numbers the questions, one for each field that a link or a recipe fills in.
NUMBER = "(_, ...form) => [(window.marksAsked = (window.marksAsked ?? 0) + 1), ...form]"


def mark_form(store: ModelStore, asked: Any, recipe: Any, **fields: Any) -> Outputs:
    """errors: by the names of fields. changed: by the names of folds. asked: the number of the
    question, which the answer bears: answers may come in another order than they were asked for."""
    values = read_values(fields)
    errors = check_fields(values)
    try:
        own = get_recipe(recipe).for_dataset(store.loaded)
    except ValueError:  # told when it is trained
        return {"marks": {"asked": asked, "errors": errors, "changed": {}}}
    own_values = read_values(read_fields(own, own.seed))
    changed = {
        fold: _describe(names, values, own_values, errors)
        for fold, names in (
            ("settings", SETTINGS),
            ("experiments", EXPERIMENTS),
            ("layers", ("layers",)),
        )
    }
    named = {fold: words for fold, words in changed.items() if words}
    return {"marks": {"asked": asked, "errors": errors, "changed": named}}


def _describe(
    names: Sequence[str],
    values: Mapping[str, Any],
    own: Mapping[str, Any],
    errors: Mapping[str, Translations],
) -> Translations | None:
    changed = [
        name_within(name) if name in errors else describe_setting(name, values[name])
        for name in names
        if values[name] != own[name]
    ]
    return translate("form_changed", changes=join(", ", changed)) if changed else None

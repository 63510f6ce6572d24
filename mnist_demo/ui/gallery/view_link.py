"""A link to a view of the Gallery: its parameters, which anybody may have written.

They hold what is not as it is at first: the models, where they are shipped ones, the order, what is
shown of the digits, and the digit that is open.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from mnist_demo.ui.components.share_link import share_link
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.gallery.selection import ORDERS, SHOWN, View
from mnist_demo.ui.gallery.view_state import ViewState
from mnist_demo.ui.i18n.translate import TranslatedError, Translations, reason_of, translate
from mnist_demo.ui.link_parameters import not_one_of
from mnist_demo.ui.validation import check_setting, format_number

PREFIX = "gallery_"
SETTINGS = ("model", "other", "order", "seed", "label", "prediction", "shown")
PARAMETERS = tuple(f"{PREFIX}{name}" for name in (*SETTINGS, "digit"))
WHOLE = re.compile(r"-?[0-9]{1,15}")


@dataclass(frozen=True)
class ViewLink:
    """settings: of GallerySettings, what the link holds. digit: the one that is to be open, by its
    index, if it is one. errors: what could not be used, and why."""

    settings: Mapping[str, Any]
    digit: int | None = None
    errors: tuple[Translations, ...] = ()


def view_link() -> gr.HTML:
    """The button that copies it. Its value is what `describe_link` returns."""
    return share_link(
        translate("link_copy_view"), PARAMETERS, tab="gallery", elem_id="gallery-link"
    )


def describe_link(store: ModelStore, state: ViewState) -> dict[str, Any]:
    """The parameters of a view, but for the open digit, which detail.js tells."""
    return {"parameters": write_view(store, state.model, state.other, state.view)}


def write_view(store: ModelStore, model: str, other: str | None, view: View) -> dict[str, str]:
    """The parameters of a view, which `read_view` makes of them."""
    names, usual = store.names({}), View()
    models = {"model": model, "other": other}
    values: dict[str, Any] = {
        name: value
        for name, value in models.items()
        if value in names and (name, value) != ("model", store.default_name)
    }
    for name in ("order", "label", "prediction", "shown"):
        if getattr(view, name) != getattr(usual, name):
            values[name] = getattr(view, name)
    if view.order == "random" and view.seed != usual.seed:
        values["seed"] = view.seed
    return {f"{PREFIX}{name}": str(values[name]) for name in SETTINGS if name in values}


def asks_for_view(parameters: Mapping[str, str]) -> bool:
    return any(name in parameters for name in PARAMETERS)


def read_view(parameters: Mapping[str, str], store: ModelStore) -> ViewLink:
    """The view of an address with these parameters. What is not valid costs that value alone."""
    values: dict[str, Any] = {}
    errors = []
    for parameter in PARAMETERS:
        if parameter in parameters:
            name = parameter.removeprefix(PREFIX)
            try:
                values[name] = _read_value(name, parameters[parameter], store)
            except ValueError as error:
                errors.append(reason_of(error))
    digit = values.pop("digit", None)
    return ViewLink(values, digit, tuple(errors))


def refuse_digit(digit: int, last: int) -> Translations:
    """Why no digit is opened: the last one has the index `last`."""
    high, value = format_number(last), format_number(digit)
    return translate("not_whole_in_range", name=f"{PREFIX}digit", low="0", high=high, value=value)


def _read_value(name: str, text: str, store: ModelStore) -> Any:
    parameter = f"{PREFIX}{name}"
    match name:
        case "seed" | "digit":
            if not WHOLE.fullmatch(text):
                words = {"name": parameter, "value": repr(text[:20])}
                raise TranslatedError(translate("not_a_number", **words))
            if name == "seed":
                check_setting("seed", int(text))
            return int(text)
        case "label" | "prediction":
            choices: Any = [str(digit) for digit in range(10)]
        case "order":
            choices = ORDERS
        case "shown":
            choices = SHOWN
        case _:
            choices = store.names({})
    if text not in choices:
        raise TranslatedError(not_one_of(parameter, choices, text))
    return int(text) if name in ("label", "prediction") else text

"""The parameters of the page's address: taken apart, and what of them cannot be used told."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import parse_qsl

import gradio as gr

from mnist_demo.ui.errors import as_html
from mnist_demo.ui.i18n.translate import Translations, join, translate, translate_for_visitor

MAX_LENGTH = 4000  # characters of an address


def parse_parameters(search: Any) -> dict[str, str]:
    """The parameters by name, of what follows the ? in an address; a browser can send anything."""
    text = search[:MAX_LENGTH] if isinstance(search, str) else ""
    return dict(parse_qsl(text.removeprefix("?")))


def not_one_of(name: str, valid: Iterable[str], value: str) -> Translations:
    """Why a parameter's value cannot be used."""
    return translate("not_a_choice", name=name, choices=", ".join(valid), value=repr(value[:40]))


def tell_refused(errors: Sequence[Translations]) -> None:
    """Tell the visitor what of the address was not used, where something was not."""
    if errors:
        gr.Warning(as_html(translate_for_visitor("link_refused", reason=join("; ", errors))))

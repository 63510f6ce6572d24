"""The words of Gradio's own components: in the browser's language at first, in another on demand.

Gradio's components show one language at a time. They come with keys, which the browser looks up in
what `collect_labels` gives it as it builds the page; `relabel` says all that they show in the
language that is chosen later.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import gradio as gr
from gradio.blocks import Block

from mnist_demo.ui.gradio_internals import components
from mnist_demo.ui.i18n.translate import LANGUAGES, Translations, translate

Options = Sequence[
    tuple[Translations | str, Any]
]  # what is shown, and the value that it stands for
T = TypeVar("T", bound=Block)


def labelled(
    component: Callable[..., T], keys: Mapping[str, str], options: Options = (), **settings: Any
) -> T:
    """A component of Gradio's with words in it. keys: by the names of its properties, their keys.

    options: the choices of a dropdown, where there are words among them. They come in English:
    where Gradio translates them, it forgets which of them is chosen.
    """
    for key in keys.values():
        translate(key)  # raises where there is no such key
    if options:
        settings["choices"] = _pick_language(options, "en")
    made = component(**{name: gr.I18n()(key) for name, key in keys.items()}, **settings)
    made.label_keys = (dict(keys), options)  # type: ignore[attr-defined]
    return made


def button(key: str, **settings: Any) -> gr.Button:
    """One of Gradio's that looks like our own, whose style page.css has. key: of what it says."""
    return labelled(gr.Button, {"value": key}, elem_classes="button", **settings)


def fold(key: str, elem_id: str) -> gr.Accordion:
    """A closed accordion that looks like our own folds, likewise. key: of its title."""
    settings: dict[str, Any] = {"elem_id": elem_id, "elem_classes": "fold"}
    return labelled(gr.Accordion, {"label": key}, open=False, **settings)


def all_labelled(app: gr.Blocks) -> list[Block]:
    """All components that `labelled` has made for the app, in the order of the page."""
    return [block for block in components(app) if hasattr(block, "label_keys")]


def collect_labels(app: gr.Blocks) -> gr.I18n:
    """The words that the browser looks up as it builds the page of that app."""
    labels = [block.label_keys for block in all_labelled(app)]  # type: ignore[attr-defined]
    words = {key: translate(key) for keys, _ in labels for key in keys.values()}
    return gr.I18n(
        **{language: {key: words[key][language] for key in words} for language in LANGUAGES}
    )


def relabel(components: Iterable[Block], language: str) -> dict[Block, dict[str, Any]]:
    """An update for each component, as Gradio takes them: its words in that language alone."""
    return {component: _relabel_one(component, language) for component in components}


def _relabel_one(component: Block, language: str) -> dict[str, Any]:
    keys, options = component.label_keys  # type: ignore[attr-defined]
    words: dict[str, Any] = {name: translate(key)[language] for name, key in keys.items()}
    if options:
        words["choices"] = _pick_language(options, language)
    return gr.update(**words)


def _pick_language(options: Options, language: str) -> list[tuple[str, Any]]:
    return [
        (shown if isinstance(shown, str) else shown[language], value) for shown, value in options
    ]

"""Two models on the same test digits: who reads how many of them right."""

from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.gallery.selection import PAIRS, Predictions, pairs
from mnist_demo.ui.i18n.translate import Translations, translate


def agreement() -> gr.HTML:
    """Empty at first; its value is what `describe_agreement` returns.

    It fires `pick` where one of its four buttons is chosen: its value then holds "picked": one of
    PAIRS, which is also the button that is marked.
    """
    return custom_html(
        __file__,
        shared=("dom",),
        value={},
        prompt=translate("agreement_prompt"),
        label=translate("agreement_label"),
        elem_id="agreement",
    )


def describe_agreement(
    first: str, second: str, answers: Predictions, picked: str
) -> dict[str, Any]:
    """The counts of the two models called `first` and `second`."""
    total = len(answers.labels)
    counts = {name: int(found.sum()) for name, found in pairs(answers).items()}
    return {
        "buttons": [
            {
                "name": name,
                "count": f"{counts[name]:,}",
                "share": f"{counts[name] / total:.2%}",
                "text": translate(f"agreement_{name}", first=first, second=second),
            }
            for name in PAIRS
        ],
        "picked": picked if picked in PAIRS else "",
    }


def describe_seen(first: str, second: str, seen: tuple[bool, bool]) -> Translations:
    """Which of the two models was trained on these digits."""
    if seen[0] == seen[1]:
        return translate("agreement_seen_both" if seen[0] else "agreement_seen_none")
    names = (first, second) if seen[0] else (second, first)
    return translate("agreement_seen_one", seen=names[0], unseen=names[1])

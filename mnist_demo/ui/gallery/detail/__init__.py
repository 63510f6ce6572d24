"""One test digit, and what every model answers to it."""

from collections.abc import Mapping
from typing import Any

import gradio as gr
from numpy.typing import NDArray

from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import take_digit
from mnist_demo.ui.i18n.translate import translate

NAMES = ("close", "previous", "next", "draw", "model", "answer", "share")


def detail() -> gr.HTML:
    """Closed at first, which is an empty value; its value is what `describe_detail` returns.

    It fires `draw`, to have its digit on the pad.
    """
    words: dict[str, Any] = {name: translate(f"detail_{name}") for name in NAMES}
    return custom_html(__file__, shared=("dom", "card"), value={}, elem_id="detail", **words)


def describe_detail(
    store: ModelStore, index: int, models: Mapping[str, Checkpoint], chosen: str
) -> dict[str, Any]:
    """The test digit `index`, and a row for each of `models`, by name."""
    digit, label = take_digit(store.dataset(), index)
    rows = [
        _row(name, store.test_answer(checkpoint, index), label) | {"chosen": name == chosen}
        for name, checkpoint in models.items()
    ]
    right = sum(row["right"] for row in rows)
    return {
        "index": index,
        "model": chosen,
        "label": label,
        "picture": png_data_uri(digit),
        "title": translate("detail_title", index=index, label=label),
        "summary": translate("detail_summary", right=right, total=len(rows)),
        "rows": rows,
    }


def _row(name: str, shares: NDArray[Any], label: int) -> dict[str, Any]:
    answer = int(shares.argmax())
    return {
        "name": name,
        "answer": answer,
        "verdict": translate(f"tile_{'right' if answer == label else 'wrong'}", prediction=answer),
        "text": f"{shares[answer]:.0%}",
        "right": answer == label,
        "shares": [round(float(share), 4) for share in shares],
    }

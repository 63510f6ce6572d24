"""Test digits as tiles, a page of them: right and wrong are told apart by sign, line and colour."""

from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.i18n.translate import translate

_FIELD = "\n"  # stands where the page's number is typed


def tiles() -> gr.HTML:
    """No tiles at first. Its value is what `describe_page` returns.

    It fires `ask` when it is first shown, without tiles; `change_page` with {"page": int} as its
    value, to show another page; and `pick` with {"open": int}, the index of a tile that was
    chosen: as far as a browser can be trusted.
    """
    return custom_html(
        __file__,
        shared=("dom",),
        value={},
        label=translate("gallery_label"),
        keys=translate("gallery_keys"),
        previous=translate("page_previous"),
        next=translate("page_next"),
        number=translate("page_number"),
        elem_id="tiles",
    )


def describe_page(
    shown: list[dict[str, Any]], number: int, pages: int, asked: Any = None
) -> dict[str, Any]:
    """The tiles of page `number` of `pages`, each what `describe_tile` returns.

    asked: the page that `change_page` asked for, if it did, so that late answers are known.
    """
    around = translate("page_of", page=_FIELD, pages=f"{pages:,}")
    parts = {language: text.split(_FIELD) for language, text in around.items()}
    return {
        "tiles": shown,
        "page": number,
        "pages": pages,
        "before": {language: before.strip() for language, (before, _) in parts.items()},
        "after": {language: after.strip() for language, (_, after) in parts.items()},
        "status": translate("page_of", page=f"{number:,}", pages=f"{pages:,}"),
        "asked": asked,
    }


def describe_tile(
    index: int,
    image: NDArray[np.uint8],
    label: int,
    probabilities: NDArray[np.float32],
    second: NDArray[np.float32] | None = None,
) -> dict[str, Any]:
    """What to show for the test image `index`, (28, 28), and what a model answers, (10,).

    second: what another one answers, where both are looked at.
    """
    values = _read(probabilities) | {"label": label}
    right = values["prediction"] == label
    kind = "right" if right else "wrong"
    tile = {
        "index": index,
        "picture": png_data_uri(image),
        "right": right,
        "verdict": translate(f"tile_{kind}", **values),
        "detail": translate(f"tile_{kind}_detail", **values),
        "alt": translate("tile_alt", index=index, **values),
    }
    return tile if second is None else tile | _describe_both(tile, label, probabilities, second)


def _read(probabilities: NDArray[np.float32]) -> dict[str, Any]:
    prediction = int(probabilities.argmax())
    return {"prediction": prediction, "share": float(probabilities[prediction])}


def _describe_both(
    tile: dict[str, Any], label: int, *answers: NDArray[np.float32]
) -> dict[str, Any]:
    """What the tile says instead: both answers, and the label where neither of them tells it."""
    read = [_read(probabilities) for probabilities in answers]
    right = [each["prediction"] == label for each in read]
    verdicts = [
        translate(f"tile_both_{'right' if is_right else 'wrong'}", **each)
        for each, is_right in zip(read, right, strict=True)
    ]
    return {
        "verdict": verdicts[0],
        "second": {"text": verdicts[1], "right": right[1]},
        "detail": "" if any(right) else translate("tile_both_detail", label=label),
        "alt": translate("tile_both_alt", alt=tile["alt"], **read[1]),
    }

"""Inside the chosen model: which ink counted, and what its layers make of the drawing."""

from collections.abc import Iterable, Sequence
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray
from torch import nn

from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.activations import digit_weights, feature_maps, hidden_units
from mnist_demo.models.saliency import saliencies
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.png import contact_sheet, png_data_uri, signed_data_uri
from mnist_demo.ui.compute.resources import Compute
from mnist_demo.ui.compute.torch_thread import TorchThread
from mnist_demo.ui.i18n.translate import Translations, translate

UNITS = 12  # of the MLP's 512
SHEET_WIDTH = 8  # filters in a row: a digit in each can be seen on a phone
MAX_FILTERS = 32  # of a layer


def explanation_panel() -> gr.HTML:
    return panel(__file__, "sections")


def describe_explanation(compute: Compute, digit: Digit, model: nn.Module) -> list[dict[str, Any]]:
    """The sections of the panel: saliency for every model, and what its kind of layers allows."""
    torch_thread = compute.torch_thread
    shares = compute.predictor.predict(model, digit)[0]
    labels = shares.argsort()[::-1][:2].tolist()
    counted = picture_saliency(torch_thread, digit, model, labels)
    sections = [describe_saliency(counted, shares, labels)]
    if (weights := torch_thread.call(digit_weights, model)) is not None:
        pictures = [
            _picture(signed_data_uri(weight), f"{label}: {shares[label]:.1%}")
            for label, weight in enumerate(weights)
        ]
        sections.append(_section("explanation_weights", pictures))
    if (units := torch_thread.call(hidden_units, model, digit, UNITS)) is not None:
        pictures = [
            _picture(signed_data_uri(weight), f"{change:+.2f}")
            for weight, change in zip(units.weights, units.activations, strict=True)
        ]
        sections.append(_section("explanation_units", pictures))
    for found in torch_thread.call(feature_maps, model, digit):
        count, height, width = found.maps.shape
        maps = _strongest(found.maps, MAX_FILTERS)
        sheet = png_data_uri(contact_sheet(maps, min(count, SHEET_WIDTH)))
        values = {"name": found.layer.name, "count": count, "height": height, "width": width}
        key = "explanation_maps" if len(maps) == count else "explanation_maps_most"
        pictures = [_picture(sheet, "")]
        sections.append(_section(key, pictures, wide=True, shown=len(maps), **values))
    return sections


def _strongest(maps: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Of `maps` (N, H, W) the brightest on the whole, at most `count`, in their own order."""
    return maps[np.sort(np.argsort(-maps.sum(axis=(1, 2)), kind="stable")[:count])]


def picture_saliency(
    torch_thread: TorchThread, digit: Digit, model: nn.Module, labels: Sequence[int]
) -> tuple[str, ...]:
    """For each of the answers `labels` a picture of the ink that counted for it and against it."""
    found = torch_thread.call(saliencies, model, digit, labels, torch_thread.run_pending_calls)
    return tuple(signed_data_uri(values, digit) for values in found)


def describe_saliency(
    pictures: Iterable[str], shares: NDArray[Any], labels: Iterable[int]
) -> dict[str, Any]:
    """The section of what `picture_saliency` returned for answers whose probabilities are in
    `shares`, (10,)."""
    shown = [
        _picture(picture, translate("explanation_for", digit=label, share=float(shares[label])))
        for picture, label in zip(pictures, labels, strict=True)
    ]
    return _section("explanation_saliency", shown)


def _picture(source: str, caption: Translations | str) -> dict[str, Any]:
    return {
        "picture": source,
        "caption": caption,
        "alt": caption or translate("explanation_maps_alt"),
    }


def _section(
    key: str, pictures: list[dict[str, Any]], *, wide: bool = False, **values: Any
) -> dict[str, Any]:
    title, help_text = translate(key, **values), translate(f"{key}_help", **values)
    return {"title": title, "help": help_text, "wide": wide, "pictures": pictures}

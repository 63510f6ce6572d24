"""Pictures under headings, and among them the ink that counted for an answer."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from numpy.typing import NDArray
from torch import nn

from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.saliency import STEPS, saliencies
from mnist_demo.ui.components.png import signed_data_uri
from mnist_demo.ui.compute.torch_thread import TorchThread
from mnist_demo.ui.i18n.translate import Translations, translate


def picture_saliency(
    torch_thread: TorchThread,
    digit: Digit,
    model: nn.Module,
    labels: Sequence[int],
    steps: int = STEPS,
) -> tuple[str, ...]:
    """For each of the answers `labels` a picture of the ink that counted for it and against it.

    steps: as of `saliencies`.
    """
    find = partial(saliencies, steps=steps)
    found = torch_thread.call(find, model, digit, labels, torch_thread.run_pending_calls)
    return tuple(signed_data_uri(values, digit) for values in found)


def describe_saliency(
    pictures: Iterable[str], shares: NDArray[Any], labels: Iterable[int]
) -> dict[str, Any]:
    """The section of what `picture_saliency` returned for answers whose probabilities are in
    `shares`, (10,)."""
    shown = [
        describe_picture(
            picture, translate("explanation_for", digit=label, share=float(shares[label]))
        )
        for picture, label in zip(pictures, labels, strict=True)
    ]
    return describe_section("explanation_saliency", shown)


def describe_picture(source: str, caption: Translations | str) -> dict[str, Any]:
    return {"picture": source, "caption": caption, "alt": caption}


def describe_section(key: str, pictures: list[dict[str, Any]]) -> dict[str, Any]:
    """key: of its title; its text is that of KEY_help."""
    return {"title": translate(key), "help": translate(f"{key}_help"), "pictures": pictures}

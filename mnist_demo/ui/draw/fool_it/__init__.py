"""Fool it: the smallest change of the drawing that makes a network misread it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from mnist_demo.bounds import Bounds
from mnist_demo.digits.mnist_format import SIZE, Digit
from mnist_demo.models.adversarial import ATTACKS, STRENGTH, flip_pixels
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.png import png_data_uri, signed_data_uri
from mnist_demo.ui.compute.resources import Compute
from mnist_demo.ui.i18n.numerals import name_digit
from mnist_demo.ui.i18n.translate import Translations, translate

BY_HAND = "pixels"
WAYS = (*ATTACKS, BY_HAND)
STEP = 0.01  # of the strength
COARSE = 7  # steps: about the root of all there are
AT_ONCE = 10  # strengths that are read at once, while others wait
MAX_PIXELS = 100  # that are changed by hand
TARGET = Bounds(0, 9, whole=True)
WORDS = (
    *("help", "way", "strength", "target", "any", "least", "undo", "drawing", "change", "sum"),
    *("keys", "why", "before", "after"),
)


@dataclass(frozen=True)
class Question:
    """way: of WAYS. target: what the network shall read; None for anything else. least: whether the
    least strength that does it is looked for."""

    way: str = "fgsm"
    strength: float = 0.1
    target: int | None = None
    pixels: tuple[tuple[int, int], ...] = ()
    least: bool = False


def fool_it_panel() -> gr.HTML:
    """Its value: to the server what `read_question` reads, and from it what `describe` returns."""
    return panel(
        __file__,
        ways=[{"way": way, "name": translate(f"fool_it_{way}")} for way in WAYS],
        strength={"high": STRENGTH.high, "step": STEP, "start": Question().strength},
        side=SIZE,
        most=MAX_PIXELS,
        words={word: translate(f"fool_it_{word}") for word in WORDS},
        model=translate("column_model"),
        counted=translate("fool_it_count", count="{count}", fewest="{fewest}"),
    )


def read_question(value: Any) -> Question:
    """What a browser asks, which may be anything. Raises ValueError where it is no question."""
    if not isinstance(value, dict) or "way" not in value:
        return Question()
    way, target = value["way"], value.get("target")
    if way not in WAYS:
        raise ValueError(f"way must be one of {', '.join(WAYS)}, not {way!r}")
    pixels = value.get("pixels", [])
    if not isinstance(pixels, list) or len(pixels) > MAX_PIXELS:
        raise ValueError(f"pixels must be a list of {MAX_PIXELS} at most")
    return Question(
        way,
        STRENGTH.check("strength", value.get("strength")),
        None if target is None else TARGET.check("target", target),
        tuple(_read_pixel(pixel) for pixel in pixels),
        value.get("least") is True,
    )


def _read_pixel(pixel: Any) -> tuple[int, int]:
    if not isinstance(pixel, list) or len(pixel) != 2:
        raise ValueError(f"a pixel must be [row, column], not {str(pixel)[:40]!r}")
    row, column = (Bounds(0, SIZE - 1, whole=True).check("pixel", place) for place in pixel)
    return int(row), int(column)


def describe_fool_it(
    compute: Compute,
    digit: Digit,
    question: Question,
    checkpoints: Sequence[Checkpoint],
    chosen: Checkpoint,
) -> dict[str, Any]:
    """The change that is made for the `chosen` model, and what it and all others say of it."""
    read = int(compute.predictor.predict(chosen.model, digit)[0].argmax())
    strength: float | None = question.strength
    if question.least and question.way in ATTACKS:
        strength = _find_least(compute, digit, question, chosen, read)
    shown = STRENGTH.high if strength is None else strength
    changed = _change(compute, digit, question, chosen, read, [shown])[0]
    answers = [_describe_answers(compute, each, digit, changed) for each in checkpoints]
    now = next(each for each in answers if each["name"] == chosen.name)
    return {
        "read": read,
        "way": question.way,
        "strength": round(shown, 2),
        "target": question.target,
        "least": question.least,
        "pixels": [list(pixel) for pixel in question.pixels],
        "digit": png_data_uri(digit),
        "change": signed_data_uri(changed - digit),
        "sum": png_data_uri(changed),
        "line": _describe_line(chosen.name, read, now["digit"], strength, question.target),
        "fooled": now["fooled"],
        "answers": answers,
    }


def _change(
    compute: Compute,
    digit: Digit,
    question: Question,
    chosen: Checkpoint,
    read: int,
    strengths: Sequence[float],
) -> NDArray[np.float32]:
    """The digit as it is changed by each strength; by hand it is the same for all."""
    if question.way == BY_HAND:
        return flip_pixels(digit, list(question.pixels))[None]
    asked = (chosen.model, digit, np.array(strengths), read, question.target)
    return compute.torch_thread.call(ATTACKS[question.way], *asked)


def _find_least(
    compute: Compute, digit: Digit, question: Question, chosen: Checkpoint, read: int
) -> float | None:
    """The least strength that fools it, to a STEP; None where none does.

    In one step all are tried. In ten, which take longer, every COARSE ones, and then those before
    the first of these that does: what a smaller range of strengths alone does is missed.
    """

    def first(steps: range) -> int | None:
        changed = _change(compute, digit, question, chosen, read, [each * STEP for each in steps])
        answers = compute.predictor.predict(chosen.model, changed).argmax(axis=1)
        fooled = answers != read if question.target is None else answers == question.target
        return steps[int(fooled.argmax())] if fooled.any() else None

    most = round(STRENGTH.high / STEP)
    if question.way == "fgsm":
        some = (range(at, min(at + AT_ONCE, most + 1)) for at in range(1, most + 1, AT_ONCE))
        found = next(filter(None, map(first, some)), None)
        return None if found is None else found * STEP
    coarse = first(range(most % COARSE or COARSE, most + 1, COARSE))
    if coarse is None:
        return None
    return (first(range(max(1, coarse - COARSE + 1), coarse)) or coarse) * STEP


def _describe_answers(
    compute: Compute, checkpoint: Checkpoint, digit: Digit, changed: Digit
) -> dict[str, Any]:
    before, after = compute.predictor.predict(checkpoint.model, np.stack([digit, changed]))
    return {
        "name": checkpoint.name,
        "before": _describe_answer(before),
        "after": _describe_answer(after),
        "digit": int(after.argmax()),
        "fooled": bool(after.argmax() != before.argmax()),
    }


def _describe_answer(shares: NDArray[np.float32]) -> str:
    return f"{shares.argmax()} ({shares.max():.1%})"


def _describe_line(
    name: str, read: int, now: int, strength: float | None, target: int | None
) -> Translations:
    if strength is None and target is not None:
        told = {"digit": name_digit(read), "target": name_digit(target)}
        return translate("fool_it_never_target", model=name, **told)
    if strength is None:
        return translate("fool_it_never", model=name, digit=name_digit(read))
    if now == read:
        return translate("fool_it_held", model=name, digit=name_digit(read))
    return translate("fool_it_fooled", model=name, digit=name_digit(read), other=name_digit(now))

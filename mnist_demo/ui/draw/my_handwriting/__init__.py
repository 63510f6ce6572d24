"""The visitor's own handwriting: labelled drawings, and how well each model reads them."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
import numpy as np

from mnist_demo.digits.stroke_files import (
    MAX_BYTES,
    MAX_DRAWINGS,
    Drawing,
    drawings_to_digits,
    read_drawings,
    write_drawings,
)
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.components.sketchpad import Sketch
from mnist_demo.ui.compute.batching import BatchPredictor
from mnist_demo.ui.compute.model_store import UserDigits
from mnist_demo.ui.compute.test_set import DIGIT
from mnist_demo.ui.i18n.numerals import name_digit
from mnist_demo.ui.i18n.translate import TranslatedError, Translations, reason_of, translate

# Of a set: 500 digits have a quarter of it. A file of so many can be opened: 32 characters a point
# are the most, of one that is a stroke by itself.
MAX_POINTS = 150_000


def my_handwriting_panel() -> gr.HTML:
    return panel(
        __file__,
        follows=False,
        value={},
        max_bytes=MAX_BYTES,
        **{
            name: translate(f"my_handwriting_{name}")
            for name in ("help", "collect", "set_label", "save", "open", "empty", "undo", "remove")
        },
    )


def act_on_set(
    user_digits: UserDigits,
    value: Any,
    sketch: Sketch | None,
    is_doubtful: Callable[[Sketch], bool] = lambda _: False,
) -> tuple[UserDigits, dict[str, Any]]:
    """Do what the browser asks for, which may be anything.

    is_doubtful: whether a sketch looks like no digit, so that it is taken only by who is sure.
    The set as it is then, and what to show beside it: a message, or a question.
    """
    action = value.get("action") if isinstance(value, dict) else None
    action = action if isinstance(action, dict) else {}
    try:
        match action.get("kind"):
            case "add":
                label = action.get("label")
                if sketch and action.get("sure") is not True and is_doubtful(sketch):
                    return user_digits, _ask_again(label)
                return _add_drawing(user_digits, label, sketch)
            case "remove":
                index = action.get("index")
                kept = tuple(each for number, each in enumerate(user_digits) if number != index)
                return kept, {}
            case "clear":
                return (), {"message": translate("my_handwriting_cleared")}
            case "open":
                return _open_file(user_digits, action.get("text"))
            case "restore":
                return _restore_digits(user_digits, action.get("text")), {}
            case _:
                return user_digits, {}
    except ValueError as error:
        return user_digits, {
            "message": translate("my_handwriting_refused", reason=reason_of(error))
        }


def _add_drawing(
    user_digits: UserDigits, label: Any, sketch: Sketch | None
) -> tuple[UserDigits, dict[str, Any]]:
    if sketch is None:
        return user_digits, {"message": translate("my_handwriting_blank")}
    if not sketch.strokes:
        return user_digits, {"message": translate("my_handwriting_picture")}
    drawing = Drawing(label, tuple(sketch.strokes))
    message = translate("my_handwriting_added", digit=name_digit(drawing.label))
    return _append(user_digits, [drawing]), {"message": message, "added": True}


def _ask_again(label: Any) -> dict[str, Any]:
    """A question: whether it is really a digit, and that one."""
    DIGIT.check("label", label)
    text = translate("my_handwriting_doubtful", digit=name_digit(label))
    return {"question": {"label": label, "text": text}}


def _open_file(user_digits: UserDigits, text: Any) -> tuple[UserDigits, dict[str, Any]]:
    try:
        read = read_drawings(text if isinstance(text, str) else "")
    except ValueError as error:
        raise TranslatedError(translate("my_handwriting_bad_file", reason=error)) from None
    return _append(user_digits, read), {
        "message": translate("my_handwriting_opened", count=len(read))
    }


def _restore_digits(user_digits: UserDigits, text: Any) -> UserDigits:
    """With what the page has kept of a set that the server has lost."""
    read = read_drawings(text if isinstance(text, str) else "")
    return _append((), [*read, *(each for each in user_digits if each not in read)])


def _append(user_digits: UserDigits, more: Sequence[Drawing]) -> UserDigits:
    joined = (*user_digits, *more)
    if len(joined) > MAX_DRAWINGS:
        raise TranslatedError(translate("my_handwriting_full", most=MAX_DRAWINGS))
    if sum(len(stroke) for drawing in joined for stroke in drawing.strokes) > MAX_POINTS:
        raise TranslatedError(translate("my_handwriting_points", most=MAX_POINTS))
    return joined


def describe_my_handwriting(
    predictor: BatchPredictor,
    user_digits: UserDigits,
    checkpoints: Sequence[Checkpoint],
    chosen: Checkpoint | None,
) -> dict[str, Any]:
    """Its tiles, right and wrong by the `chosen` model, each model's score, and its file's text."""
    if not user_digits:
        return {"tiles": [], "counts": [0] * 10, "scores": [], "frames": None, "file": ""}
    digits, labels = drawings_to_digits(user_digits)
    answers = labels  # right or wrong by nobody, where there is no model
    if chosen is not None:
        answers = predictor.predict(chosen.model, digits).argmax(axis=1)
    scores = []
    for checkpoint in checkpoints:
        right = predictor.predict(checkpoint.model, digits).argmax(axis=1) == labels
        scores.append(_describe_score(checkpoint, int(right.sum()), len(labels)))
    tiles = [
        {
            "picture": png_data_uri(digit),
            "label": str(label),
            "right": bool(answer == label),
            "alt": translate("my_handwriting_alt", label=int(label), answer=int(answer)),
        }
        for digit, label, answer in zip(digits, labels, answers, strict=True)
    ]
    return {
        "tiles": tiles,
        "counts": np.bincount(labels, minlength=10).tolist(),
        "scores": scores,
        "frames": chosen and translate("my_handwriting_frames", model=chosen.name),
        "file": write_drawings(user_digits),
    }


def _describe_score(checkpoint: Checkpoint, right: int, total: int) -> Translations:
    """How many of the drawings a model reads right, beside its test accuracy, where it has one."""
    values = {"name": checkpoint.name, "right": right, "total": total}
    accuracy = checkpoint.metrics.get("test_accuracy")
    if not isinstance(accuracy, float):
        return translate("my_handwriting_score_alone", **values)
    dataset = checkpoint.dataset
    return translate("my_handwriting_score", **values, accuracy=accuracy, dataset=dataset)

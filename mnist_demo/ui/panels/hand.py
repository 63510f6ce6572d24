"""The visitor's own hand: labelled drawings, and how well each model reads them."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from mnist_demo.checkpoints import Checkpoint
from mnist_demo.drawings import (
    MAX_BYTES,
    MAX_DRAWINGS,
    Drawing,
    drawings_to_digits,
    read_drawings,
    write_drawings,
)
from mnist_demo.ui.answers import ANSWERS
from mnist_demo.ui.library import OwnSet
from mnist_demo.ui.panels.panel import panel
from mnist_demo.ui.pixels import png_data_uri
from mnist_demo.ui.sketchpad import Sketch
from mnist_demo.ui.words import RefusedError, reason_of, tell

MAX_POINTS = 200_000  # of a set: 500 digits have a fifth of it; a file of so many can be opened


def hand_panel() -> gr.HTML:
    return panel(
        "hand",
        follows=False,
        value={},
        digits=list(range(10)),
        max_bytes=MAX_BYTES,
        **{
            name: tell(f"hand_{name}")
            for name in ("help", "really", "set_label", "save", "open", "empty", "remove")
        },
    )


def act_on_set(own_set: OwnSet, value: Any, sketch: Sketch | None) -> tuple[OwnSet, dict[str, Any]]:
    """Do what the browser asks for, which may be anything.

    The set as it is then, and what to show beside it: a message.
    """
    action = value.get("action") if isinstance(value, dict) else None
    action = action if isinstance(action, dict) else {}
    try:
        match action.get("kind"):
            case "add":
                return _add(own_set, action.get("label"), sketch)
            case "remove":
                index = action.get("index")
                kept = tuple(each for number, each in enumerate(own_set) if number != index)
                return kept, {}
            case "clear":
                return (), {"message": tell("hand_cleared")}
            case "open":
                return _open(own_set, action.get("text"))
            case "restore":
                return _restore(own_set, action.get("text")), {}
            case _:
                return own_set, {}
    except ValueError as error:
        return own_set, {"message": tell("hand_refused", reason=reason_of(error))}


def _add(own_set: OwnSet, label: Any, sketch: Sketch | None) -> tuple[OwnSet, dict[str, Any]]:
    if sketch is None:
        return own_set, {"message": tell("hand_blank")}
    if not sketch.strokes:
        return own_set, {"message": tell("hand_picture")}
    drawing = Drawing(label, tuple(sketch.strokes))
    return _join(own_set, [drawing]), {"message": tell("hand_added", digit=drawing.label)}


def _open(own_set: OwnSet, text: Any) -> tuple[OwnSet, dict[str, Any]]:
    try:
        read = read_drawings(text if isinstance(text, str) else "")
    except ValueError as error:
        raise RefusedError(tell("hand_bad_file", reason=error)) from None
    return _join(own_set, read), {"message": tell("hand_opened", count=len(read))}


def _restore(own_set: OwnSet, text: Any) -> OwnSet:
    """With what the page has kept of a set that the server has lost."""
    read = read_drawings(text if isinstance(text, str) else "")
    return _join((), [*read, *(each for each in own_set if each not in read)])


def _join(own_set: OwnSet, more: Sequence[Drawing]) -> OwnSet:
    joined = (*own_set, *more)
    if len(joined) > MAX_DRAWINGS:
        raise RefusedError(tell("hand_full", most=MAX_DRAWINGS))
    if sum(len(stroke) for drawing in joined for stroke in drawing.strokes) > MAX_POINTS:
        raise RefusedError(tell("hand_points", most=MAX_POINTS))
    return joined


def describe_set(
    own_set: OwnSet, checkpoints: Sequence[Checkpoint], chosen: Checkpoint | None
) -> dict[str, Any]:
    """Its tiles, right and wrong by the `chosen` model, each model's score, and its file's text."""
    if not own_set:
        return {"tiles": [], "scores": [], "file": ""}
    digits, labels = drawings_to_digits(own_set)
    scores = []
    answers = labels  # right or wrong by nobody, where there is no model
    if chosen is not None:
        answers = ANSWERS.predict(chosen.model, digits).argmax(axis=1)
    for checkpoint in checkpoints:
        shares = ANSWERS.predict(checkpoint.model, digits)
        right = shares.argmax(axis=1) == labels
        values = {"name": checkpoint.name, "right": int(right.sum()), "total": len(labels)}
        accuracy = checkpoint.metrics.get("test_accuracy")
        key = "hand_score" if isinstance(accuracy, float) else "hand_score_alone"
        scores.append(tell(key, **values, accuracy=accuracy, dataset=checkpoint.dataset))
    tiles = [
        {
            "picture": png_data_uri(digit),
            "label": str(label),
            "right": bool(answer == label),
            "alt": tell("hand_alt", label=int(label), answer=int(answer)),
        }
        for digit, label, answer in zip(digits, labels, answers, strict=True)
    ]
    return {"tiles": tiles, "scores": scores, "file": write_drawings(own_set)}

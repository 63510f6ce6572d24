"""The drawing pad: a canvas that sends pen strokes, not pixels; or a picture put on it."""

import base64
import binascii
import io
import math
import time
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image

from mnist_demo.digits.mnist_format import SIZE, Digit
from mnist_demo.digits.pictures import NoDigitError, picture_to_digit
from mnist_demo.digits.strokes import strokes_to_digit
from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.i18n.translate import TranslatedError, translate

SIDE = 280  # of the pad, in its own units
LINE_WIDTH = 18  # of these units: about MNIST's pen on a digit that fills the pad
LINE_WIDTHS = (1.0, 60.0)
TINY = 12.0
QUICK = 1000  # points, or strokes: they are read within some 5 ms
MAX_PICTURE_BYTES = 2_000_000  # the pad sends 800 pixels a side: a tenth of this
MAX_PICTURE_SIDE = 1600
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, eq=False)
class Sketch:
    """What is on a pad. strokes: [] where it holds a picture. digit: as the models get it."""

    strokes: list[Any]
    line_width: float
    digit: Digit

    @property
    def is_tiny(self) -> bool:
        """Whether it is a dot or a speck, from which nothing can be told."""
        if not self.strokes:
            return False
        points = np.concatenate([np.reshape(stroke, (-1, 2)) for stroke in self.strokes])
        return bool(np.ptp(points, axis=0).max() < TINY)


def sketchpad() -> gr.HTML:
    """The pad, whose value is new as the pen moves; read it with `read_sketch`."""
    return custom_html(
        __file__,
        value={"strokes": []},
        line_width=LINE_WIDTH,
        label=translate("pad_label"),
        hint=translate("pad_hint"),
        undo=translate("undo"),
        undo_title=translate("undo_title"),
        redo=translate("redo"),
        redo_title=translate("redo_title"),
        brush=translate("brush"),
        brush_title=translate("brush_title"),
        photo=translate("photo"),
        photo_title=translate("photo_title"),
        clear=translate("clear"),
        clear_title=translate("clear_title"),
        elem_id="pad",
    )


def read_sketch(value: Any) -> Sketch | None:
    """What a browser sent, which may be anything; None for a blank pad.

    Raises ValueError where it is no drawing and no picture that can be read.
    """
    if not isinstance(value, dict):
        raise ValueError("a drawing must be {'strokes': [[[x, y], ...], ...]}")
    if value.get("digit"):
        return Sketch([], LINE_WIDTH, _read_digit(value["digit"]))
    if value.get("picture"):
        return Sketch([], LINE_WIDTH, _find_digit(_read_picture(value["picture"])))
    strokes = value.get("strokes")
    if not isinstance(strokes, list):
        raise ValueError("a drawing must be {'strokes': [[[x, y], ...], ...]}")
    if not strokes:
        return None
    return Sketch(strokes, _read_line_width(value.get("line_width")), strokes_to_digit(strokes))


def is_quick(value: Any) -> bool:
    """Whether `read_sketch` takes a moment only: of anything but a picture or a long drawing."""
    if not isinstance(value, dict) or value.get("picture") or value.get("digit"):
        return False
    strokes = value.get("strokes")
    if not isinstance(strokes, list) or len(strokes) > QUICK:
        return False
    return sum(len(stroke) for stroke in strokes if isinstance(stroke, list)) <= QUICK


def _read_line_width(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return LINE_WIDTH
    return float(np.clip(value, *LINE_WIDTHS))


def _read_picture(uri: Any) -> Image.Image:
    """The picture in a data URI, of a size that the pad would send."""
    try:
        if not isinstance(uri, str) or len(uri) > MAX_PICTURE_BYTES:
            raise ValueError("too long")
        data = base64.b64decode(uri.partition(",")[2], validate=True)
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
    except (ValueError, binascii.Error, OSError, SyntaxError, *_BOMBS):
        raise TranslatedError(translate("bad_picture")) from None
    if max(picture.size) > MAX_PICTURE_SIDE:
        raise ValueError(
            f"the picture has {picture.width} x {picture.height} pixels; the pad sends at most "
            f"{MAX_PICTURE_SIDE} a side"
        )
    return picture


def _find_digit(picture: Image.Image) -> Digit:
    try:
        return picture_to_digit(picture)
    except NoDigitError:
        raise TranslatedError(translate("no_digit")) from None


def _read_digit(uri: Any) -> Digit:
    picture = _read_picture(uri)
    if picture.size != (SIZE, SIZE):
        raise ValueError(f"a digit has 28 x 28 pixels, not {picture.width} x {picture.height}")
    try:
        return np.asarray(picture.convert("L"), dtype=np.float32) / np.float32(255)
    except (OSError, SyntaxError):
        raise TranslatedError(translate("bad_picture")) from None


def put_strokes(strokes: list[Any]) -> dict[str, Any]:
    """A value that puts strokes on the pad."""
    return {"strokes": strokes, "picture": None, "digit": None, "from": time.time_ns() // 1000}


def put_digit(image: Digit | np.ndarray) -> dict[str, Any]:
    """A value that puts a digit (28, 28) on the pad, as it is."""
    return put_strokes([]) | {"digit": png_data_uri(image)}

"""The drawing pad: a canvas that sends pen strokes, not pixels; or a picture put on it."""

import base64
import binascii
import io
import math
import time
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image, ImageDraw

from mnist_demo.digits.mnist_format import SIZE, Digit
from mnist_demo.digits.picture_files import load_pixels
from mnist_demo.digits.pictures import Choose, NoDigitError, PictureReading, read_picture
from mnist_demo.digits.segmentation import Box, Segmentation, segment
from mnist_demo.digits.strokes import MAX_COORDINATE, check_strokes, squeeze, strokes_to_digit
from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.i18n.translate import TranslatedError, translate

SIDE = 280  # of the pad, in its own units
LINE_WIDTH = 18  # of these units: about MNIST's pen on a digit that fills the pad
LINE_WIDTHS = (1.0, 60.0)
TINY = 12.0
NEAR = 0.5  # that the page may have rounded a box by
QUICK = 1000  # points, or strokes: they are read within some 5 ms
MAX_PICTURE_BYTES = 2_000_000  # the pad sends 800 pixels a side: a tenth of this
MAX_PICTURE_SIDE = 1600
MAX_POINTS_ON_PICTURE = 2000  # of a drawing on it, which take a fifth of a second
# What the pad sends of a file that the browser cannot open, and is one of these.
OTHER_FORMATS = {"data:image/heic,": "HEIC", "data:application/pdf,": "PDF"}
ADDRESS = "data:text/uri-list,"  # of a picture on another page, where a drag brings no file
FALSIFIED = "data:application/x-falsified,"  # see pictures.js
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, eq=False)
class Sketch:
    """What is on a pad. strokes: [] where it holds a picture. digit: as the models get it.
    picture, reading: the one that it was found in, what was read of it, and what was cut away; None
    of anything else."""

    strokes: list[Any]
    line_width: float
    digit: Digit
    picture: Image.Image | None = None
    reading: PictureReading | None = None

    @property
    def is_tiny(self) -> bool:
        """Whether it is a dot or a speck, from which nothing can be told."""
        if not self.strokes:
            return False
        points = np.concatenate([np.reshape(stroke, (-1, 2)) for stroke in self.strokes])
        return bool(np.ptp(points, axis=0).max() < TINY)

    def segment(self) -> Segmentation | None:
        """The digits of the number that it may hold, boxes in the pad's unit; None where it is one
        digit."""
        if self.reading is not None and set(self.reading.removed) - {"apart"}:
            return None  # what is around a digit would be read, too
        if self.picture is not None:
            return _segment_picture(self.picture)
        found = segment(self.strokes) if len(self.strokes) > 1 else None
        return found if found and found.count > 1 else None


def sketchpad() -> gr.HTML:
    """The pad, whose value is new as the pen moves; read it with `read_sketch`."""
    return custom_html(
        __file__,
        ("dom", "demonstration", "drawing_link", "pictures"),
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
        wider=translate("wider"),
        wider_title=translate("wider_title"),
        refused=translate("drawing_refused"),
        elem_id="pad",
    )


def read_sketch(value: Any, choose: Choose | None = None) -> Sketch | None:
    """What a browser sent, which may be anything; None for a blank pad.

    Of a number, the digit in the box `chosen`, (x, y, width, height), where the browser sent one.
    choose: as for `picture_to_digit`.

    Raises ValueError where it is no drawing and no picture that can be read.
    """
    if not isinstance(value, dict):
        raise ValueError("a drawing must be {'strokes': [[[x, y], ...], ...]}")
    strokes, line_width = value.get("strokes"), _read_line_width(value.get("line_width"))
    chosen = _read_box(value.get("chosen"))
    if value.get("digit"):
        digit = _read_digit(value["digit"])
        if strokes:
            digit = np.maximum(digit, squeeze(strokes, SIDE, line_width))
        return Sketch([], line_width, digit)
    if value.get("picture"):
        picture = _read_picture(value["picture"])
        if strokes:
            picture = _draw_on(picture, strokes, line_width)
        reading = _read_digit_in(picture, choose)
        return _choose_in_picture(Sketch([], line_width, reading.digit, picture, reading), chosen)
    if not isinstance(strokes, list):
        raise ValueError("a drawing must be {'strokes': [[[x, y], ...], ...]}")
    if not strokes:
        return None
    if chosen:
        strokes = _choose_strokes(strokes, chosen)
    return Sketch(strokes, line_width, strokes_to_digit(strokes))


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


def _read_box(value: Any) -> Box | None:
    if not isinstance(value, list) or len(value) != 4:
        return None
    for number in value:
        if isinstance(number, bool) or not isinstance(number, int | float):
            return None
        if not abs(number) <= MAX_COORDINATE:  # NaN fails this too
            return None
    left, top, width, height = (float(number) for number in value)
    return left, top, width, height


def _choose_strokes(strokes: list[Any], box: Box) -> list[Any]:
    """Those within the box, moved to the middle of the pad; all where there are none."""
    low = np.array(box[:2]) - NEAR
    high = low + box[2:] + 2 * NEAR
    paths = [
        path for path in check_strokes(strokes) if ((path >= low) & (path <= high)).all()
    ]  # fmt: skip
    middle = np.array([SIDE / 2 - box[0] - box[2] / 2, 0])
    return [(path + middle).tolist() for path in paths] or strokes


def _choose_in_picture(sketch: Sketch, box: Box | None) -> Sketch:
    """The digit whose place comes nearest to the box."""
    found = sketch.segment() if box else None
    if not found or not box:
        return sketch
    nearest = min(found.groups, key=lambda group: float(np.abs(np.subtract(group.box, box)).sum()))
    return replace(sketch, digit=nearest.digit)


def _segment_picture(picture: Image.Image) -> Segmentation | None:
    try:
        found = segment(picture)
    except NoDigitError:  # of a part; there is one in the whole
        return None
    if found.count == 1:
        return None
    unit = SIDE / max(picture.size)
    left, top = ((SIDE - length * unit) / 2 for length in picture.size)
    groups = [
        replace(group, box=(left + x * unit, top + y * unit, width * unit, height * unit))
        for group in found.groups
        for x, y, width, height in [group.box]
    ]
    return replace(found, groups=groups)


def _read_picture(uri: Any) -> Image.Image:
    """The picture in a data URI, of a size that the pad would send."""
    if isinstance(uri, str) and uri in OTHER_FORMATS:
        raise TranslatedError(translate("other_format", format=OTHER_FORMATS[uri]))
    if uri == ADDRESS:
        raise TranslatedError(translate("picture_address"))
    if uri == FALSIFIED:
        raise TranslatedError(translate("picture_falsified"))
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


def _draw_on(picture: Image.Image, strokes: Any, line_width: float) -> Image.Image:
    """The picture with the strokes where they lie on it on the pad, dark on light or light on dark.

    Raises ValueError where they are none.
    """
    try:
        pixels = load_pixels(picture)
    except ValueError:
        raise TranslatedError(translate("bad_picture")) from None
    levels = (pixels * 255).round().astype(np.uint8)
    drawn = Image.fromarray(np.broadcast_to(levels, (*levels.shape[:2], 3)).copy())
    side = max(drawn.size)
    corner = np.array([side - drawn.width, side - drawn.height]) / 2
    pen, width = ImageDraw.Draw(drawn), max(1, round(line_width * side / SIDE))
    ink = "white" if pixels.mean() < 0.5 else "black"
    paths = check_strokes(strokes)
    step = 1 + sum(map(len, paths)) // MAX_POINTS_ON_PICTURE
    for path in paths:
        points = [tuple(point) for point in path[::step] * side / SIDE - corner]
        pen.line(points, ink, width, joint="curve")
        for x, y in (points[0], points[-1]):  # round ends, and a dot where there is but one point
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), ink)
    return drawn


def _read_digit_in(picture: Image.Image, choose: Choose | None) -> PictureReading:
    try:
        return read_picture(picture, choose)
    except NoDigitError as error:
        raise TranslatedError(translate(f"no_digit_{error.reason}")) from None


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

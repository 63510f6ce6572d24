"""Synthetic digits: the styles that people write each digit in, deformed at random.

MNIST knows the handwriting of one country, about 1990. Elsewhere a 7 has a bar, a 1 a long flag, a
4 is open, a 0 is slashed.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.digit_parts import Strokes, put_together, smooth, write_by_hand
from mnist_demo.data.stroke_templates import STROKE_TEMPLATES
from mnist_demo.digits.mnist_format import BOX, MNIST_PEN, MNIST_PENS, SIZE, Digit
from mnist_demo.digits.strokes import strokes_to_digit

# Of the digits, 25 % are put together from parts; half of the others are templates as a hasty or a
# shaky hand writes them. With more parts the network reads fewer of the drawings of real people.
FROM_PARTS = 0.25
BY_HAND = 0.5


def draw_digit(label: int, random: np.random.Generator) -> Digit:
    """One synthetic digit `label`, as float32 (28, 28) in [0, 1]."""
    return render(sample_strokes(label, random), random)


def draw_digits(
    count: int, seed: int, check_cancelled: Callable[[], None] | None = None
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """`count` synthetic digits, 0 to 9 in turn: uint8 (count, 28, 28), ink = 255, and labels.

    check_cancelled: called before each; what it raises ends the work.
    """
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 10
    images = np.empty((count, SIZE, SIZE), dtype=np.uint8)
    for index, label in enumerate(labels):
        if check_cancelled:
            check_cancelled()
        images[index] = to_bytes(draw_digit(int(label), random))
    return images, labels


def sample_strokes(label: int, random: np.random.Generator) -> Strokes:
    """The strokes of one digit, in a box of about 100, as one of many people would write it: put
    together from parts, or a template; and then deformed."""
    if random.random() < FROM_PARTS:
        return deform(write_by_hand(put_together(label, random), random), random)
    styles = STROKE_TEMPLATES[label]
    weights = np.array([weight for weight, _ in styles])
    _, texts = styles[random.choice(len(styles), p=weights / weights.sum())]
    strokes = sample_template(texts, random)
    if random.random() < BY_HAND:
        strokes = write_by_hand(strokes, random)
    return deform(strokes, random)


def sample_template(texts: tuple[str, ...], random: np.random.Generator) -> Strokes:
    """The strokes of a template, their points moved at random."""
    sharp = random.random() < 0.6  # else the corners are rounded off
    strokes = []
    for number, text in enumerate(texts):
        control, corners = _parse(text)
        middle = control.mean(axis=0)
        control = control + random.normal(0, 3, control.shape)
        control = (control - middle) * random.normal(1, 0.06) + middle
        control += random.normal(0, 4 if number else 0, 2)  # a bar is now higher, now lower
        strokes.append(smooth(np.repeat(control, 1 + corners, axis=0) if sharp else control))
    return strokes


def deform(strokes: Strokes, random: np.random.Generator) -> Strokes:
    """Bend, turn, slant and stretch them."""
    return _lean(_bend(strokes, random), random)


def template_strokes(label: int, style: int) -> Strokes:
    """One style of STROKE_TEMPLATES[label] as it stands, in a box of about 100."""
    _, texts = STROKE_TEMPLATES[label][style]
    parsed = [_parse(text) for text in texts]
    return [smooth(np.repeat(control, 1 + corners, axis=0)) for control, corners in parsed]


@cache
def _parse(text: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The points of a stroke, (n, 2), and which of them are corners, (n,)."""
    words = text.split()
    points = [word.rstrip("!").split(",") for word in words]
    return np.array(points, dtype=np.float64), np.array([word.endswith("!") for word in words])


def _bend(strokes: Strokes, random: np.random.Generator) -> Strokes:
    """Bend the plane that the strokes lie in by two slow waves."""
    strength = random.normal(0, 0.035, (2, 2))
    slope, start = random.uniform(-6, 6, (2, 2)), random.uniform(0, 6.3, 2)
    return [
        (unit + np.sin(unit @ slope.T + start) @ strength) * 100
        for unit in (stroke / 100 for stroke in strokes)
    ]


def _lean(strokes: Strokes, random: np.random.Generator) -> Strokes:
    """Turn, slant and stretch."""
    angle = random.normal(0, np.radians(8))
    slant = random.normal(0.12, 0.22)
    width = 0.68 * np.exp(random.normal(0, 0.2))
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    change = rotation @ np.array([[width, -slant], [0, 1]])
    return [(stroke - 50) @ change.T for stroke in strokes]


def render(strokes: Strokes, random: np.random.Generator) -> Digit:
    """Draw with a pen about as wide as one of MNIST's."""
    pen = float(np.clip(MNIST_PEN * np.exp(random.normal(0, 0.25)), *MNIST_PENS))
    points = np.concatenate(strokes)
    extent = float(np.ptp(points, axis=0).max())
    return strokes_to_digit(strokes, line_width=pen * extent / (BOX - pen))


def to_bytes(digit: Digit) -> NDArray[np.uint8]:
    return (digit * 255).round().astype(np.uint8)

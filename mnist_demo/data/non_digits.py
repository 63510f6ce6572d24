"""Out-of-distribution negatives: scribbles, pieces of digits, letters, shapes, two digits at once.

A network that has only seen digits takes anything for one of them.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.digit_parts import Strokes, smooth, write_by_hand
from mnist_demo.data.non_digit_templates import LETTERS, SHAPES
from mnist_demo.data.synthetic_digits import (
    deform,
    render,
    sample_strokes,
    sample_template,
    to_bytes,
)
from mnist_demo.digits.mnist_format import SIZE

NON_DIGIT = -1  # the label of what is no digit
FRAGMENTS = np.array([3, 1, 3, 3, 1, 3, 3, 1, 3, 3]) / 24  # how often of each digit


def draw_non_digits(
    count: int, seed: int, check_cancelled: Callable[[], None] | None = None
) -> NDArray[np.uint8]:
    """`count` of KINDS, in turn: uint8 (count, 28, 28), ink = 255.

    check_cancelled: called before each; what it raises ends the work.
    """
    random = np.random.default_rng(seed)
    images = np.empty((count, SIZE, SIZE), dtype=np.uint8)
    for index in range(count):
        if check_cancelled:
            check_cancelled()
        images[index] = to_bytes(render(KINDS[index % len(KINDS)](random), random))
    return images


def letter(random: np.random.Generator) -> Strokes:
    """A letter that nobody takes for a digit."""
    return _from_templates(LETTERS, random)


def shape(random: np.random.Generator) -> Strokes:
    """A heart, a house, a plus, ..."""
    return _from_templates(SHAPES, random)


def _from_templates(
    templates: Mapping[str, tuple[tuple[str, ...], ...]], random: np.random.Generator
) -> Strokes:
    ways = templates[random.choice(list(templates))]
    strokes = sample_template(ways[int(random.integers(len(ways)))], random)
    return deform(write_by_hand(strokes, random, hasty=0), random)


def side_by_side(random: np.random.Generator) -> Strokes:
    """Two or three digits, or a digit and a letter, beside each other."""
    strokes: Strokes = []
    right = 0.0
    for _ in range(random.choice([2, 3], p=[0.75, 0.25])):
        kind = random.random()
        mark = letter(random) if kind < 0.15 else sample_strokes(int(random.integers(10)), random)
        points = np.concatenate(mark)
        size = random.uniform(0.75, 1.1)
        move = np.array([right - size * points[:, 0].min(), random.normal(0, 6)])
        moved = [stroke * size + move for stroke in mark]
        strokes += moved
        right = max(stroke[:, 0].max() for stroke in moved) + random.uniform(-2, 45)
    return strokes


def scribble(random: np.random.Generator) -> Strokes:
    """Strokes without a meaning: curves through points at random, or loops over loops."""
    kind = random.random()
    if kind < 0.35:
        return [_loops(random)]
    strokes = []
    for _ in range(random.integers(1, 4)):
        points = random.uniform(0, 100, (random.integers(5, 12), 2))
        if kind < 0.7:  # a wandering pen rather than a jumping one
            points = np.cumsum(random.normal(0, 25, points.shape), axis=0)
        strokes.append(smooth(points))
    return strokes if _roundness(np.concatenate(strokes)) > 0.25 else scribble(random)


def _loops(random: np.random.Generator) -> NDArray[np.float64]:
    """A pen that goes round and round and moves on: springs, tangles and filled blots."""
    waver = smooth(random.normal(0, random.uniform(2, 18), (20, 2)))
    time = np.linspace(0, 1, len(waver))[:, None]
    angle = time * random.uniform(2, 9) * 2 * np.pi
    circle = np.concatenate([np.cos(angle), random.uniform(0.4, 1) * np.sin(angle)], axis=1)
    first, last = 50, random.uniform(0, 35)  # never a ring: that is a 0
    return circle * (first + (last - first) * time) + waver + random.normal(0, 60, 2) * time


def fragment(random: np.random.Generator) -> Strokes:
    """A piece of a digit's longest stroke, seldom of one with corners: those pieces look like 1."""
    while True:
        label = int(random.choice(10, p=FRAGMENTS))
        piece = cut_piece(max(sample_strokes(label, random), key=len), random)
        if piece is not None and _roundness(piece) > 0.2:
            return [piece]


def cut_piece(
    stroke: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64] | None:
    """A quarter to two fifths of a stroke; None where that is nearly straight: it may be a 1."""
    start, share = random.uniform(0, 0.6), random.uniform(0.25, 0.4)
    piece = stroke[int(start * len(stroke)) : int((start + share) * len(stroke))]
    if len(piece) < 6:
        return None
    length = np.hypot(*np.diff(piece, axis=0).T).sum()
    return piece if np.hypot(*(piece[-1] - piece[0])) < 0.8 * length else None


def _roundness(stroke: NDArray[np.float64]) -> float:
    """How wide a stroke is, across its longest direction, as a share of its length: in [0, 1]."""
    long, wide = np.linalg.svd(stroke - stroke.mean(axis=0), compute_uv=False)
    return float(wide / max(long, 1e-9))


KINDS = (scribble, fragment, letter, shape, fragment, letter, side_by_side, scribble)

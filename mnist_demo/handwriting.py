"""Drawings of our own making: the ways people write each digit, deformed at random.

MNIST knows one country's hand of about 1990. Elsewhere a 7 has a bar, a 1 a long flag, a 4 is open,
a 0 is slashed.
"""

from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnist_demo.data import embedded_digits
from mnist_demo.mnist_format import BOX, MNIST_PEN, MNIST_PENS, SIZE, Digit
from mnist_demo.strokes import strokes_to_digit
from mnist_demo.templates import WAYS

NOTHING = -1  # the label of what is no digit

Strokes = list[NDArray[np.float64]]


def add_training_images(
    images: Tensor, labels: Tensor, embedded: int, drawings: int, nothings: int, seed: int
) -> tuple[Tensor, Tensor]:
    """Images, uint8 (N, 28, 28), and labels, int64 (N,), with others added.

    embedded: how many times the embedded digits are. drawings: how many digits, nothings: how many
    drawings that are none, labelled NOTHING.
    """
    parts = [(images, labels)]
    if embedded:
        others = embedded_digits()
        parts += [(others.train_images, others.train_labels)] * embedded
    if drawings:
        drawn, truth = draw_digits(drawings, seed)
        parts.append((torch.from_numpy(drawn), torch.from_numpy(truth)))
    if nothings:
        parts.append(
            (torch.from_numpy(draw_nothings(nothings, seed)), torch.full((nothings,), NOTHING))
        )
    return torch.cat([part for part, _ in parts]), torch.cat([truth for _, truth in parts])


def draw_digit(label: int, random: np.random.Generator) -> Digit:
    """One drawing of the digit `label`, as float32 (28, 28) in [0, 1]."""
    return _cut(write_digit(label, random), random)


def draw_digits(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """`count` drawings, the ten digits in turn: uint8 (count, 28, 28), ink = 255, and labels."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 10
    images = np.empty((count, SIZE, SIZE), dtype=np.uint8)
    for index, label in enumerate(labels):
        images[index] = _to_bytes(draw_digit(int(label), random))
    return images, labels


def draw_nothings(count: int, seed: int) -> NDArray[np.uint8]:
    """`count` scribbles and pieces of digits, in turn: uint8 (count, 28, 28), ink = 255."""
    random = np.random.default_rng(seed)
    images = np.empty((count, SIZE, SIZE), dtype=np.uint8)
    for index in range(count):
        strokes = scribble(random) if index % 2 else fragment(random)
        images[index] = _to_bytes(_cut(strokes, random))
    return images


def write_digit(label: int, random: np.random.Generator) -> Strokes:
    """The strokes of one digit, in a box of about 100: a template of it, deformed at random."""
    ways = WAYS[label]
    weights = np.array([weight for weight, _ in ways])
    _, texts = ways[random.choice(len(ways), p=weights / weights.sum())]
    sharp = random.random() < 0.6  # else the corners are rounded off
    strokes = []
    for number, text in enumerate(texts):
        control, corners = _parse(text)
        middle = control.mean(axis=0)
        control = control + random.normal(0, 3, control.shape)
        control = (control - middle) * random.normal(1, 0.06) + middle
        control += random.normal(0, 4 if number else 0, 2)  # a bar is now higher, now lower
        strokes.append(_smooth(np.repeat(control, 1 + corners, axis=0) if sharp else control))
    return _lean(_bend(strokes, random), random)


@cache
def _parse(text: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The points of a stroke, (n, 2), and which of them are corners, (n,)."""
    words = text.split()
    points = [word.rstrip("!").split(",") for word in words]
    return np.array(points, dtype=np.float64), np.array([word.endswith("!") for word in words])


def scribble(random: np.random.Generator) -> Strokes:
    """Strokes without a meaning: curves through points at random."""
    strokes = []
    for _ in range(random.integers(1, 4)):
        points = random.uniform(0, 100, (random.integers(3, 12), 2))
        if random.random() < 0.5:  # a wandering pen rather than a jumping one
            points = np.cumsum(random.normal(0, 25, points.shape), axis=0)
        strokes.append(_smooth(points))
    return strokes


def fragment(random: np.random.Generator) -> Strokes:
    """A piece of a digit's longest stroke."""
    while True:
        piece = cut_piece(max(write_digit(int(random.integers(10)), random), key=len), random)
        if piece is not None:
            return [piece]


def cut_piece(
    stroke: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64] | None:
    """A quarter to two fifths of a stroke; None where that is nearly straight: it may be a 1."""
    start, share = random.uniform(0, 0.6), random.uniform(0.25, 0.4)
    piece = stroke[int(start * len(stroke)) : int((start + share) * len(stroke))]
    if len(piece) < 6:
        return None
    way = np.hypot(*np.diff(piece, axis=0).T).sum()
    return piece if np.hypot(*(piece[-1] - piece[0])) < 0.8 * way else None


def _smooth(control: NDArray[np.float64], steps: int = 8) -> NDArray[np.float64]:
    """A Catmull-Rom curve through `control`; straight where a point is repeated."""
    padded = np.concatenate([control[:1], control, control[-1:]])
    p0, p1, p2, p3 = (padded[i : len(padded) - 3 + i, None] for i in range(4))
    at = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    curve = 0.5 * (
        2 * p1
        + (p2 - p0) * at
        + (2 * p0 - 5 * p1 + 4 * p2 - p3) * at**2
        + (3 * p1 - p0 - 3 * p2 + p3) * at**3
    )
    return np.concatenate([curve.reshape(-1, 2), control[-1:]])


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
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    change = turn @ np.array([[width, -slant], [0, 1]])
    return [(stroke - 50) @ change.T for stroke in strokes]


def _cut(strokes: Strokes, random: np.random.Generator) -> Digit:
    """Draw with a pen about as wide as one of MNIST's."""
    pen = float(np.clip(MNIST_PEN * np.exp(random.normal(0, 0.25)), *MNIST_PENS))
    points = np.concatenate(strokes)
    extent = float(np.ptp(points, axis=0).max())
    return strokes_to_digit(strokes, line_width=pen * extent / (BOX - pen))


def _to_bytes(digit: Digit) -> NDArray[np.uint8]:
    return (digit * 255).round().astype(np.uint8)

"""The digits of a number that a drawing or a picture may hold: segmentation before recognition.

A drawing is cut too often rather than too seldom; each run of neighbouring pieces is a digit that
may be. Which of them make up the number, a network tells (`mnist_demo.models.numbers`).
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from mnist_demo.digits.mnist_format import Digit, stroke_width
from mnist_demo.digits.pictures import NoDigitError, find_number, ink_to_digit
from mnist_demo.digits.strokes import MIN_EXTENT, check_strokes, strokes_to_digit

Box = tuple[float, float, float, float]  # x, y, width, height, in the source's unit

# A logistic regression on strokes of one digit and of neighbouring ones, by the writers with odd
# numbers in benchmarks/numbers.py: the logit of a cut grows by CUT_SLOPE with each height of a
# digit that the two are apart, and is 0 where they overlap by CUT_OVERLAP of it.
CUT_SLOPE, CUT_OVERLAP = 30.0, 0.05
CUT_MOST = 6.0  # one digit in 400 is written with a gap
TOUCHING = -1.0  # the most that the logit of a cut through what is connected can be
# Of 100 digits 5 are wider than high, and each seventh of the height more leaves a third of them.
WIDE, WIDE_SLOPE = 1.0, 7.0
# What has no piece as long as this share of the tallest digit is a mark beside one.
SMALL, SMALL_SLOPE = 0.4, 40.0
WORST = np.log(1e-3)  # how little a network's answer can count for a digit
RULED_OUT = 1.5 * WORST  # by place and size alone, whatever a network answers
MAX_PIECES = 32  # eight digits have some ten; more are the hatching of one drawing
MAX_JOINED = 8  # pieces of one digit
MAX_CUTS = 10  # through one connected shape
CUT_PENS = 2.2  # it is cut where that crosses no more ink than this, in widths of its pen
SEAM_ROWS = 60  # the ways to cut are looked for in so many rows
ASIDE = 0.1
NEAR = 0.12  # of its height, from one cut to the next
SLICE = 0.3  # the least ink of a slice: that of a stroke as long as this share of the height


@dataclass(frozen=True, eq=False)
class Group:
    """Neighbouring pieces that may be one digit: from `first` to `last`, both of them in it.

    prior: the logarithm of how likely that is by place and size alone, up to a constant.
    """

    first: int
    last: int
    box: Box
    digit: Digit
    prior: float


@dataclass(frozen=True, eq=False)
class Segmentation:
    """The groups of a drawing of `count` pieces, from left to right. cuts: the logarithm of how
    likely a cut is after each piece but the last; touching: whether it goes through ink."""

    count: int
    groups: list[Group]
    cuts: list[float]
    touching: list[bool]

    @property
    def digits(self) -> NDArray[np.float32]:
        """What may be a digit, (N, 28, 28), as `predict_probabilities` takes them."""
        return np.stack([group.digit for group in self.groups])


@dataclass(frozen=True, eq=False)
class _Parts:
    """edges: left, top, right, bottom of each, (n, 4), sorted by their middles. touching: whether
    each but the last is connected with the next. to_digit: of some of them; pen: what lies
    between the edges and the lines' middles, on both sides together."""

    edges: NDArray[np.float64]
    touching: list[bool]
    to_digit: Callable[[Sequence[int]], Digit]
    pen: float = 0.0
    unit: float = 1.0  # of the source, in one of the edges'


def segment(source: Sequence[ArrayLike] | ArrayLike | Image.Image) -> Segmentation:
    """Cut strokes, as `strokes_to_digit` takes them, or a picture, as `picture_to_digit` does.

    Raises ValueError as they do.
    """
    pieces = _picture_pieces(source) if is_picture(source) else _stroke_pieces(source)
    return _group(pieces)


def is_picture(source: object) -> bool:
    """Whether it is a picture, or an array of one, rather than strokes: those end in pairs."""
    if isinstance(source, np.ndarray):
        return source.dtype != object and not (source.ndim == 3 and source.shape[2] == 2)
    return isinstance(source, Image.Image)


def _stroke_pieces(source: object) -> _Parts:
    strokes = check_strokes(source)
    edges = np.array([[*path.min(axis=0), *path.max(axis=0)] for path in strokes])
    members = [[index] for index in range(len(strokes))]
    if len(strokes) > MAX_PIECES:
        edges, members = _union(edges)[None], [list(range(len(strokes)))]
    order = np.argsort(edges[:, 0] + edges[:, 2], kind="stable")

    def to_digit(of: Sequence[int]) -> Digit:
        kept = sorted(index for piece in of for index in members[order[piece]])
        return strokes_to_digit([strokes[index] for index in kept])

    return _Parts(edges[order], [False] * (len(edges) - 1), to_digit)


def _picture_pieces(source: Any) -> _Parts:
    """The connected components, each cut where two digits may touch."""
    from scipy import ndimage  # half a second: only where a picture is read

    ink = find_number(source)
    size = source.size if isinstance(source, Image.Image) else np.shape(source)[:2]
    components, _ = ndimage.label(ink > 0, structure=np.ones((3, 3)))
    pen = stroke_width(ndimage.distance_transform_edt(ink > 0.5))
    pieces = np.zeros_like(components)  # the number of its piece at each inked pixel
    owners: list[int] = []  # the component of each piece
    for component, place in enumerate(ndimage.find_objects(components), start=1):
        mask = components[place] == component
        slices = _cut_component(mask, pen)
        pieces[place][mask] = len(owners) + 1 + slices[mask]
        owners += [component] * (1 + int(slices[mask].max()))
    places = ndimage.find_objects(pieces)
    edges = np.array([[x.start, y.start, x.stop, y.stop] for y, x in places], dtype=np.float64)
    order = np.argsort(edges[:, 0] + edges[:, 2], kind="stable")

    def to_digit(of: Sequence[int]) -> Digit:
        return ink_to_digit(np.where(np.isin(pieces, order[list(of)] + 1), ink, np.float32(0)))

    touching = [owners[a] == owners[b] for a, b in itertools.pairwise(order)]
    return _Parts(edges[order], touching, to_digit, pen, max(size) / max(ink.shape))


def _cut_component(mask: NDArray[np.bool_], pen: float) -> NDArray[np.int64]:
    """The slice that each pixel of a connected shape is in, from 0 at the left, (H, W): cut along
    the ways from top to bottom that cross little ink, the cheapest first."""
    step = max(1, round(len(mask) / SEAM_ROWS))
    small = mask[::step, ::step]
    seams, costs = _seams(small)
    near = round(NEAR * len(small))
    costs[:near] = costs[max(near, len(costs) - near) :] = np.inf
    slices = np.zeros(small.shape, dtype=np.int64)
    taken: list[NDArray[np.int64]] = []
    while len(taken) < MAX_CUTS and costs.size and costs.min() <= CUT_PENS * pen / step:
        cheapest = np.flatnonzero(costs == costs.min())
        at = int(cheapest[len(cheapest) // 2])
        costs[max(0, at - near) : at + near + 1] = np.inf
        lines = np.sort(np.stack([*taken, seams[:, at]]), axis=0)  # (cuts, rows)
        cut = (np.arange(small.shape[1]) >= lines[:, :, None]).sum(axis=0)
        if (
            np.bincount(cut[small], minlength=len(lines) + 1).min()
            >= SLICE * len(small) * pen / step
        ):
            slices, taken = cut, list(lines)
    whole = slices.repeat(step, axis=0).repeat(step, axis=1)
    return whole[: mask.shape[0], : mask.shape[1]]


def _seams(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The cheapest way from top to bottom through each column of the middle row: its column in each
    row, (H, W), and what it costs, (W,): an inked pixel 1, a step aside ASIDE."""
    ink = mask.astype(np.float64)
    middle = len(ink) // 2
    above, cost_above = _descend(ink[: middle + 1])
    below, cost_below = _descend(ink[middle:][::-1])
    return np.concatenate([above, below[::-1][1:]]), cost_above + cost_below - ink[middle]


def _descend(ink: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """As `_seams`, of the ways down to each column of the last row."""
    columns = np.arange(ink.shape[1])
    costs, steps = ink[0], []
    for row in ink[1:]:
        beside = np.pad(costs, 1, constant_values=np.inf)
        ways = np.stack([beside[1:-1], beside[:-2] + ASIDE, beside[2:] + ASIDE])
        steps.append(columns + np.array([0, -1, 1])[ways.argmin(axis=0)])
        costs = ways.min(axis=0) + row
    seams = [columns]
    for step in reversed(steps):
        seams.append(step[seams[-1]])
    return np.stack(seams[::-1]), costs


def _group(pieces: _Parts) -> Segmentation:
    """All groups that are not ruled out by their place alone."""
    edges, joined = _join(pieces)
    touching = [pieces.touching[each[-1]] for each in joined[:-1]]
    sizes = edges[:, 2:] - edges[:, :2]
    height = max(float(sizes[:, 1].max()), MIN_EXTENT)
    logits = _cut_logits(edges, pieces.pen, touching, height)
    groups = []
    for first in range(len(edges)):
        for last in range(first, min(first + MAX_JOINED, len(edges))):
            box = _union(edges[first : last + 1])
            kept = float(np.logaddexp(0, logits[first:last]).sum())
            longest = float(sizes[first : last + 1].max())
            prior = _size_prior(box, longest, height) - kept
            if last > first and prior < RULED_OUT:
                break
            of = [piece for each in joined[first : last + 1] for piece in each]
            try:
                digit = pieces.to_digit(of)
            except NoDigitError:
                if first == last:  # there is no way round it
                    raise
                continue
            groups.append(Group(first, last, _to_box(box, pieces.unit), digit, prior))
    cuts = [float(-np.logaddexp(0, -each)) for each in logits]
    return Segmentation(len(edges), groups, cuts, touching)


def _join(pieces: _Parts) -> tuple[NDArray[np.float64], list[list[int]]]:
    """Join neighbours that overlap so much that no answer of a network could part them."""
    height = max(float((pieces.edges[:, 3] - pieces.edges[:, 1]).max()), MIN_EXTENT)
    logits = _cut_logits(pieces.edges, pieces.pen, pieces.touching, height)
    groups = [[0]]
    for index, logit in enumerate(logits, start=1):
        if logit < WORST:
            groups[-1].append(index)
        else:
            groups.append([index])
    return np.stack([_union(pieces.edges[each]) for each in groups]), groups


def _cut_logits(
    edges: NDArray[np.float64], pen: float, touching: list[bool], height: float
) -> NDArray[np.float64]:
    """Of a cut between all up to each piece and all after it, by the gap between them."""
    right = np.maximum.accumulate(edges[:, 2])[:-1]
    left = np.minimum.accumulate(edges[::-1, 0])[::-1][1:]
    gaps = (left - right + pen) / height
    logits = np.minimum(CUT_SLOPE * (gaps + CUT_OVERLAP), CUT_MOST)
    return np.where(np.array(touching, dtype=bool), np.minimum(logits, TOUCHING), logits)


def _size_prior(box: NDArray[np.float64], longest: float, height: float) -> float:
    """longest: the length of the longest piece in the box."""
    wide, high = box[2:] - box[:2]
    ratio = wide / max(float(high), height / 2)
    return float(
        -WIDE_SLOPE * max(0, ratio - WIDE) - SMALL_SLOPE * max(0, SMALL - longest / height)
    )


def _union(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([edges[:, :2].min(axis=0), edges[:, 2:].max(axis=0)])


def _to_box(edges: NDArray[np.float64], unit: float) -> Box:
    left, top, right, bottom = (float(each) * unit for each in edges)
    return left, top, right - left, bottom - top

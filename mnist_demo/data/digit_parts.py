"""Digits put together from parts that vary freely: bars, flags, loops, tails, hooks and gaps.

A template (stroke_templates.py) holds a way of writing at one place and in one size. Here each part
is drawn for itself: the bar of a 7 at any height and length, the tail of a 9 straight or curled,
the ends of a 0 apart or crossed. Points are x, y in a box of about 100 x 100, y down.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Strokes = list[Points]


def put_together(label: int, random: np.random.Generator) -> Strokes:
    """The strokes of one digit `label`, each as (n, 2) points close to each other."""
    return _DIGITS[label](random)


def smooth(control: Points, steps: int = 8) -> Points:
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


def _curve(*points: tuple[float, float]) -> Points:
    """A smooth curve; a point that comes twice in a row is a corner."""
    return smooth(np.array(points, dtype=np.float64))


def _arc(
    centre: tuple[float, float],
    radii: tuple[float, float],
    start: float,
    sweep: float,
    drift: float = 0.0,
) -> Points:
    """A piece of an ellipse from `start`, degrees clockwise from the right, on by `sweep`; its
    radii grow by the share `drift` meanwhile."""
    count = max(6, int(abs(sweep) / 12))
    angle = np.radians(start + np.linspace(0, sweep, count))
    grown = 1 + drift * np.linspace(0, 1, count)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1) * grown[:, None]
    return circle * radii + centre


def _zero(random: np.random.Generator) -> Strokes:
    uniform = random.uniform
    turn = -1 if random.random() < 0.8 else 1
    sweep = turn * (360 + random.choice([uniform(-50, 0), uniform(0, 25), uniform(10, 80)]))
    radii = (uniform(26, 54), 50.0)
    oval = _arc((50, 50), radii, uniform(-150, 0), sweep, uniform(-0.18, 0.12))
    if random.random() < 0.12:  # the pen ends inside
        inside = oval[-1] + (np.array([50, 50]) - oval[-1]) * uniform(0.3, 0.8)
        oval = np.concatenate([oval, smooth(np.stack([oval[-1], inside + random.normal(0, 6, 2)]))])
    if random.random() > 0.35:
        return [oval]
    angle = np.radians(random.choice([uniform(-65, -25), uniform(-90, 90)], p=[0.6, 0.4]))
    reach = uniform(0.55, 1.35) * np.hypot(radii[0] * np.cos(angle), 50 * np.sin(angle))
    half = np.array([np.cos(angle), np.sin(angle)]) * reach
    middle = random.normal(50, 6, 2)
    return [oval, _curve(tuple(middle - half), tuple(middle + half))]


def _one(random: np.random.Generator) -> Strokes:
    uniform = random.uniform
    top, foot = (50.0, 0.0), (50 + random.normal(0, 5), 100.0)
    belly = ((top[0] + foot[0]) / 2 + random.normal(0, 3), 50.0)
    stem = [top, belly, foot]
    if random.random() < 0.65:
        length, angle = uniform(6, 92), np.radians(uniform(32, 68))
        tip = (50 - length * np.cos(angle) * 1.1, length * np.sin(angle))
        bow = ((tip[0] + 50) / 2 + random.normal(0, 3), tip[1] / 2 + random.normal(0, 3))
        corner = [top] if random.random() < 0.75 else []
        stem = [tip, bow, top, *corner, belly, foot]
    strokes = [_curve(*stem)]
    if random.random() < 0.25:
        left, right = foot[0] - uniform(12, 42), foot[0] + uniform(12, 42)
        tilt = random.normal(0, 3)
        strokes.append(_curve((left, 100 + tilt), (right, 100 - tilt)))
    return strokes


def _two(random: np.random.Generator) -> Strokes:
    uniform = random.uniform
    start = (uniform(-2, 30), uniform(6, 42))
    right = (uniform(70, 98), uniform(14, 40))
    heel = (uniform(-2, 22), uniform(88, 100))
    end = (uniform(72, 112), uniform(84, 104))
    top = [start, ((start[0] + right[0]) / 2 + uniform(-12, 8), uniform(-4, 8)), right]
    if random.random() < 0.12:  # like a Z
        top = [(start[0], uniform(0, 10)), right := (uniform(75, 98), uniform(0, 10)), right]
    down = ((right[0] + heel[0]) / 2 + uniform(-6, 14), uniform(52, 74))
    kind = random.random()
    if kind < 0.45:
        base = [heel, heel, ((heel[0] + end[0]) / 2, heel[1] + uniform(-8, 6)), end]
    elif kind < 0.75:  # with a loop
        size = uniform(5, 22)
        base = [
            (heel[0] + size * 0.5, 100.0), (heel[0] - size * 0.3, 98 - size * 0.4),
            (heel[0] + size * 0.5, 98 - size * 0.9), ((heel[0] + end[0]) / 2, uniform(90, 100)),
            end,
        ]  # fmt: skip
    else:  # a wave
        base = [heel, (heel[0] + uniform(15, 30), uniform(84, 92)), (uniform(50, 70), 100.0), end]
    return [_curve(*top, down, *base)]


def _three(random: np.random.Generator) -> Strokes:
    uniform = random.uniform
    waist, middle = uniform(38, 54), uniform(20, 58)
    if random.random() < 0.3:  # flat at the top
        corner = (uniform(70, 95), uniform(-2, 8))
        top = [(uniform(0, 20), uniform(0, 10)), corner, corner]
    else:
        top = [
            (uniform(0, 22), uniform(5, 26)), (uniform(38, 55), uniform(-3, 4)),
            (uniform(68, 92), uniform(10, 26)),
        ]  # fmt: skip
    kind = random.random()
    if kind < 0.5:
        join = [(middle, waist), (middle, waist)]
    elif kind < 0.75:  # round
        join = [(middle, waist)]
    else:  # with a loop
        size = uniform(4, 16)
        join = [(middle, waist - size / 2), (middle - size, waist), (middle, waist + size / 2)]
    bowl = [
        (uniform(72, 96), uniform(60, 80)), (uniform(38, 56), 100.0),
        (uniform(-6, 24), uniform(70, 98)),
    ]  # fmt: skip
    return [_curve(*top, *join, *bowl)]


def _four(random: np.random.Generator) -> Strokes:
    uniform = random.uniform
    stem = uniform(52, 84)
    heel, end = (uniform(-2, 20), uniform(44, 72)), (stem + uniform(6, 40), 0.0)
    end = (end[0], heel[1] + random.normal(-2, 6))
    foot = (stem + random.normal(-4, 7), 100.0)
    kind = random.random()
    if kind < 0.55:  # open: the arm anywhere from upright to nearly at the stem
        tip = (uniform(4, stem - 4), uniform(-6, 14))
        corner = [heel, heel] if random.random() < 0.7 else [heel]
        stem_top = (stem + random.normal(2, 4), uniform(-8, min(46, heel[1] - 8)))
        return [_curve(tip, *corner, end), _curve(stem_top, foot)]
    if kind < 0.75:  # closed, in one stroke or two
        top = (stem + random.normal(0, 3), 0.0)
        below = (top[0] + random.normal(0, 4), uniform(-2, 12))
        if random.random() < 0.5:
            return [_curve(top, heel, heel, end), _curve(below, foot)]
        return [_curve(foot, top, top, heel, heel, end)]
    # in one stroke, like a y
    tip, right = (uniform(4, 48), uniform(-4, 12)), (uniform(70, 94), uniform(-6, 30))
    bow = (uniform(24, 46), heel[1] + uniform(-2, 6))
    loop = [(right[0] + uniform(-12, 2), right[1] - uniform(0, 8))] if random.random() < 0.4 else []
    back = [right] if random.random() < 0.6 and not loop else []
    cross = (right[0] - uniform(4, 18), heel[1] - uniform(2, 14))
    return [_curve(tip, heel, bow, cross, right, *loop, *back, foot)]


def _five(random: np.random.Generator) -> Strokes:
    uniform = random.uniform
    neck = (uniform(16, 44), uniform(-2, 10))
    heel = (neck[0] - uniform(-2, 14), uniform(34, 54))
    belly = [
        ((heel[0] + 60) / 2, heel[1] - uniform(0, 10)), (uniform(68, 96), uniform(58, 78)),
        (uniform(36, 56), 100.0), (uniform(-6, 22), uniform(74, 98)),
    ]  # fmt: skip
    corner = [heel] if random.random() < 0.6 else []
    tip = (neck[0] + uniform(14, 80), neck[1] + random.normal(-3, 6))
    if random.random() < 0.5:  # in one stroke, the hat first
        neck_corner = [neck] if random.random() < 0.75 else []
        return [_curve(tip, neck, *neck_corner, heel, *corner, *belly)]
    hat = (neck[0] + random.normal(1, 6), neck[1] + random.normal(0, 5))
    return [_curve(neck, heel, *corner, *belly), _curve(hat, tip)]


def _six(random: np.random.Generator) -> Strokes:
    uniform = random.uniform
    size, wide = uniform(18, 32), uniform(24, 44)  # of the loop, half its height and width
    left = uniform(4, 18)
    centre = (left + wide, 100 - size)
    top = (uniform(28, 96), 0.0)
    hook = [(top[0] + uniform(4, 16), uniform(4, 16))] if random.random() < 0.2 else []
    bow = ((top[0] + left) / 2 - uniform(0, 12), uniform(18, 36))
    sweep = -uniform(270, 400)
    loop = _arc(centre, (wide, size), 180, sweep, uniform(-0.25, 0.05))
    return [_curve(*hook, top, bow, (left, centre[1] - size * 0.6), *map(tuple, loop[::2]))]


def _seven(random: np.random.Generator) -> Strokes:
    uniform = random.uniform
    corner = (uniform(80, 108), uniform(-4, 8))
    left = (uniform(-6, 12), corner[1] + uniform(-6, 12))
    foot = (uniform(0, 62), 100.0)
    wave = ((left[0] + corner[0]) / 2, (left[1] + corner[1]) / 2 + random.normal(0, 5))
    start = [left]
    kind = random.random()
    if kind < 0.25:  # a serif
        tick = (left[0] + random.normal(-3, 4), left[1] + uniform(6, 30))
        start = [tick, left, left] if random.random() < 0.6 else [tick, left]
    elif kind < 0.4:  # a curl
        start = [
            (left[0] + uniform(2, 14), left[1] + uniform(4, 16)),
            (left[0] - uniform(0, 6), left[1] + uniform(4, 14)), left,
        ]  # fmt: skip
    sharp = [corner] if random.random() < 0.7 else []
    bend = random.normal(0, 7)
    knee = ((corner[0] + foot[0]) / 2 + bend, uniform(40, 62))
    flick = [(foot[0] + uniform(4, 18), uniform(92, 100))] if random.random() < 0.1 else []
    strokes = [_curve(*start, wave, corner, *sharp, knee, foot, *flick)]
    if random.random() < 0.5:
        height, length, tilt = uniform(32, 94), uniform(14, 84), random.normal(-3, 5)
        stem = np.interp(height, [corner[1], knee[1], 100], [corner[0], knee[0], foot[0]])
        middle = float(stem) + random.normal(0, 0.14) * length
        strokes.append(
            _curve((middle - length / 2, height - tilt), (middle + length / 2, height + tilt))
        )
    return strokes


def _eight(random: np.random.Generator) -> Strokes:
    uniform = random.uniform
    crossing = uniform(0.36, 0.56)
    upper, lower = uniform(22, 44), uniform(28, 50)
    if random.random() < 0.15:  # two loops, one on the other
        middle, apart = 100 * crossing, uniform(-4, 4)
        first = _arc((50, middle / 2), (upper, middle / 2), uniform(-150, 150), -uniform(330, 400))
        half = (100 - middle) / 2
        second = _arc(
            (50 + random.normal(0, 5), middle + half + apart),
            (lower, half),
            uniform(-150, -30),
            random.choice([-1, 1]) * uniform(330, 400),
        )
        return [first, second]
    sweep = 2 * np.pi + uniform(-0.45, 0.4)
    at = uniform(-1.1, 1.1) + np.linspace(0, sweep, 48)
    if random.random() < 0.2:
        at += np.pi / 2
    height = (1 - np.cos(at)) / 2
    y = 100 * height ** (np.log(crossing) / np.log(0.5))
    width = np.where(y < 100 * crossing, upper, lower)
    turn = random.choice([-1, 1], p=[0.75, 0.25])
    return [np.stack([50 + turn * width * np.sin(2 * at), y], axis=1)]


def _nine(random: np.random.Generator) -> Strokes:
    uniform = random.uniform
    wide, size = uniform(24, 42), uniform(16, 29)
    centre = (uniform(36, 50), size + uniform(-2, 4))
    right = centre[0] + wide
    if random.random() < 0.22:  # loop and stem apart
        loop = _arc(centre, (wide, size), uniform(-60, 10), -uniform(320, 390))
        stem = [
            (right + random.normal(0, 4), uniform(-10, 14)),
            (right + random.normal(-2, 5), 50.0),
        ]
        return [loop, _curve(*stem, *_tail(right, random))]
    start = uniform(-75, 0)
    loop = _arc(centre, (wide, size), start, -(uniform(285, 350) + start), uniform(-0.08, 0.1))
    up = (right + uniform(-4, 6), centre[1] - uniform(2, size))
    corner = [up] if random.random() < 0.5 else []
    return [_curve(*map(tuple, loop[::2]), up, *corner, *_tail(right, random))]


def _tail(right: float, random: np.random.Generator) -> list[tuple[float, float]]:
    uniform = random.uniform
    kind = random.random()
    if kind < 0.4:
        foot = (right - uniform(-6, 42), 100.0)
        return [((right + foot[0]) / 2 + random.normal(2, 4), 60.0), foot]
    bottom = right - uniform(16, 50)
    tail = [
        (right + random.normal(-2, 5), uniform(54, 72)),
        (bottom, 100.0),
        (bottom - uniform(14, 46), uniform(78, 98)),
    ]
    if kind > 0.94:  # curled in
        tail.append((tail[-1][0] + uniform(4, 14), tail[-1][1] - uniform(6, 14)))
    return tail


_DIGITS: dict[int, Callable[[np.random.Generator], Strokes]] = {
    0: _zero, 1: _one, 2: _two, 3: _three, 4: _four,
    5: _five, 6: _six, 7: _seven, 8: _eight, 9: _nine,
}  # fmt: skip


def write_by_hand(strokes: Strokes, random: np.random.Generator, *, hasty: float = 0.4) -> Strokes:
    """What a hand makes of strokes: places and sizes waver, a hasty pen cuts corners and does not
    lift, a shaky one trembles, ends run over, stop short or hook. hasty: how often it is that."""
    powers = np.exp(random.normal(0, 0.14, 2))
    strokes = [_warp(stroke, powers) for stroke in strokes]
    if len(strokes) > 1 and random.random() < hasty / 4:
        strokes = [np.concatenate(strokes)]  # the pen is not lifted
    haste = random.choice([1, 1, 2]) if random.random() < hasty else 0
    shake = max(0.0, random.normal(0, 0.9))
    return [_shake(_finish(_hurry(stroke, haste), random), shake, random) for stroke in strokes]


def _warp(stroke: Points, powers: Points) -> Points:
    unit = stroke / 100
    return np.sign(unit) * np.abs(unit) ** powers * 100


def _hurry(stroke: Points, haste: int) -> Points:
    for _ in range(2 * haste):
        if len(stroke) > 8:
            inner = (stroke[:-2] + 2 * stroke[1:-1] + stroke[2:]) / 4
            stroke = np.concatenate([stroke[:1], inner, stroke[-1:]])
    return stroke


def _finish(stroke: Points, random: np.random.Generator) -> Points:
    for _ in range(2):  # one end, then the other
        stroke = stroke[::-1]
        kind = random.random()
        if len(stroke) < 8 or kind > 0.4:
            continue
        if kind < 0.12:
            stroke = stroke[: len(stroke) - int(random.uniform(0, 0.08) * len(stroke))]
            continue
        along = stroke[-1] - stroke[-4]
        along = along / max(np.hypot(*along), 1e-6) * random.uniform(2, 12)
        if kind < 0.2:  # a hook
            across = random.choice([-1, 1]) * np.array([-along[1], along[0]])
            along = across * 0.8 - along * 0.3
        stroke = np.concatenate([stroke, stroke[-1:] + along])
    return stroke


def _shake(stroke: Points, strength: float, random: np.random.Generator) -> Points:
    knots = max(3, len(stroke) // 4)
    noise = random.normal(0, strength, (knots, 2))
    at = np.linspace(0, knots - 1, len(stroke))
    return stroke + np.stack([np.interp(at, np.arange(knots), noise[:, i]) for i in (0, 1)], axis=1)

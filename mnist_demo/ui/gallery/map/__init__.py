"""The map: all test digits as points, placed by what a network makes of them."""

import base64
import binascii
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from mnist_demo.models.maps import Map, count_mixing
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.i18n.translate import Translations, join, translate

MOST_PICTURES = 64  # of digits that a page may ask for at a time: those around its pointer
MOST_KNOWN = 50  # maps that a page may say that it has
SHEET_COLUMNS = 8
PAIRS_TOLD = 3
WORDS = (
    *("help", "label", "keys", "which", "tools", "lasso", "lasso_title", "in_view"),
    *("in_view_title", "in", "out", "whole", "ring", "point_right", "point_wrong", "nothing_here"),
    *("place", "chosen", "open", "touch", "zoom", "beside", "beside_title"),
    *("pad", "pad_help", "clear"),
)


def map_panel() -> gr.HTML:
    """Folded. It fires `ask` when it opens and when other models are chosen, with {"known": [keys]}
    as its value, which then is what `describe_maps` returns.

    And, as far as a browser can be trusted: `look` with {"wanted": [indices]}, answered by what
    `picture_digits` returns; `pick` with {"open": index}; `pick_region` with what `read_region`
    reads; `place` with {"drawing": a drawing, or None for that on the pad}, to have it on the map:
    see `describe_placed`.
    """
    return panel(
        __file__,
        *("map_view", "map_painter", "map_overlays", "map_gestures", "map_pictures", "map_region"),
        *("map_placing", "small_pad", "map_stage"),
        follows=False,
        value={},
        words={word: translate(f"map_{word}") for word in WORDS},
    )


def describe_maps(
    maps: Sequence[dict[str, Any]], labels: NDArray[np.int64], line: Translations | str
) -> dict[str, Any]:
    """maps: each what `describe_map` returns. line: what is still to come, if anything."""
    return {"maps": list(maps), "labels": _encode(labels.astype(np.uint8)), "line": line}


def describe_map(
    identity: str,
    name: Translations | str,
    drawn: Map,
    labels: NDArray[np.int64],
    answers: NDArray[np.int64],
    *,
    how: Translations | None,
    rough: bool,
    known: Sequence[str],
) -> dict[str, Any]:
    """One map. identity: which of those on the page it is. answers: of the model whose mistakes are
    marked, (N,). how: by what else than a hidden layer it is made. rough: it is one by principal
    components, until the map is there.

    Its points are left out where the page has them already, by one of the keys `known`.
    """
    key = key_of(drawn)
    told = [] if how is None else [how]
    told += [translate("map_rough", name=name)] if rough else []
    return {
        "id": identity,
        "key": key,
        "name": name,
        "points": None if key in known else _encode(drawn.astype("<u2")),
        "answers": _encode(answers.astype(np.uint8)),
        "rough": rough,
        "seen": join(" ", [*told, *_describe_seen(name, drawn, labels, answers)]),
    }


def key_of(drawn: Map) -> str:
    """By which the page and the server call the points of a map."""
    return f"{zlib.crc32(drawn.tobytes()):08x}"


def _encode(values: NDArray[Any]) -> str:
    return base64.b64encode(values.tobytes()).decode()


def _describe_seen(
    name: Translations | str,
    drawn: Map,
    labels: NDArray[np.int64],
    answers: NDArray[np.int64],
) -> list[Translations]:
    """What one sees of a map, for those who do not."""
    mixing = np.array(_count_mixing(drawn.tobytes(), labels.tobytes()))
    own = mixing.diagonal() / np.maximum(mixing.sum(axis=1), 1)
    there = np.flatnonzero(mixing.sum(axis=1))
    if len(there) == 0:
        return [translate("map_too_few")]
    best, worst = there[own[there].argmax()], there[own[there].argmin()]
    told = translate(
        "map_seen",
        name=name,
        share=mixing.trace() / mixing.sum(),
        best=int(best),
        best_share=own[best],
        worst=int(worst),
        worst_share=own[worst],
    )
    wrong = int((answers != labels).sum())
    rings = translate("map_rings", count=wrong) if wrong else translate("map_no_rings")
    return [told, *_describe_pairs(mixing), rings]


def _describe_pairs(mixing: NDArray[np.int64]) -> list[Translations]:
    """The labels that lie among each other most."""
    both = np.triu(mixing + mixing.T, 1)
    order = np.argsort(-both, axis=None, kind="stable")[:PAIRS_TOLD]
    pairs = [np.unravel_index(at, both.shape) for at in order if both.flat[at] > 0]
    if not pairs:
        return []
    named = ", ".join(f"{one}\N{NO-BREAK SPACE}&\N{NO-BREAK SPACE}{other}" for one, other in pairs)
    return [translate("map_pairs", pairs=named)]


@lru_cache(maxsize=64)
def _count_mixing(drawn: bytes, labels: bytes) -> tuple[tuple[int, ...], ...]:
    points = np.frombuffer(drawn, dtype=np.uint16).reshape(-1, 2)
    counts = count_mixing(points, np.frombuffer(labels, dtype=np.int64))
    return tuple(tuple(row) for row in counts.tolist())


def picture_digits(images: NDArray[np.uint8], asked: Any) -> dict[str, Any]:
    """The pictures of the test digits that a page asks for, of `images` (N, 28, 28), on one sheet
    of SHEET_COLUMNS; none where it does not ask for digits that there are."""
    wanted = asked.get("wanted") if isinstance(asked, dict) else None
    if not isinstance(wanted, list) or not 0 < len(wanted) <= MOST_PICTURES:
        return {"digits": [], "sheet": ""}
    if not all(type(index) is int and 0 <= index < len(images) for index in wanted):
        return {"digits": [], "sheet": ""}
    _, height, width = images.shape
    sheet = np.zeros((-(-len(wanted) // SHEET_COLUMNS), SHEET_COLUMNS, height, width), np.uint8)
    sheet.reshape(-1, height, width)[: len(wanted)] = images[wanted]
    whole = sheet.swapaxes(1, 2).reshape(-1, SHEET_COLUMNS * width)
    return {"digits": wanted, "sheet": png_data_uri(whole)}


def read_known(asked: Any) -> list[str]:
    """The keys of the maps that a page has, as a browser sent them, which may send anything."""
    known = asked.get("known") if isinstance(asked, dict) else None
    if not isinstance(known, list):
        return []
    return [key for key in known[:MOST_KNOWN] if isinstance(key, str)]


def read_region(asked: Any, count: int) -> frozenset[int] | None:
    """The indices of the test digits that were chosen on the map, of `count`, as a browser sent
    them: {"region": a bit for each digit, in base64, the first digit's the lowest of its byte}, or
    null: None, as nothing is chosen any more.

    Raises ValueError where it is anything else: a browser can send anything.
    """
    text = asked.get("region", "") if isinstance(asked, dict) else ""
    if text is None:
        return None
    length = -(-count // 8)
    try:
        if not isinstance(text, str) or len(text) > 2 * length + 4:
            raise ValueError("no text, or too long")
        content = base64.b64decode(text, validate=True)
        if len(content) != length:
            raise ValueError("another length")
    except (ValueError, binascii.Error):
        raise ValueError(f"a region of the map is {length} bytes in base64") from None
    bits = np.unpackbits(np.frombuffer(content, dtype=np.uint8), bitorder="little")[:count]
    return frozenset(np.flatnonzero(bits).tolist())


def describe_placed(
    positions: dict[str, NDArray[np.uint16]], labels: Sequence[int], digit: NDArray[np.float32]
) -> dict[str, Any]:
    """Where a drawing, which was made to `digit`, belongs. positions: by the key of each map.
    labels: of the digits that the chosen model finds most like it."""
    counts = np.bincount(labels, minlength=10)
    order = [int(label) for label in np.argsort(-counts, kind="stable") if counts[label]]
    named = [translate("map_counted", label=label, count=int(counts[label])) for label in order]
    return {
        "placed": {key: position.tolist() for key, position in positions.items()},
        "picture": png_data_uri(digit),
        "among": translate("map_among", labels=join(", ", named)),
        "done": True,
    }


NOT_PLACED: dict[str, Any] = {"placed": {}, "picture": "", "among": "", "done": True}

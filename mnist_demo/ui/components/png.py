"""Digits as pictures for the page."""

import base64
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Blue and orange are told apart by people who cannot tell red from green.
_FOR, _AGAINST = np.array([37, 99, 235]), np.array([234, 88, 12])


def png_data_uri(image: NDArray[np.float32] | NDArray[np.uint8]) -> str:
    """A PNG of (H, W) grey levels or (H, W, 3) colours, floats in [0, 1] or bytes."""
    levels = image if image.dtype == np.uint8 else (image * 255).round()
    return "data:image/png;base64," + base64.b64encode(_png(levels.astype(np.uint8))).decode()


def _png(image: NDArray[np.uint8]) -> bytes:
    """As its specification has it. Pillow takes ten times as long, and a page has 60 digits."""
    height, width = image.shape[:2]
    rows = np.zeros((height, 1 + image[0].size), dtype=np.uint8)  # each begins with its filter: 0
    rows[:, 1:] = image.reshape(height, -1)
    colour_type = 0 if image.ndim == 2 else 2
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    )


def signed_data_uri(values: NDArray[Any], under: NDArray[Any] | None = None) -> str:
    """A PNG of (H, W) numbers: blue above 0, orange below, white at 0.

    The largest are in full colour, one in twenty of those that count, and small ones can be seen
    beside them. under: a digit in [0, 1], shown in grey where nothing counts.
    """
    sizes = np.abs(values)
    counting = sizes[sizes > sizes.max() / 100]
    full = max(float(np.quantile(counting, 0.95)) if counting.size else 0.0, 1e-9)
    strength = np.minimum(sizes / full, 1) ** 0.5
    colour = np.where((values > 0)[..., None], _FOR, _AGAINST)
    ground = 255 - 60 * (under if under is not None else np.zeros_like(values))
    picture = ground[..., None] * (1 - strength[..., None]) + colour * strength[..., None]
    return png_data_uri(picture.round().astype(np.uint8))


def contact_sheet(
    maps: NDArray[Any], columns: int, brightest: float | None = None
) -> NDArray[np.uint8]:
    """Pictures (N, H, W), 0 and more, on one sheet, lines between; the brightest, or a number of
    `brightest`, is 255, and dim ones can be seen beside it."""
    full = max(float(maps.max()) if brightest is None else brightest, 1e-9)
    bright = (np.minimum(maps / full, 1) ** 0.6 * 255).round().astype(np.uint8)
    return put_on_sheet(bright, columns, 70)


def put_on_sheet(pictures: NDArray[Any], columns: int, line: float) -> NDArray[Any]:
    """Pictures (N, H, W) row by row, with lines of that number between, one pixel wide."""
    count, height, width = pictures.shape
    rows = -(-count // columns)
    shape = (rows * (height + 1) - 1, columns * (width + 1) - 1)
    sheet = np.full(shape, line, dtype=pictures.dtype)
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        top, left = row * (height + 1), column * (width + 1)
        sheet[top : top + height, left : left + width] = picture
    return sheet

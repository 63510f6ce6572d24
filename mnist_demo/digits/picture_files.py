"""Any picture, of any mode and size, as pixels: upright, on a ground, and small."""

import struct

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

MAX_PIXELS = 64_000_000
LARGE = 2_000_000  # pixels
WORKING_SIDE = 400  # a picture is looked at in this many pixels: digits stay sharp, noise shrinks
LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)

Pixels = NDArray[np.float32]  # (H, W, 3), or (H, W, 1) of grey, in [0, 1]

_DAMAGE = (OSError, SyntaxError, EOFError, struct.error)  # what Pillow makes of a damaged file
_ORIENTATION = 0x0112
_TO_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def name_format(start: bytes) -> str | None:
    """What a file is that cameras and scanners write and that is not read here, "HEIC" or "PDF", by
    its first 16 bytes or more, whatever it is called; None of any other."""
    if start[4:8] == b"ftyp" and start[8:12] in _HEIC:
        return "HEIC"
    return "PDF" if start.startswith(b"%PDF-") else None


def load_pixels(image: Image.Image | ArrayLike) -> Pixels:
    """The pixels of a picture, in [0, 1], its longer side at most WORKING_SIDE.

    image: as for `picture_to_digit`. It is left as it is.

    Raises ValueError where it cannot be read or is larger than MAX_PIXELS.
    """
    picture = _to_picture(image)
    _check_size(picture)
    picture = _load(picture)
    orientation = _orientation_of(picture)
    shrink = max(1.0, max(picture.size) / WORKING_SIDE)
    if picture.mode.startswith(("I", "F")):  # 16 bits a pixel and the like
        picture = _to_bytes(picture)  # one transparent level more or less says nothing of the ink
    elif picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "RGB"):
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    if shrink > 1:
        size = (max(1, round(picture.width / shrink)), max(1, round(picture.height / shrink)))
        # Of a very large one first by a whole number, which is fast.
        picture = picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    if orientation is not None and orientation in _TO_UPRIGHT:
        picture = picture.transpose(_TO_UPRIGHT[orientation])
    pixels = np.asarray(picture, dtype=np.float32) / np.float32(255)
    if picture.mode == "RGBA":
        return _flatten(pixels)
    return pixels[..., None] if pixels.ndim == 2 else pixels


def _to_picture(image: Image.Image | ArrayLike) -> Image.Image:
    if isinstance(image, Image.Image):
        return image
    array = np.asarray(image)
    if array.dtype.kind == "f":
        if not ((array >= 0) & (array <= 1)).all():
            raise ValueError("a picture of floats must lie in [0, 1]; divide it by its maximum")
        array = (array * 255).round().astype(np.uint8)
    if array.dtype != np.uint8 or not (
        array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))
    ):
        raise ValueError(
            "a picture must be uint8 or float of shape (H, W), (H, W, 3) or (H, W, 4), "
            f"not {array.dtype} {array.shape}"
        )
    return Image.fromarray(array)


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise ValueError(
            f"the picture has {picture.width} x {picture.height} pixels; at most "
            f"{MAX_PIXELS // 1_000_000} megapixels are read: make it smaller"
        )
    if min(picture.size) < 2:
        raise ValueError(f"the picture has only {picture.width} x {picture.height} pixels")


def _orientation_of(picture: Image.Image) -> int | None:
    """How the camera was held, by EXIF; None where it does not say, or is garbage.

    Pillow's own reading fails, warns, or writes EXIF anew for many an odd value elsewhere in it.
    """
    tiff = picture.info.get("exif") or b""
    tiff = tiff.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if tag == _ORIENTATION:
                return int(value)
    except struct.error:  # it ends before
        pass
    return None


def _load(picture: Image.Image) -> Image.Image:
    try:
        file = getattr(picture, "fp", None)
        is_large = picture.width * picture.height > LARGE
        unread = getattr(picture, "tile", None)
        if is_large and file is not None and unread and picture.format in ("JPEG", "MPO"):
            # Decoded at an eighth of its size, a phone's photo takes a quarter of the time. A twin:
            # the caller's keeps its size.
            twin = Image.open(file, formats=("JPEG",))
            twin.draft(None, (WORKING_SIDE, WORKING_SIDE))
            twin.load()
            return twin
        picture.load()
    except _DAMAGE as error:
        raise ValueError(f"the picture cannot be read: {error}") from None
    return picture


def _to_bytes(picture: Image.Image) -> Image.Image:
    """Grey levels of any range as bytes, from the darkest to the lightest."""
    levels = np.asarray(picture, dtype=np.float32)
    if not np.isfinite(levels).all():
        raise ValueError("the picture has pixels that are not finite numbers")
    span = float(np.ptp(levels))
    return Image.fromarray(((levels - levels.min()) / (span or 1) * 255).astype(np.uint8))


def _flatten(rgba: NDArray[np.float32]) -> Pixels:
    """Lay a transparent drawing on a ground that its ink stands out from."""
    alpha = rgba[..., 3:]
    grey = rgba[..., :3] @ LUMINANCE
    mean = float((grey * alpha[..., 0]).sum() / max(float(alpha.sum()), 1e-6))
    ground = np.float32(1 if mean < 0.5 else 0)
    return rgba[..., :3] * alpha + ground * (1 - alpha)

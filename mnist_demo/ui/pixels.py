"""Digits as pictures for the page."""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def png_data_uri(image: NDArray[np.float32] | NDArray[np.uint8]) -> str:
    """A greyscale PNG, white ink on black, of (H, W) floats in [0, 1] or bytes."""
    if image.dtype != np.uint8:
        image = (image * 255).round().astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mnist_demo.ui.components.png import png_data_uri

BYTES = np.arange(0, 252, dtype=np.uint8).reshape(14, 18)


@pytest.mark.parametrize("image", [BYTES, BYTES / np.float32(255)], ids=["bytes", "floats"])
def test_a_picture_survives_the_way(image: Any) -> None:
    kind, _, content = png_data_uri(image).partition(",")
    assert kind == "data:image/png;base64"
    picture = Image.open(io.BytesIO(base64.b64decode(content)))
    picture.load()  # checks the sums, too
    assert picture.mode == "L"
    assert np.array_equal(np.asarray(picture), BYTES)


def test_so_does_a_coloured_one() -> None:
    colours = np.random.default_rng(0).integers(0, 256, (9, 5, 3), dtype=np.uint8)
    content = png_data_uri(colours).partition(",")[2]
    picture = Image.open(io.BytesIO(base64.b64decode(content)))
    assert picture.mode == "RGB"
    assert np.array_equal(np.asarray(picture), colours)

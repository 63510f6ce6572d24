from typing import Any

import numpy as np
import pytest

from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.test_set import read_index, take_digit


@pytest.mark.parametrize(("value", "index"), [(0, 0), (999, 999), (3.0, 3)])
def test_an_index_is_read(value: Any, index: int, store: ModelStore) -> None:
    assert read_index(store.dataset(), value) == index


def test_what_is_no_index_is_refused_with_what_is_valid(
    store: ModelStore, subtests: pytest.Subtests
) -> None:
    values: list[Any] = [1e300, float("nan"), float("inf"), "3", True, [3], {}]
    told = {repr(value): value for value in values}
    told |= {"-1": -1, "1,000": 1000, "1.5": 1.5, "0.000001": 1e-06, "-2": -2.0}
    for text, value in told.items():
        with subtests.test(value=value):
            with pytest.raises(ValueError, match="choose a whole number from 0 to 999") as caught:
                read_index(store.dataset(), value)
            assert f"no test digit {text};" in str(caught.value)


def test_an_empty_field_asks_for_a_number(store: ModelStore) -> None:
    with pytest.raises(ValueError, match=r"Type the number of a test digit: .* from 0 to 999"):
        read_index(store.dataset(), None)


def test_a_digit_comes_as_the_models_want_it(store: ModelStore) -> None:
    digit, label = take_digit(store.dataset(), 5)
    assert digit.dtype == np.float32
    np.testing.assert_array_equal(digit * 255, store.dataset().test_images[5].numpy())
    assert label == store.dataset().test_labels[5]

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from mnist_demo import RECIPES, Dataset
from mnist_demo.data.non_digits import NON_DIGIT, draw_non_digits
from mnist_demo.data.synthetic_digits import draw_digits
from mnist_demo.data.uci_digits import COUNT, uci_digits
from mnist_demo.training.training_set import (
    add_extra_digits,
    add_training_images,
    choose_training_images,
    count_training_images,
    make_training_set,
    mislabel,
    unused_images,
)


class TestTrainingImages:
    def test_where_nothing_is_added_they_are_not_copied(self, tiny: Dataset) -> None:
        images, labels = add_training_images(tiny.train_images, tiny.train_labels, 0, 0, 0, seed=3)
        assert images.data_ptr() == tiny.train_images.data_ptr()
        assert labels.data_ptr() == tiny.train_labels.data_ptr()

    @pytest.mark.parametrize(
        ("times", "drawings", "non_digits"),
        [(0, 0, 0), (2, 0, 0), (0, 30, 0), (0, 0, 7), (1, 5, 3)],
    )
    def test_they_are_as_many_as_asked_for(
        self, times: int, drawings: int, non_digits: int, tiny: Dataset
    ) -> None:
        images, labels = add_training_images(
            tiny.train_images, tiny.train_labels, times, drawings, non_digits, seed=3
        )
        count = 512 + times * COUNT + drawings + non_digits
        assert images.shape == (count, 28, 28)
        assert labels.shape == (count,)
        assert images.dtype == torch.uint8
        assert labels.dtype == torch.int64
        assert torch.equal(images[:512], tiny.train_images)
        assert torch.equal(labels[:512], tiny.train_labels)
        assert (labels == NON_DIGIT).sum() == non_digits
        assert set(labels.tolist()) <= {*range(10), NON_DIGIT}

    @pytest.mark.parametrize(
        "changed",
        [
            {},
            {"train_images": 100, "calibration_split": 20, "synthetic_digits": 30},
            {"excluded_digit": 3, "uci_digits": 2, "non_digits": 7, "label_noise": 0.1},
        ],
    )
    def test_they_are_counted_without_being_drawn(
        self, changed: dict[str, Any], tiny: Dataset
    ) -> None:
        recipe = replace(RECIPES["softmax"], **changed)
        images, _, _ = make_training_set(recipe, tiny, seed=3)
        assert count_training_images(recipe, tiny) == len(images)

    def test_each_image_has_its_label(self, tiny: Dataset) -> None:
        added, labels = add_training_images(
            tiny.train_images[:4], tiny.train_labels[:4], 2, 20, 6, seed=3
        )
        others, their_labels = uci_digits()
        drawn, truth = draw_digits(20, 3)
        expected = [others, others, drawn, draw_non_digits(6, 3)]
        assert torch.equal(added[4:], torch.cat([torch.as_tensor(part) for part in expected]))
        parts = [their_labels, their_labels, torch.from_numpy(truth)]
        assert torch.equal(labels[4:-6], torch.cat(parts))
        assert labels[-6:].tolist() == [NON_DIGIT] * 6

    def test_the_test_images_are_not_among_them(self, tiny: Dataset, bundled: Dataset) -> None:
        added, _ = add_training_images(tiny.train_images, tiny.train_labels, 1, 0, 0, seed=3)
        tested = {image.numpy().tobytes() for image in bundled.test_images}
        assert not tested & {image.numpy().tobytes() for image in added}

    def test_a_seed_makes_other_drawings_of_digits_and_of_none(self, tiny: Dataset) -> None:
        parts = (tiny.train_images[:1], tiny.train_labels[:1])
        first, again, other = (
            add_training_images(*parts, 0, 10, 10, seed)[0] for seed in (1, 1, 2)
        )
        assert torch.equal(first, again)
        same = (first == other).flatten(1).all(dim=1)
        assert same.tolist() == [True, *[False] * 20]


class TestOwnDigits:
    @pytest.mark.parametrize("count", [1, 3, 40])
    def test_they_are_a_fiftieth_of_all(self, count: int, tiny: Dataset) -> None:
        digits = np.random.default_rng(0).random((count, 28, 28)).astype(np.float32)
        user_models = digits, np.arange(count) % 10
        images, labels = add_extra_digits(tiny.train_images, tiny.train_labels, user_models)
        added = len(labels) - 512
        assert added % count == 0
        assert added >= count
        assert added <= max(count, 0.02 * 512 + count / 2)
        assert torch.equal(images[added:], tiny.train_images)
        assert torch.equal(labels[added:], tiny.train_labels)
        np.testing.assert_allclose(images[:count] / 255, digits, atol=0.002)
        assert labels[:added].tolist() == user_models[1].tolist() * (added // count)
        assert images.dtype == torch.uint8
        assert labels.dtype == torch.int64


class TestExperiments:
    """What a recipe leaves out and makes wrong."""

    @pytest.mark.parametrize(("count", "excluded_digit"), [(100, None), (None, 3), (150, 0)])
    def test_the_first_ones_without_a_digit(
        self, count: int | None, excluded_digit: int | None, tiny: Dataset
    ) -> None:
        images, labels = choose_training_images(
            tiny.train_images, tiny.train_labels, count, excluded_digit
        )
        kept = [i for i, label in enumerate(tiny.train_labels.tolist()) if label != excluded_digit]
        assert torch.equal(images, tiny.train_images[kept[:count]])
        assert torch.equal(labels, tiny.train_labels[kept[:count]])

    def test_something_must_be_left(self, tiny: Dataset) -> None:
        threes = tiny.train_labels == 3
        with pytest.raises(ValueError, match="excluded_digit 3 leaves no training images"):
            choose_training_images(tiny.train_images[threes], tiny.train_labels[threes], None, 3)

    @pytest.mark.parametrize("share", [0, 0.1, 0.5, 1])
    def test_a_share_of_the_labels_is_another_digit(self, share: float, tiny: Dataset) -> None:
        noisy = mislabel(tiny.train_labels, share, seed=4)
        assert int((noisy != tiny.train_labels).sum()) == round(share * 512)
        assert ((noisy >= 0) & (noisy <= 9)).all()
        assert torch.equal(noisy, mislabel(tiny.train_labels, share, seed=4))

    def test_a_seed_makes_other_labels_wrong_and_in_many_ways(self, tiny: Dataset) -> None:
        noisy = [mislabel(tiny.train_labels, 0.5, seed) for seed in (1, 2)]
        assert not torch.equal(*noisy)
        assert len({*((noisy[0] - tiny.train_labels) % 10).tolist()}) == 10

    def test_a_recipe_does_all_of_it(self, tiny: Dataset) -> None:
        recipe = replace(
            RECIPES["mlp"],
            train_images=200,
            excluded_digit=7,
            label_noise=0.1,
            calibration_split=50,
            uci_digits=1,
        )
        images, labels, calibration_split = make_training_set(recipe, tiny, seed=5)
        kept = [i for i, label in enumerate(tiny.train_labels[:-50].tolist()) if label != 7][:200]
        assert torch.equal(images[:200], tiny.train_images[kept])
        assert int((labels[:200] != tiny.train_labels[kept]).sum()) == 20
        assert torch.equal(calibration_split[0], tiny.train_images[-50:])
        others, their_labels = uci_digits()  # what is added is neither left out nor made wrong
        assert torch.equal(images[200:], others)
        assert torch.equal(labels[200:], their_labels)

    def test_what_it_leaves_unused_is_of_its_digits(self, tiny: Dataset) -> None:
        recipe = replace(RECIPES["mlp"], train_images=200, excluded_digit=7, calibration_split=50)
        kept = [i for i, label in enumerate(tiny.train_labels.tolist()) if label != 7]
        assert torch.equal(unused_images(recipe, tiny, 1000), tiny.train_images[kept[200:]])
        assert torch.equal(unused_images(recipe, tiny, 30), tiny.train_images[kept[200:230]])
        recipe = replace(recipe, train_images=None, excluded_digit=None)
        assert torch.equal(unused_images(recipe, tiny, 1000), tiny.train_images[-50:])
        assert len(unused_images(RECIPES["mlp"], tiny, 1000)) == 0

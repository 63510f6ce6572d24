import numpy as np
import pytest
import torch

from mnist_demo import Dataset
from mnist_demo.data import embedded_digits
from mnist_demo.handwriting import (
    draw_digits,
)
from mnist_demo.nothings import NOTHING, draw_nothings
from mnist_demo.training_images import add_own_digits, add_training_images


class TestTrainingImages:
    @pytest.mark.parametrize(
        ("times", "drawings", "nothings"),
        [(0, 0, 0), (2, 0, 0), (0, 30, 0), (0, 0, 7), (1, 5, 3)],
    )
    def test_they_are_as_many_as_asked_for(
        self, times: int, drawings: int, nothings: int, tiny: Dataset
    ) -> None:
        images, labels = add_training_images(
            tiny.train_images, tiny.train_labels, times, drawings, nothings, seed=3
        )
        count = 512 + times * 1500 + drawings + nothings
        assert images.shape == (count, 28, 28)
        assert labels.shape == (count,)
        assert images.dtype == torch.uint8
        assert labels.dtype == torch.int64
        assert torch.equal(images[:512], tiny.train_images)
        assert torch.equal(labels[:512], tiny.train_labels)
        assert (labels == NOTHING).sum() == nothings
        assert set(labels.tolist()) <= {*range(10), NOTHING}

    def test_each_image_has_its_label(self, tiny: Dataset) -> None:
        added, labels = add_training_images(
            tiny.train_images[:4], tiny.train_labels[:4], 2, 20, 6, seed=3
        )
        once = embedded_digits()
        drawn, truth = draw_digits(20, 3)
        expected = [once.train_images, once.train_images, drawn, draw_nothings(6, 3)]
        assert torch.equal(added[4:], torch.cat([torch.as_tensor(part) for part in expected]))
        parts = [once.train_labels, once.train_labels, torch.from_numpy(truth)]
        assert torch.equal(labels[4:-6], torch.cat(parts))
        assert labels[-6:].tolist() == [NOTHING] * 6

    def test_the_test_images_are_not_among_them(self, tiny: Dataset, embedded: Dataset) -> None:
        added, _ = add_training_images(tiny.train_images, tiny.train_labels, 1, 0, 0, seed=3)
        tested = {image.numpy().tobytes() for image in embedded.test_images}
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
        labels = np.arange(count) % 10
        more = add_own_digits(tiny, digits, labels)
        added = len(more.train_labels) - 512
        assert added % count == 0
        assert added >= count
        assert added <= max(count, 0.02 * 512 + count / 2)
        assert torch.equal(more.train_images[added:], tiny.train_images)
        assert torch.equal(more.train_labels[added:], tiny.train_labels)
        np.testing.assert_allclose(more.train_images[:count] / 255, digits, atol=0.002)
        assert more.train_labels[:added].tolist() == labels.tolist() * (added // count)
        assert more.train_images.dtype == torch.uint8
        assert more.train_labels.dtype == torch.int64

    def test_the_rest_stays_and_the_name_tells(self, tiny: Dataset) -> None:
        more = add_own_digits(tiny, np.zeros((2, 28, 28), np.float32), np.array([3, 4]))
        assert more.name == f"{tiny.name} and 2 own digits"
        assert more.test_images is tiny.test_images
        assert len(tiny.train_images) == 512

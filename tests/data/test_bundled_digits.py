import gzip
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
import torch

from mnist_demo import Dataset, DatasetError
from mnist_demo.data.bundled_digits import bundled_digits


def _images(dataset: Dataset) -> list[tuple[bytes, int]]:
    """Of both parts, those to train on first."""
    return [
        (image.numpy().tobytes(), int(label))
        for images, labels in (
            (dataset.train_images, dataset.train_labels),
            (dataset.test_images, dataset.test_labels),
        )
        for image, label in zip(images, labels, strict=True)
    ]


def test_they_are_uint8_images_with_int64_labels(bundled: Dataset) -> None:
    for count, images, labels in (
        (4000, bundled.train_images, bundled.train_labels),
        (1000, bundled.test_images, bundled.test_labels),
    ):
        assert images.dtype == torch.uint8
        assert images.shape == (count, 28, 28)
        assert labels.dtype == torch.int64
        assert labels.bincount().tolist() == [count // 10] * 10


def test_no_two_are_the_same(bundled: Dataset) -> None:
    assert len({image for image, _ in _images(bundled)}) == 5000


def test_the_first_ones_are_of_all_digits(bundled: Dataset) -> None:
    for labels in (bundled.train_labels[:100], bundled.test_labels[:100]):
        assert labels.bincount(minlength=10).min() >= 3


def test_each_time_they_are_the_same(bundled: Dataset) -> None:
    assert _images(bundled_digits()) == _images(bundled)


def test_all_are_images_of_mnists_training_set_and_none_of_its_test_set(
    mnist: Dataset, bundled: Dataset
) -> None:
    of_mnist = _images(mnist)
    ours = set(_images(bundled))
    assert ours <= set(of_mnist[:60_000])
    assert not ours & set(of_mnist[60_000:])


def test_they_say_what_has_seen_those_to_test_on(bundled: Dataset, mnist: Dataset) -> None:
    assert (bundled.name, bundled.tests_from) == ("bundled digits", "MNIST")
    assert mnist.tests_from == ""


PACKED = gzip.compress(b"0,0\n", mtime=0)  # the time would be a part of a test's name


@pytest.mark.parametrize("content", [b"", b"no gzip", PACKED, PACKED[:-9], None])
def test_another_file_is_refused_with_the_remedy(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "data" / "data" / "mnist_5k.csv.gz"
    file.parent.mkdir(parents=True)
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(resources, "files", lambda _: tmp_path)
    with pytest.raises(DatasetError, match=r"mnist_5k.* pip install"):
        bundled_digits()


@pytest.mark.slow
def test_reading_them_imports_no_plots_nor_tables() -> None:
    program = (
        "import sys; from mnist_demo.data.bundled_digits import bundled_digits; bundled_digits();"
        "sys.exit(', '.join({'matplotlib', 'pandas', 'sklearn'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

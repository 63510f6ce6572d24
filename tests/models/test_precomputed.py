from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mnist_demo import Dataset, load_checkpoint, shipped_checkpoints
from mnist_demo.models.activations import last_hidden
from mnist_demo.models.embedding import PIXELS
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.models.maps import GRID, count_mixing
from mnist_demo.models.neighbours import directions, nearest
from mnist_demo.models.precomputed import (
    NEIGHBOURS,
    SEARCHED,
    PrecomputedPredictions,
    compute_map,
    compute_predictions,
    load_map,
    load_precomputed,
    precomputed_path,
    save_map,
    save_precomputed,
)

SOME = slice(0, 10_000, 97)  # test digits


def shipped(name: str, mnist: Dataset) -> PrecomputedPredictions:
    found = load_precomputed(precomputed_path(name, mnist), load_checkpoint(name).model, mnist)
    assert found is not None, f"they do not fit: python -m benchmarks.precomputed {name}"
    return found


@pytest.mark.parametrize("name", shipped_checkpoints())
class TestShipped:
    def test_every_model_s_answers_are_what_it_answers(self, name: str, mnist: Dataset) -> None:
        precomputed = shipped(name, mnist)
        model, images = load_checkpoint(name).model, mnist.test_images[SOME].numpy()
        answers = predict_probabilities(model, images / np.float32(255))
        assert precomputed.probabilities.shape == (10_000, 10)
        assert precomputed.probabilities.dtype == np.float32
        np.testing.assert_allclose(precomputed.probabilities[SOME], answers, rtol=1e-3, atol=1e-6)

    def test_their_accuracy_is_that_of_the_checkpoint(self, name: str, mnist: Dataset) -> None:
        right = shipped(name, mnist).probabilities.argmax(axis=1) == mnist.test_labels.numpy()
        assert right.mean() == pytest.approx(load_checkpoint(name).metrics["test_accuracy"])

    def test_every_model_s_neighbours_are_the_nearest(self, name: str, mnist: Dataset) -> None:
        precomputed, model = shipped(name, mnist), load_checkpoint(name).model
        assert precomputed.neighbours.shape == precomputed.cosines.shape == (10_000, NEIGHBOURS)
        assert precomputed.neighbours.max() < SEARCHED
        images, train = (
            part.numpy() / np.float32(255)
            for part in (mnist.test_images[:5], mnist.train_images[:SEARCHED])
        )
        features, others = last_hidden(model, images), directions(last_hidden(model, train[:500]))
        for number, feature in enumerate(features):
            found, cosines = precomputed.neighbours[number], precomputed.cosines[number]
            _, exact = nearest(feature, directions(last_hidden(model, train[found])), NEIGHBOURS)
            np.testing.assert_allclose(cosines, exact, atol=2e-3)
            passed_over = others[[other for other in range(500) if other not in found]]
            assert nearest(feature, passed_over, 1)[1][0] <= cosines[-1] + 2e-3


@pytest.mark.parametrize("name", shipped_checkpoints())
def test_those_of_the_bundled_digits_fit_and_are_right(name: str, bundled: Dataset) -> None:
    model = load_checkpoint(name).model
    found = load_precomputed(precomputed_path(name, bundled), model, bundled)
    assert found is not None, f"they do not fit: python -m benchmarks.precomputed {name}"
    answers = predict_probabilities(model, bundled.test_images[:50].numpy() / np.float32(255))
    np.testing.assert_allclose(found.probabilities[:50], answers, rtol=1e-3, atol=1e-6)
    assert found.neighbours.shape == (len(bundled.test_labels), NEIGHBOURS)
    assert found.neighbours.max() < len(bundled.train_labels)


@pytest.fixture
def written(tmp_path: Path, tiny: Dataset) -> Path:
    model = load_checkpoint("mlp").model
    save_precomputed(tmp_path / "new" / "mlp", compute_predictions(model, tiny), model, tiny)
    return tmp_path / "new" / "mlp"


def test_they_are_read_as_they_were_written(written: Path, tiny: Dataset) -> None:
    model = load_checkpoint("mlp").model
    computed, read = compute_predictions(model, tiny), load_precomputed(written, model, tiny)
    assert read is not None
    for name, expected in vars(computed).items():
        np.testing.assert_array_equal(getattr(read, name), expected)
        assert getattr(read, name).dtype == expected.dtype


@pytest.mark.parametrize("name", shipped_checkpoints())
def test_they_are_what_is_found_for_each_digit_by_itself(name: str, tiny: Dataset) -> None:
    model, part = load_checkpoint(name).model, replace(tiny, test_images=tiny.test_images[:10])
    precomputed = compute_predictions(model, part)
    images = part.test_images.numpy() / np.float32(255)
    among = directions(last_hidden(model, tiny.train_images.numpy() / np.float32(255)))
    for number, image in enumerate(images):
        (answer,) = predict_probabilities(model, image)
        np.testing.assert_allclose(precomputed.probabilities[number], answer, rtol=1e-3, atol=1e-6)
        (feature,) = last_hidden(model, image)
        _, cosines = nearest(feature, among, NEIGHBOURS)
        np.testing.assert_allclose(precomputed.cosines[number], cosines, atol=1e-3)


def test_those_of_other_weights_or_digits_are_passed_over(written: Path, tiny: Dataset) -> None:
    model = load_checkpoint("mlp").model
    for name in ("test_images", "train_images"):
        other = replace(tiny, **{name: 255 - getattr(tiny, name)})
        assert load_precomputed(written, model, other) is None
    with torch.no_grad():
        next(model.parameters())[0, 0] += 1e-6
    assert load_precomputed(written, model, tiny) is None


def test_a_file_that_is_missing_or_damaged_is_passed_over(written: Path, tiny: Dataset) -> None:
    model, content = load_checkpoint("mlp").model, written.read_bytes()
    for damaged in (b"", b"nonsense", content[:-1], b"\xff" * 100):
        written.write_bytes(damaged)
        assert load_precomputed(written, model, tiny) is None
    written.unlink()
    assert load_precomputed(written, model, tiny) is None


@pytest.mark.parametrize("name", ["pixels", *shipped_checkpoints()])
@pytest.mark.parametrize("digits", ["mnist", "bundled"])
def test_every_model_s_map_fits_and_keeps_labels_together(
    name: str, digits: str, request: pytest.FixtureRequest
) -> None:
    dataset: Dataset = request.getfixturevalue(digits)
    model = PIXELS if name == "pixels" else load_checkpoint(name).model
    drawn = load_map(precomputed_path(name, dataset, "maps"), model, dataset)
    assert drawn is not None, "it does not fit: python -m benchmarks.precomputed --maps"
    assert drawn.shape == (len(dataset.test_labels), 2)
    assert drawn.dtype == np.uint16
    assert max(drawn.max(axis=0) - drawn.min(axis=0)) == GRID
    mixing = count_mixing(drawn, dataset.test_labels.numpy())
    assert mixing.trace() / mixing.sum() > 0.7


def test_a_map_is_read_as_it_was_written_and_belongs_to_its_model(
    tmp_path: Path, tiny: Dataset
) -> None:
    part = replace(tiny, test_images=tiny.test_images[:60], test_labels=tiny.test_labels[:60])
    model, path = load_checkpoint("softmax").model, tmp_path / "new" / "softmax"
    reference = compute_map(PIXELS, part)
    drawn = compute_map(model, part, reference)
    save_map(path, drawn, model, part)
    np.testing.assert_array_equal(load_map(path, model, part), drawn)
    assert load_map(path, PIXELS, part) is None
    assert load_map(path, model, tiny) is None
    path.write_bytes(path.read_bytes()[:-1])
    assert load_map(path, model, part) is None
    assert load_map(tmp_path / "nowhere", model, part) is None

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mnist_demo import RECIPES, Dataset, evaluate
from tests.training.runs import cut


@pytest.fixture(scope="module")
def small(tiny: Dataset) -> Dataset:
    return cut(tiny, 64)


class TestEvaluate:
    class Reader(nn.Module):
        """Answers with the number in an image's first pixel, surer the larger `sureness` is."""

        def __init__(self, sureness: float = 5.0) -> None:
            super().__init__()
            self.sureness = nn.Parameter(torch.tensor(sureness))

        def forward(self, images: Tensor) -> Tensor:
            digits = (images[:, 0, 0, 0] * 255).round().long()
            return F.one_hot(digits, 10) * self.sureness

    @staticmethod
    def _images(answers: list[int]) -> Tensor:
        images = torch.zeros(len(answers), 28, 28, dtype=torch.uint8)
        images[:, 0, 0] = torch.tensor(answers, dtype=torch.uint8)
        return images

    def test_accuracy_is_the_share_of_right_answers(self) -> None:
        result = evaluate(self.Reader(), self._images([0, 1, 2, 3]), torch.tensor([0, 1, 2, 9]))
        assert result.accuracy == 0.75

    def test_confusion_counts_labels_in_rows_and_answers_in_columns(self) -> None:
        answers, labels = [3, 3, 5, 0, 9], [3, 8, 8, 0, 9]
        confusion = evaluate(self.Reader(), self._images(answers), torch.tensor(labels)).confusion
        expected = torch.zeros(10, 10, dtype=torch.int64)
        for label, answer in zip(labels, answers, strict=True):
            expected[label, answer] += 1
        assert confusion.dtype == torch.int64
        assert torch.equal(confusion, expected)

    def test_loss_is_the_mean_cross_entropy_in_nats(self) -> None:
        right, wrong = math.log(1 + 9 * math.exp(-5)), 5 + math.log(1 + 9 * math.exp(-5))
        result = evaluate(self.Reader(), self._images([1, 1, 1]), torch.tensor([1, 1, 2]))
        assert result.loss == pytest.approx((2 * right + wrong) / 3)

    @pytest.mark.parametrize("batch_size", [1, 7, 200, 1000])
    def test_loss_and_accuracy_equal_torchs_whatever_the_batch(
        self, batch_size: int, tiny: Dataset
    ) -> None:
        model = RECIPES["softmax"].build(seed=3)
        images, labels = tiny.test_images, tiny.test_labels
        logits = model(images.float()[:, None] / 255)
        result = evaluate(model, images, labels, batch_size=batch_size)
        assert result.loss == pytest.approx(F.cross_entropy(logits, labels).item(), rel=1e-5)
        assert result.accuracy == (logits.argmax(1) == labels).double().mean().item()
        assert result.confusion.sum() == len(labels)

    def test_bytes_are_scaled_and_floats_are_taken_as_they_are(self, tiny: Dataset) -> None:
        model = RECIPES["softmax"].build(seed=3)
        images, labels = tiny.test_images, tiny.test_labels
        of_bytes = evaluate(model, images, labels)
        of_floats = evaluate(model, images.float() / 255, labels)
        assert of_floats.loss == pytest.approx(of_bytes.loss, rel=1e-6)
        of_tutorials = evaluate(model, images.float(), labels)
        logits = model(images.float()[:, None])
        expected = F.cross_entropy(logits, labels).item()
        assert of_tutorials.loss == pytest.approx(expected, rel=1e-5)
        assert of_tutorials.loss > 5 * of_bytes.loss

    @pytest.mark.parametrize("training", [True, False])
    def test_the_mode_is_put_back(self, training: bool, small: Dataset) -> None:
        model = nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(784, 10)).train(training)
        first = evaluate(model, small.test_images, small.test_labels)
        assert evaluate(model, small.test_images, small.test_labels) == first
        assert model.training is training

    def test_the_images_are_left_alone(self, small: Dataset) -> None:
        images = small.test_images.float()
        before = images.clone()
        evaluate(RECIPES["softmax"].build(0), images, small.test_labels)
        assert torch.equal(images, before)

    def test_digit_accuracies_are_nan_where_there_is_no_such_digit(self) -> None:
        result = evaluate(self.Reader(), self._images([3, 4, 4]), torch.tensor([3, 3, 4]))
        assert result.digit_accuracy[3:5] == [0.5, 1.0]
        assert [math.isnan(share) for share in result.digit_accuracy].count(True) == 8

    @pytest.mark.parametrize(("images", "labels"), [(0, 0), (3, 2), (2, 3), (0, 1)])
    def test_images_and_labels_must_be_equally_many(self, images: int, labels: int) -> None:
        with pytest.raises(ValueError, match=f"not {images} and {labels}"):
            evaluate(self.Reader(), self._images([0] * images), torch.zeros(labels).long())

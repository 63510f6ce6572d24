import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from mnist_demo import evaluate
from mnist_demo.ui.components.confusion_matrix import count_confusion
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.gallery.selection import (
    ORDERS,
    PAGE,
    PAIRS,
    SHOWN,
    Predictions,
    View,
    choose,
    count_pages,
    cross_entropy,
    nearest_page,
    page,
    pairs,
    read_page,
    total_variation,
)
from mnist_demo.ui.serving.samples import draw_samples

COUNT = 500
BAD: dict[str, list[Any]] = {
    "order": ["nonsense", None, 3, ["index"]],
    "shown": ["nonsense", None, 3, {}],
    "seed": [-1, 2**32, 0.5, None, "1", float("nan")],
    "label": [10, -2, 1.5, "1", True],
    "prediction": [10, -2, 1.5, "1", True],
}
NONSENSE: list[Any] = [None, "3", float("nan"), True, [3], {}]


def _probabilities(rng: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float32]]:
    return rng.dirichlet(np.full(10, 0.3), COUNT).astype(np.float32)


@pytest.fixture(scope="module")
def answers() -> Predictions:
    rng = np.random.default_rng(0)
    return Predictions(rng.integers(0, 10, COUNT), _probabilities(rng), _probabilities(rng))


def _key(order: str, answers: Predictions, index: int) -> float:
    """What the order goes by, the least first, computed digit by digit."""
    first = answers.first[index]
    match order:
        case "hardest":
            return float(first[answers.labels[index]])
        case "unsure":
            return float(max(first))
        case "disagreement":
            assert answers.second is not None
            return -sum(abs(p - q) for p, q in zip(first, answers.second[index], strict=True)) / 2
        case _:
            return index


class TestOrder:
    @pytest.mark.parametrize("order", ORDERS)
    def test_every_order_has_all_digits_once(self, order: str, answers: Predictions) -> None:
        assert sorted(choose(View(order), answers)) == list(range(COUNT))

    @pytest.mark.parametrize("order", [order for order in ORDERS if order != "random"])
    def test_it_goes_by_what_it_says(self, order: str, answers: Predictions) -> None:
        keys = [_key(order, answers, index) for index in choose(View(order), answers)]
        assert (np.diff(keys) >= -1e-6).all()

    def test_a_mistake_is_harder_than_the_same_answer_that_is_right(self) -> None:
        shares = np.full((2, 10), 0.01, dtype=np.float32)
        shares[:, 3] = 0.91
        answers = Predictions(np.array([3, 8]), shares)
        assert choose(View("hardest"), answers).tolist() == [1, 0]
        assert choose(View("unsure"), answers).tolist() == [0, 1]  # equal: by index

    def test_a_seed_has_one_order_and_another_seed_another(self, answers: Predictions) -> None:
        first, again, other = (choose(View("random", seed), answers) for seed in (5, 5, 6))
        assert first.tolist() == again.tolist() != other.tolist()

    def test_the_api_draws_the_same_digits_by_the_same_seed(self, store: ModelStore) -> None:
        model = store.model("softmax", {})
        labels = store.dataset().test_labels.numpy()
        found = choose(
            View("random", 3, label=7, shown="wrong"),
            Predictions(labels, store.test_probabilities(model)),
        )
        drawn = draw_samples(store, model, 200, 3, only_mistakes=True, only_digit=7)
        assert found.tolist() == drawn.indices

    @pytest.mark.parametrize("view", [View("disagreement"), *(View(shown=one) for one in PAIRS)])
    def test_what_compares_needs_a_second_model(self, view: View, answers: Predictions) -> None:
        assert view.needs_second
        with pytest.raises(ValueError, match="give a second one"):
            choose(view, replace(answers, second=None))


class TestFilters:
    def test_what_passes_them_is_shown(
        self, answers: Predictions, subtests: pytest.Subtests
    ) -> None:
        for shown, label, prediction in itertools.product(SHOWN, (None, 4), (None, 4, 9)):
            with subtests.test(shown=shown, label=label, prediction=prediction):
                view = View("index", label=label, prediction=prediction, shown=shown)
                expected = [
                    index
                    for index in range(COUNT)
                    if self._kinds(answers, index)[shown]
                    and label in (None, answers.labels[index])
                    and prediction in (None, answers.first[index].argmax())
                ]
                assert choose(view, answers).tolist() == expected
                assert view.is_filtered == ((label, prediction, shown) != (None, None, "all"))

    def _kinds(self, answers: Predictions, index: int) -> dict[str, bool]:
        """Whether a digit is of each of the kinds in SHOWN."""
        assert answers.second is not None
        truth = answers.labels[index]
        answer, other = answers.first[index].argmax(), answers.second[index].argmax()
        return {
            "all": True,
            "right": bool(answer == truth),
            "wrong": bool(answer != truth),
            "both": bool(answer == truth == other),
            "first": bool(answer == truth != other),
            "second": bool(answer != truth == other),
            "neither": bool(answer != truth and other != truth),
        }

    @pytest.mark.parametrize("order", ORDERS)
    def test_filters_keep_the_order(self, order: str, answers: Predictions) -> None:
        everything = choose(View(order), answers).tolist()
        wrong = choose(View(order, shown="wrong"), answers).tolist()
        if order == "random":
            assert sorted(wrong) != wrong
        else:
            assert wrong == [index for index in everything if index in set(wrong)]

    @pytest.mark.parametrize("order", ORDERS)
    def test_nothing_found_is_no_error(self, order: str, answers: Predictions) -> None:
        perfect = replace(answers, first=np.eye(10, dtype=np.float32)[answers.labels])
        assert choose(View(order, shown="wrong"), perfect).tolist() == []

    def test_each_digit_is_in_one_of_the_four_pairs(self, answers: Predictions) -> None:
        assert (np.sum(list(pairs(answers).values()), axis=0) == 1).all()

    def test_the_cells_of_the_confusion_matrix_are_what_its_filters_find(
        self, answers: Predictions
    ) -> None:
        counts = count_confusion(answers.labels, answers.first)
        for (label, prediction), count in np.ndenumerate(counts):
            view = View(label=label, prediction=prediction)
            assert len(choose(view, answers)) == count


def test_a_bad_value_is_refused_and_named(subtests: pytest.Subtests) -> None:
    for name, value in [(name, value) for name, bad in BAD.items() for value in bad]:
        with subtests.test(name=name, value=value):
            with pytest.raises(ValueError, match=f"^{name} must be") as caught:
                View(**{name: value})
            assert repr(value) in str(caught.value)


class TestFigures:
    def test_they_are_those_of_an_evaluation(self, store: ModelStore) -> None:
        model, dataset = store.model("softmax", {}), store.dataset()
        expected = evaluate(model.model, dataset.test_images, dataset.test_labels)
        labels, shares = dataset.test_labels.numpy(), store.test_probabilities(model)
        np.testing.assert_array_equal(count_confusion(labels, shares), expected.confusion.numpy())
        assert cross_entropy(labels, shares) == pytest.approx(expected.loss, rel=1e-4)

    def test_a_probability_of_zero_is_a_large_loss_and_not_an_infinite_one(self) -> None:
        shares = np.eye(10, dtype=np.float32)[[3]]
        assert cross_entropy(np.array([3]), shares) == 0
        assert 80 < cross_entropy(np.array([4]), shares) < 90

    def test_the_loss_is_the_mean_of_the_label_s_surprise(self, answers: Predictions) -> None:
        expected = F.nll_loss(
            torch.from_numpy(answers.first).log(), torch.from_numpy(answers.labels)
        )
        assert cross_entropy(answers.labels, answers.first) == pytest.approx(
            float(expected), rel=1e-5
        )

    def test_total_variation_is_0_for_the_same_and_1_for_what_shares_nothing(self) -> None:
        one, other = np.eye(10, dtype=np.float32)[[3, 3]], np.eye(10, dtype=np.float32)[[3, 4]]
        assert total_variation(one, other).tolist() == [0, 1]

    def test_total_variation_is_symmetric_and_in_its_range(self, answers: Predictions) -> None:
        assert answers.second is not None
        distances = total_variation(answers.first, answers.second)
        np.testing.assert_allclose(distances, total_variation(answers.second, answers.first))
        assert 0 < distances.min() <= distances.max() <= 1 + 1e-6


class TestPages:
    @pytest.mark.parametrize(
        ("count", "pages"), [(0, 1), (1, 1), (PAGE, 1), (PAGE + 1, 2), (10_000, 167)]
    )
    def test_all_digits_stand_on_them_once_and_in_order(self, count: int, pages: int) -> None:
        indices = np.arange(count)[::-1]
        assert count_pages(count) == pages
        parts = [page(indices, number) for number in range(1, pages + 1)]
        assert np.concatenate(parts).tolist() == indices.tolist()
        assert all(len(part) == PAGE for part in parts[:-1])

    def test_anything_leads_to_a_page(self, subtests: pytest.Subtests) -> None:
        for asked, number in [
            *((number, number) for number in (1, 3, 167)),
            *((low, 1) for low in (0, -5, float("-inf"))),
            *((high, 167) for high in (168, 1e300, float("inf"))),
            *((nonsense, 1) for nonsense in NONSENSE),
            (2.7, 2),
        ]:
            with subtests.test(asked=asked, number=number):
                assert nearest_page(read_page({"page": asked}), 10_000) == number

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from mnist_demo import RECIPES, Dataset, EpochEvent, Recipe, Trainer, evaluate
from mnist_demo.data.augmentation import AUGMENTATIONS
from mnist_demo.data.non_digits import NON_DIGIT
from mnist_demo.data.synthetic_digits import draw_digits
from mnist_demo.data.uci_digits import COUNT
from mnist_demo.training.trainer import count_steps
from tests.training.runs import cut, labels_of, losses_of, make_trainer, steps_of


class TestAugmentation:
    @pytest.fixture
    def augmented(self, softmax: Recipe) -> Recipe:
        return replace(softmax, augmentation="handwriting")

    def test_it_changes_what_is_learnt_from(
        self, augmented: Recipe, softmax: Recipe, small: Dataset
    ) -> None:
        assert losses_of(make_trainer(augmented, small), 1) != losses_of(
            make_trainer(softmax, small), 1
        )

    def test_a_seed_gives_the_same_losses(self, augmented: Recipe, small: Dataset) -> None:
        losses = losses_of(make_trainer(augmented, small), 2)
        torch.rand(3)
        assert losses_of(make_trainer(augmented, small), 2) == losses
        assert losses_of(make_trainer(augmented, small, seed=1), 2) != losses

    def test_each_seed_epoch_and_step_changes_the_images_in_its_own_way(
        self, augmented: Recipe, small: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seeds: list[int] = []

        def watch(images: Tensor, generator: torch.Generator) -> Tensor:
            seeds.append(generator.initial_seed())
            return images

        monkeypatch.setitem(AUGMENTATIONS, "handwriting", watch)
        for seed in (0, 1):
            losses_of(make_trainer(augmented, small, seed=seed), 3)
        assert len(seeds) == len({*seeds}) == 24

    def test_the_images_themselves_stay_as_they_are(
        self, augmented: Recipe, small: Dataset
    ) -> None:
        before = small.train_images.clone()
        losses_of(make_trainer(augmented, small), 2)
        assert torch.equal(small.train_images, before)

    def test_the_test_images_are_not_changed(self, augmented: Recipe, small: Dataset) -> None:
        trainer = make_trainer(augmented, small)
        *_, last = trainer.run(1)
        assert isinstance(last, EpochEvent)
        assert last.test == evaluate(trainer.model, small.test_images, small.test_labels)


class TestHeldOut:
    """The held-out images are marked: all of them is ink."""

    @pytest.fixture
    def marked(self, tiny: Dataset) -> Dataset:
        images = tiny.train_images.clone()
        images[-51:] = 255
        return replace(tiny, train_images=images)

    @staticmethod
    def _seen(trainer: Trainer, epochs: int) -> Tensor:
        """How dark each image was that the model was trained on."""
        seen: list[Tensor] = []
        hook = trainer.model.register_forward_pre_hook(
            lambda model, inputs: (
                seen.append(inputs[0].mean(dim=(1, 2, 3))) if model.training else None
            )
        )
        list(trainer.run(epochs))
        hook.remove()
        return torch.cat(seen)

    @pytest.mark.parametrize("drawings", [0, 30])
    @pytest.mark.parametrize("calibration_split", [51, 400])
    def test_they_are_never_trained_on(
        self, calibration_split: int, drawings: int, softmax: Recipe, marked: Dataset
    ) -> None:
        recipe = replace(softmax, calibration_split=calibration_split, synthetic_digits=drawings)
        trainer = make_trainer(replace(recipe, drop_last=False), marked)
        seen = self._seen(trainer, 2)
        assert len(seen) == 2 * (461 + drawings)
        assert seen.max() < 0.9
        images, labels = trainer.calibration_split
        assert torch.equal(images, marked.train_images[-51:])
        assert torch.equal(labels, marked.train_labels[-51:])

    def test_where_none_are_all_are_trained_on(self, softmax: Recipe, marked: Dataset) -> None:
        trainer = make_trainer(replace(softmax, drop_last=False), marked)
        assert (self._seen(trainer, 1) > 0.9).sum() == 51
        assert [len(part) for part in trainer.calibration_split] == [0, 0]

    @pytest.mark.parametrize(("asked", "kept"), [(0, 0), (1, 1), (50, 50), (51, 51), (52, 51)])
    def test_a_tenth_is_the_most(
        self, asked: int, kept: int, softmax: Recipe, tiny: Dataset
    ) -> None:
        trainer = make_trainer(replace(softmax, calibration_split=asked), tiny)
        assert [len(part) for part in trainer.calibration_split] == [kept, kept]
        assert trainer.steps_per_epoch == (512 - kept) // 16


class TestAddedImages:
    def test_they_are_trained_on(self, softmax: Recipe, small: Dataset) -> None:
        recipe = replace(
            softmax, uci_digits=1, synthetic_digits=20, non_digits=6, calibration_split=6
        )
        trainer = make_trainer(recipe, small, seed=3)
        assert len(trainer._images) == 58 + COUNT + 20 + 6
        assert trainer.steps_per_epoch == count_steps(recipe, 84 + COUNT)
        assert torch.equal(trainer._images[:58], small.train_images[:58])
        drawn, _ = draw_digits(20, 3)
        assert torch.equal(trainer._images[-26:-6], torch.from_numpy(drawn))
        assert trainer._labels[-6:].tolist() == [NON_DIGIT] * 6

    def test_the_data_set_stays_as_it_is(self, softmax: Recipe, small: Dataset) -> None:
        trainer = make_trainer(
            replace(softmax, synthetic_digits=20, non_digits=6, calibration_split=6), small
        )
        assert trainer.dataset is small
        assert len(small.train_images) == len(small.train_labels) == 64

    def test_they_may_make_up_for_few_images(self, softmax: Recipe, small: Dataset) -> None:
        recipe = replace(softmax, batch_size=65, drop_last=True)
        assert make_trainer(replace(recipe, synthetic_digits=1), small).steps_per_epoch == 1
        with pytest.raises(ValueError, match="65 is more than the 58 training images"):
            make_trainer(replace(recipe, calibration_split=6), small)


class TestSteps:
    @pytest.mark.parametrize(
        ("images", "batch_size", "drop_last", "steps"),
        [
            (64, 16, False, 4),
            (64, 16, True, 4),
            (64, 30, False, 3),
            (64, 30, True, 2),
            (64, 64, True, 1),
            (64, 100, False, 1),
            (60_000, 64, True, 937),
            (60_000, 32, False, 1875),
            (60_000, 100, True, 600),
        ],
    )
    def test_they_cover_the_images(
        self, images: int, batch_size: int, drop_last: bool, steps: int
    ) -> None:
        recipe = replace(RECIPES["softmax"], batch_size=batch_size, drop_last=drop_last)
        assert count_steps(recipe, images) == steps

    @pytest.mark.parametrize(("drop_last", "sizes"), [(True, [30, 30]), (False, [30, 30, 4])])
    def test_the_last_batch_is_dropped_where_the_recipe_says_so(
        self, drop_last: bool, sizes: list[int], small: Dataset
    ) -> None:
        recipe = replace(RECIPES["softmax"], batch_size=30, drop_last=drop_last)
        events = steps_of(list(make_trainer(recipe, small).run(1)))
        assert [len(labels_of(event)) for event in events] == sizes
        assert {event.steps_per_epoch for event in events} == {len(sizes)}

    def test_a_batch_larger_than_the_data_is_refused_where_it_would_be_dropped(
        self, small: Dataset
    ) -> None:
        recipe = replace(RECIPES["softmax"], batch_size=65, drop_last=True)
        with pytest.raises(ValueError, match="65 is more than the 64 training images"):
            make_trainer(recipe, small)

    @pytest.mark.parametrize("drop_last", [True, False])
    def test_no_data_is_refused(self, drop_last: bool, small: Dataset) -> None:
        with pytest.raises(ValueError, match="batch_size"):
            make_trainer(replace(RECIPES["softmax"], drop_last=drop_last), cut(small, 0))

"""When a run is tested that somebody watches."""

from dataclasses import dataclass

# A test image costs a third of a training image, or less. A tenth as many of them as are trained on
# between two tests slow a run by less than 5 %.
TESTED_SHARE = 0.1
FEWEST = 250  # test images: on fewer, chance is seen more than learning


@dataclass(frozen=True)
class PeriodicTests:
    """A test after each `every` steps, on one of each `stride` test images."""

    every: int
    stride: int

    def is_due(self, steps_done: int) -> bool:
        return steps_done % self.every == 0


def plan_tests(
    count: int, epochs: int, steps_per_epoch: int, train_images: int, test_images: int
) -> PeriodicTests | None:
    """About `count` tests for a run of so many epochs, of so many steps and images each.

    None where a test on all the test images after each epoch does: there are as many epochs, and
    each is long beside its test.
    """
    if epochs >= count and train_images >= test_images:
        return None
    every = max(1, round(epochs * steps_per_epoch / count))
    affordable = TESTED_SHARE * train_images * every / steps_per_epoch
    return PeriodicTests(every, max(1, round(test_images / max(affordable, FEWEST))))

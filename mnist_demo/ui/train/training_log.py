"""What the host is told of a training; serving/logs.py writes it."""

import logging
from collections.abc import Iterator

from mnist_demo.training.events import DivergedEvent, Event
from mnist_demo.training.training import Training
from mnist_demo.ui.compute.streaming import StreamClosed


def log_training(trainer: Training, events: Iterator[Event]) -> Iterator[Event]:
    """Pass the events of a training on, and log how it ended: done, diverged, stopped, failed, or
    budget, where that was used up.

    Steps and seconds are those of this stretch: a training that was paused is logged twice.
    """
    steps, seconds = trainer.steps_done, trainer.seconds
    ended, event = "failed", None
    try:
        for event in events:
            yield event
        ended = "budget" if trainer.spent else "done"
        if isinstance(event, DivergedEvent):
            ended = "diverged"
    except (GeneratorExit, StreamClosed):
        ended = "stopped"
        raise
    finally:
        pairs = {
            "recipe": trainer.recipe.name,
            "steps": trainer.steps_done - steps,
            "seconds": round(trainer.seconds - seconds, 2),
            "ended": ended,
        }
        logging.getLogger(__name__).info("training", extra={"pairs": pairs})

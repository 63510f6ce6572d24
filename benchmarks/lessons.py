"""What comes of the set-ups of three lessons, whose texts give these figures.

    OMP_NUM_THREADS=1 python -m benchmarks.lessons

Each is trained once, as the lesson's link has it; nothing is chosen by it. The processor's seconds
are told, since the machine may do something else meanwhile. Takes a few minutes.
"""

import time
from typing import Any

import torch.nn.functional as F

from benchmarks.report import load_mnist, print_table, write_report
from mnist_demo import Dataset, StepEvent, Trainer, evaluate
from mnist_demo.networks.introspection import count_parameters, weighted_modules
from mnist_demo.networks.naming import tell_layers
from mnist_demo.training.layer_activity import Activities
from mnist_demo.ui.train.lessons import LESSONS
from mnist_demo.ui.train.links import SetUp, read_link

NAMES = ("depth", "pooling", "parameters")
SHIFT = 4  # pixels to the right, of 28


def main() -> None:
    dataset = load_mnist()
    rows = []
    for name in NAMES:
        for set_up in read_link(LESSONS[name]).set_ups:
            rows.append({"lesson": name} | train(set_up, dataset))
            print(rows[-1], flush=True)
    write_report("lessons", rows)
    print_table(list(rows[0]), [[f"{value}" for value in row.values()] for row in rows])


def train(set_up: SetUp, dataset: Dataset) -> dict[str, Any]:
    """fading: how many times smaller the gradient is at the first layer with weights than at the
    last one, in the first step."""
    trainer = Trainer(set_up.recipe, dataset, seed=set_up.seed, watch_every=60)
    started = time.process_time()
    watched: list[Activities] = []
    for event in trainer.run():
        if isinstance(event, StepEvent) and event.layers:
            watched.append(event.layers)
    seconds = time.process_time() - started
    weighted = [name for name in watched[0] if name in weighted_modules(trainer.model)]
    first, last = (watched[0][name].gradient for name in (weighted[0], weighted[-1]))
    images, labels = dataset.test_images, dataset.test_labels
    shifted = F.pad(images[..., :-SHIFT], (SHIFT, 0))
    return {
        "network": tell_layers(set_up.recipe.layers),
        "parameters": count_parameters(trainer.model),
        "accuracy": evaluate(trainer.model, images, labels).accuracy,
        "shifted_accuracy": evaluate(trainer.model, shifted, labels).accuracy,
        "fading": last / first,
        "processor_seconds": round(seconds, 1),
    }


if __name__ == "__main__":
    main()

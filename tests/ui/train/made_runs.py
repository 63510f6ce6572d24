"""Runs and models for the tests."""

from dataclasses import replace
from typing import Any

from mnist_demo import RECIPES, Checkpoint, load_checkpoint
from mnist_demo.ui.train.run_store import RunRecord

CURVES = {
    "number": 1,
    "name": "my softmax",
    "steps_per_epoch": 4,
    "images_per_epoch": 400,
    "steps": 8,
    "train": [[1, 0.1, 2.3, 0.1], [2, 0.2, 1.5, None]],
    "test": [[4, 0.5, 1.25, 0.5]],
    "marks": [[2, {"en": "learning rate 0.5", "ko": "학습률 0.5"}]],
}
METRICS = {
    "epochs": 2,
    "seconds": 1.25,
    "wall_seconds": 1.5,
    "test_accuracy": 0.9125,
    "test_loss": 0.3,
    "train_loss_by_epoch": [0.5, 0.25],
}
SOFTMAX = load_checkpoint("softmax")


def make_run(number: int, name: str, **changes: Any) -> RunRecord:
    curves = CURVES | {"number": number, "name": name}
    made = RunRecord(number, name, RECIPES["softmax"], 0, "", METRICS, curves, "print('again')\n")
    return replace(made, **changes)


def make_checkpoint(name: str) -> Checkpoint:
    return replace(SOFTMAX, name=name)

"""MNIST, from pen strokes to trained networks: data, recipes, training, checkpoints, inference."""

from mnist_demo.checkpoints import (
    Checkpoint,
    load_checkpoint,
    save_checkpoint,
    shipped_checkpoints,
)
from mnist_demo.data import Dataset, DatasetError, load_dataset
from mnist_demo.devices import choose_device
from mnist_demo.evaluation import Evaluation, evaluate
from mnist_demo.events import DivergedEvent, EpochEvent, StepEvent
from mnist_demo.inference import predict_probabilities
from mnist_demo.pictures import picture_to_digit
from mnist_demo.recipes import RECIPES, Recipe, get_recipe
from mnist_demo.strokes import strokes_to_digit
from mnist_demo.take_home import write_script
from mnist_demo.training import Trainer

__version__ = "0.1.0"

__all__ = [
    "RECIPES",
    "Checkpoint",
    "Dataset",
    "DatasetError",
    "DivergedEvent",
    "EpochEvent",
    "Evaluation",
    "Recipe",
    "StepEvent",
    "Trainer",
    "choose_device",
    "evaluate",
    "get_recipe",
    "load_checkpoint",
    "load_dataset",
    "picture_to_digit",
    "predict_probabilities",
    "save_checkpoint",
    "shipped_checkpoints",
    "strokes_to_digit",
    "write_script",
]

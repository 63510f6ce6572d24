"""MNIST, from pen strokes to trained networks: data, recipes, training, checkpoints, inference."""

from mnist_demo.prerequisites import check_python, explain_missing, refuse

check_python()
try:
    from mnist_demo.data.dataset import Dataset, DatasetError
    from mnist_demo.data.mnist import load_dataset
    from mnist_demo.digits.pictures import picture_to_digit
    from mnist_demo.digits.strokes import strokes_to_digit
    from mnist_demo.export.script import export_script
    from mnist_demo.models.checkpoints import (
        Checkpoint,
        load_checkpoint,
        save_checkpoint,
        shipped_checkpoints,
    )
    from mnist_demo.models.inference import confidence_of, predict_probabilities
    from mnist_demo.models.numbers import DigitReading, NumberReading, read_number
    from mnist_demo.networks.building import build_network, network_text
    from mnist_demo.networks.notation import LayersError, parse_layers
    from mnist_demo.training.devices import choose_device
    from mnist_demo.training.evaluation import Evaluation, evaluate
    from mnist_demo.training.events import DivergedEvent, EpochEvent, StepEvent
    from mnist_demo.training.recipes import RECIPES, Recipe, get_recipe, register_recipe
    from mnist_demo.training.trainer import Trainer
except ModuleNotFoundError as error:
    refuse(explain_missing(error.name or ""))

__version__ = "0.1.0"

__all__ = [
    "RECIPES",
    "Checkpoint",
    "Dataset",
    "DatasetError",
    "DigitReading",
    "DivergedEvent",
    "EpochEvent",
    "Evaluation",
    "LayersError",
    "NumberReading",
    "Recipe",
    "StepEvent",
    "Trainer",
    "build_network",
    "choose_device",
    "confidence_of",
    "evaluate",
    "export_script",
    "get_recipe",
    "load_checkpoint",
    "load_dataset",
    "network_text",
    "parse_layers",
    "picture_to_digit",
    "predict_probabilities",
    "read_number",
    "register_recipe",
    "save_checkpoint",
    "shipped_checkpoints",
    "strokes_to_digit",
]

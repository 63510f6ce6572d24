"""Every hyper-parameter of every recipe, with its source."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from mnist_demo.bounds import Bounds
from mnist_demo.data.augmentation import AUGMENTATIONS
from mnist_demo.data.dataset import Dataset
from mnist_demo.networks.building import build_network
from mnist_demo.networks.introspection import evaluation_mode
from mnist_demo.networks.notation import parse_layers, write_layers
from mnist_demo.training.seeded_random import SeededRandom

OPTIMIZERS = ("sgd", "adam", "adamw")
SCHEDULES = ("constant", "one_cycle")
PRECISIONS = ("float32", "bfloat16")


CHOICES: dict[str, tuple[str, ...]] = {
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "precision": PRECISIONS,
    "augmentation": ("none", *AUGMENTATIONS),
}

BOUNDS = {
    "train_images": Bounds(100, 60_000, whole=True),
    "excluded_digit": Bounds(0, 9, whole=True),
    "label_noise": Bounds(0, 1),
    "learning_rate": Bounds(1e-6, 100),
    "momentum": Bounds(0, 0.999),
    "weight_decay": Bounds(0, 1),
    "label_smoothing": Bounds(0, 0.5),
    "ema_decay": Bounds(0, 0.99999),
    "batch_size": Bounds(1, 10_000, whole=True),
    "epochs": Bounds(1, 1_000, whole=True),
    "uci_digits": Bounds(0, 10, whole=True),
    "synthetic_digits": Bounds(0, 100_000, whole=True),
    "non_digits": Bounds(0, 100_000, whole=True),
    "calibration_split": Bounds(0, 10_000, whole=True),
    "seed": Bounds(0, 2**32 - 1, whole=True),
}

# Names that recipes were stored under in checkpoints and links before they had the field's.
OLD_NAMES = {
    "embedded": "uci_digits",
    "drawings": "synthetic_digits",
    "nothings": "non_digits",
    "held_out": "calibration_split",
    "left_out": "excluded_digit",
}
OLD_VALUES = {"augmentation": {"other_hand": "handwriting"}}

OPTIONAL = ("train_images", "excluded_digit")  # these may be None as well
FEW = 10_000  # training images: a data set of fewer is a small one; the bundled digits are 4,000


@dataclass(frozen=True)
class Recipe:
    """A network and how to train it. `dataclasses.replace` makes a changed one.

    layers: the network as text, see networks/notation.py. architecture: makes the network where
    there is none: float32 images (N, 1, 28, 28) in [0, 1] to logits (N, 10), by any nn.Module.
    momentum: for SGD alone. schedule: of the learning rate (optimization.py).
    label_smoothing: the share of the truth that is spread over all ten digits.
    ema_decay: of the exponential moving average of the weights (Polyak averaging), which is then
    the model; 0: the weights of the last step are.
    precision: bfloat16 (mixed precision) is used where the processor has it, else float32.
    augmentation: none, or a name in augmentation.AUGMENTATIONS.
    train_images: how many of the training images are used, from the first on; None: all.
    excluded_digit: is not trained on. label_noise: the share of labels that are made wrong.
    uci_digits: how many times scikit-learn's digits join the training images; synthetic_digits,
    non_digits: how many drawn ones do (data/synthetic_digits.py, non_digits.py).
    calibration_split: how many of the last training images are held out, to calibrate the model
    on; at most a tenth of them.
    drop_last: leave out an epoch's last batch where it is not full.
    epochs_of_few: its epochs where the data set has less than FEW images; None: `epochs`.
    seed: the one its published run and our checkpoint were trained with.
    published_accuracy: test accuracies in [0, 1], one for each source that gives one.
    published_cost: pairs of an epoch and the mean training losses published for it.

    Raises ValueError where a value is outside BOUNDS, a name is not in CHOICES, or `layers` are no
    network (`LayersError`).
    """

    name: str
    architecture: Callable[[], nn.Module] | None = None
    _: KW_ONLY
    layers: str = ""
    optimizer: str
    learning_rate: float
    batch_size: int
    epochs: int
    source: str = ""
    momentum: float = 0.0
    weight_decay: float = 0.0
    schedule: str = "constant"
    label_smoothing: float = 0.0
    ema_decay: float = 0.0
    precision: str = "float32"
    augmentation: str = "none"
    train_images: int | None = None
    excluded_digit: int | None = None
    label_noise: float = 0.0
    uci_digits: int = 0
    synthetic_digits: int = 0
    non_digits: int = 0
    calibration_split: int = 0
    drop_last: bool = False
    epochs_of_few: int | None = None
    seed: int = 0
    published_accuracy: tuple[float, ...] = ()
    published_cost: tuple[tuple[int, tuple[float, ...]], ...] = ()

    def __post_init__(self) -> None:
        self._check_network()
        for name, valid in CHOICES.items():
            if getattr(self, name) not in valid:
                raise ValueError(
                    f"{name} must be one of {', '.join(valid)}, not {getattr(self, name)!r}"
                )
        for name, bounds in BOUNDS.items():
            value = getattr(self, name)
            if value is not None or name not in OPTIONAL:
                object.__setattr__(self, name, bounds.check(name, value))
        if not isinstance(self.drop_last, bool):
            raise ValueError(f"drop_last must be True or False, not {self.drop_last!r}")
        if self.momentum and self.optimizer != "sgd":
            raise ValueError(
                f"momentum {self.momentum:g} is for sgd; {self.optimizer} has its own: set it to 0"
            )

    def _check_network(self) -> None:
        if self.layers != "":
            object.__setattr__(self, "layers", write_layers(parse_layers(self.layers)))
        elif self.architecture is None:
            raise ValueError("a recipe needs its network: layers, or an architecture of its own")
        if self.architecture is None:
            return
        if isinstance(self.architecture, nn.Module) or not callable(self.architecture):
            raise ValueError(
                "architecture must make a network, each time a new one: a class or a function "
                f"without arguments, not {type(self.architecture).__name__}"
            )

    def make_network(self) -> nn.Module:
        """The network, with weights that torch's random state draws."""
        if self.layers or self.architecture is None:
            return build_network(self.layers)
        return self.architecture()

    def build(self, seed: int) -> nn.Module:
        """The network with the weights that `seed` draws; torch's random state is left alone.

        Lazy layers have their sizes. In channels_last, the layout that CPUs convolve fastest in.
        """
        with SeededRandom(seed):
            model = self.make_network()
            tensors = [*itertools.chain(model.parameters(), model.buffers())]
            if any(map(is_lazy, tensors)):
                with evaluation_mode(model), torch.no_grad():
                    model(torch.zeros(1, 1, 28, 28))
        if any(tensor.dim() == 5 for tensor in tensors):  # of 3-D convolutions: torch refuses them
            return model
        return model.to(memory_format=torch.channels_last)

    def for_dataset(self, dataset: Dataset | None) -> "Recipe":
        """As it trains on that data set by default; None: on one that is not known, such as MNIST.

        A run that is told a number of epochs uses it on any data set.
        """
        if self.epochs_of_few is None or dataset is None or len(dataset.train_labels) >= FEW:
            return self
        return replace(self, epochs=self.epochs_of_few)

    def changes(self, dataset: Dataset | None = None) -> dict[str, str | float | bool | None]:
        """The hyper-parameters that differ from those of the same name in RECIPES, as that one
        trains on `dataset`; all of them where there is none."""
        original = RECIPES.get(self.name)
        original = original and original.for_dataset(dataset)
        return {
            name: getattr(self, name)
            for name in HYPERPARAMETERS
            if original is None or getattr(self, name) != getattr(original, name)
        }


HYPERPARAMETERS = (
    "layers",
    "optimizer",
    "learning_rate",
    "momentum",
    "weight_decay",
    "schedule",
    "label_smoothing",
    "ema_decay",
    "precision",
    "augmentation",
    "train_images",
    "excluded_digit",
    "label_noise",
    "uci_digits",
    "synthetic_digits",
    "non_digits",
    "calibration_split",
    "batch_size",
    "epochs",
    "drop_last",
)


def rename_stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored hyper-parameters by the names and values that they have today."""
    renamed = {OLD_NAMES.get(name, name): value for name, value in values.items()}
    for name, old in OLD_VALUES.items():
        if isinstance(value := renamed.get(name), str):
            renamed[name] = old.get(value, value)
    return renamed


def get_recipe(name: str) -> Recipe:
    """The recipe called `name`. Raises ValueError, with the valid names, where there is none."""
    if not isinstance(name, str) or name not in RECIPES:
        raise ValueError(f"there is no recipe {name!r}; choose one of {', '.join(RECIPES)}")
    return RECIPES[name]


def register_recipe(recipe: Recipe) -> Recipe:
    """Put a recipe into RECIPES, last: so the page offers it, and its checkpoints load by name.

    Another one of that name makes room for it. Raises ValueError where the name is one of the
    package's own, or no Python name: it stands in links and names files.
    """
    if recipe.name in _SHIPPED:
        raise ValueError(f"{recipe.name!r} is a recipe of the package; choose another name")
    if not isinstance(recipe.name, str) or not recipe.name.isidentifier():
        raise ValueError(f"a recipe's name must be a Python name, not {recipe.name!r}")
    RECIPES[recipe.name] = recipe
    return recipe


# Deviation common to all: the tutorials read their images through a shuffling DataLoader; here the
# data set lies in memory and is sliced by a seeded permutation: other random numbers, that is all.
RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in [
        Recipe(
            name="softmax",
            layers="linear 10",
            optimizer="sgd",
            learning_rate=0.02,
            batch_size=64,
            epochs=10,
            drop_last=True,
            source='"MNIST Dataset - Softmax Regression Model", 2024',
            published_accuracy=(0.905,),  # on test images left in 0..255
        ),
        Recipe(
            name="mlp",
            # The tutorial's log-softmax is left out: its loss applies it anyway.
            layers="linear 512, sigmoid, linear 256, sigmoid, linear 10",
            optimizer="sgd",
            learning_rate=0.01,
            momentum=0.5,
            batch_size=32,
            epochs=10,
            source='"MLP with MNIST"',
        ),
        Recipe(
            name="simple_cnn",
            layers="conv 32, relu, pool, conv 64, relu, pool, linear 10 xavier",
            optimizer="adam",
            learning_rate=0.001,
            batch_size=100,
            epochs=15,
            drop_last=True,
            seed=777,
            source='"MNIST 분류하기 with Simple CNN", 2022, and "Lab10-2: MNIST CNN", 2022',
            published_accuracy=(0.9831, 0.9879),  # on test images left in 0..255
            published_cost=((1, (0.2256, 0.2239)), (15, (0.00648, 0.00601))),
        ),
        Recipe(
            name="deep_cnn",
            layers=(
                "conv 16 5x5 valid, relu, conv 32 5x5 valid, relu, pool, "
                "conv 64 5x5 valid, relu, pool, linear 100, relu, linear 10"
            ),
            optimizer="adam",
            learning_rate=0.0002,
            batch_size=100,
            epochs=10,
            drop_last=True,
            source='"파이토치로 CNN 모델을 구현해보자", 2021',
        ),
        Recipe(
            name="fast_cnn",
            layers=(
                "normalize, waves 24 stride 2, relu, "
                "conv 32, pool, norm, relu, conv 64, pool, norm, relu, linear 10"
            ),
            optimizer="adamw",
            learning_rate=0.01,
            schedule="one_cycle",
            label_smoothing=0.1,
            precision="bfloat16",
            batch_size=128,
            epochs=1,
            # On the bundled 4,000, of MNIST's test images: 95.8 % after 1 epoch, 98.5 % after 10
            # (mean of 3 seeds, benchmarks/bundled_digits.py).
            epochs_of_few=10,
            drop_last=True,
            source="ours: 99 % in the fewest seconds on two CPU cores",
        ),
        Recipe(
            name="robust_cnn",
            layers=(
                "conv 32, norm, relu, conv 32, norm, relu, pool, "
                "conv 64, norm, relu, conv 64, norm, relu, pool, "
                "conv 128, norm, relu, conv 128, norm, relu, conv 128, norm, relu, pool, "
                "dropout 0.3, linear 10"
            ),
            optimizer="adamw",
            learning_rate=0.003,
            weight_decay=0.02,
            schedule="one_cycle",
            ema_decay=0.9995,
            precision="bfloat16",
            augmentation="handwriting",
            uci_digits=2,
            synthetic_digits=40_000,
            non_digits=12_000,
            calibration_split=5_000,
            batch_size=128,
            epochs=36,  # what two CPU cores do within an hour
            drop_last=True,
            source="ours: the most accurate one, which reads strangers' handwriting",
        ),
    ]
}

_SHIPPED = tuple(RECIPES)

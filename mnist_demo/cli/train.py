"""`mnist-demo train`: train a recipe and save the model."""

import argparse
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from mnist_demo.cli.data_options import add_data_options, load_data
from mnist_demo.models.calibration import calibrate
from mnist_demo.models.saving import check_room, save_somewhere
from mnist_demo.networks.introspection import count_parameters
from mnist_demo.training.devices import choose_device
from mnist_demo.training.evaluation import Evaluation, evaluate
from mnist_demo.training.events import DivergedEvent, EpochEvent, StepEvent, summarize
from mnist_demo.training.recipes import BOUNDS, CHOICES, RECIPES, Recipe, get_recipe
from mnist_demo.training.trainer import Trainer

# Of a recipe's hyper-parameters, those that an option changes.
SETTINGS = (
    "epochs",
    "learning_rate",
    "batch_size",
    "optimizer",
    "schedule",
    "momentum",
    "weight_decay",
    "label_smoothing",
    "augmentation",
    "train_images",
    "excluded_digit",
    "label_noise",
)


def add_train(commands: Any) -> None:
    parser = commands.add_parser("train", help="train a recipe and save the model")
    parser.set_defaults(command=_train)
    parser.add_argument("recipe", metavar="RECIPE", help=", ".join(RECIPES))
    parser.add_argument("--seed", type=int, help="of the weights and the order of the images")
    for name in SETTINGS:
        option = f"--{name.replace('_', '-')}"
        if name in CHOICES:
            parser.add_argument(option, help=", ".join(CHOICES[name]))
        else:
            parser.add_argument(option, type=int if BOUNDS[name].whole else float)
    parser.add_argument("--output", type=Path, help="default: models/RECIPE.safetensors")
    add_data_options(parser)


def _train(options: argparse.Namespace) -> int:
    recipe = _change(get_recipe(options.recipe), options)
    seed = recipe.seed if options.seed is None else options.seed
    BOUNDS["seed"].check("seed", seed)
    output = options.output or Path("models") / recipe.name
    check_room(output, recipe)  # told now, not after the training
    device = choose_device(options.device)
    dataset = load_data(options)
    if options.epochs is None and (adapted := recipe.for_dataset(dataset)) != recipe:
        recipe = adapted
        print(f"So few images take {recipe.epochs} epochs; --epochs chooses another number.")
    trainer = Trainer(recipe, dataset, seed=seed, device=device)
    epochs, diverged = follow(trainer)
    metrics = summarize(epochs)
    if recipe.calibration_split and not diverged:
        metrics |= asdict(calibrate(trainer, trainer.model))
    final = evaluate(trainer.model, trainer.dataset.test_images, trainer.dataset.test_labels)
    if epochs:
        metrics |= {"test_accuracy": final.accuracy, "test_loss": final.loss}
    path = save_somewhere(output, trainer, metrics)
    _report(trainer, final, path)
    return 1 if diverged else 0


def _change(recipe: Recipe, options: argparse.Namespace) -> Recipe:
    """The recipe with what the options change."""
    asked = {name: getattr(options, name) for name in SETTINGS}
    if options.optimizer not in (None, "sgd") and options.momentum is None:
        asked["momentum"] = 0.0  # the recipe's own is for its own optimizer
    return replace(recipe, **{name: value for name, value in asked.items() if value is not None})


def follow(trainer: Trainer) -> tuple[list[EpochEvent], bool]:
    """Train with a progress bar. Ctrl-C stops, and what was learnt until then is kept."""
    epochs: list[EpochEvent] = []
    total = trainer.recipe.epochs * trainer.steps_per_epoch
    with tqdm(total=total, unit="step", mininterval=0.2) as bar:
        try:
            for event in trainer.run():
                match event:
                    case StepEvent():
                        bar.update()
                        bar.set_postfix_str(f"loss {event.loss:.4f}", refresh=False)
                    case EpochEvent():
                        epochs.append(event)
                        bar.write(
                            f"epoch {event.epoch}: train loss {event.train_loss:.5f}, test loss "
                            f"{event.test.loss:.5f}, test accuracy {event.test.accuracy:.2%}"
                        )
                    case DivergedEvent():
                        bar.write(
                            f"epoch {event.epoch}, step {event.step}: the loss is {event.loss}, "
                            "so training ended; try a learning rate below "
                            f"{event.learning_rate:g}"
                        )
                        return epochs, True
        except KeyboardInterrupt:
            bar.write("Stopped.")
    return epochs, False


def _report(trainer: Trainer, final: Evaluation, path: Path) -> None:
    recipe, dataset = trainer.recipe, trainer.dataset
    steps = trainer.epochs_done * trainer.steps_per_epoch
    images = min(steps * recipe.batch_size, trainer.epochs_done * trainer.images_per_epoch)
    print(f"{recipe.name}, {count_parameters(trainer.model):,} parameters, on {trainer.device}")
    print(f"  data           {dataset.name}, {len(dataset.train_images):,} training images")
    print(f"  epochs         {trainer.epochs_done} of {recipe.epochs}, seed {trainer.seed}")
    print(f"  time           {trainer.seconds:.1f} s", end="")
    print(f", {images / trainer.seconds:,.0f} images a second" if images else "")
    print(f"  test accuracy  {final.accuracy:.2%} of {len(dataset.test_images):,} images")
    print(f"  test loss      {final.loss:.5f}")
    print(f"  saved          {path}")

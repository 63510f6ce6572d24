"""The command line: `python -m mnist_demo train|evaluate|predict`."""

import argparse
import sys
import warnings
from dataclasses import asdict, replace
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from tqdm import tqdm

from mnist_demo.arguments import OneLineParser
from mnist_demo.data.dataset import Dataset
from mnist_demo.data.mnist import load_dataset
from mnist_demo.digits.pictures import picture_to_digit
from mnist_demo.files import reason
from mnist_demo.models.calibration import calibrate
from mnist_demo.models.checkpoints import Checkpoint, load_checkpoint, shipped_checkpoints
from mnist_demo.models.inference import predict_probabilities
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


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 where it went well, 2 where a name or a value was wrong."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"python -m mnist_demo: {where}{reason(error)}", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"python -m mnist_demo: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="python -m mnist_demo", description="Train, evaluate and use networks."
    )
    commands = parser.add_subparsers(required=True, metavar="train|evaluate|predict")

    train = commands.add_parser("train", help="train a recipe and save the model")
    train.set_defaults(command=_train)
    train.add_argument("recipe", metavar="RECIPE", help=", ".join(RECIPES))
    train.add_argument("--seed", type=int, help="of the weights and the order of the images")
    for name in SETTINGS:
        option = f"--{name.replace('_', '-')}"
        if name in CHOICES:
            train.add_argument(option, help=", ".join(CHOICES[name]))
        else:
            train.add_argument(option, type=int if BOUNDS[name].whole else float)
    train.add_argument("--output", type=Path, help="default: models/RECIPE.safetensors")
    _add_common(train)

    evaluation = commands.add_parser("evaluate", help="measure models on the test images")
    evaluation.set_defaults(command=_evaluate)
    evaluation.add_argument("names", nargs="*", metavar="NAME", help="checkpoints; default: all")
    _add_common(evaluation)

    predict = commands.add_parser("predict", help="read the digit in each picture")
    predict.set_defaults(command=_predict)
    predict.add_argument("pictures", nargs="+", metavar="PICTURE", help="a PNG or JPEG file")
    predict.add_argument("--model", default="robust_cnn", help="a checkpoint's name or file")
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", help="auto, cpu, cuda or mps; default: the fastest one here")
    parser.add_argument("--data", type=Path, help="default: $MNIST_DEMO_DATA, else data/")
    parser.add_argument("--no-download", action="store_true", help="use what is already there")


def _load_data(options: argparse.Namespace) -> Dataset:
    dataset = load_dataset(options.data, download=not options.no_download)
    if dataset.notice:
        print(f"{dataset.notice} ({dataset.cause}.)", file=sys.stderr)
    return dataset


def _train(options: argparse.Namespace) -> int:
    recipe = _change(get_recipe(options.recipe), options)
    seed = recipe.seed if options.seed is None else options.seed
    BOUNDS["seed"].check("seed", seed)
    output = options.output or Path("models") / recipe.name
    check_room(output, recipe)  # told now, not after the training
    device = choose_device(options.device)
    dataset = _load_data(options)
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


def _evaluate(options: argparse.Namespace) -> int:
    device = choose_device(options.device)
    checkpoints, damaged = _load_checkpoints(options.names)
    dataset = _load_data(options)
    print(f"{dataset.name}, {len(dataset.test_images):,} test images; accuracy also for each digit")
    digits = "".join(f"{digit:>7}" for digit in range(10))
    print(f"{'model':<14}{'accuracy':>9}{'loss':>9}{'parameters':>12}   {digits}")
    for checkpoint in checkpoints:
        model = checkpoint.model.to(device)
        result = evaluate(model, dataset.test_images, dataset.test_labels)
        shares = "".join(f"{share:>7.1%}" for share in result.digit_accuracy)
        print(
            f"{checkpoint.name:<14}{result.accuracy:>9.2%}{result.loss:>9.5f}"
            f"{count_parameters(model):>12,}   {shares}"
        )
    seen = [each.name for each in checkpoints if each.has_seen_tests(dataset)]
    if seen:
        print(f"Seen in training, so no measure of unseen digits: {', '.join(seen)}")
    return 2 if damaged else 0


def _load_checkpoints(names: list[str]) -> tuple[list[Checkpoint], bool]:
    """Those of that name, or all that are shipped; of these, a damaged one is told and left out."""
    if names:
        return [load_checkpoint(name) for name in names], False
    checkpoints, damaged = [], False
    for name in shipped_checkpoints():
        try:
            checkpoints.append(load_checkpoint(name))
        except ValueError as error:
            damaged = True
            print(f"python -m mnist_demo: {error}", file=sys.stderr)
    return checkpoints, damaged


def _predict(options: argparse.Namespace) -> int:
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is the lower limit
    model = load_checkpoint(options.model).model
    for name in options.pictures:
        try:
            with Image.open(name) as picture:
                digit = picture_to_digit(picture)
        except (UnidentifiedImageError, Image.DecompressionBombError):
            raise ValueError(f"{name} is not a picture that can be read") from None
        except FileNotFoundError:
            raise ValueError(f"there is no file {name}") from None
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        probabilities = predict_probabilities(model, digit)[0]
        answer = int(probabilities.argmax())
        print(f"{answer}  {probabilities[answer]:6.1%}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

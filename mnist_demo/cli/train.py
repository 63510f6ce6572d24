"""`mnist-demo train`: train a recipe and save the model."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import torch
from tqdm import tqdm

from mnist_demo.cli.data_options import add_data_options, load_data
from mnist_demo.files import one_line
from mnist_demo.models.calibration import measure_confidence
from mnist_demo.models.saving import (
    choose_output,
    load_unfinished,
    save_somewhere,
    save_unfinished,
    unfinished_path,
)
from mnist_demo.networks.introspection import count_parameters
from mnist_demo.training.devices import choose_device, count_threads
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

DEFAULT = "simple_cnn"  # how a network is trained that comes without a recipe


def add_train(commands: Any) -> None:
    parser = commands.add_parser("train", help="train a recipe and save the model")
    parser.set_defaults(command=_train)
    parser.add_argument(
        "recipe", metavar="RECIPE", nargs="?", help=f"{', '.join(RECIPES)}; {DEFAULT} with --layers"
    )
    parser.add_argument("--layers", help="another network, such as 'conv 32, relu, pool'")
    parser.add_argument("--seed", type=int, help="of the weights and the order of the images")
    for name in SETTINGS:
        option = f"--{name.replace('_', '-')}"
        if name in CHOICES:
            parser.add_argument(option, help=", ".join(CHOICES[name]))
        else:
            parser.add_argument(option, type=int if BOUNDS[name].whole else float)
    parser.add_argument("--output", help="default: models/RECIPE.safetensors")
    parser.add_argument("--force", action="store_true", help="overwrite a model that is there")
    parser.add_argument(
        "--resume", action="store_true", help="go on with the same training where it was stopped"
    )
    add_data_options(parser)


def _train(options: argparse.Namespace) -> int:
    """1 where the loss diverged; where it was stopped, 128 and the signal, as shells count."""
    if options.recipe is None and options.layers is None:
        names = ", ".join(RECIPES)
        raise ValueError(f"RECIPE is missing: name one of {names}, or a network by --layers")
    recipe = _change(get_recipe(options.recipe or DEFAULT), options)
    seed = recipe.seed if options.seed is None else options.seed
    BOUNDS["seed"].check("seed", seed)
    output = choose_output(options.output, recipe, overwrite=options.force or options.resume)
    device = choose_device(options.device)
    torch.set_num_threads(count_threads())
    dataset = load_data(options)
    if options.epochs is None and (adapted := recipe.for_dataset(dataset)) != recipe:
        recipe = adapted
        print(f"So few images take {recipe.epochs} epochs; --epochs chooses another number.")
    with StopRequest() as stop:
        trainer = Trainer(recipe, dataset, seed=seed, device=device, check_cancelled=stop.check)
        epochs = load_unfinished(output, trainer) if options.resume else []
        diverged = follow(trainer, epochs, output, stop)
        final = None
        try:
            metrics = summarize(epochs)
            metrics |= measure_confidence(trainer, trainer.model, ended=not diverged)
            final = evaluate(trainer.model, dataset.test_images, dataset.test_labels)
            if trainer.epochs_done:
                metrics |= {"test_accuracy": final.accuracy, "test_loss": final.loss}
        except KeyboardInterrupt:  # a second one: the model is saved already
            metrics = summarize(epochs)
        with stop.deferred():
            path = save_somewhere(output, trainer, metrics)
            done = diverged or trainer.epochs_done >= recipe.epochs
            if done:
                unfinished_path(output).unlink(missing_ok=True)
            _report(trainer, final, path)
            if not done:
                print("  unfinished     the same command with --resume goes on")
    return stop.status or int(diverged)


def _change(recipe: Recipe, options: argparse.Namespace) -> Recipe:
    """The recipe with what the options change."""
    asked = {name: getattr(options, name) for name in ("layers", *SETTINGS)}
    if options.optimizer not in (None, "sgd") and options.momentum is None:
        asked["momentum"] = 0.0  # the recipe's own is for its own optimizer
    return replace(recipe, **{name: value for name, value in asked.items() if value is not None})


class StopRequest:
    """Ctrl-C, SIGTERM or a closed pipe: the step that is under way goes to its end, and what was
    learnt is saved. A second one ends what is measured after that, too.

    status: 128 and the signal's number; 0 while nobody has asked for the end.
    """

    def __init__(self) -> None:
        self.status = 0
        self._deferred = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def ask(self, number: int) -> None:
        self.status = self.status or 128 + number

    def check(self) -> None:
        """Raise KeyboardInterrupt where the end was asked for."""
        if self.status:
            raise KeyboardInterrupt

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """What is within goes to its end."""
        self._deferred = True
        try:
            yield
        finally:
            self._deferred = False

    def _note(self, number: int, _: object) -> None:
        again = self.status
        self.ask(number)
        if again and not self._deferred:
            raise KeyboardInterrupt


def follow(
    trainer: Trainer,
    epochs: list[EpochEvent] | None = None,
    output: Path | None = None,
    stop: StopRequest | None = None,
) -> bool:
    """Train to the end, or until `stop`; epochs: those done; each joins them. Each is saved as
    `output`, and so is the last step. Returns whether the loss diverged. On a terminal with a
    progress bar; else a line for each epoch.
    """
    epochs = [] if epochs is None else epochs
    left = trainer.recipe.epochs - trainer.epochs_done
    if left <= 0:  # what was left was to measure it
        return False
    stop = stop or StopRequest()
    steps = trainer.recipe.epochs * trainer.steps_per_epoch
    is_terminal = sys.stderr.isatty()
    with tqdm(
        total=steps,
        initial=trainer.steps_done,
        unit="step",
        mininterval=0.2,
        disable=not is_terminal,
    ) as bar:
        try:
            for event in trainer.run(left):
                match event:
                    case StepEvent():
                        bar.update()
                        bar.set_postfix_str(f"loss {event.loss:.4f}", refresh=False)
                    case EpochEvent():
                        epochs.append(event)
                        _save_epoch(trainer, epochs, output, stop)
                        _say(bar, _describe(event), stop)
                    case DivergedEvent():
                        said = (
                            f"epoch {event.epoch}, step {event.step}: the loss is {event.loss}, "
                            "so training ended; try a learning rate below "
                            f"{event.learning_rate:g}"
                        )
                        _say(bar, said, stop)
                        return True
                stop.check()
        except KeyboardInterrupt:
            stop.ask(signal.SIGINT)
            _save_epoch(trainer, epochs, output, stop)
            _say(bar, "Stopped.", stop)
    return False


def _describe(event: EpochEvent) -> str:
    return (
        f"epoch {event.epoch}: train loss {event.train_loss:.5f}, test loss "
        f"{event.test.loss:.5f}, test accuracy {event.test.accuracy:.2%}"
    )


def _save_epoch(
    trainer: Trainer, epochs: list[EpochEvent], output: Path | None, stop: StopRequest
) -> None:
    """A disk that is full meanwhile ends no training: at its end another place is asked for."""
    if output is None:
        return
    with stop.deferred(), suppress(OSError):
        save_unfinished(output, trainer, epochs)


def _say(bar: Any, text: str, stop: StopRequest) -> None:
    """A line on the standard output, above the bar; where nobody reads it any more, the end."""
    try:
        bar.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        stop.ask(13)  # SIGPIPE, which Windows has not
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # until the process ends


def _report(trainer: Trainer, final: Evaluation | None, path: Path) -> None:
    recipe, dataset = trainer.recipe, trainer.dataset
    per_step = min(recipe.batch_size, trainer.images_per_epoch / trainer.steps_per_epoch)
    images = trainer.steps_done * per_step
    print(f"{recipe.name}, {count_parameters(trainer.model):,} parameters, on {trainer.device}")
    print(f"  data           {dataset.name}, {trainer.images_per_epoch:,} training images")
    if "layers" in recipe.changes():
        print(f"  layers         {recipe.layers}")
    print(f"  epochs         {trainer.epochs_done} of {recipe.epochs}, seed {trainer.seed}")
    print(f"  time           {trainer.seconds:.1f} s", end="")
    print(f", {images / trainer.seconds:,.0f} images a second" if images else "")
    if final:
        print(f"  test accuracy  {final.accuracy:.2%} of {len(dataset.test_images):,} images")
        print(f"  test loss      {final.loss:.5f}")
    print(f"  saved          {one_line(str(path))}")

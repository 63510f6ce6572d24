"""How a run did: what it reads right, of each digit, and where it was surest and wrong."""

from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.dataset import Dataset
from mnist_demo.training.recipes import get_recipe
from mnist_demo.ui.components.confusion_matrix import (
    count_confusion,
    describe_confusion,
    matrix_words,
)
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.components.tiles import describe_tile
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.i18n.durations import format_seconds
from mnist_demo.ui.i18n.translate import Translations, translate
from mnist_demo.ui.train.run_store import RunRecord, Runs

MISTAKES = 12


def report_panel() -> gr.HTML:
    """Folded. It fires `ask` when it opens and, while it is open, when the runs change; its value
    is what `update_report` returns. A cell or a mistake that is chosen is shown in the Gallery."""
    words = ("prompt", "digits", "mistakes", "no_mistakes", "confusion")
    return panel(
        __file__,
        "matrix",
        follows=False,
        value={},
        words=matrix_words(),
        **{name: translate(f"report_{name}") for name in words},
    )


def chosen_run(runs: Runs, table: Any) -> RunRecord | None:
    """The run that is chosen in the table, else the newest; None where there is none."""
    number = table.get("selected") if isinstance(table, dict) else None
    newest = runs[-1] if runs else None
    return next((run for run in runs if run.number == number), newest)


def update_report(
    store: ModelStore, table: Any, runs: Runs, user_models: UserModels
) -> dict[str, Any]:
    """The report of the run that is chosen in the table of runs."""
    run = chosen_run(runs, table)
    if run is None or run.name not in user_models:
        return {"message": translate("report_gone")} if run else {}
    checkpoint, dataset = user_models[run.name], store.dataset()
    shares = store.test_probabilities(checkpoint)
    return describe_report(run, dataset, shares, checkpoint.has_seen_tests(dataset))


def describe_report(
    run: RunRecord, dataset: Dataset, probabilities: NDArray[np.float32], seen: bool = False
) -> dict[str, Any]:
    """What the report shows.

    probabilities: of the run's model for all test images, (N, 10). seen: whether it was trained on
    them, elsewhere.
    """
    labels = dataset.test_labels.numpy()
    confusion = count_confusion(labels, probabilities)
    of_each = np.maximum(confusion.sum(axis=1), 1)
    return {
        "model": run.name,
        "lines": _lines(run, dataset, int(confusion.trace()), seen),
        "digits": [
            {"share": round(float(share), 4), "text": f"{share:.1%}"}
            for share in confusion.diagonal() / of_each
        ],
        "matrix": describe_confusion(confusion),
        "mistakes": [
            describe_tile(
                index, dataset.test_images[index].numpy(), int(labels[index]), probabilities[index]
            )
            for index in map(int, surest_mistakes(probabilities, labels, MISTAKES))
        ],
    }


def surest_mistakes(
    probabilities: NDArray[np.float32], labels: NDArray[np.int64], count: int
) -> NDArray[np.intp]:
    """The indices of the wrong answers, the surest first, `count` at most."""
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    return wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")][:count]


def _lines(run: RunRecord, dataset: Dataset, right: int, seen: bool) -> list[Translations]:
    count = len(dataset.test_labels)
    key = "report_run_seen" if seen else "report_run"
    lines = [translate(key, name=run.name, right=right, wrong=count - right, count=count)]
    if run.curves and (seconds := run.metrics["seconds"]):
        speed = run.metrics["epochs"] * run.curves["images_per_epoch"] / seconds
        wall_seconds = format_seconds(run.metrics["wall_seconds"])
        lines.append(translate("report_speed", seconds=wall_seconds, speed=speed))
    if published := run.recipe.published_accuracy:
        shares = " / ".join(f"{share:.2%}" for share in published)
        key = "report_published" if _repeats(run, dataset) else "report_published_other"
        epochs = get_recipe(run.recipe.name).epochs
        lines.append(translate(key, published=shares, accuracy=right / count, epochs=epochs))
    return lines


def _repeats(run: RunRecord, dataset: Dataset) -> bool:
    """Whether it is the training that was published: of the recipe as it is, for all its epochs."""
    whole = run.metrics.get("epochs") == run.recipe.epochs
    return whole and not run.changes and not run.recipe.changes() and dataset.name == "MNIST"

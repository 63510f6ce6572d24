"""How a run did: what it reads right, of each digit, and where it was surest and wrong."""

from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import Dataset
from mnist_demo.recipes import RECIPES
from mnist_demo.ui.confusion import describe_confusion
from mnist_demo.ui.custom_html import custom_html
from mnist_demo.ui.lab.live_run import format_seconds
from mnist_demo.ui.lab.runs import Run, Runs
from mnist_demo.ui.library import Library, Own
from mnist_demo.ui.pixels import png_data_uri
from mnist_demo.ui.words import say

MISTAKES = 12


def report() -> gr.HTML:
    """Empty. Its value is the first of what `describe_report` returns."""
    words = ("prompt", "digits", "mistakes", "no_mistakes")
    return custom_html(
        "report",
        shared=("make",),
        value={},
        **{name: say(f"report_{name}") for name in words},
        elem_id="report",
    )


def chosen_run(runs: Runs, board: Any) -> Run | None:
    """The run that is chosen on the board, else the newest; None where there is none."""
    number = board.get("selected") if isinstance(board, dict) else None
    newest = runs[-1] if runs else None
    return next((run for run in runs if run.number == number), newest)


def tell_report(library: Library, unfolded: bool, board: Any, runs: Runs, own: Own) -> list[Any]:
    """The report of the chosen run and its confusion matrix, where the report is unfolded."""
    if not unfolded:
        return [gr.skip(), gr.skip()]
    run = chosen_run(runs, board)
    if run is None or run.name not in own:
        return [{"message": say("report_gone")} if run else {}, {}]
    shares = library.test_probabilities(own[run.name])
    return list(describe_report(run, library.dataset(), shares))


def describe_report(
    run: Run, dataset: Dataset, probabilities: NDArray[np.float32]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the report shows, and its confusion matrix.

    probabilities: of the run's model for all test images, (N, 10).
    """
    labels = dataset.test_labels.numpy()
    answers = probabilities.argmax(axis=1)
    confusion = np.zeros((10, 10), dtype=np.int64)
    np.add.at(confusion, (labels, answers), 1)
    of_each = np.maximum(confusion.sum(axis=1), 1)
    shown = {
        "lines": _lines(run, int(confusion.trace()), len(labels)),
        "digits": [
            {"share": round(float(share), 4), "text": f"{share:.1%}"}
            for share in confusion.diagonal() / of_each
        ],
        "mistakes": [
            {
                "picture": png_data_uri(dataset.test_images[index].numpy()),
                "text": say(
                    "tile_wrong_detail",
                    share=float(probabilities[index].max()),
                    label=int(labels[index]),
                ),
                "verdict": say("tile_wrong", prediction=int(answers[index])),
                "alt": say(
                    "tile_alt",
                    index=int(index),
                    label=int(labels[index]),
                    prediction=int(answers[index]),
                    share=float(probabilities[index].max()),
                ),
            }
            for index in surest_mistakes(probabilities, labels, MISTAKES)
        ],
    }
    return shown, describe_confusion(confusion)


def surest_mistakes(
    probabilities: NDArray[np.float32], labels: NDArray[np.int64], count: int
) -> NDArray[np.intp]:
    """The indices of the wrong answers, the surest first, `count` at most."""
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    return wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")][:count]


def _lines(run: Run, right: int, count: int) -> list[str]:
    lines = [say("report_run", name=run.name, right=right, wrong=count - right, count=count)]
    if run.curves and (seconds := run.metrics["seconds"]):
        steps = run.metrics["epochs"] * run.curves["steps_per_epoch"]
        speed = steps * run.recipe.batch_size / seconds
        lines.append(say("report_speed", seconds=format_seconds(seconds), speed=speed))
    published = RECIPES[run.recipe.name].published_accuracy
    if published:
        shares = " / ".join(f"{share:.2%}" for share in published)
        lines.append(say("report_published", published=shares, accuracy=right / count))
    return lines

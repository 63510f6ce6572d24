"""The plots of docs/RESULTS.md."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot as plt

from benchmarks.freehand import BINS, HEIGHTS, WIDTHS
from benchmarks.tables import Row
from mnist_demo import load_checkpoint, shipped_checkpoints

DOCS = Path(__file__).parents[1] / "docs"


def plot_training() -> None:
    """Test error after each epoch against the seconds trained, for the shipped models whose
    training was timed as a whole."""
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for name in shipped_checkpoints():
        metrics = load_checkpoint(name).metrics
        if "seconds" not in metrics:
            continue
        accuracies = metrics["test_accuracy_by_epoch"]
        seconds = [metrics["seconds"] * (at + 1) / len(accuracies) for at in range(len(accuracies))]
        axes.plot(seconds, [1 - share for share in accuracies], marker="o", ms=4, label=name)
    axes.set(xscale="log", yscale="log", xlabel="seconds of training", ylabel="test error")
    axes.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1, decimals=1))
    axes.grid(alpha=0.3, which="both")
    axes.legend()
    figure.savefig(DOCS / "training.png", dpi=120)
    plt.close(figure)


def plot_freehand(rows: list[Row]) -> None:
    """Accuracy on pictures of drawings against the pen's width and the digit's height."""
    figure, panels = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True, layout="constrained")
    for axes, column, (low, high), label in (
        (panels[0], "dark_by_line_width", WIDTHS, "line width, of a pad of 280"),
        (panels[1], "dark_by_height", HEIGHTS, "height of the digit, of the pad"),
    ):
        middles = [low + (at + 0.5) * (high - low) / BINS for at in range(BINS)]
        for row in rows:
            axes.plot(middles, row[column], marker="o", ms=4, label=row["model"])
        axes.set(xlabel=label)
        axes.grid(alpha=0.3)
    panels[0].set(ylabel="accuracy on pictures")
    panels[0].yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1, decimals=0))
    panels[1].legend(fontsize="small")
    figure.savefig(DOCS / "freehand.png", dpi=120)
    plt.close(figure)

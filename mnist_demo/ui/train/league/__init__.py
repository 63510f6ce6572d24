"""The league: how many digits a visitor's runs read right, by how many parameters."""

from typing import Any

import gradio as gr

from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.i18n.translate import Translations, translate
from mnist_demo.ui.train.recipe_form import parameters_of
from mnist_demo.ui.train.run_store import Runs

GOAL = 0.98
# Of github.com/JoshWarn/Parameter-Efficient-MNIST, which chose among some 700 trainings of it, and
# among the epochs of each, by the test images.
RECORD: dict[str, Any] = {"parameters": 697, "accuracy": 0.9903}


def league_panel() -> gr.HTML:
    """Folded. It fires `ask` when it opens and, while it is open, when the runs change; its value
    is what `describe_league` returns."""
    own = ("help", "chart", "up", "along", "front", "on_front", "record_name")
    heads = {"name": "runs_head", "parameters": "column_parameters", "accuracy": "runs_accuracy"}
    return panel(
        __file__,
        "plot",
        follows=False,
        value={},
        goal=GOAL,
        record=RECORD | _texts(**RECORD),
        words={word: translate(f"league_{word}") for word in own}
        | {word: translate(key) for word, key in heads.items()}
        | {"record": translate("league_record", **RECORD)},
    )


def update_league(store: ModelStore, runs: Runs) -> dict[str, Any]:
    return describe_league(runs, store.dataset().name)


def describe_league(runs: Runs, dataset: str) -> dict[str, Any]:
    """The runs that have a test accuracy, those of the fewest parameters first, and which of them
    reaches the goal with the fewest.

    dataset: the name of the one whose test images they read.
    """
    entries: list[dict[str, Any]] = [
        {"number": run.number, "name": run.name, "parameters": parameters_of(run.recipe)}
        | {"accuracy": run.metrics["test_accuracy"]}
        for run in runs
        if _is_share(run.metrics.get("test_accuracy"))
    ]
    entries.sort(key=lambda entry: (entry["parameters"], -entry["accuracy"]))
    best = -1.0
    for entry in entries:
        entry["front"] = entry["accuracy"] > best
        best = max(best, entry["accuracy"])
        entry |= _texts(entry["parameters"], entry["accuracy"])
    return {
        "runs": entries,
        "best": _describe_best(entries),
        "note": "" if dataset == "MNIST" else translate("league_other_images"),
    }


def _is_share(value: Any) -> bool:
    """Of the metrics of a file, which may be anything."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _texts(parameters: int, accuracy: float) -> dict[str, str]:
    return {"parameters_text": f"{parameters:,}", "accuracy_text": f"{accuracy:.2%}"}


def _describe_best(entries: list[dict[str, Any]]) -> Translations:
    for entry in entries:
        if entry["accuracy"] >= GOAL:
            told = {name: entry[name] for name in ("name", "parameters", "accuracy")}
            return translate("league_best", goal=GOAL, **told)
    return translate("league_none", goal=GOAL)

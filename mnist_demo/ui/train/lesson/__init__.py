"""A teacher's lesson: a question, a guess, and the set-ups that answer it."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.i18n.translate import Translations, translate
from mnist_demo.ui.train.links import Link, SetUp
from mnist_demo.ui.train.recipe_form import show_recipe
from mnist_demo.ui.train.run_store import RunRecord, Runs
from mnist_demo.ui.wiring import Outputs


def lesson_card() -> gr.HTML:
    """Nothing is seen of it without a question. Its value is what `describe_lesson` returns; it
    fires `choose` when a set-up is guessed or chosen."""
    return custom_html(
        __file__, shared=("dom",), value={}, guess=translate("lesson_guess"), elem_id="lesson"
    )


def read_choice(link: Link, value: Any) -> tuple[int | None, int]:
    """The guess, None where there is none yet, and the set-up that is chosen, as a browser says."""
    sent = value if isinstance(value, dict) else {}
    valid = range(len(link.set_ups))

    def index(name: str) -> int | None:
        number = sent.get(name)
        return number if isinstance(number, int) and number in valid else None

    return index("guess"), index("chosen") or 0


def describe_lesson(link: Link, runs: Runs, guess: int | None, chosen: int) -> dict[str, Any]:
    """The question, the set-ups with what came of each so far, and how the guess did."""
    if not link.question:
        return {"hidden": list(link.hidden)}
    best_runs = [_newest(runs, set_up) for set_up in link.set_ups]
    names = [set_up.name or set_up.recipe.name for set_up in link.set_ups]
    return {
        "hidden": list(link.hidden),
        "question": link.question,
        "guess": guess,
        "chosen": chosen,
        "line": _describe_guess(names, best_runs, guess),
        "choices": [
            translate("lesson_done", name=name, accuracy=run.metrics["test_accuracy"])
            if run
            else name
            for name, run in zip(names, best_runs, strict=True)
        ],
    }


def update_lesson(link: Link, lesson: Any, runs: Runs) -> Outputs:
    """The card again, after a run."""
    return {"lesson": describe_lesson(link, runs, *read_choice(link, lesson))}


def choose_set_up(link: Link, lesson: Any, runs: Runs) -> Outputs:
    """The set-up that was chosen in the form, and a Train button: a guess has been made."""
    guess, chosen = read_choice(link, lesson)
    set_up = link.set_ups[chosen]
    return {
        "lesson": describe_lesson(link, runs, guess, chosen),
        "train": gr.update(interactive=True),
        **show_recipe(set_up.recipe, set_up.seed),
    }


def _newest(runs: Runs, set_up: SetUp) -> RunRecord | None:
    """The newest run of that set-up."""
    wanted = set_up.recipe, set_up.seed
    same = [run for run in runs if run.curves and (run.recipe, run.seed) == wanted]
    return same[-1] if same else None


def _describe_guess(
    names: Sequence[Translations | str], runs: Sequence[RunRecord | None], guess: int | None
) -> Translations | str:
    if guess is None or len(names) == 1:
        return ""
    if not all(runs):
        return translate("lesson_guessed", name=names[guess])
    shares = [run.metrics["test_accuracy"] for run in runs if run]
    if shares[guess] == max(shares):
        return translate("lesson_right")
    return translate("lesson_wrong", name=names[guess], best=names[shares.index(max(shares))])

"""A lesson: a question, a guess, and the set-ups that answer it."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.i18n.translate import Translations, translate
from mnist_demo.ui.train.lessons import (
    find_lesson,
    guide_heads,
    guide_of,
    translate_question,
)
from mnist_demo.ui.train.links import Link, SetUp
from mnist_demo.ui.train.progress import describe_progress
from mnist_demo.ui.train.recipe_form import show_recipe
from mnist_demo.ui.train.run_store import RunRecord, Runs
from mnist_demo.ui.wiring import Outputs


def lesson_card() -> gr.HTML:
    """Nothing is seen of it without a question or several set-ups. Its value is what
    `describe_lesson` returns. It fires `guess` when a set-up is guessed, `choose` when one is
    chosen, and `train_set_up` when all are to be trained, for one after another."""
    return custom_html(
        __file__,
        shared=("dom",),
        value={},
        guessed=translate("lesson_own_guess"),
        all=translate("lesson_train_all"),
        heads=guide_heads(),
        elem_id="lesson",
    )


def read_choice(link: Link, value: Any) -> tuple[int | None, int]:
    """The guess, None where there is none yet, and the set-up that is chosen, as a browser says."""
    sent = value if isinstance(value, dict) else {}
    valid = range(len(link.set_ups))

    def index(name: str) -> int | None:
        number = sent.get(name)
        return number if isinstance(number, int) and number in valid else None

    return index("guess"), index("chosen") or 0


def describe_lesson(
    link: Link, runs: Runs, guess: int | None, chosen: int, *, training_all: bool = False
) -> dict[str, Any]:
    """The question, the set-ups with what came of each so far, and how the guess did."""
    several = len(link.set_ups) > 1
    known = find_lesson(link.parameters) if link.question else None
    if not (link.question or several):
        return {"hidden": list(link.hidden)}
    newest = [newest_run(runs, set_up) for set_up in link.set_ups]
    trained = [run if run and run.ended else None for run in newest]
    names = [set_up.name or set_up.recipe.name for set_up in link.set_ups]
    choices = [_describe_choice(name, run) for name, run in zip(names, newest, strict=True)]
    return {
        "hidden": list(link.hidden),
        "question": translate_question(known, link.question) if known else link.question,
        "guide": guide_of(known) if known else None,
        "asks": link.asks and guess is None,
        "guess": guess,
        "chosen": chosen,
        "line": _describe_state(link, names, trained, guess, training_all) if several else "",
        "choices": choices if several else [],
        "left": [index for index, run in enumerate(trained) if not run],
        "training_all": training_all,
    }


def update_lesson(link: Link, lesson: Any, runs: Runs) -> Outputs:
    """The card again, where the runs are others."""
    training_all = isinstance(lesson, dict) and lesson.get("training_all") is True
    choice = read_choice(link, lesson)
    return {"lesson": describe_lesson(link, runs, *choice, training_all=training_all)}


def take_guess(link: Link, lesson: Any, runs: Runs) -> Outputs:
    """The guess is made: so it may be trained."""
    guess, _ = read_choice(link, lesson)
    return {
        "lesson": describe_lesson(link, runs, guess, 0),
        "train": gr.update(interactive=True),
        "status": describe_progress(translate("train_ready")),
    }


def choose_set_up(link: Link, lesson: Any, runs: Runs, *, training_all: bool = False) -> Outputs:
    """The set-up that was chosen, in the form; so the address is the lesson's again."""
    guess, chosen = read_choice(link, lesson)
    set_up = link.set_ups[chosen]
    return {
        "lesson": describe_lesson(link, runs, guess, chosen, training_all=training_all),
        "address": {"parameters": link.parameters},
        **show_recipe(set_up.recipe, set_up.seed),
    }


def follow_training(link: Link, lesson: Any, runs: Runs) -> Outputs:
    """The card after a training. Where all set-ups are trained and this one has been, the next one
    of which there is no run is chosen; next: so the browser asks for its training."""
    updated = update_lesson(link, lesson, runs)
    card = updated["lesson"]
    if not card.get("training_all"):
        return updated
    guess, chosen = read_choice(link, lesson)
    later = [index for index in card["left"] if index > chosen]
    if chosen in card["left"] or not later:  # refused, or the last one
        return {"lesson": describe_lesson(link, runs, guess, chosen)}
    going = describe_lesson(link, runs, guess, later[0], training_all=True)
    return {"lesson": going | {"next": True}}


def newest_run(runs: Runs, set_up: SetUp) -> RunRecord | None:
    """The newest run of that set-up; one that was paused only where none has come to its end."""
    same = [run for run in runs if run.curves and _is_of(run, set_up)]
    return next(reversed([run for run in same if run.ended] or same), None)


def _is_of(run: RunRecord, set_up: SetUp) -> bool:
    """Whether nothing was changed on the way, nor added to what the set-up has."""
    others = run.user_digits or {"setting_changes", "started_from_step"} & run.metrics.keys()
    longer = run.metrics.get("epochs", 0) > set_up.recipe.epochs
    return (run.recipe, run.seed) == (set_up.recipe, set_up.seed) and not others and not longer


def _describe_choice(name: Translations | str, run: RunRecord | None) -> Translations | str:
    if run is None:
        return name
    key = "lesson_done" if run.ended else "lesson_begun"
    return translate(key, name=name, accuracy=run.metrics["test_accuracy"])


def _describe_state(
    link: Link,
    names: Sequence[Translations | str],
    runs: Sequence[RunRecord | None],
    guess: int | None,
    training_all: bool,
) -> Translations:
    if training_all:
        return translate("lesson_training_all")
    if link.asks and guess is None:
        return translate("lesson_guess")
    shares = [run.metrics["test_accuracy"] for run in runs if run]
    if len(shares) < len(runs):
        if guess is None or not link.asks:
            return translate("lesson_set_ups", count=len(runs))
        return translate("lesson_guessed", name=names[guess])
    best = names[shares.index(max(shares))]
    if guess is None or not link.asks:
        return translate("lesson_best", best=best)
    if shares[guess] == max(shares):
        return translate("lesson_right")
    return translate("lesson_wrong", name=names[guess], best=best)

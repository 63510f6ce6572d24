"""The lessons that come along: what to try, what to look at, and what was learnt."""

from collections.abc import Mapping
from urllib.parse import urlencode

import gradio as gr

from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.i18n.translate import LANGUAGES, Translations, translate
from mnist_demo.ui.train.links import PARAMETERS

# The parameters of each lesson's link; its words are `lesson_NAME_title` and the like.
LESSONS: dict[str, dict[str, str]] = {
    "filters": {
        "recipe": "softmax,simple_cnn",
        "epochs": "2",
        "hide": "settings,experiments",
    },
    "steps": {"recipe": "softmax", "learning_rate": "0.0002,0.1,20", "epochs": "2"},
    "few": {
        "recipe": "simple_cnn",
        "train_images": "600",
        "epochs": "40",
        "augmentation": "none,handwriting",
    },
    "wrong": {
        "recipe": "simple_cnn",
        "train_images": "5000",
        "label_noise": "0,0.5,0.8",
        "epochs": "5",
    },
    "unseen": {"recipe": "fast_cnn", "excluded_digit": "7"},
    "depth": {
        "recipe": "mlp",
        "learning_rate": "0.1",
        "epochs": "4",
        "layers": ";".join(
            (
                "linear 32, sigmoid, linear 10",
                "linear 32, sigmoid, " * 5 + "linear 10",
                "linear 32, relu, " * 5 + "linear 10",
            )
        ),
    },
    "pooling": {
        "recipe": "fast_cnn",
        "learning_rate": "0.005",
        "label_smoothing": "0",
        "epochs": "3",
        "train_images": "20000",
        "layers": ";".join(
            (
                "conv 8, relu, conv 16, relu, linear 10",
                "conv 8, relu, pool, conv 16, relu, pool, linear 10",
                "conv 8, relu, pool, conv 16, relu, pool, conv 32, relu, pool 7x7, linear 10",
            )
        ),
    },
    "parameters": {
        "recipe": "fast_cnn",
        "label_smoothing": "0",
        "epochs": "3",
        "layers": ";".join(
            (
                "linear 32, relu, linear 10",
                "conv 8, relu, pool, conv 8, relu, pool, conv 16, relu, pool, linear 10",
                "conv 4, relu, pool, conv 8, relu, pool, conv 8, relu, pool, linear 10",
            )
        ),
    },
}
WORDS = ("title", "question", "try", "look", "learnt")
GUIDE = WORDS[2:]


def lessons_panel() -> gr.HTML:
    """It fires `open_lesson` when one is to be opened on this page: its value is { search }."""
    lessons = [
        {word: translate(f"lesson_{name}_{word}") for word in WORDS}
        | {"address": lesson_address(name)}
        for name in LESSONS
    ]
    return panel(
        __file__,
        follows=False,
        value={},
        lessons=lessons,
        open=translate("lessons_open"),
        heads=guide_heads(),
    )


def guide_heads() -> dict[str, Translations]:
    return {word: translate(f"lessons_{word}") for word in GUIDE}


def find_lesson(parameters: Mapping[str, str]) -> str | None:
    """The one of LESSONS that a link with these parameters opens; None for any other."""
    for name, lesson in LESSONS.items():
        set_ups = {key: value for key, value in lesson.items() if key in PARAMETERS}
        if set_ups == {key: value for key, value in parameters.items() if key in PARAMETERS}:
            return name
    return None


def guide_of(name: str) -> dict[str, Translations]:
    """What to try, to look at, and what was learnt."""
    return {word: translate(f"lesson_{name}_{word}") for word in GUIDE}


def translate_question(name: str, question: str) -> Translations | str:
    """The question of one of LESSONS in each language, where it is asked as it stands."""
    own = translate(f"lesson_{name}_question")
    return own if question in own.values() else question


def lesson_address(name: str) -> Translations:
    """The address of a lesson, as a link from anywhere on this site; in each language."""
    question = translate(f"lesson_{name}_question")
    return {
        language: "?"
        + urlencode({"tab": "train"} | LESSONS[name] | {"question": question[language]}, safe=",")
        for language in LANGUAGES
    }

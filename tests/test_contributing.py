"""docs/CONTRIBUTING.md is followed to the letter, in a copy of the package."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contributing import follow


def _run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def with_recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return follow("Add a recipe", tmp_path_factory.mktemp("recipe"))


@pytest.mark.slow
def test_the_new_recipe_is_trained_from_the_command_line(
    with_recipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_DEMO_DATA", "nowhere")
    here = "--no-download"
    told = _run(with_recipe, "-m", "mnist_demo", "train", "tiny_cnn", "--epochs=3", here)
    assert "tiny_cnn, 4,138 parameters" in told
    told = _run(with_recipe, "-m", "mnist_demo", "evaluate", "models/tiny_cnn.safetensors", here)
    accuracy = float(told.splitlines()[-1].split()[1].rstrip("%"))
    assert accuracy > 70  # of ten digits, by chance 10


@pytest.mark.slow
def test_the_new_recipe_is_on_the_page(with_recipe: Path) -> None:
    choices, facts = json.loads(_run(with_recipe, "-c", RECIPE))
    assert ["tiny_cnn", "tiny_cnn"] in choices
    assert facts.startswith("One layer of small filters, and as few parameters as will do. 4,138")


RECIPE = """
import json
from mnist_demo.ui.page import build_app
from mnist_demo import get_recipe
from mnist_demo.ui.train.recipe_form import describe_recipe
(recipe,) = (b for b in build_app().blocks.values() if getattr(b, "elem_id", None) == "recipe")
print(json.dumps([recipe.choices, describe_recipe(get_recipe("tiny_cnn"))["en"]]))
"""


@pytest.mark.slow
def test_the_new_layer_is_trained_and_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_DEMO_DATA", "nowhere")
    folder = follow("Add a layer", tmp_path)
    command = ["-m", "mnist_demo", "train", "--layers", "conv 4, elu, pool 4x4", "--epochs=1"]
    told = _run(folder, *command, "--no-download")
    assert "layers         conv 4, elu, pool 4x4, linear 10" in told
    assert "elu=nn.ELU()," in _run(folder, "-c", SCRIPT)


SCRIPT = """
from dataclasses import replace
from mnist_demo import RECIPES, Trainer, export_script
from mnist_demo.data.bundled_digits import bundled_digits
recipe = replace(RECIPES["mlp"], layers="conv 4, elu, pool 4x4", train_images=100, epochs=1)
trainer = Trainer(recipe, bundled_digits())
list(trainer.run())
print(export_script(trainer, 0.5))
"""


@pytest.mark.slow
def test_the_page_is_in_the_new_language_and_what_is_missing_in_english(tmp_path: Path) -> None:
    folder = follow("Add a language", tmp_path)
    heading, draw_tab, undo, head, sentence = json.loads(_run(folder, "-c", LANGUAGE))
    assert {"code": "de", "name": "Deutsch"} in heading
    assert draw_tab == {"en": "Draw", "ko": "그리기", "de": "Zeichnen"}
    assert (undo["de"], undo["ko"]) == ("Undo", "되돌리기")
    assert sentence == "Das ist eine 7."
    assert 'name="languages" content="en ko de"' in head


LANGUAGE = """
import json
from mnist_demo.ui.page import build_app
from mnist_demo.ui.i18n.translate import translate
from mnist_demo.ui.serving.launch import launch_options
sentence = translate("prediction_sure", digit=7)["de"]
app = build_app()
(head,) = (b for b in app.blocks.values() if getattr(b, "elem_id", None) == "intro")
told = [translate("draw"), translate("undo"), launch_options(app)["head"], sentence]
print(json.dumps([head.props["languages"], *told]))
"""

"""The README tells the truth: its commands, its table, its tree, its examples."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.readmes import MARKS, summarize_ours
from mnist_demo import RECIPES
from mnist_demo.networks.introspection import count_parameters
from mnist_demo.ui.i18n.translate import LANGUAGES
from mnist_demo.ui.train.lessons import LESSONS

TOLD = ("title", "question")  # of a lesson
ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUN = "pip install -r requirements.txt && python app.py"
TEST = "pip install -r requirements-dev.txt && pytest"


def test_the_two_commands_stand_alone_on_their_lines() -> None:
    assert f"\n    {RUN}\n" in README
    assert f"\n    {TEST}\n" in README


def test_the_first_screen_has_the_picture_the_commands_and_five_points() -> None:
    screen = "\n".join(README.splitlines()[:42])
    assert screen.index("![") < screen.index(f"    {RUN}\n    {TEST}\n") < screen.index("\n- **")
    assert len(re.findall(r"^- \*\*", screen, re.MULTILINE)) == 5
    assert "\n## " in screen


def test_ci_calls_the_test_command() -> None:
    assert f"\n{TEST}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def _share(value: float) -> str:
    return f"{value * 100:.2f} %"


def _expected_row(result: dict[str, Any]) -> list[str]:
    recipe = RECIPES[result["recipe"]]
    costs = result["published_cost"].items()
    losses = result["train_loss_by_epoch"]
    return [
        f"`{recipe.name}`",
        f"{count_parameters(recipe.build(seed=0)):,}",
        " and ".join(map(_share, result["published_accuracy"])),
        _share(result["accuracy_0_to_255"]),
        f"**{_share(result['accuracy_0_to_1'])}**",
        "; ".join(f"epoch {epoch}: {' and '.join(map(str, cost))}" for epoch, cost in costs),
        "; ".join(f"epoch {epoch}: {losses[int(epoch) - 1]:.4g}" for epoch, _ in costs),
    ]


def test_the_results_table_is_what_was_measured() -> None:
    report = json.loads((ROOT / "benchmarks/results/reproduce.json").read_text(encoding="utf-8"))
    table = README.split("<!-- results")[1].split("\n\n")[0].splitlines()[3:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert rows == [_expected_row(result) for result in report["rows"]]


def test_our_own_figures_are_what_was_measured() -> None:
    assert f"{MARKS[0]}\n{summarize_ours('README.md')}\n{MARKS[1]}" in README


def test_every_file_of_the_tree_is_there() -> None:
    tree = README.split("## What is where")[1].split("```")[1]
    folders: list[str] = []
    for line in filter(None, tree.splitlines()):
        depth = (len(line) - len(line.lstrip())) // 2
        for name in re.split(r" {2,}", line.strip())[0].split():
            assert (ROOT / "/".join([*folders[:depth], name])).exists(), name
            folders = [*folders[:depth], name.rstrip("/")]


def test_every_package_stands_in_the_tree() -> None:
    tree = README.split("## What is where")[1].split("```")[1]
    for path in (ROOT / "mnist_demo").iterdir():
        if path.suffix == ".py" and not path.stem.startswith("__"):
            assert f" {path.name}" in tree
        elif (path / "__init__.py").exists():
            assert f"  {path.name}/ " in tree


@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_is_told(name: str) -> None:
    for file, language in (("README.md", "en"), ("README.ko.md", "ko")):
        words = " ".join((ROOT / file).read_text(encoding="utf-8").split())
        title, question = (LANGUAGES[language][f"lesson_{name}_{it}"] for it in TOLD)
        assert f"- {title}: {question}" in words


def test_every_picture_is_there() -> None:
    for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README):
        assert (ROOT / target).is_file()


@pytest.mark.real_mnist
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_examples_run(number: int, mnist: object, capsys: pytest.CaptureFixture[str]) -> None:
    example = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[number]
    exec(compile(example, f"README, example {number}", "exec"), {})
    printed = capsys.readouterr().out.split()
    if number == 0:
        assert printed == ["7"]
    elif number == 1:
        assert printed[0] == "17"
    else:
        assert float(printed[2]) > 0.85
        assert float(printed[5]) > float(printed[2])

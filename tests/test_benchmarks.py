"""What the benchmarks measure with: the page's README and docs/RESULTS.md rest on it."""

import importlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch.nn.functional as F

import benchmarks
from benchmarks.calibration import scribble
from benchmarks.freehand import HEIGHTS, PAD, place, rasterise
from benchmarks.pendigits import FILE, Drawing, load_pendigits
from benchmarks.report import format_table
from benchmarks.summary import SECTIONS
from benchmarks.tutorials import TUTORIALS, tutorial_network, tutorial_optimizer
from mnist_demo import RECIPES, Dataset, StepEvent, Trainer, picture_to_digit, strokes_to_digit
from mnist_demo.data import data_directory

SCRIPTS = sorted(path.stem for path in Path(benchmarks.__file__).parent.glob("*.py"))
SEVEN = Drawing(7, 1, [np.array([[70.0, 60.0], [205.0, 60.0], [125.0, 235.0]])])


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_has_its_script(name: str) -> None:
    assert name in SCRIPTS
    module = importlib.import_module(f"benchmarks.{name}")
    assert f"python -m benchmarks.{name}" in (module.__doc__ or "")
    assert callable(module.main)


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorials_own_network_and_optimizer_have_our_losses(name: str, tiny: Dataset) -> None:
    recipe = replace(RECIPES[name], batch_size=64)
    trainer = Trainer(recipe, tiny, seed=7, device="cpu")
    model = tutorial_network(name)
    model.load_state_dict(
        dict(zip(model.state_dict(), trainer.model.state_dict().values(), strict=True))
    )
    optimizer, losses = tutorial_optimizer(recipe, model), []
    for batch in trainer._shuffle(1).split(64):
        loss = F.cross_entropy(
            model(tiny.train_images[batch].float().div(255)[:, None]), tiny.train_labels[batch]
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    ours = [event.loss for event in trainer.run(1) if isinstance(event, StepEvent)]
    np.testing.assert_allclose(ours, losses, rtol=2e-5)


@pytest.mark.parametrize("seed", range(20))
def test_a_drawing_is_placed_within_the_pad(seed: int) -> None:
    strokes, height = place(SEVEN, np.random.default_rng(seed))
    points = np.concatenate(strokes)
    assert points.min() >= 0
    assert points.max() <= PAD
    assert height == pytest.approx(np.ptp(points[:, 1]) / PAD)
    assert HEIGHTS[0] <= height <= HEIGHTS[1]


def test_a_picture_of_a_drawing_is_the_drawing() -> None:
    strokes, _ = place(SEVEN, np.random.default_rng(0))
    picture = rasterise(strokes, 12)
    assert picture.shape == (280, 280)
    assert (picture[0, 0], picture.min()) == (255, 0)
    ours, drawn = picture_to_digit(picture), strokes_to_digit(strokes, line_width=12)
    shifts = [np.roll(ours, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    assert min(np.abs(shifted - drawn).mean() for shifted in shifts) < 0.02  # centred by rounding


@pytest.mark.parametrize("seed", range(12))
def test_a_scribble_is_a_drawing(seed: int) -> None:
    assert strokes_to_digit(scribble(np.random.default_rng(seed))).sum() > 10


def test_a_table_is_markdown() -> None:
    assert format_table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_pen_drawings_are_read(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(
        '.LEXICON "0"\n.SEGMENT DIGIT 0 ? "7"\n.COMMENT 7 12 3\n.PEN_DOWN\n 10 400\n 20 300\n'
        ".PEN_UP\n.DT 100\n.PEN_DOWN\n 5 6\n.PEN_UP\n"
    )
    (drawing,) = load_pendigits(tmp_path / FILE)
    assert (drawing.label, drawing.writer) == (7, 12)
    assert [stroke.tolist() for stroke in drawing.strokes] == [[[10, 100], [20, 200]], [[5, 494]]]


def test_missing_pen_drawings_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="set MNIST_DEMO_DATA"):
        load_pendigits(tmp_path / FILE)


@pytest.mark.real_mnist
def test_all_pen_drawings_are_there() -> None:
    if not (data_directory() / FILE).is_file():
        pytest.skip(f"there is no {data_directory() / FILE}")
    drawings = load_pendigits()
    assert len(drawings) == 7494
    assert {drawing.writer for drawing in drawings} == set(range(1, 31))
    assert min(np.bincount([drawing.label for drawing in drawings])) == 719

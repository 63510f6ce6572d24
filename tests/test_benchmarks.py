"""What the benchmarks measure with: the page's README and docs/RESULTS.md rest on it."""

import asyncio
import importlib
import inspect
import io
import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

import benchmarks
from benchmarks.bare_loop import run_bare
from benchmarks.calibration import scribble
from benchmarks.class_report import Bar, Sample, memory_growth, percentile
from benchmarks.draw_tab import PANELS
from benchmarks.freehand import HEIGHTS, PAD, place, rasterise
from benchmarks.growing_drawings import (
    UPDATES,
    GrowingDrawing,
    find_fault,
    grow_drawings,
    pictures_of,
)
from benchmarks.muon import orthogonalize
from benchmarks.numbers import GAPS, compose
from benchmarks.pendigits import FILE, Drawing, load_pendigits
from benchmarks.pictures import DEVELOPMENT, HELD_OUT, KINDS, Hand
from benchmarks.record import Record, Step, train_record, train_record_our_way
from benchmarks.report import format_table
from benchmarks.summary import SECTIONS, summarize
from benchmarks.time_to_99 import follow
from benchmarks.tutorials import TUTORIALS, tutorial_network, tutorial_optimizer
from benchmarks.visited_page import Layout
from mnist_demo import RECIPES, Dataset, StepEvent, Trainer, picture_to_digit, strokes_to_digit
from mnist_demo.data.mnist import data_directory
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL, ModelStore
from mnist_demo.ui.draw.predict import predict_drawing
from mnist_demo.ui.page import build_app

SCRIPTS = sorted(path.stem for path in Path(benchmarks.__file__).parent.glob("*.py"))
SEVEN = Drawing(7, 1, [np.array([[70.0, 60.0], [205.0, 60.0], [125.0, 235.0]])])


def test_every_section_has_its_script(subtests: pytest.Subtests) -> None:
    written = re.compile(r"write_report\(['\"](\w+)['\"]")
    for name in SECTIONS:
        with subtests.test(name=name):
            assert name in SCRIPTS
            module = importlib.import_module(f"benchmarks.{name}")
            assert f"python -m benchmarks.{name}" in (module.__doc__ or "")
            assert callable(module.main)
            assert {name} == set(written.findall(inspect.getsource(module)))


def test_a_visitor_finds_on_the_page_what_it_asks_for() -> None:
    layout = Layout(json.loads(json.dumps(build_app().get_config_file(), default=str)))
    assert layout.shipped
    for component, event in [
        ("prediction", "ask"),
        ("train", "click"),
        ("gallery-model", "change"),
        ("reasons", "ask"),
        *(("tiles", event) for event in ("ask", "change_page", "pick")),
    ]:
        assert layout.find(component, event), (component, event)
    assert {layout.id(name) for name in ("pad", "draw-model", *PANELS)}


def test_the_results_are_told_as_they_were_measured() -> None:
    path = Path(benchmarks.__file__).parents[1] / "docs" / "RESULTS.md"
    assert path.read_text(encoding="utf-8") == summarize(), "run: python -m benchmarks.summary"


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


def test_the_bare_loop_has_the_trainers_steps(tiny: Dataset) -> None:
    recipe = replace(RECIPES["mlp"], batch_size=64)
    trainer = Trainer(recipe, tiny, device="cpu")
    assert len(list(run_bare(recipe, tiny, trainer.device))) == trainer.steps_per_epoch


def test_a_training_is_tested_as_often_as_asked(tiny: Dataset) -> None:
    steps = (Step(Record(), number, 20, 64 * number) for number in range(1, 21))
    points = follow(steps, tiny, torch.device("cpu"), tests=4)
    assert [point.steps for point in points] == [5, 10, 15, 20]
    assert points[-1].images == 64 * 20
    assert sorted(point.seconds for point in points) == [point.seconds for point in points]


@pytest.mark.parametrize("train", [train_record, train_record_our_way])
def test_the_record_recipe_sees_each_image_once_an_epoch(train: Any, tiny: Dataset) -> None:
    steps = list(train(tiny, 0, torch.device("cpu"), epochs=2))
    assert [steps[-1].number, steps[-1].images] == [steps[-1].total, 2 * len(tiny.train_labels)]
    assert steps[-1].model(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


def test_muons_steps_change_all_directions_by_about_as_much() -> None:
    matrix = torch.randn(16, 64, generator=torch.Generator().manual_seed(0))
    values = torch.linalg.svdvals(orthogonalize(matrix))
    assert 0.5 < values.min() < values.max() < 1.4


def test_a_drawing_is_placed_within_the_pad(subtests: pytest.Subtests) -> None:
    for seed in range(20):
        with subtests.test(seed=seed):
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


def test_a_number_is_of_digits_apart(subtests: pytest.Subtests) -> None:
    for seed in range(20):
        with subtests.test(seed=seed):
            strokes, digits, text = compose([SEVEN], GAPS, np.random.default_rng(seed))
            assert text == "7" * len(digits)
            assert 2 <= len(digits) <= 5
            assert len(strokes) == len(digits)
            lefts, rights = ([edge(each[0][:, 0]) for each in digits] for edge in (np.min, np.max))
            assert (np.array(lefts[1:]) > np.array(rights[:-1])).all()


@pytest.mark.slow
def test_each_kind_of_picture_holds_its_drawing(subtests: pytest.Subtests) -> None:
    """A scene is a file that can be read, differs by seed, and comes again with the same one."""
    drawing = Drawing(7, 2, SEVEN.strokes)
    for kind, scene in KINDS.items():
        with subtests.test(kind=kind):
            files = [scene(Hand(HELD_OUT, drawing, seed)) for seed in (0, 0, 1)]
            assert files[0] == files[1] != files[2]
            assert picture_to_digit(Image.open(io.BytesIO(files[0]))).shape == (28, 28)


def test_the_splits_share_no_writer_and_no_seed() -> None:
    assert DEVELOPMENT.odd_writers != HELD_OUT.odd_writers
    assert DEVELOPMENT.seed != HELD_OUT.seed


def test_a_scribble_is_a_drawing(subtests: pytest.Subtests) -> None:
    for seed in range(12):
        with subtests.test(seed=seed):
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


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.95, 95), (0.951, 96), (1.0, 100), (0.001, 1)]
)
def test_a_percentile_is_one_of_the_times(share: float, expected: float) -> None:
    assert percentile([*range(100, 0, -1)], share) == expected


def test_without_times_a_goal_is_missed() -> None:
    missing = percentile([], 0.95)
    assert math.isnan(missing)
    assert "MISSED" in Bar("p95", missing, 150).verdict()


@pytest.mark.parametrize(("measured", "verdict"), [(150, "met"), (150.1, "MISSED"), (0, "met")])
def test_a_goal_is_met_up_to_its_limit(measured: float, verdict: str) -> None:
    assert Bar("p95", measured, 150).verdict().startswith(verdict)


def test_memory_is_compared_between_the_second_minute_and_the_fifth() -> None:
    samples = [Sample(at, 1000 if at <= 120 else 1100, 0, 0) for at in range(301)]
    samples[300] = Sample(300, 5000, 0, 0)  # a moment is not the memory
    assert memory_growth(samples) == (1000, 1100)


@pytest.fixture(scope="module")
def drawings() -> list[GrowingDrawing]:
    return asyncio.run(grow_drawings(ModelStore(), [0, 4], np.random.default_rng(0)))


def test_a_drawing_grows_point_by_point_to_the_whole(drawings: list[GrowingDrawing]) -> None:
    for drawing in drawings:
        counts = [sum(map(len, state["strokes"])) for state in drawing.states]
        assert len(counts) == UPDATES + 1
        assert counts == sorted(set(counts))
        points = np.concatenate(drawing.states[-1]["strokes"])
        assert points.min() >= 0
        assert points.max() <= PAD
        assert pictures_of(drawing.answers[0]) == []  # a speck


def test_the_answers_are_those_of_the_page(drawings: list[GrowingDrawing]) -> None:
    store = ModelStore()
    for drawing in drawings:
        for state, expected in list(zip(drawing.states, drawing.answers, strict=True))[::10]:
            answer = asyncio.run(predict_drawing(store, state, DEFAULT_MODEL, {}))
            assert find_fault(answer, expected, {}, 0) is None


def test_a_lost_a_wrong_and_a_swapped_answer_are_found(drawings: list[GrowingDrawing]) -> None:
    first, second = (drawing.answers[-1] for drawing in drawings)
    assert first
    assert second
    whose = {first["picture"]: 0, second["picture"]: 1}
    assert find_fault(first, first, whose, 0) is None
    assert find_fault(second, first, whose, 0) == "swapped"
    assert find_fault(drawings[0].answers[-20], first, whose, 0) == "wrong"  # an older state's
    assert find_fault(first | {"shares": second["shares"]}, first, whose, 0) == "wrong"
    assert find_fault(first, drawings[0].answers[0], whose, 0) == "wrong"
    for nothing in (None, {}, {"__type__": "update"}):
        assert find_fault(nothing, first, whose, 0) == "lost"

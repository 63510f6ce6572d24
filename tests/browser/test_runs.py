"""Runs, their curves and table, what folds open under them, lessons, and what is taken home."""

import csv
import itertools
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from mnist_demo import load_checkpoint
from mnist_demo.data.mnist import data_directory
from tests.browser.conftest import Open
from tests.browser.pen import SEVEN, draw
from tests.browser.train_tab import (
    ENDLESS,
    choose_recipe,
    fill,
    finished,
    moves,
    open_train,
    pause,
    points,
    press,
    setting,
    start,
    train_once,
    unfold,
)

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>"


def rows(page: Page) -> Locator:
    return page.locator("#runs tbody tr")


def curves(page: Page, chart: str = "loss-chart") -> int:
    return page.locator(f"#{chart} polyline.line:not(.faint)").count()


def two_runs(page: Page) -> None:
    """softmax for two epochs, and for one."""
    open_train(page, Epochs="2")
    train_once(page, 1)
    fill(setting(page, "Epochs"), "1")
    train_once(page, 2)


def save(page: Page, name: str, to: Path) -> Path:
    with page.expect_download() as started:
        press(page, name)
    download: Download = started.value
    path = to / download.suggested_filename
    download.save_as(path)
    return path


def saved_curves(page: Page, to: Path) -> list[dict[str, str]]:
    text = save(page, "Save the curves (CSV)", to).read_text()
    return list(csv.DictReader(text.splitlines()))


class TestRuns:
    @pytest.mark.slow
    def test_they_stay_as_curves_over_each_other_and_as_rows(self, page: Page) -> None:
        two_runs(page)
        assert curves(page) == curves(page, "accuracy-chart") == 2
        assert points(page, "loss-chart", "c0") > 10
        assert points(page, "loss-chart", "c1") > 10
        for row, epochs in ((0, "2"), (1, "1")):
            cells = rows(page).nth(row).locator("td, th")
            expect(cells.nth(1)).to_have_text(f"my softmax{' (2)' * row}")
            expect(cells.nth(2)).to_have_text(re.compile(r"\d\d\.\d\d%"))
            expect(cells.nth(5)).to_have_text(epochs)
        for chart in ("loss-chart", "accuracy-chart"):  # each curve has its name at its end
            ends = page.locator(f"#{chart} .end")
            expect(ends).to_have_count(2)
            assert {*ends.all_text_contents()} == {"my softmax", "my softmax (2)"}

    @pytest.mark.slow
    def test_they_are_hidden_renamed_and_removed(self, page: Page) -> None:
        two_runs(page)
        rows(page).nth(0).get_by_role("checkbox").uncheck()
        expect(page.locator("#loss-chart polyline.c0")).to_have_count(0)
        assert curves(page) == 1

        rows(page).nth(0).locator(".name").click()
        press(page, "Rename")
        name = page.get_by_label("New name")
        name.fill(HOSTILE)
        name.press("Enter")
        expect(rows(page).nth(0).locator(".name")).to_have_text(HOSTILE)
        page.get_by_role("tab", name="Draw", exact=True).click()
        expect(page.locator("#draw-model input")).to_have_value(HOSTILE)
        page.get_by_role("tab", name="Train", exact=True).click()

        press(page, "Remove")
        expect(rows(page)).to_have_count(1)
        page.get_by_role("tab", name="Draw", exact=True).click()
        expect(page.locator("#draw-model input")).to_have_value("robust_cnn")
        page.get_by_role("tab", name="Train", exact=True).click()
        press(page, "Remove all")
        expect(rows(page)).to_have_count(0)
        expect(page.locator("#loss-chart polyline")).to_have_count(0)
        expect(page.locator("#progress .note")).not_to_contain_text("is now chosen")
        press(page, "Bring back")
        expect(rows(page)).to_have_count(1)
        expect(page.get_by_role("button", name="Bring back")).to_be_hidden()

    @pytest.mark.slow
    def test_axes_smoothing_and_log_scale(self, page: Page) -> None:
        open_train(page, Epochs="2")
        train_once(page)
        chart = page.locator("#loss-chart .live")
        ends = {}
        for axis in ("steps", "seconds", "epochs"):
            page.locator("#charts .axis").select_option(label=axis)
            expect(chart.locator("> text").last).to_have_text(axis)
            ends[axis] = chart.text_content()
        assert len({*ends.values()}) == 3
        line = page.locator("#loss-chart polyline").first
        rough = line.get_attribute("points")
        page.locator("#charts .smoothing").fill("0.9")
        expect(line).not_to_have_attribute("points", rough or "")
        smooth = line.get_attribute("points")
        page.locator("#charts .log").check()
        expect(line).not_to_have_attribute("points", smooth or "")

    @pytest.mark.slow
    def test_a_pointer_and_the_arrow_keys_read_values_off_every_curve(self, page: Page) -> None:
        two_runs(page)
        readout = page.locator("#loss-chart .readout")
        expect(readout).to_be_hidden()
        page.locator("#loss-chart .live").hover()
        expect(readout).to_be_visible()
        for words in (
            "epochs:",
            "my softmax, training images: ",
            "my softmax (2), test images: ",
        ):
            expect(readout).to_contain_text(words)
        page.mouse.move(0, 0)
        expect(readout).to_be_hidden()
        page.locator("#loss-chart .live").focus()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        expect(readout).to_contain_text("my softmax")


def show_curves(page: Page, losses: list[float], steps: int, marks: Sequence[Any] = ()) -> None:
    """As the progress bar does it for a run under way, of 600 steps an epoch."""
    page.get_by_role("tab", name="Train", exact=True).click()
    train = [[at + 1, at / 10, loss, 0.5] for at, loss in enumerate(losses)]
    run = {"number": 1, "name": "x", "seed": 0, "steps_per_epoch": 600, "steps": steps}
    page.evaluate(
        "detail => document.dispatchEvent(new CustomEvent('curves', { detail }))",
        run | {"train": train, "test": [], "marks": marks},
    )
    expect(page.locator("#loss-chart polyline")).to_have_count(1)


class TestAxes:
    @pytest.mark.slow
    @pytest.mark.parametrize("axis", ["epoch", "step", "seconds"])
    def test_the_first_steps_of_a_long_run_fill_the_chart(self, axis: str, page: Page) -> None:
        show_curves(page, [2.0] * 40, steps=9000)
        page.locator("#charts .axis").select_option(axis)
        page.wait_for_function(
            """() => {
                const { points } = document.querySelector('#loss-chart polyline');
                const { clientWidth } = document.querySelector('#loss-chart .live');
                return points[points.length - 1].x > clientWidth * 0.4;
            }"""
        )

    @pytest.mark.slow
    def test_one_spike_leaves_the_other_losses_to_be_seen(self, page: Page) -> None:
        losses = [2.3, *[0.5] * 40, 6e10, *[0.25] * 40]
        show_curves(page, losses, steps=100)
        expect(page.locator("#loss-chart .live")).to_contain_text("↑ 6e10")
        ticks = page.locator("#loss-chart .live > text[text-anchor=end]").all_text_contents()
        assert max(map(float, ticks)) <= 2.6


class TestMarks:
    @pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.slow)])
    def test_those_that_are_near_leave_each_other_legible(
        self, open_page: Open, server: str, width: int
    ) -> None:
        page = open_page(server, width, 844)
        steps = (1, 1, 50, 60, 99, 100, 100)
        marks: list[Any] = [[step, {"en": f"label smoothing 0.{step}"}] for step in steps]
        show_curves(page, [9.0, *[0.5] * 99], steps=100, marks=marks)
        for chart in ("#loss-chart", "#accuracy-chart"):
            texts = page.locator(f"{chart} .told, {chart} .inside [text-anchor=end]")
            expect(page.locator(f"{chart} .told")).to_have_text([each["en"] for _, each in marks])
            boxes = texts.evaluate_all("all => all.map((one) => one.getBoundingClientRect())")
            plot = page.locator(f"{chart} .plot").evaluate("one => one.getBoundingClientRect()")
            assert all(plot["left"] <= box["left"] < box["right"] <= plot["right"] for box in boxes)
            for one, other in itertools.combinations(boxes, 2):
                across = min(one["right"], other["right"]) - max(one["left"], other["left"])
                down = abs(one["top"] - other["top"])  # a row is 16 pixels, or more
                assert across <= 0 or down > 15, (one, other)


class TestTakenHome:
    @pytest.mark.slow
    def test_the_model_the_curves_and_the_script(self, page: Page, tmp_path: Path) -> None:
        open_train(page, Epochs="1", Seed="7")
        train_once(page)
        checkpoint = load_checkpoint(save(page, "Save the model", tmp_path))
        assert (checkpoint.recipe.name, checkpoint.seed) == ("softmax", 7)
        assert checkpoint.recipe.changes() == {"epochs": 1}
        accuracy = f"{checkpoint.metrics['test_accuracy']:.2%}"
        expect(rows(page)).to_contain_text(accuracy)

        table = saved_curves(page, tmp_path)
        assert {row["of"] for row in table} == {"train", "test"}
        assert len(table) > 20

        script = save(page, "Save as a Python script", tmp_path)
        done = subprocess.run(
            [sys.executable, script, "--data", data_directory().resolve()],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(Path.cwd())},  # for the bundled digits alone
            timeout=120,
            check=True,
        )
        assert accuracy in done.stdout.splitlines()[-1]

    @pytest.mark.slow
    def test_a_saved_model_comes_back(self, open_page: Open, server: str, tmp_path: Path) -> None:
        one = open_page(server)
        open_train(one, Epochs="1")
        train_once(one)
        path = save(one, "Save the model", tmp_path)
        other = open_page(server)
        other.get_by_role("tab", name="Train", exact=True).click()
        other.locator("#runs .open").set_input_files(path)
        expect(rows(other)).to_have_count(1)
        expect(other.locator("#runs .message")).to_contain_text("is now chosen")
        other.get_by_role("tab", name="Draw", exact=True).click()
        expect(other.locator("#draw-model input")).to_have_value(path.stem)

    @pytest.mark.slow
    def test_any_other_file_is_refused_with_the_reason(self, page: Page, tmp_path: Path) -> None:
        page.get_by_role("tab", name="Train", exact=True).click()
        for name, words in (
            ("model.pt", "can hold programs"),
            ("x.safetensors", "cannot be opened"),
        ):
            path = tmp_path / name
            path.write_bytes(b"\x80\x04K\x01.")
            page.locator("#runs .open").set_input_files(path)
            expect(page.locator("#runs .message")).to_contain_text(words)
        expect(rows(page)).to_have_count(0)


@pytest.mark.slow
def test_twenty_digits_and_the_drawing_are_watched_while_it_learns(page: Page) -> None:
    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_be_visible()
    open_train(page, **ENDLESS)
    page.locator("#live-view summary").click()
    start(page)
    tiles = page.locator("#live-view .digits li")
    expect(tiles).to_have_count(20)
    expect(page.locator("#live-view .weights img")).to_have_count(10)
    moves(page, "#live-view .weights img", "src")
    expect(page.locator("#live-view .drawing polyline").first).to_be_visible()
    expect(tiles.first.locator("img")).to_have_attribute(
        "alt", re.compile(r"label 0, read as \d, \d+%")
    )
    pause(page)
    finished(page)


@pytest.mark.slow
def test_afterwards_the_run_is_looked_at_closely(page: Page) -> None:
    open_train(page, Epochs="1")
    page.locator("#report summary").click()
    expect(page.locator("#report .prompt")).to_be_visible()
    train_once(page)
    expect(page.locator("#report .lines")).to_contain_text("images per second")
    expect(page.locator("#report .lines")).to_contain_text("90.50%")
    expect(page.locator("#report .bars li")).to_have_count(10)
    expect(page.locator("#report .mistakes li")).to_have_count(12)
    expect(page.locator("#report .cell")).to_have_count(100)
    heads = page.locator("#report .matrix thead th").all_inner_texts()
    assert heads == ["read as", *map(str, range(10))]
    expect(page.locator("#report .cell").nth(0)).to_have_attribute(
        "title", re.compile(r"label 0, read as 0: \d+ digits")
    )


def test_the_league_follows_the_runs(open_page: Open, server: str) -> None:
    page = open_page(f"{server}?tab=train", 390, 844)
    league = page.locator("#league")
    league.locator("summary").focus()
    page.keyboard.press("Enter")
    rows = league.locator("tbody tr")
    expect(rows).to_have_text([re.compile("A public record *697 *99.03%")])
    expect(league.locator(".plot circle")).to_have_count(0)
    open_train(page, Epochs="1")
    unfold(page, "experiments")
    fill(setting(page, "Training images"), "100")
    train_once(page)
    expect(rows).to_have_text(
        [re.compile("record"), re.compile(r"my softmax.*on the front *7,850")]
    )
    start(page)
    finished(page, 2)
    expect(league.locator(".plot circle")).to_have_count(2)
    expect(league.locator(".plot .end").filter(has_text="my softmax").first).to_be_visible()
    expect(league.locator("tbody .front")).to_have_count(1)
    press(page, "Remove all")
    expect(rows).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.slow
def test_what_the_report_shows_can_be_looked_at_in_the_gallery(page: Page) -> None:
    open_train(page, Epochs="1")
    page.locator("#report summary").click()
    train_once(page)
    page.locator("#report .cell").nth(49).click()
    expect(page.locator("#gallery-summary")).to_contain_text("my softmax reads")
    expect(page.locator("#gallery-summary")).to_contain_text("shown: label 4, read as 9.")
    expect(page.locator("#gallery-model input")).to_have_value("my softmax")
    expect(page.locator("#tiles .tile").first).to_be_in_viewport()
    page.get_by_role("tab", name="Train", exact=True).click()
    mistake = page.locator("#report .mistakes button").nth(1)
    number = re.findall(r"test digit (\d+)", mistake.get_attribute("aria-label") or "")[0]
    mistake.click()
    expect(page.locator("#detail h2")).to_contain_text(f"Test digit {number}:")
    expect(page.locator("#detail h2")).to_be_in_viewport()
    expect(page.locator("#detail tr.chosen .name")).to_have_text("my softmax")


@pytest.mark.slow
def test_a_fold_that_opens_changes_nothing(page: Page) -> None:
    page.get_by_role("tab", name="Train", exact=True).click()
    for fold in ("experiments", "settings"):
        unfold(page, fold)
    expect(setting(page, "Training images")).to_have_value("60000")
    expect(setting(page, "Momentum")).to_have_value("0")
    start(page)
    finished(page)
    expect(rows(page).locator(".name")).to_have_text("my fast_cnn")
    expect(rows(page).locator("small")).to_have_text("")


@pytest.mark.slow
def test_experiments_show_in_the_name_and_the_table(page: Page) -> None:
    open_train(page, Epochs="1")
    unfold(page, "experiments")
    fill(setting(page, "Training images"), "500")
    fill(setting(page, "Wrong labels"), "0.2")
    page.get_by_label("Leave a digit out", exact=False).first.click()
    page.get_by_role("option", name="3", exact=True).click()
    train_once(page)
    for words in ("500 images", "20% wrong labels", "without 3"):
        expect(rows(page)).to_contain_text(words)


class TestLinks:
    @pytest.mark.slow
    def test_the_address_holds_the_set_up_and_repeats_its_first_losses(
        self, open_page: Open, server: str, tmp_path: Path
    ) -> None:
        one = open_page(server)
        open_train(one, Epochs="1", Seed="11", Learning_rate="0.1")
        expect(one).to_have_url(re.compile("recipe=softmax.*learning_rate=0.1.*epochs=1.*seed=11"))
        train_once(one)
        other = open_page(one.url)
        expect(other.get_by_role("tab", name="Train", exact=True)).to_have_attribute(
            "aria-selected", "true"
        )
        expect(other.locator("#recipe input")).to_have_value("softmax")
        train_once(other)
        tables = [saved_curves(each, tmp_path) for each in (one, other)]
        losses = [[row["loss"] for row in table[:20]] for table in tables]
        assert losses[0] == losses[1]

    @pytest.mark.slow
    def test_the_link_is_copied(self, open_page: Open, server: str) -> None:
        page = open_page(server, permissions=["clipboard-read", "clipboard-write"])
        open_train(page, Epochs="3")
        expect(page).to_have_url(re.compile("epochs=3"))
        press(page, "Copy a link to this set-up")
        expect(page.locator("#link span")).to_have_text("Copied.")
        assert page.evaluate("navigator.clipboard.readText()") == page.url

    @pytest.mark.slow
    def test_a_lesson_asks_hides_and_judges(self, open_page: Open, server: str) -> None:
        address = (
            "?tab=train&recipe=softmax,mlp&epochs=1&hide=settings,layers"
            f"&question=Which+will+win%3F+{HOSTILE}"
        )
        page = open_page(server + address)
        lesson = page.locator("#lesson")
        expect(lesson.locator(".question")).to_have_text(f"Which will win? {HOSTILE}")
        expect(page.locator("#settings")).to_be_hidden()
        expect(page.locator("#experiments")).to_be_visible()
        expect(page.get_by_role("button", name="Train", exact=True)).to_be_disabled()
        lesson.get_by_role("button", name="mlp", exact=True).click()
        lesson.get_by_role("button", name="mlp your guess", exact=True).click()
        expect(page.locator("#recipe input")).to_have_value("mlp")
        train_once(page, 1)
        expect(lesson.get_by_role("button", name=re.compile("mlp: "))).to_be_visible()
        lesson.get_by_role("button", name="softmax", exact=True).click()
        expect(page.locator("#recipe input")).to_have_value("softmax")
        train_once(page, 2)
        expect(lesson.locator(".line")).to_have_text("You guessed mlp; softmax has won this time.")

    @pytest.mark.slow
    def test_a_broken_link_is_told_and_the_page_comes_up(
        self, open_page: Open, server: str
    ) -> None:
        page = open_page(f"{server}?tab=train&recipe=nonsense&epochs=x")
        expect(page.get_by_text("recipe must be one of softmax")).to_be_visible()
        expect(page.locator("#recipe input")).to_have_value("fast_cnn")


@pytest.mark.slow
def test_a_touch_reads_values_and_opens_folds(open_page: Open, server: str) -> None:
    page = open_page(server, 390, 844, has_touch=True, is_mobile=True)
    page.get_by_role("tab", name="Train", exact=True).tap()
    choose_recipe(page, "softmax")
    unfold(page, "settings")
    fill(setting(page, "Epochs"), "1")
    train_once(page)
    page.locator("#loss-chart .live").tap()
    expect(page.locator("#loss-chart .readout")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390

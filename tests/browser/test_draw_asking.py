"""How the page asks for the answer to a drawing: of whom, how often, and which answer it shows."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from mnist_demo.ui.serving.predict_route import ASK_AGAIN_AFTER
from tests.browser.events import askers
from tests.browser.pen import ONE, SEVEN, draw
from tests.browser.train_tab import open_train, train_once

pytestmark = pytest.mark.browser

OWN = "my softmax"


def _reads(page: Page, digit: str) -> None:
    expect(page.locator("#prediction .digit")).to_have_text(digit)


def _choose(page: Page, model: str) -> None:
    page.locator("#draw-model input").click()
    page.get_by_role("option", name=model, exact=True).click()
    expect(page.locator("#draw-model input")).to_have_value(model)


def _show_draw(page: Page) -> None:
    page.get_by_role("tab", name="Draw", exact=True).click()


def _watch(page: Page) -> tuple[list[dict[str, Any]], list[Request]]:
    """What is asked of the route, and the other requests with a body, from now on."""
    asked: list[dict[str, Any]] = []
    others: list[Request] = []

    def see(request: Request) -> None:
        if request.method != "POST":
            return
        if request.url.endswith("/answer"):
            asked.append(json.loads(request.post_data or ""))
        else:
            others.append(request)

    page.on("request", see)
    return asked, others


def _hold(page: Page, address: str) -> Callable[[], None]:
    """Hold back what is sent to an address, until the returned function is called."""
    held: list[Route] = []
    over = False

    def hold(route: Route) -> None:
        if over:
            route.continue_()
        else:
            held.append(route)

    def release() -> None:
        nonlocal over
        over = True
        for route in held:
            route.continue_()

    page.route(address, hold)
    return release


def _note_shares(page: Page) -> None:
    """In window.shares all that is shown of the 7 from now on."""
    page.evaluate(
        """() => {
          window.shares = new Set();
          const share = document.querySelectorAll('#prediction .share')[7];
          new MutationObserver(() => window.shares.add(share.textContent)).observe(
            share, { childList: true },
          );
        }"""
    )


@pytest.mark.slow
def test_a_shipped_model_is_asked_past_gradios_events(page: Page) -> None:
    asked, others = _watch(page)
    draw(page, SEVEN)
    _reads(page, "7")
    _choose(page, "mlp")
    page.wait_for_timeout(300)
    assert {each["model"] for each in asked} == {"robust_cnn", "mlp"}
    assert asked[-1]["model"] == "mlp"
    assert asked[-1]["drawing"]["strokes"]
    assert "prediction" not in askers(page, others)


@pytest.mark.slow
def test_one_request_is_under_way_and_the_newest_drawing_is_next(page: Page) -> None:
    release = _hold(page, "**/answer")
    asked, _ = _watch(page)
    draw(page, ONE)
    page.wait_for_timeout(300)
    page.keyboard.press("Escape")
    draw(page, SEVEN, moves=30)
    page.wait_for_timeout(300)
    assert len(asked) == 1
    release()
    _reads(page, "7")
    page.wait_for_timeout(300)
    assert len(asked) == 2
    assert len(asked[1]["drawing"]["strokes"][0]) > len(asked[0]["drawing"]["strokes"][0])


@pytest.mark.slow
def test_the_pen_minds_the_told_pause_and_the_whole_drawing_does_not(page: Page) -> None:
    def answer_slowly(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, headers=response.headers | {ASK_AGAIN_AFTER: "600000"})

    page.route("**/answer", answer_slowly)
    asked, _ = _watch(page)
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    with page.expect_response("**/answer"):
        page.mouse.down()
    for step in range(1, 31):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40 + step * box["height"] / 50)
    page.mouse.up()
    _reads(page, "1")
    points = [len(each["drawing"]["strokes"][0]) for each in asked]
    assert points == [1, points[-1]]
    assert points[-1] > 30


@pytest.mark.slow
def test_the_answers_follow_the_pen_faster_than_by_the_old_clock(page: Page) -> None:
    draw(page, ONE)
    _reads(page, "1")
    page.evaluate("performance.clearResourceTimings()")
    draw(page, SEVEN, moves=60)
    asked_at = page.evaluate(
        "performance.getEntriesByName(serverAddress('answer')).map((each) => each.startTime)"
    )
    assert min(later - at for at, later in itertools.pairwise(asked_at)) < 40  # it was 80


@pytest.mark.slow
def test_an_answer_of_a_model_chosen_before_is_not_shown(page: Page) -> None:
    draw(page, SEVEN)
    _reads(page, "7")
    _note_shares(page)
    _choose(page, "softmax")
    page.wait_for_timeout(300)
    softmax = page.locator("#prediction .best .share").inner_text()
    page.evaluate("window.shares.clear()")
    release = _hold(page, "**/answer")
    _choose(page, "mlp")
    _choose(page, "softmax")
    release()
    page.wait_for_timeout(500)
    assert page.evaluate("[...window.shares]") in ([], [softmax])


@pytest.mark.slow
def test_a_fault_is_told_and_the_next_drawing_is_answered(chromium: Browser, server: str) -> None:
    page = chromium.new_page(locale="ko-KR")
    page.goto(server)
    page.locator("#pad canvas").wait_for()
    page.route("**/answer", lambda route: route.fulfill(status=500, body="no JSON"))
    draw(page, ONE)
    expect(page.locator("#prediction .sentence")).to_contain_text("서버가 답하지 못했어요")
    page.unroute("**/answer")
    page.keyboard.press("Escape")
    draw(page, SEVEN)
    _reads(page, "7")
    page.close()


@pytest.mark.slow
def test_an_own_model_is_asked_by_its_session_and_no_late_answer_is_shown(page: Page) -> None:
    open_train(page, Epochs="1")
    train_once(page)
    _show_draw(page)
    expect(page.locator("#draw-model input")).to_have_value(OWN)
    asked, others = _watch(page)
    draw(page, SEVEN)
    _reads(page, "7")
    assert asked == []
    assert "prediction" in askers(page, others)
    page.wait_for_timeout(500)  # the answer to the end of the last stroke
    of_own = page.locator("#prediction .share").all_inner_texts()

    _choose(page, "robust_cnn")
    expect(page.locator("#prediction .share")).not_to_have_text(of_own)
    _choose(page, OWN)  # the same answer as before is one all the same
    expect(page.locator("#prediction .share")).to_have_text(of_own)

    release = _hold(page, "**/gradio_api/run/predict*")
    draw(page, ONE)
    _choose(page, "robust_cnn")
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator("#prediction .digit")).to_be_hidden()
    _note_shares(page)
    release()
    page.wait_for_timeout(500)
    assert page.evaluate("[...window.shares]") == []


@pytest.mark.parametrize("button", ["A slashed 0", "Put it on the pad"])
@pytest.mark.slow
def test_what_is_put_on_the_pad_is_read(page: Page, button: str) -> None:
    page.locator("#examples > button").click()
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#prediction .digit")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator("#prediction .digit")).to_be_hidden()

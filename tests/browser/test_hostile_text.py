"""Whatever text comes in stands on the page as that text: nothing in it runs, links or loads."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from mnist_demo import load_checkpoint
from mnist_demo.models.checkpoints import Checkpoint, write_checkpoint
from tests.browser.conftest import Open
from tests.browser.pen import SEVEN, draw, label

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What a name may hold, 60 characters and one line.
NAMES = [
    "<img src=x onerror=window.hacked=1>",
    '"><script>window.hacked=1</script>',
    "<svg onload=window.hacked=1><a href=javascript:hacked=1>a",
    "${window.hacked=1}{{window.hacked=1}}{{#each this}}",
    "[a](javascript:window.hacked=1) **b** _c_ `d` # e",
    "![a](x) www.example.org https://example.org a@b.org",
    "$$\\href{javascript:window.hacked=1}{x}$$ &lt;b&gt; \\",
]
QUESTION = "".join(NAMES)[:300]
WAYS_TO_RUN = "img[src=x], script[src=x], svg[onload], a[href^='javascript:'], a[href*='example']"


def unharmed(page: Page) -> None:
    assert page.evaluate("window.hacked") is None
    assert page.locator(WAYS_TO_RUN).count() == 0


def toast(page: Page) -> str:
    """The text that a message shows, every sign of it."""
    shown = page.get_by_test_id("toast-text").last
    shown.wait_for()
    return shown.text_content() or ""


def open_file(page: Page, file_name: str, content: bytes) -> None:
    page.get_by_role("tab", name="Train", exact=True).click()
    file = {"name": file_name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("#runs .open").set_input_files(file)  # type: ignore[arg-type]


def change_metadata(content: bytes, **changes: object) -> bytes:
    """A checkpoint's file, what it says of itself changed."""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    metadata = json.loads(header["__metadata__"]["mnist_demo"]) | changes
    header["__metadata__"]["mnist_demo"] = json.dumps(metadata)
    written = json.dumps(header).encode()
    return len(written).to_bytes(8, "little") + written + content[8 + length :]


@pytest.fixture(scope="module")
def model() -> bytes:
    shipped = load_checkpoint("softmax")
    metrics = {"test_accuracy": 0.9, "threshold": 0.5}
    return write_checkpoint(
        Checkpoint("a", shipped.model, shipped.recipe, 0, "MNIST", metrics),
    )


@pytest.mark.parametrize("name", NAMES, ids=len)
def test_a_model_is_called_what_its_file_is_called(page: Page, name: str, model: bytes) -> None:
    stem = name.replace("/", "")  # no file name holds one
    content = change_metadata(model, dataset=name)
    open_file(page, f"{stem}.safetensors", content)
    expect(page.locator("#runs .message")).to_contain_text(f"“{stem}”")
    expect(page.locator("#runs tbody .name")).to_have_text(stem)
    _look_at_it_in_draw(page, stem, dataset=name)
    _look_at_it_in_the_gallery(page, stem)


def _look_at_it_in_draw(page: Page, name: str, dataset: str) -> None:
    page.get_by_role("tab", name="Draw", exact=True).click()
    expect(page.locator("#draw-model input")).to_have_value(name)
    draw(page, SEVEN)
    for panel in ("model-comparison", "robustness", "my-handwriting"):
        page.locator(f"#{panel} summary").click()
    expect(page.locator("#model-comparison tbody th").first).to_have_text(name)
    expect(page.locator("#robustness .legend")).to_contain_text(name)
    page.locator("#my-handwriting .collect").click()
    label(page, 7)
    expect(page.locator("#my-handwriting .scores li").first).to_contain_text(f"{name}: ")
    expect(page.locator("#my-handwriting .scores li").first).to_contain_text(f"on {dataset}: 90")
    page.locator("#draw-model input").click()
    expect(page.get_by_role("option", name=name, exact=True)).to_be_visible()
    unharmed(page)


def _look_at_it_in_the_gallery(page: Page, name: str) -> None:
    page.get_by_role("tab", name="Gallery", exact=True).click()
    summary = page.locator("#gallery-summary")
    expect(summary).to_contain_text("test images right")
    shown = (summary.text_content() or "").replace("\u2060", "")  # is not seen
    assert shown.strip().startswith(f"{name} reads ")
    assert summary.locator("a, img, code, em").count() == 0
    page.locator("#tiles .tile").first.click()
    expect(page.locator("#detail tbody .name").first).to_have_text(name)
    expect(page.locator("#reasons h2")).to_contain_text(f"Why does {name} read")
    unharmed(page)


def test_a_run_is_called_what_it_is_renamed_to(page: Page, model: bytes) -> None:
    open_file(page, "plain.safetensors", model)
    page.locator("#report summary").click()
    shown = page.locator("#runs tbody .name")
    expect(shown).to_have_text("plain")
    for name in NAMES:
        _rename(page, name)
        expect(shown).to_have_text(name)
        expect(page.locator("#runs .chosen")).to_have_text(name)
        line = page.locator("#report .lines p").first
        expect(line).to_contain_text(f"“{name}” reads")
        unharmed(page)
    for name in ("a\u202eb", "a\u001b[31mb", "\u200f", " \u00a0 "):  # signs that are not seen
        _rename(page, name)
        expect(page.locator("#runs .message")).to_contain_text("1 to 60 characters")
        expect(shown).to_have_text(NAMES[-1])


def _rename(page: Page, name: str) -> None:
    page.get_by_role("button", name="Rename", exact=True).click()
    page.get_by_label("New name").fill(name)
    page.get_by_label("New name").press("Enter")


REFUSED: list[dict[str, object]] = [
    {"recipe": QUESTION},
    {"versions": {"format": QUESTION}},
    {"changes": {QUESTION: 1}},
    {"changes": {"optimizer": QUESTION}},
    {"seed": QUESTION},
    {"metrics": QUESTION},
    {"dataset": [QUESTION]},
]


def test_a_file_is_refused_with_what_it_says(page: Page, model: bytes) -> None:
    for changes in REFUSED:
        open_file(page, "nothing.txt", model)  # another message in between
        expect(page.locator("#runs .message")).to_contain_text("can hold programs")
        open_file(page, "plain.safetensors", change_metadata(model, **changes))
        expect(page.locator("#runs .message")).to_contain_text(NAMES[0])
        unharmed(page)


def test_a_set_of_digits_is_refused_with_what_it_says(page: Page, tmp_path: Path) -> None:
    page.locator("#my-handwriting summary").click()
    for name in NAMES:
        for key in ("label", "version"):
            drawing = {"label": 1, "strokes": [[[0, 0], [9, 9]]]}
            content = {"format": "mnist-demo drawings", "version": 1, "drawings": [drawing]}
            (drawing if key == "label" else content)[key] = name
            path = tmp_path / f"{name.replace('/', '')}.json"
            path.write_text(json.dumps(content))
            page.locator("#my-handwriting input[type=file]").set_input_files(path)
            told = "drawing 1: a label must be" if key == "label" else "version is"
            expect(page.locator("#my-handwriting .message")).to_contain_text(told)
            expect(page.locator("#my-handwriting .message")).to_contain_text(repr(name))
            unharmed(page)


def test_a_lessons_question_is_asked_as_it_is(open_page: Open, server: str) -> None:
    page = open_page(f"{server}?tab=train&question={quote(QUESTION)}")
    expect(page.locator("#lesson .question")).not_to_be_empty()
    assert page.locator("#lesson .question").text_content() == QUESTION
    unharmed(page)


def test_a_links_parts_are_refused_as_they_are(open_page: Open, server: str) -> None:
    text = '<img src=x onerror=window.hacked=1><a href="javascript:hacked=1">a</a>'
    for parameters in (("tab", "hide", "recipe"), ("optimizer",), ("learning_rate",)):
        asked = "&".join(f"{name}={quote(text)}" for name in parameters)
        page = open_page(f"{server}?{asked}&__theme={quote(text)}")
        assert "'<img src=x " in toast(page)
        unharmed(page)


def test_a_picture_is_called_nothing(page: Page) -> None:
    file = {"name": f"{NAMES[0]}.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.locator("#pad input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator("#prediction .sentence")).to_contain_text("cannot be read")
    unharmed(page)


INTRUDE = """async () => {
  const refused = [];
  const note = ({ blockedURI }) => refused.push(blockedURI);
  document.addEventListener('securitypolicyviolation', note);
  const from = (tag, src) => Object.assign(document.createElement(tag), { src });
  const host = 'https://example.org';
  document.body.append(from('script', `${host}/a.js`), from('img', `${host}/a.png`));
  await fetch(`${host}/a.json`).catch(() => null);
  await new Promise((done) => setTimeout(done, 500));
  return refused;
}"""


def test_nothing_is_asked_of_other_hosts(chromium: Browser, server: str) -> None:
    """Even where something got in: the page's policy."""
    page = chromium.new_page()  # not `page`, which fails where an error is told
    page.goto(server)
    refused = page.evaluate(INTRUDE)
    assert {f"https://example.org/a.{kind}" for kind in ("js", "png", "json")} <= {*refused}
    page.close()

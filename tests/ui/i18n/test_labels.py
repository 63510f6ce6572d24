"""Which language is spoken, and that all there is to say is said in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from gradio.components.api_component import Api
from gradio.context import LocalContext
from gradio.layouts.form import Form

import mnist_demo.ui
from mnist_demo.ui.components.custom_html import read_text
from mnist_demo.ui.components.heading import read_language
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.i18n.labels import all_labelled, collect_labels, labelled, relabel
from mnist_demo.ui.i18n.translate import LANGUAGES, translate, translate_for_visitor
from mnist_demo.ui.page import build_app, label_user_digits, open_in_draw
from mnist_demo.ui.serving.launch import launch_options

UI = Path(mnist_demo.ui.__file__).parent
SPOKEN = r"aria-label|title|alt|placeholder"  # attributes that people read or hear


@pytest.fixture(scope="module")
def app() -> gr.Blocks:
    return build_app()


@contextmanager
def asked_by(**headers: str) -> Iterator[None]:
    """As if within a handler, called with these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    token = LocalContext.request.set(SimpleNamespace(headers=named))  # type: ignore[arg-type]
    try:
        yield
    finally:
        LocalContext.request.reset(token)


class TestRequest:
    @pytest.mark.parametrize(
        ("headers", "words"),
        [
            ({}, "Draw"),
            ({"accept_language": "ko-KR,ko;q=0.9,en;q=0.8"}, "그리기"),
            ({"accept_language": "en-GB,ko;q=0.5"}, "Draw"),
            ({"accept_language": "fr,KO;q=0.5"}, "그리기"),
            ({"accept_language": "*"}, "Draw"),
            (
                {"referer": "https://a.b/?tab=x&language=ko#x", "accept_language": "en"},
                "그리기",
            ),
            ({"referer": "http://a.b/?language=en", "accept_language": "ko"}, "Draw"),
            ({"referer": "http://a.b/?language=xx", "accept_language": "ko"}, "그리기"),
            ({"referer": "http://[x/?language=ko"}, "Draw"),
            ({"referer": "language=ko"}, "Draw"),
        ],
    )
    def test_the_address_decides_then_the_browser(
        self, headers: dict[str, str], words: str
    ) -> None:
        with asked_by(**headers):
            assert translate_for_visitor("draw") == words

    def test_an_error_is_told_in_the_language_of_who_asks(self, store: ModelStore) -> None:
        with asked_by(accept_language="ko"), pytest.raises(gr.Error) as caught:
            open_in_draw(store, {"index": -1}, {})
        assert caught.value.message == translate("example_range", number=-1, last=999)["ko"]
        assert not caught.value.print_exception

    @pytest.mark.parametrize("value", [None, 3, "ko", [], {}, {"language": ["ko"]}])
    def test_a_browser_can_send_anything(self, value: Any) -> None:
        assert read_language(value) == "en"
        assert read_language({"language": "ko"}) == "ko"


class TestLabels:
    def test_all_of_gradios_components_speak_each_language(self, app: gr.Blocks) -> None:
        """But one, whose label counts; what is never seen says nothing."""
        silent = (gr.Row, gr.Column, Form, gr.Tabs, gr.State, gr.HTML, gr.Blocks, gr.Textbox, Api)
        seen = [
            block
            for block in app.blocks.values()
            if not isinstance(block, silent) and _is_seen(block)
        ]
        unsaid = [block.elem_id for block in seen if not hasattr(block, "label_keys")]
        assert unsaid == ["add-own"]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_they_are_told_words_and_nothing_else(self, language: str, app: gr.Blocks) -> None:
        components = all_labelled(app)
        updates = relabel(components, language)
        assert len({*map(id, updates.values())}) == len(components) > 30
        texts = {*LANGUAGES[language].values()}
        for component, update in updates.items():
            words = {name: value for name, value in update.items() if name != "__type__"}
            choices = words.pop("choices", [])
            assert {*words.values()} <= texts
            assert {name for name, _ in choices} <= texts | {*"0123456789"}
            assert ("value" in words) == isinstance(component, gr.Button)
            if choices:
                values = [value for _, value in component.choices]  # type: ignore[attr-defined]
                assert [value for _, value in choices] == values

    def test_the_browser_gets_the_words_of_these_alone(self, app: gr.Blocks) -> None:
        for language, texts in collect_labels(app).translations.items():
            assert texts.items() <= LANGUAGES[language].items()
            assert len(texts) < len(LANGUAGES[language]) / 3

    def test_a_key_that_is_not_there_is_an_error(self) -> None:
        with pytest.raises(KeyError, match="nonsense"):
            labelled(gr.Button, {"value": "nonsense"})

    def test_the_own_digits_are_counted_in_each_language(self) -> None:
        update = label_user_digits({"language": "ko"}, ("a drawing", "another"))  # type: ignore[arg-type]
        assert update["label"] == "내 숫자 2개도 학습하기"
        assert "value" not in update


class TestOurComponents:
    def test_what_a_template_says_is_there_in_every_language(self, app: gr.Blocks) -> None:
        made = [block for block in app.blocks.values() if isinstance(block, gr.HTML)]
        assert len(made) > 15
        for component in made:
            for path in re.findall(r'data-i18n(?:-\w+)?="([^"]+)"', component.html_template):
                props = {"label": component.label, **component.props}
                for told in _find(props, path.split(".")):
                    assert told.keys() == LANGUAGES.keys(), (component.elem_id, path)

    def test_a_template_holds_no_words(self, subtests: pytest.Subtests) -> None:
        for path in sorted(UI.rglob("*.html")):
            with subtests.test(path=path):
                template = re.sub(r"\{\{.*?\}\}", "", path.read_text(encoding="utf-8"))
                assert not re.search(rf"\s(?:{SPOKEN})=\"[^\"]", template)
                assert not re.search(r"[^\W\d_]", re.sub(r"<[^>]*>", "", template))

    def test_a_script_shows_no_words_of_its_own(self, subtests: pytest.Subtests) -> None:
        for path in sorted(UI.rglob("*.js")):
            with subtests.test(path=path):
                script = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
                shown = [
                    *re.findall(r"(?:textContent|\.title|\.alt|ariaLabel)\s*[=:](?!=)(.*)", script),
                    *re.findall(rf"setAttribute\('(?:{SPOKEN})',(.*)", script),
                    *re.findall(r"\bmake\('\w+', '[^']*',([^,)]*)", script),
                    *re.findall(r"\bmakePicture\([^,]*,([^,)]*)", script),
                ]
                for code in shown:
                    literals = re.findall(r"'([^']*)'|`([^`]*)`", code)
                    text = " ".join(re.sub(r"\$?\{[^}]*\}", "", "".join(one)) for one in literals)
                    assert not re.search(r"[^\W\d_]{2}", text), code

    def test_the_script_of_the_page_is_told_the_languages_before_it_runs(
        self, app: gr.Blocks
    ) -> None:
        head = launch_options(app)["head"]
        told = f'<meta name="languages" content="{" ".join(LANGUAGES)}">'
        assert head.startswith(told)
        assert head.index(read_text("i18n/language.js")) > 0


def _is_seen(block: Any) -> bool:
    """Whether nothing that it lies in is hidden for good, as the components of the API are."""
    return block is None or (
        (block.visible or not isinstance(block, gr.Row)) and _is_seen(block.parent)
    )


def _find(value: Any, path: list[str]) -> list[Any]:
    """What is at that path, in which a template's {{@index}} stands for each."""
    if not path:
        return [value]
    name, *rest = path
    parts = value if name == "{{@index}}" else [value[name]]
    return [found for part in parts for found in _find(part, rest)]

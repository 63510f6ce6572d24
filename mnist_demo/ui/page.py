"""The whole page: three tabs, what ties them together, and how it looks."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import gradio as gr
from gradio.blocks import Block

from mnist_demo.ui.components.connection import connection, on_load, on_reconnect
from mnist_demo.ui.components.custom_html import read_text
from mnist_demo.ui.components.heading import heading, read_language
from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.compute.model_store import KEPT, ModelStore, UserDigits, UserModels
from mnist_demo.ui.draw.examples import put_test_digit
from mnist_demo.ui.draw.tab import build_draw_tab
from mnist_demo.ui.errors import error_sentence, user_error
from mnist_demo.ui.gallery.tab import build_gallery_tab
from mnist_demo.ui.i18n.labels import all_labelled, labelled, relabel
from mnist_demo.ui.i18n.translate import TranslatedError, translate, translate_for_visitor
from mnist_demo.ui.serving.api import build_api
from mnist_demo.ui.serving.checked_blocks import CheckedBlocks
from mnist_demo.ui.serving.settings import Settings
from mnist_demo.ui.train.address import adapt_to_dataset, open_address
from mnist_demo.ui.train.budget import Budget
from mnist_demo.ui.train.controller import TrainingController
from mnist_demo.ui.train.queue import TrainingQueue
from mnist_demo.ui.train.tab import build_train_tab, offer_user_digits

HOUR = 3600
DEFAULTS = Settings()


def build_app(
    settings: Settings = DEFAULTS,
    store: ModelStore | None = None,
    queue: TrainingQueue | None = None,
) -> gr.Blocks:
    """The app, ready for `launch(**launch_options())`. Loads the models, but no data yet.

    library, line: what all visitors share, for who wants to look at it; None: its own.
    """
    store = store or ModelStore(settings.data)
    queue = queue or TrainingQueue(settings.trainings)
    budget = Budget(settings.max_steps, settings.max_seconds)
    told = budget.translate(settings.trainings)
    with CheckedBlocks(
        title=translate_for_visitor("title"),
        analytics_enabled=False,  # nobody is told of what happens here
        delete_cache=(HOUR, 24 * HOUR),
    ) as app:
        app.store = store
        user_models = gr.State({}, time_to_live=KEPT)
        user_digits = gr.State((), time_to_live=KEPT)
        head = heading()
        contact = connection()
        _tell_unusable(store)
        with gr.Tabs() as tabs:
            with labelled(gr.Tab, {"label": "draw"}, id="draw") as draw_tab:
                draw = build_draw_tab(store, user_models, user_digits)
            with labelled(gr.Tab, {"label": "train"}, id="train") as train_tab:
                controller = TrainingController(store, queue, budget)
                train = build_train_tab(store, controller, told, user_models, user_digits, draw.pad)
            with labelled(gr.Tab, {"label": "gallery"}, id="gallery") as gallery_tab:
                gallery = build_gallery_tab(store, user_models)
        for tab in (draw_tab, train_tab, gallery_tab):
            tab.select(None, None, None, js=f"() => ({read_text('tab_address.js')})({tab.id!r})")
        search = gr.Textbox(visible=False)
        unlimited: dict[str, Any] = {
            "concurrency_limit": None,
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        asked = read_text("open_address.js")
        opened = app.load(
            partial(open_address, store), search, [tabs, *train.opened], js=asked, **unlimited
        )
        link, _, _, *form = train.opened
        opened.then(
            partial(adapt_to_dataset, store),
            [search, link],
            [link, *form],
            js=f"(_, link) => [({asked})(), link]",
            **unlimited,
        )
        known = gr.State(False)  # True in a session that this page has opened
        app.load(
            on_load, None, known, queue=False, show_progress="hidden", api_visibility="private"
        )
        chosen = [draw.model, gallery.model, gallery.other]
        contact.ask(
            partial(on_reconnect, store),
            [known, user_models, *chosen],
            [contact, known, *chosen],
            queue=False,
            show_progress="hidden",
            api_visibility="private",
            preprocess=False,
        )
        build_api(store, queue, budget)
        _wire_language(app, head, user_digits, train.add_user_digits)
        for event in train.changed:
            event.then(
                partial(offer_models, store),
                [user_models, train.newest, draw.model, gallery.model],
                [draw.model, gallery.model],
                queue=False,
                show_progress="hidden",
                api_visibility="private",
                preprocess=False,
            )
        for event in draw.collected:
            event.then(
                offer_user_digits,
                user_digits,
                train.add_user_digits,
                queue=False,
                trigger_mode="always_last",  # the set may change again before this is done
                show_progress="hidden",
                api_visibility="private",
            )
        gallery.detail.draw(
            partial(open_in_draw, store),
            gallery.detail,
            [draw.pad, tabs],
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
        app.load(
            partial(describe_dataset, store),
            None,
            [train.dataset_notice, gallery.dataset_notice],
            **unlimited,
        )
    return app


def _tell_unusable(store: ModelStore) -> None:
    """Which of the shipped models is missing from the choices, where one is."""
    if not store.names({}):
        notice(error_sentence(TranslatedError(translate("no_models"))), classes="notice")
    elif store.unusable:
        notice(translate("models_unusable", names=", ".join(store.unusable)), classes="notice")


def _wire_language(
    app: gr.Blocks, head: gr.HTML, user_digits: gr.State, add_user_digits: gr.Checkbox
) -> None:
    """Where the page speaks another language than before, Gradio's own components follow."""
    spoken = all_labelled(app)
    # A later one may not be lost, and the last answer is the one that stays.
    at_once: dict[str, Any] = {
        "queue": False,
        "show_progress": "hidden",
        "trigger_mode": "always_last",
        "api_visibility": "private",
    }
    head.switch_language(partial(switch_language, spoken), head, spoken, **at_once)
    head.switch_language(label_user_digits, [head, user_digits], add_user_digits, **at_once)


def switch_language(spoken: Sequence[Block], value: Any) -> list[Any]:
    """The words of all of Gradio's own components, in the language of the page."""
    return relabel(spoken, read_language(value))


def label_user_digits(value: Any, user_digits: UserDigits) -> Any:
    return gr.update(
        label=translate("add_user_digits", count=len(user_digits))[read_language(value)]
    )


def offer_models(
    store: ModelStore, user_models: UserModels, newest: str | None, *chosen: Any
) -> list[Any]:
    """Offer the visitor's models in Draw and Gallery, and choose the newest where there is one.

    chosen: what is chosen there; where that model is gone, the default one takes its place.
    """
    names = store.names(user_models)
    return [
        gr.update(choices=names, value=newest or (name if name in names else store.default_name))
        for name in chosen
    ]


def open_in_draw(store: ModelStore, value: Any) -> list[Any]:
    """The digit that the Gallery's detail shows on the pad, and the Draw tab chosen."""
    index = value.get("index") if isinstance(value, dict) else None
    try:
        return [put_test_digit(store, index), gr.update(selected="draw")]
    except ValueError as error:
        raise user_error(error) from None


def describe_dataset(store: ModelStore) -> list[Any]:
    """Wait for the data set; say so where it is not MNIST."""
    dataset = store.dataset()
    if not dataset.notice:
        return [{}, {}]
    words = translate("substitute", train=len(dataset.train_labels), test=len(dataset.test_labels))
    return [words, words]

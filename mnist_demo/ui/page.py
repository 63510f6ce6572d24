"""The whole page: three tabs, what ties them together, and how it looks."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import gradio as gr
from gradio.blocks import Block

from mnist_demo.ui.api import build_api
from mnist_demo.ui.checked_blocks import CheckedBlocks
from mnist_demo.ui.connection import connection, look_again, meet
from mnist_demo.ui.custom_html import read_asset
from mnist_demo.ui.draw_tab import build_draw_tab
from mnist_demo.ui.examples import put_test_digit
from mnist_demo.ui.gallery_tab import build_gallery_tab
from mnist_demo.ui.lab.address import open_address
from mnist_demo.ui.lab.budget import Budget
from mnist_demo.ui.lab.line import Line
from mnist_demo.ui.lab.running import Lab
from mnist_demo.ui.labels import all_labelled, labelled, relabel
from mnist_demo.ui.language import heading, read_language
from mnist_demo.ui.library import KEPT, Library, Own, OwnSet
from mnist_demo.ui.note import note
from mnist_demo.ui.refuse import refuse, sentence
from mnist_demo.ui.settings import Settings
from mnist_demo.ui.train_tab import build_train_tab, offer_own_digits
from mnist_demo.ui.words import RefusedError, say, tell

HOUR = 3600
DEFAULTS = Settings()


def build_app(
    settings: Settings = DEFAULTS, library: Library | None = None, line: Line | None = None
) -> gr.Blocks:
    """The app, ready for `launch(**launch_options())`. Loads the models, but no data yet.

    library, line: what all visitors share, for who wants to look at it; None: its own.
    """
    library = library or Library(settings.data)
    line = line or Line(settings.trainings)
    budget = Budget(settings.max_steps, settings.max_seconds)
    told = budget.tell(settings.trainings)
    with CheckedBlocks(
        title=say("title"),
        analytics_enabled=False,  # nobody is told of what happens here
        delete_cache=(HOUR, 24 * HOUR),
    ) as app:
        app.library = library
        own = gr.State({}, time_to_live=KEPT)
        own_set = gr.State((), time_to_live=KEPT)
        head = heading()
        contact = connection()
        _tell_unusable(library)
        with gr.Tabs() as tabs:
            with labelled(gr.Tab, {"label": "draw"}, id="draw") as draw_tab:
                draw = build_draw_tab(library, own, own_set)
            with labelled(gr.Tab, {"label": "train"}, id="train") as train_tab:
                lab = Lab(library, line, budget)
                train = build_train_tab(library, lab, told, own, own_set, draw.pad)
            with labelled(gr.Tab, {"label": "gallery"}, id="gallery") as gallery_tab:
                gallery = build_gallery_tab(library, own)
        for tab in (draw_tab, train_tab, gallery_tab):
            tab.select(None, None, None, js=f"() => ({read_asset('tab.js')})({tab.id!r})")
        search = gr.Textbox(visible=False)
        app.load(
            open_address,
            search,
            [tabs, *train.opened],
            js=read_asset("open.js"),
            concurrency_limit=None,
            show_progress="hidden",
            api_visibility="private",
        )
        known = gr.State(False)  # True in a session that this page has opened
        app.load(meet, None, known, queue=False, show_progress="hidden", api_visibility="private")
        chosen = [draw.model, gallery.model, gallery.other]
        contact.ask(
            partial(look_again, library),
            [known, own, *chosen],
            [contact, known, *chosen],
            queue=False,
            show_progress="hidden",
            api_visibility="private",
            preprocess=False,
        )
        build_api(library, line, budget)
        _wire_language(app, head, own_set, train.add_own)
        for event in train.changed:
            event.then(
                partial(offer_models, library),
                [own, train.newest, draw.model, gallery.model],
                [draw.model, gallery.model],
                queue=False,
                show_progress="hidden",
                api_visibility="private",
                preprocess=False,
            )
        for event in draw.collected:
            event.then(
                offer_own_digits,
                own_set,
                train.add_own,
                queue=False,
                trigger_mode="always_last",  # the set may change again before this is done
                show_progress="hidden",
                api_visibility="private",
            )
        gallery.detail.draw(
            partial(open_in_draw, library),
            gallery.detail,
            [draw.pad, tabs],
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
        app.load(
            partial(tell_dataset, library),
            None,
            [train.notice, gallery.notice],
            show_progress="hidden",
            concurrency_limit=None,
            api_visibility="private",
        )
    return app


def _tell_unusable(library: Library) -> None:
    """Which of the shipped models is missing from the choices, where one is."""
    if not library.names({}):
        note(sentence(RefusedError(tell("no_models"))), classes="notice")
    elif library.unusable:
        note(tell("models_unusable", names=", ".join(library.unusable)), classes="notice")


def _wire_language(app: gr.Blocks, head: gr.HTML, own_set: gr.State, add_own: gr.Checkbox) -> None:
    """Where the page speaks another language than before, Gradio's own components follow."""
    spoken = all_labelled(app)
    # A later one may not be lost, and the last answer is the one that stays.
    at_once: dict[str, Any] = {
        "queue": False,
        "show_progress": "hidden",
        "trigger_mode": "always_last",
        "api_visibility": "private",
    }
    head.turn(partial(turn, spoken), head, spoken, **at_once)
    head.turn(label_own_digits, [head, own_set], add_own, **at_once)


def turn(spoken: Sequence[Block], value: Any) -> list[Any]:
    """The words of all of Gradio's own components, in the language of the page."""
    return relabel(spoken, read_language(value))


def label_own_digits(value: Any, own_set: OwnSet) -> Any:
    return gr.update(label=tell("add_own", count=len(own_set))[read_language(value)])


def offer_models(library: Library, own: Own, newest: str | None, *chosen: Any) -> list[Any]:
    """Offer the visitor's models in Draw and Gallery, and choose the newest where there is one.

    chosen: what is chosen there; where that model is gone, the default one takes its place.
    """
    names = library.names(own)
    return [
        gr.update(choices=names, value=newest or (name if name in names else library.default_name))
        for name in chosen
    ]


def open_in_draw(library: Library, value: Any) -> list[Any]:
    """The digit that the Gallery's detail shows on the pad, and the Draw tab chosen."""
    index = value.get("index") if isinstance(value, dict) else None
    try:
        return [put_test_digit(library, index), gr.update(selected="draw")]
    except ValueError as error:
        raise refuse(error) from None


def tell_dataset(library: Library) -> list[Any]:
    """Wait for the data set; say so where it is not MNIST."""
    dataset = library.dataset()
    if not dataset.notice:
        return [{}, {}]
    words = tell(
        "substitute",
        name=dataset.name,
        train=len(dataset.train_labels),
        test=len(dataset.test_labels),
        notice=library.notice(),
    )
    return [words, words]

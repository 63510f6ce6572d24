"""The whole page: three tabs, what ties them together, and how it looks."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import gradio as gr
from gradio.blocks import Block

from mnist_demo.ui.components.connection import connection, offer_models, on_reconnect
from mnist_demo.ui.components.custom_html import read_text
from mnist_demo.ui.components.heading import heading, read_language
from mnist_demo.ui.components.notice import notice
from mnist_demo.ui.compute.budget import Budget
from mnist_demo.ui.compute.model_store import KEPT, ModelStore, UserDigits, UserModels
from mnist_demo.ui.compute.queue import TrainingQueue
from mnist_demo.ui.draw.drawing_link import read_drawing_model
from mnist_demo.ui.draw.examples import put_test_digit
from mnist_demo.ui.draw.tab import DrawTab, build_draw_tab
from mnist_demo.ui.errors import error_sentence, user_error
from mnist_demo.ui.gallery.look_in_gallery import look_in_gallery
from mnist_demo.ui.gallery.tab import GalleryTab, build_gallery_tab
from mnist_demo.ui.gallery.view_link import asks_for_view
from mnist_demo.ui.i18n.labels import all_labelled, labelled, relabel
from mnist_demo.ui.i18n.translate import TranslatedError, translate, translate_for_visitor
from mnist_demo.ui.link_parameters import parse_parameters, tell_refused
from mnist_demo.ui.serving.api import build_api
from mnist_demo.ui.serving.checked_blocks import CheckedBlocks
from mnist_demo.ui.serving.settings import Settings
from mnist_demo.ui.taking_over import on_load, take_over
from mnist_demo.ui.train.address import adapt_to_dataset, open_address
from mnist_demo.ui.train.buttons import relabel_buttons
from mnist_demo.ui.train.controller import TrainingController
from mnist_demo.ui.train.handlers import offer_user_digits
from mnist_demo.ui.train.session import TrainingSession
from mnist_demo.ui.train.tab import TrainTab, build_train_tab
from mnist_demo.ui.wiring import AT_ONCE, LIVE, UNCHECKED, UNLIMITED, Outputs, by_name

HOUR = 3600
DEFAULTS = Settings()


def build_app(
    settings: Settings = DEFAULTS,
    store: ModelStore | None = None,
    queue: TrainingQueue | None = None,
) -> CheckedBlocks:
    """The app, ready for `launch(**launch_options(app))`. Loads the models, but no data yet.

    store, queue: what all visitors share, for who wants to look at it; None: its own. `app.close()`
    ends the threads and processes of the store.
    """
    store = store or ModelStore(settings.data)
    queue = queue or TrainingQueue(settings.trainings)
    budget = Budget(settings.max_steps, settings.max_seconds)
    with CheckedBlocks(
        title=translate_for_visitor("title"),
        analytics_enabled=False,  # nobody is told of what happens here
        delete_cache=(HOUR, 24 * HOUR),
    ) as app:
        app.store = store
        queue.listens = app.open_sessions.listens
        user_models = gr.State({}, time_to_live=KEPT)
        user_digits = gr.State((), time_to_live=KEPT)
        head, contact, link = heading(), connection(), look_in_gallery()
        _build_notice_of_unusable_models(store)
        with gr.Tabs() as tabs:
            with _build_tab("draw"):
                draw = build_draw_tab(store, user_models, user_digits)
            with _build_tab("train"):
                controller = TrainingController(store, queue, budget)
                limits = budget.translate(settings.trainings)
                train = build_train_tab(
                    store, controller, limits, user_models, user_digits, draw.pad, contact
                )
            with _build_tab("gallery"):
                gallery = build_gallery_tab(store, user_models, link, tabs, draw.pad)
        opened = _wire_opening(app, store, tabs, draw, train)
        _wire_connection(store, queue, contact, opened, user_models, draw, train, gallery)
        build_api(store, queue, budget)
        _wire_language(app, head, user_digits, train)
        _wire_models(store, user_models, draw, train, gallery)
        _wire_digits(store, user_models, user_digits, draw, train, gallery, tabs)
        notices = {"train": train.dataset_notice, "gallery": gallery.dataset_notice}
        app.load(**by_name(partial(describe_dataset, store), outputs=notices), **UNLIMITED)
    return app


def _build_notice_of_unusable_models(store: ModelStore) -> None:
    """Which of the shipped models is missing from the choices, where one is."""
    if not store.names({}):
        notice(error_sentence(TranslatedError(translate("no_models"))), classes="notice")
    elif store.unusable:
        notice(translate("models_unusable", names=", ".join(store.unusable)), classes="notice")


def _build_tab(name: str) -> gr.Tab:
    """An empty tab, which puts its name into the page's address when it is chosen."""
    tab = labelled(gr.Tab, {"label": name}, id=name)
    tab.select(None, None, None, js=f"() => ({read_text('tab_address.js')})({name!r})")
    return tab


def _wire_opening(
    app: gr.Blocks, store: ModelStore, tabs: gr.Tabs, draw: DrawTab, train: TrainTab
) -> gr.events.Dependency:
    """What the address asks for is shown when the page is opened; the event after which it is."""
    search, read = gr.Textbox(visible=False), read_text("open_address.js")
    outputs = {"tabs": tabs, "draw_model": draw.model} | train.opened
    opened = by_name(partial(open_page, store), {"search": search}, outputs)
    inputs = {"search": search, "link": train.opened["link"], **train.form}
    adapted = by_name(partial(adapt_to_dataset, store), inputs, train.opened)
    first = app.load(**opened, js=read, **UNLIMITED)
    # What the form holds is looked at when the data set is there: until then it may be changed.
    event = first.then(partial(wait_for_dataset, store), None, None, **UNLIMITED)
    event.then(**adapted, js=f"(_, ...others) => [({read})(), ...others]", **AT_ONCE)
    return first


def _wire_connection(
    store: ModelStore,
    queue: TrainingQueue,
    contact: gr.HTML,
    opened: gr.events.Dependency,
    user_models: gr.State,
    draw: DrawTab,
    train: TrainTab,
    gallery: GalleryTab,
) -> None:
    """A page that is loaded again, or has lost the server, finds what is left of its visitor's."""
    known = gr.State(False)  # True in a session that this page has opened
    chosen: dict[str, Any] = {"draw_model": draw.model, "gallery_model": gallery.model}
    shown = {"known": known, "connection": contact, "gallery_other": gallery.other} | chosen
    find = "(former) => formerSession.find()"
    former = {"former": gr.Textbox(visible=False)}
    met = by_name(partial(on_load, train.states), former, {"known": known, "connection": contact})
    opened.then(**met, js=find, **AT_ONCE)
    take = partial(take_over, store, queue, train.states)
    outputs = shown | train.states | train.taken_over
    outputs.pop("known")
    contact.take(**by_name(take, {"connection": contact} | chosen, outputs), **AT_ONCE, **UNCHECKED)
    inputs = {"user_models": user_models, "known": known, "gallery_other": gallery.other} | chosen
    contact.ask(**by_name(partial(on_reconnect, store), inputs, shown), **AT_ONCE, **UNCHECKED)


def _wire_language(app: gr.Blocks, head: gr.HTML, user_digits: gr.State, train: TrainTab) -> None:
    """Where the page speaks another language than before, Gradio's own components follow.

    A later one may not be lost, and the last answer is the one that stays.
    """
    called: dict[str, Block] = {**train.next_buttons, "add_user_digits": train.add_user_digits}
    components = [each for each in all_labelled(app) if each not in called.values()]
    switch = partial(switch_language, components, called)
    # One event: the head's value is lost on a second one of the same trigger.
    outputs = [*components, *called.values()]
    head.switch_language(switch, [head, user_digits, train.session], outputs, **LIVE)


def _wire_models(
    store: ModelStore, user_models: gr.State, draw: DrawTab, train: TrainTab, gallery: GalleryTab
) -> None:
    """After a training its model is chosen in the other tabs."""
    models = {"draw_model": draw.model, "gallery_model": gallery.model}
    inputs = {"user_models": user_models, "newest": train.newest} | models
    offered = by_name(partial(offer_newest, store), inputs, models)
    for event in train.changed:
        event.then(**offered, **AT_ONCE, **UNCHECKED)


def _wire_digits(
    store: ModelStore,
    user_models: gr.State,
    user_digits: gr.State,
    draw: DrawTab,
    train: TrainTab,
    gallery: GalleryTab,
    tabs: gr.Tabs,
) -> None:
    """The visitor's digits can be trained on, and the Gallery's opened in Draw."""
    # The digits may change again before this is done.
    draw.collected.then(offer_user_digits, user_digits, train.add_user_digits, **LIVE)
    shown = {"pad": draw.pad, "model": draw.model, "tabs": tabs}
    inputs = {"detail": gallery.detail, "user_models": user_models}
    put = by_name(partial(open_in_draw, store), inputs, shown)
    gallery.detail.draw(**put, **AT_ONCE)


def switch_language(
    components: Sequence[Block],
    called: Mapping[str, Block],
    value: Any,
    user_digits: UserDigits,
    session: TrainingSession | None,
) -> dict[Block, Any]:
    """The words of all of Gradio's own components, in the language of the page.

    called: those that are called differently by what the visitor has done.
    """
    words = relabel_buttons(value, session)
    words["add_user_digits"] = label_user_digits(value, user_digits)
    renamed = {component: words[name] for name, component in called.items()}
    return relabel(components, read_language(value)) | renamed


def label_user_digits(value: Any, user_digits: UserDigits) -> Any:
    return gr.update(
        label=translate("add_user_digits", count=len(user_digits))[read_language(value)]
    )


def offer_newest(
    store: ModelStore,
    user_models: UserModels,
    newest: str | None,
    draw_model: Any,
    gallery_model: Any,
) -> Outputs:
    """Offer the visitor's models in Draw and Gallery, and choose the newest where there is one."""
    chosen = {"draw_model": draw_model, "gallery_model": gallery_model}
    return offer_models(store, store.names(user_models), chosen, newest)


def open_in_draw(store: ModelStore, detail: Any, user_models: UserModels) -> Outputs:
    """The digit that the Gallery's detail shows on the pad, read by the same model."""
    detail = detail if isinstance(detail, dict) else {}
    try:
        shown = {"pad": put_test_digit(store, detail.get("index"))}
    except ValueError as error:
        raise user_error(error) from None
    if detail.get("model") in store.names(user_models):
        shown["model"] = gr.update(value=detail["model"])
    return shown | {"tabs": gr.update(selected="draw")}


def open_page(store: ModelStore, search: Any) -> Outputs:
    """What the address of a page that was just opened asks for, but for a view of the Gallery,
    which `look_in_gallery` shows: that tab comes with it, and not before."""
    parameters = parse_parameters(search)
    outputs = open_address(store, search)
    if parameters.get("tab") == "gallery" and asks_for_view(parameters):
        outputs.pop("tabs", None)
    model, errors = read_drawing_model(parameters, store)
    tell_refused(errors)
    return outputs if model is None else outputs | {"draw_model": gr.update(value=model)}


def wait_for_dataset(store: ModelStore) -> None:
    """Until it is there: what follows this event can use it."""
    store.dataset()


def describe_dataset(store: ModelStore) -> Outputs:
    """Wait for the data set; say so in two tabs where it is not MNIST."""
    dataset = store.dataset()
    if not dataset.notice:
        return {}
    words = translate("substitute", train=len(dataset.train_labels), test=len(dataset.test_labels))
    return {"train": words, "gallery": words}

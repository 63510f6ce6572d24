"""The Gallery tab: random test digits, label against prediction."""

import random
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from mnist_demo.ui.library import DEFAULT_MODEL, Library, Own
from mnist_demo.ui.samples import COUNT, Samples, draw_samples
from mnist_demo.ui.tiles import describe_tile, tiles
from mnist_demo.ui.words import say

ANY_DIGIT = -1  # a dropdown has no None among its choices


@dataclass(frozen=True)
class GalleryTab:
    """The components that other parts of the page update."""

    model: gr.Dropdown
    notice: gr.Markdown


def build_gallery_tab(library: Library, own: gr.State, tab: gr.Tab) -> GalleryTab:
    notice = gr.Markdown(visible=False, elem_classes="notice")
    with gr.Row(elem_classes="controls"):
        model = gr.Dropdown(
            library.names({}),
            value=DEFAULT_MODEL,
            label=say("model"),
            min_width=170,
            elem_id="gallery-model",
        )
        count = gr.Slider(10, COUNT.high, value=40, step=10, label=say("count"), min_width=170)
        digit = gr.Dropdown(
            [(say("any_digit"), ANY_DIGIT), *((str(digit), digit) for digit in range(10))],
            value=ANY_DIGIT,
            label=say("only_digit"),
            min_width=90,
            elem_id="gallery-digit",
        )
        seed = gr.Number(0, label=say("seed"), precision=0, min_width=90, elem_id="gallery-seed")
    with gr.Row(elem_classes="buttons"):
        mistakes = gr.Checkbox(label=say("only_mistakes"), container=False, elem_id="mistakes")
        shuffle = gr.Button(say("shuffle"), variant="primary", elem_id="shuffle")
    summary = gr.Markdown(say("loading"), elem_id="gallery-summary")
    shown = tiles()

    settings: dict[str, Any] = {
        "fn": partial(show_samples, library),
        "inputs": [model, count, seed, mistakes, digit, own],
        "outputs": [summary, shown],
        "show_progress": "minimal",
        "show_progress_on": [summary],
        "trigger_mode": "always_last",
        "api_visibility": "private",
    }
    changed = [model.change, count.change, seed.change, mistakes.change, digit.change]
    gr.on([tab.select, *changed], **settings)
    shuffle.click(new_seed, None, seed, queue=False, api_visibility="private")
    return GalleryTab(model, notice)


def new_seed() -> int:
    return random.randrange(10_000)


def show_samples(
    library: Library,
    model_name: str,
    count: int,
    seed: int,
    only_mistakes: bool,
    digit: int,
    own: Own,
) -> tuple[str, list[dict[str, Any]]]:
    """The line above the tiles, and the tiles."""
    only_digit = None if digit == ANY_DIGIT else digit
    try:
        checkpoint = library.model(model_name, own)
        samples = draw_samples(library, checkpoint, count, seed, only_mistakes, only_digit)
    except ValueError as error:
        raise gr.Error(f"{error}.", print_exception=False) from None
    dataset = library.dataset()
    shown = [
        describe_tile(
            index,
            dataset.test_images[index].numpy(),
            int(dataset.test_labels[index]),
            samples.probabilities[index],
        )
        for index in samples.indices
    ]
    return _summarize(model_name, samples, only_mistakes, only_digit), shown


def _summarize(
    model_name: str, samples: Samples, only_mistakes: bool, only_digit: int | None
) -> str:
    kind = say("kind_mistakes" if only_mistakes else "kind_all")
    if only_digit is not None:
        kind = say("of_digit", kind=kind, digit=only_digit)
    accuracy = samples.right / samples.total
    whole = say(
        "gallery_summary",
        model=model_name,
        right=samples.right,
        total=samples.total,
        accuracy=accuracy,
    )
    if not samples.indices:
        return f"{whole} {say('gallery_none', kind=kind)}"
    part = say("gallery_shown", shown=len(samples.indices), found=samples.found, kind=kind)
    return f"{whole} {part}"

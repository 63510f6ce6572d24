"""Components of our own: a gr.HTML whose template, style and script lie beside its factory."""

from pathlib import Path
from typing import Any

import gradio as gr

_UI = Path(__file__).parents[1]
# Scripts and styles that several components share, or that are a part of one's own, by the names
# that these ask for them by.
_SHARED = {
    "translate": _UI / "i18n/translate",
    "dom": _UI / "components/dom",
    "demonstration": _UI / "components/sketchpad/demonstration",
    "drawing_link": _UI / "components/sketchpad/drawing_link",
    "pictures": _UI / "components/sketchpad/pictures",
    "clipboard": _UI / "components/clipboard/clipboard",
    "panel": _UI / "components/panel/panel",
    "plot": _UI / "components/plot/plot",
    "matrix": _UI / "components/confusion_matrix/matrix",
    "sections": _UI / "components/sections/sections",
    "card": _UI / "gallery/card",
    "part_sheet": _UI / "draw/explanation/part_sheet",
    "filter_sum": _UI / "draw/explanation/filter_sum",
    "map_painter": _UI / "gallery/map/map_painter",
    "map_gestures": _UI / "gallery/map/map_gestures",
    "map_pictures": _UI / "gallery/map/map_pictures",
    "map_view": _UI / "gallery/map/map_view",
    "map_region": _UI / "gallery/map/map_region",
    "map_overlays": _UI / "gallery/map/map_overlays",
    "map_placing": _UI / "gallery/map/map_placing",
    "map_stage": _UI / "gallery/map/map_stage",
    "small_pad": _UI / "gallery/map/small_pad",
    "drawing_curve": _UI / "train/playback/drawing_curve",
    "watched_digits": _UI / "train/watched_digits/watched_digits",
    "layer_drawing": _UI / "train/network_builder/layer_drawing",
    "block_dragging": _UI / "train/network_builder/block_dragging",
}


def read_text(path: str | Path) -> str:
    """A file of the page; path: below `mnist_demo/ui/`."""
    return (_UI / path).read_text(encoding="utf-8")


def page_scripts(*paths: str) -> str:
    """What the page runs before all else: scripts below `mnist_demo/ui/`."""
    return "".join(f"<script>{read_text(path)}</script>" for path in paths)


def custom_html(
    factory: str,
    shared: tuple[str, ...] = (),
    *,
    classes: str = "",
    **settings: Any,
) -> gr.HTML:
    """The component whose folder `factory` lies in: NAME/NAME.html, NAME.css and NAME.js.

    factory: the `__file__` of the folder's `__init__.py`. shared: of _SHARED, what comes before its
    own script and style. classes: of the element, beside the one of all our components.

    Gradio expands the template with Handlebars, then as a JavaScript template literal, and inserts
    the result unescaped: so templates hold nothing that is not ours, and no text of a person's; see
    i18n/translate.js. The script is a function's body; it sees element, props, trigger and watch.
    """
    folder = Path(factory).parent
    own = folder / folder.name
    parts = [*(_SHARED[name] for name in ("translate", *shared)), own]
    return gr.HTML(
        html_template=read_text(own.with_suffix(".html")),
        css_template=_join_files(parts, ".css"),
        js_on_load=_join_files(parts, ".js"),
        apply_default_css=False,
        elem_classes=["flush", *classes.split()],
        **settings,
    )


def _join_files(parts: list[Path], suffix: str) -> str:
    files = [part.with_suffix(suffix) for part in parts]
    return "\n".join(read_text(file) for file in files if file.exists())

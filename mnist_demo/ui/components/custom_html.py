"""Components of our own: a gr.HTML whose template, style and script lie beside its factory."""

from pathlib import Path
from typing import Any

import gradio as gr

_UI = Path(__file__).parents[1]
# Scripts and styles that several components share, by the names that these ask for them by.
_SHARED = {
    "translate": _UI / "i18n/translate",
    "dom": _UI / "components/dom",
    "clipboard": _UI / "components/clipboard/clipboard",
    "panel": _UI / "components/panel/panel",
    "plot": _UI / "components/plot/plot",
    "matrix": _UI / "components/confusion_matrix/matrix",
    "sections": _UI / "components/sections/sections",
    "card": _UI / "gallery/card",
    "watched_digits": _UI / "train/watched_digits/watched_digits",
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

    factory: the `__file__` of the folder's `__init__.py`. shared: of _SHARED, or of other files in
    that folder, what comes before its own script and style. classes: of the element, beside the one
    of all our components.

    Gradio expands the template with Handlebars, then as a JavaScript template literal, and inserts
    the result unescaped: so templates hold nothing that is not ours, and no text of a person's; see
    i18n/translate.js. The script is a function's body; it sees element, props, trigger and watch.
    """
    folder = Path(factory).parent
    own = folder / folder.name
    parts = [*(_find_part(name, folder) for name in ("translate", *shared)), own]
    return gr.HTML(
        html_template=read_text(own.with_suffix(".html")),
        css_template=_join_files(parts, ".css"),
        js_on_load=_join_files(parts, ".js"),
        apply_default_css=False,
        elem_classes=["flush", *classes.split()],
        **settings,
    )


def _find_part(name: str, folder: Path) -> Path:
    """Without its suffix. Raises ValueError where there is none of that name."""
    part = _SHARED.get(name, folder / name)
    if not any(part.with_suffix(suffix).exists() for suffix in (".js", ".css")):
        raise ValueError(f"no {name}.js or .css is in {folder.name}, nor do others share it")
    return part


def _join_files(parts: list[Path], suffix: str) -> str:
    files = [part.with_suffix(suffix) for part in parts]
    return "\n".join(read_text(file) for file in files if file.exists())

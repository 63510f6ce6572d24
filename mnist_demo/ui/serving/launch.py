"""How the page is launched: its looks, its scripts, and what stands before it."""

from collections.abc import Sequence
from typing import Any

import gradio as gr
from starlette.middleware import Middleware
from starlette.routing import Route

from mnist_demo.ui.components.custom_html import page_scripts, read_text
from mnist_demo.ui.compute.queue import MAX_WAITING
from mnist_demo.ui.i18n.labels import collect_labels
from mnist_demo.ui.i18n.translate import LANGUAGES
from mnist_demo.ui.serving.early_scripts import EarlyScripts
from mnist_demo.ui.serving.predict_route import answer_route
from mnist_demo.ui.serving.presence import Presence
from mnist_demo.ui.serving.request_filter import RequestFilter
from mnist_demo.ui.serving.response_cache import ResponseCache

MAX_FILE_SIZE = "20mb"
# The theme's own sizes, but in rem: page.css makes all of them larger on a large screen.
TEXT_SIZE = gr.themes.Size(
    xxs="0.5625rem",
    xs="0.625rem",
    sm="0.75rem",
    md="0.875rem",
    lg="1rem",
    xl="1.375rem",
    xxl="1.625rem",
    name="rem",
)


def launch_options(app: gr.Blocks, routes: Sequence[Route] = ()) -> dict[str, Any]:
    """Settings for `app.launch` that belong to the page, not to the host.

    routes: the host's own, beside the page; request_filter.py must know them.
    """
    theme = gr.themes.Default(
        primary_hue=gr.themes.colors.indigo,
        neutral_hue=gr.themes.colors.slate,
        text_size=TEXT_SIZE,
        font=["system-ui", "sans-serif"],  # a web font would need the web
        font_mono=["ui-monospace", "monospace"],
    ).set(
        block_radius="12px",
        # One step darker than the theme's own, for the contrast that WCAG AA asks of small text.
        color_accent="*primary_600",
        body_text_color_subdued="*neutral_500",
        block_info_text_color="*neutral_500",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
    )
    return {
        "theme": theme,
        "css": read_text("gradio_internals.css") + read_text("page.css"),
        "head": f'<meta name="languages" content="{" ".join(LANGUAGES)}">'
        + page_scripts("i18n/language.js", "serving/spare_progress.js"),
        "i18n": collect_labels(app),
        "ssr_mode": False,
        "run_history": False,  # else every visitor's drawings stay in the browser
        "footer_links": [
            "api",
            "gradio",
        ],  # Settings is for developers, and its languages are not ours
        "state_session_capacity": 200,
        "max_file_size": MAX_FILE_SIZE,
        # So many events go on at once: each who waits in line is one, though it holds no thread.
        "max_threads": MAX_WAITING + 56,
        "app_kwargs": {
            "routes": [answer_route(), *routes],
            "middleware": [
                Middleware(RequestFilter),
                Middleware(Presence),
                Middleware(ResponseCache),
                Middleware(EarlyScripts),
            ],
        },
    }

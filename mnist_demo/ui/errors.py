"""How a handler says that it cannot do what was asked."""

import html

import gradio as gr

from mnist_demo.ui.i18n.translate import Translations, pick_language, reason_of, shorten


def error_sentence(error: Exception) -> Translations:
    """Why something was refused, as a sentence."""
    return {language: f"{text.rstrip('.')}." for language, text in reason_of(error).items()}


def user_error(reason: Translations | Exception) -> gr.Error:
    """What a handler raises to tell the visitor, in their language; it leaves no traceback."""
    words = error_sentence(reason) if isinstance(reason, Exception) else reason
    return gr.Error(as_html(pick_language(words)), print_exception=False)


def as_html(text: str) -> str:
    """`text`, cut where it is long, as it is to be shown: Gradio takes messages for HTML."""
    return html.escape(shorten(text), quote=False)

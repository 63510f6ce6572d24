"""How a handler says that it cannot do what was asked."""

import gradio as gr

from mnist_demo.ui.words import Words, reason_of, speak


def sentence(error: Exception) -> Words:
    """Why something was refused, as a sentence."""
    return {language: f"{text.rstrip('.')}." for language, text in reason_of(error).items()}


def refuse(reason: Words | Exception) -> gr.Error:
    """What a handler raises to tell the visitor, in their language."""
    words = sentence(reason) if isinstance(reason, Exception) else reason
    return gr.Error(speak(words), print_exception=False)

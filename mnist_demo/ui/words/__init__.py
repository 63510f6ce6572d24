"""Every word on the page, in one place; a file for each language."""

from mnist_demo.ui.words.english import ENGLISH

__all__ = ["ENGLISH", "say"]


def say(key: str, **values: object) -> str:
    """The words called `key`, with `values` filled in."""
    return ENGLISH[key].format(**values)

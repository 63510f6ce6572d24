"""Which language the visitor speaks whose request is answered."""

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from mnist_demo.ui.gradio_internals import current_request


def asked_language(known: Sequence[str]) -> str:
    """The one of `known` that the page's address asks for, else the browser; else the first.

    The address is what a request says it comes from: the page keeps the choice there, as a Space,
    which lies in a frame of another site, can set no cookie. A program that calls the API, and what
    runs outside of a handler's thread, asks for none.
    """
    headers = getattr(current_request(), "headers", None) or {}
    wanted = [_in_address(headers.get("referer") or ""), *_accepted(headers)]
    return next((language for language in wanted if language in known), known[0])


def _in_address(address: str) -> str:
    try:
        return parse_qs(urlsplit(address).query).get("language", [""])[0]
    except ValueError:  # anybody can send anything
        return ""


def _accepted(headers: object) -> list[str]:
    """The browser's languages without their countries: "ko-KR,ko;q=0.9,en" is ko, ko, en.

    Browsers send them in the order of their weights.
    """
    accepted = headers.get("accept-language") or ""  # type: ignore[attr-defined]
    return [part.split(";")[0].split("-")[0].strip().lower() for part in accepted.split(",")]

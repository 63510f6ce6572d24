"""Where Chromium is, and how it is started: for the browser tests and the benchmarks."""

import shutil

from playwright.sync_api import Browser, Playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium(playwright: Playwright) -> str:
    """The system's Chromium, else playwright's own, which may not be there.

    First the one without windows: it opens a page in half the time.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "chrome")
    found = filter(None, map(shutil.which, names))
    return next(found, None) or playwright.chromium.executable_path


def launch_chromium(playwright: Playwright) -> Browser:
    path = find_chromium(playwright)
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)

"""The web app. `python app.py` serves it; `python app.py --help` lists what can be set."""

import sys

from mnist_demo.ui.settings import read_settings

settings = read_settings(sys.argv[1:] if __name__ == "__main__" else [])

# Only now, since Gradio takes seconds to import and --help need not wait for it.
from mnist_demo.ui.host.serving import serve  # noqa: E402
from mnist_demo.ui.lab.line import Line  # noqa: E402
from mnist_demo.ui.library import Library  # noqa: E402
from mnist_demo.ui.page import build_app  # noqa: E402

library, line = Library(settings.data), Line(settings.trainings)
demo = build_app(settings, library, line)

if __name__ == "__main__":
    serve(demo, library, line, settings)

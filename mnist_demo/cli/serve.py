"""`mnist-demo serve`: the page, as `python app.py` in a checkout serves it."""

import argparse
import gc
from typing import Any

from mnist_demo.ui.serving.settings import ABOUT, add_options, choose_settings


def add_serve(commands: Any) -> None:
    parser = commands.add_parser("serve", help="serve the page", **ABOUT)
    parser.set_defaults(command=_serve, parser=parser)
    add_options(parser)


def _serve(options: argparse.Namespace) -> int:
    settings = choose_settings(options.parser, options)
    gc.disable()  # see app.py
    try:  # only now, since Gradio takes seconds to import, and the package does without it
        from mnist_demo.ui.compute.model_store import ModelStore
        from mnist_demo.ui.compute.queue import TrainingQueue
        from mnist_demo.ui.page import build_app
        from mnist_demo.ui.serving.server import serve
    except ModuleNotFoundError as error:
        options.parser.error(
            f"the page needs {error.name}, which is not installed; it comes with mnist-demo[ui]: "
            "pip install '.[ui]' in the project's folder"
        )
    store, queue = ModelStore(settings.data), TrainingQueue(settings.trainings)
    app = build_app(settings, store, queue)
    gc.freeze()
    gc.enable()
    serve(app, store, queue, settings, options.parser.prog)
    return 0

"""The web app. `python app.py` serves it; `python app.py --help` lists what can be set."""

import sys

from mnist_demo.ui.serving.settings import read_settings

settings = read_settings(sys.argv[1:] if __name__ == "__main__" else [])

# Only now, since Gradio takes seconds to import and --help need not wait for it.
from mnist_demo.ui.compute.model_store import ModelStore  # noqa: E402
from mnist_demo.ui.page import build_app  # noqa: E402
from mnist_demo.ui.serving.server import serve  # noqa: E402
from mnist_demo.ui.train.queue import TrainingQueue  # noqa: E402

store, queue = ModelStore(settings.data), TrainingQueue(settings.trainings)
demo = build_app(settings, store, queue)

if __name__ == "__main__":
    serve(demo, store, queue, settings)

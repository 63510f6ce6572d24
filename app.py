"""The web app. `python app.py` serves it; `python app.py --help` lists what can be set."""

import gc
import sys

gc.disable()  # while half a million objects are made that all stay: it takes a fifth of the start

try:
    from mnist_demo.ui.serving.settings import read_settings

    settings = read_settings(sys.argv[1:] if __name__ == "__main__" else [])

    # Only now, since Gradio takes seconds to import and --help need not wait for it.
    from mnist_demo.ui.compute.model_store import ModelStore
    from mnist_demo.ui.compute.queue import TrainingQueue
    from mnist_demo.ui.page import build_app
    from mnist_demo.ui.serving.server import serve
except ModuleNotFoundError as error:
    sys.exit(f"python app.py: {error.name} is missing; pip install -r requirements.txt brings it")
except ImportError as error:  # a Python that is too old, or none of the versions that are needed
    sys.exit(f"python app.py: {error}")

store, queue = ModelStore(settings.data), TrainingQueue(settings.trainings)
demo = build_app(settings, store, queue)
gc.freeze()
gc.enable()

if __name__ == "__main__":
    serve(demo, store, queue, settings)

"""The web app. `python app.py` serves it; `python app.py --help` lists what can be set."""

import gc
import sys

if sys.version_info < (3, 11):  # noqa: UP036  # a line, not a traceback
    sys.exit("python app.py: Python 3.11 or newer is needed, and this is " + sys.version.split()[0])

gc.disable()  # while half a million objects are made that all stay: it takes a fifth of the start

try:
    from mnist_demo.ui.serving.settings import read_settings

    settings = read_settings(sys.argv[1:] if __name__ == "__main__" else [])

    # Only now, since Gradio takes seconds to import and --help need not wait for it.
    from mnist_demo.ui.compute.model_store import ModelStore
    from mnist_demo.ui.compute.queue import TrainingQueue
    from mnist_demo.ui.page import build_app
    from mnist_demo.ui.serving.server import serve
except ModuleNotFoundError as error:  # for Intel Macs there is no PyTorch of today
    sys.exit(f"python app.py: {error.name} is missing; pip install -r requirements.txt brings it")

store, queue = ModelStore(settings.data), TrainingQueue(settings.trainings)
demo = build_app(settings, store, queue)
gc.freeze()
gc.enable()

if __name__ == "__main__":
    serve(demo, store, queue, settings)

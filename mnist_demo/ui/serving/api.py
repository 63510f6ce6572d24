"""The named endpoints, for `gradio_client` and plain HTTP; their docstrings are the API page."""

import io
import threading
from collections.abc import AsyncIterator
from contextlib import aclosing, nullcontext
from dataclasses import replace
from typing import Any

import gradio as gr
from gradio.events import api as add_endpoint
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from mnist_demo.digits.pictures import picture_to_digit
from mnist_demo.digits.strokes import strokes_to_digit
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.training.recipes import get_recipe
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.translate import translate, translate_for_visitor
from mnist_demo.ui.serving.samples import draw_samples
from mnist_demo.ui.serving.training_stream import stream_training
from mnist_demo.ui.train.budget import Budget
from mnist_demo.ui.train.errors import errors_shown
from mnist_demo.ui.train.queue import TrainingQueue

FORMATS = ("PNG", "JPEG")  # Pillow reads forty more, by code that few look at
LARGE = 4_000_000  # pixels: one of 64 million takes half a gigabyte, so they come one by one
_ONE_LARGE = threading.Lock()


def build_api(store: ModelStore, queue: TrainingQueue, budget: Budget) -> None:
    """Add the endpoints to the app under construction; nothing of them is seen on the page."""
    api = _Endpoints(store, queue, budget)
    with gr.Row(visible=False):
        picture = gr.File(label=translate_for_visitor("api_picture"), type="binary")
        model = gr.Dropdown(
            store.names({}), value=store.default_name, label=translate_for_visitor("api_model")
        )
        answer = gr.Label(label=translate_for_visitor("api_answer"))
        gr.Button().click(api.predict, [picture, model], answer, queue=False, api_name="predict")
    add_endpoint(api.predict_strokes, api_name="predict_strokes", queue=False)
    add_endpoint(api.sample_test_digits, api_name="sample_test_digits")
    add_endpoint(api.train, api_name="train", concurrency_limit=None)


class _Endpoints:
    def __init__(self, store: ModelStore, queue: TrainingQueue, budget: Budget) -> None:
        self._store = store
        self._queue = queue
        self._budget = budget

    def predict(self, picture: bytes | None, model: str) -> dict[str, float]:
        """Read the digit in a picture: a PNG or JPEG file, a photo or a drawing, dark on light or
        light on dark, of up to 64 megapixels. `model` is the name of a shipped model, such as
        simple_cnn. Returns the likeliest digit as `label`, and all ten as `confidences`, each with
        its probability in [0, 1], the likeliest first. A picture without a digit is an error."""
        if picture is None:
            raise user_error(translate("api_no_picture"))
        try:
            with Image.open(io.BytesIO(picture), formats=FORMATS) as opened:
                large = opened.width * opened.height > LARGE
                with _ONE_LARGE if large else nullcontext():
                    digit = picture_to_digit(opened)
            return self._predict_digit(digit, model)
        except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, OSError):
            raise user_error(translate("api_bad_picture")) from None
        except ValueError as error:
            raise user_error(error) from None

    def predict_strokes(
        self, strokes: list[list[list[float]]], model: str | None = None
    ) -> dict[str, Any]:
        """Read the digit that pen strokes draw. `strokes` is a list of strokes, each a list of
        points [x, y], x to the right and y down, in any unit, 50,000 points at most; `model` is
        the name of a shipped model, robust_cnn where it is left out. Returns the same form as
        /predict: `label`, the likeliest digit, and `confidences`, each a `label` and its
        `confidence`, the likeliest first."""
        try:
            shares = self._predict_digit(strokes_to_digit(strokes), model)
        except ValueError as error:
            raise user_error(error) from None
        ranked = sorted(shares.items(), key=lambda item: -item[1])
        confidences = [{"label": label, "confidence": share} for label, share in ranked]
        return {"label": ranked[0][0], "confidences": confidences}

    def _find(self, model: str | None) -> Checkpoint:
        name = self._store.default_name if model is None else model
        return self._store.model(name, {})

    def _predict_digit(self, digit: NDArray[Any], model: str | None) -> dict[str, float]:
        shares = self._store.compute.predictor.predict(self._find(model).model, digit)[0]
        return {str(index): float(share) for index, share in enumerate(shares)}

    def sample_test_digits(
        self,
        model: str | None = None,
        count: int = 10,
        seed: int = 0,
        mistakes_only: bool = False,
        digit: int | None = None,
    ) -> dict[str, Any]:
        """Draw test digits at random, with what a model answers, robust_cnn where it is left out.
        `count` is 1 to 200; the same `seed` draws the same digits; `mistakes_only` and `digit` (0
        to 9, the label) filter them. Returns `dataset`, `right` and `total` of that model over the
        whole test set, `seen_in_training`, whether the model was trained on these very digits,
        `found`, how many test digits pass the filters, and `samples`: for each its `index` in the
        test set, `label`, `prediction`, `confidence` in [0, 1], and `picture`, a 28x28 PNG data
        URI."""
        try:
            checkpoint = self._find(model)
            drawn = draw_samples(self._store, checkpoint, count, seed, mistakes_only, digit)
        except ValueError as error:
            raise user_error(error) from None
        dataset = self._store.dataset()
        samples = [
            {
                "index": index,
                "label": int(dataset.test_labels[index]),
                "prediction": int(drawn.probabilities[index].argmax()),
                "confidence": float(drawn.probabilities[index].max()),
                "picture": png_data_uri(dataset.test_images[index].numpy()),
            }
            for index in drawn.indices
        ]
        counts = {"found": drawn.found, "right": drawn.right, "total": drawn.total}
        seen = {"seen_in_training": checkpoint.has_seen_tests(dataset)}
        return {"dataset": dataset.name, **counts, **seen, "samples": samples}

    async def train(
        self,
        request: gr.Request,
        recipe: str = "softmax",
        epochs: int | None = None,
        learning_rate: float | None = None,
        batch_size: int | None = None,
        seed: int = 0,
    ) -> AsyncIterator[dict[str, Any]]:
        """Train a recipe, such as softmax or fast_cnn, and stream how it goes; what is left out is
        the recipe's own. Yields, five times a second, `event` = "step" with `epoch`, `step`,
        `steps_per_epoch`, `loss` and `seconds`; after each epoch `event` = "epoch" with `epoch`,
        `train_loss`, `test_loss`, `test_accuracy` in [0, 1] and `seconds`; and where the loss stops
        being a number, `event` = "diverged" as the last.
        The model is not kept: train on the page, or by `python -m mnist_demo train`, to keep it.
        While others train, `event` = "waiting" with `place` in line, 1 is next, and `seconds`, an
        estimate or null; before the first step, "starting". A server may limit a training: then
        the last is `event` = "budget" with `message`, which tells what is spent."""
        asked = {"epochs": epochs, "learning_rate": learning_rate, "batch_size": batch_size}
        changes: dict[str, Any] = {
            name: value for name, value in asked.items() if value is not None
        }
        if epochs is not None:
            changes["epochs_of_few"] = None  # as many as asked for, on any data set

        with errors_shown(), self._queue.stand(request.session_hash) as job:
            async for position in job.wait():
                waiting = {"place": position.number, "seconds": position.seconds}
                yield {"event": "waiting", **waiting}
            chosen = replace(get_recipe(recipe), **changes)
            training = stream_training(self._store, self._budget, job, chosen, seed)
            async with aclosing(training) as reports:
                async for report in reports:
                    yield report

"""The named endpoints, for `gradio_client` and plain HTTP; their docstrings are the API page."""

import io
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, nullcontext
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import gradio as gr
import numpy as np
from gradio.events import api as add_endpoint
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from mnist_demo.digits.picture_files import name_format
from mnist_demo.digits.pictures import NoDigitError, picture_to_digit
from mnist_demo.digits.segmentation import segment
from mnist_demo.digits.strokes import strokes_to_digit
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.models.numbers import choose_digits
from mnist_demo.networks.notation import parse_layers
from mnist_demo.training.recipes import BOUNDS, Recipe, get_recipe
from mnist_demo.ui.components.png import png_data_uri
from mnist_demo.ui.compute.budget import Budget
from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.compute.queue import TrainingQueue
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.translate import (
    TranslatedError,
    translate,
    translate_for_visitor,
)
from mnist_demo.ui.serving.samples import draw_samples
from mnist_demo.ui.serving.training_stream import check_batches, stream_training
from mnist_demo.ui.train.errors import errors_shown
from mnist_demo.ui.validation import NETWORK_LIMITS

T = TypeVar("T")

FORMATS = ("PNG", "JPEG")  # Pillow reads forty more, by code that few look at
TRAIN_WITHIN = 600.0  # seconds of a training: who asks for one need not stay to see others wait
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
        number = gr.JSON(label=translate_for_visitor("api_number"))
        strokes = gr.JSON(label=translate_for_visitor("api_strokes"))
        asked = [picture, strokes, model]
        gr.Button().click(api.read_number, asked, number, queue=False, api_name="read_number")
    add_endpoint(api.predict_strokes, api_name="predict_strokes", queue=False)
    add_endpoint(api.sample_test_digits, api_name="sample_test_digits")
    add_endpoint(api.train, api_name="train", concurrency_limit=None)


def _read_picture(picture: bytes, read: Callable[[Image.Image], T]) -> T:
    """What `read` makes of a file. Raises ValueError where it is none that can be read."""
    try:
        with Image.open(io.BytesIO(picture), formats=FORMATS) as opened:
            large = opened.width * opened.height > LARGE
            with _ONE_LARGE if large else nullcontext():
                return read(opened)
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, OSError):
        other = name_format(picture[:16])
        words = translate("other_format", format=other) if other else translate("api_bad_picture")
        raise TranslatedError(words) from None
    except NoDigitError as error:
        raise TranslatedError(translate(f"no_digit_{error.reason}")) from None


def _by_label(probabilities: NDArray[np.float32]) -> dict[str, float]:
    return {str(index): float(share) for index, share in enumerate(probabilities)}


def _choose_recipe(name: str, **asked: Any) -> Recipe:
    """A recipe with what is not None changed. Raises ValueError where it cannot be."""
    changes = {field: value for field, value in asked.items() if value is not None}
    if "epochs" in changes:
        changes["epochs_of_few"] = None  # as many as asked for, on any data set
    if "layers" in changes:
        parse_layers(changes["layers"], NETWORK_LIMITS)
    return replace(get_recipe(name), **changes)


class _Endpoints:
    def __init__(self, store: ModelStore, queue: TrainingQueue, budget: Budget) -> None:
        self._store = store
        self._queue = queue
        self._budget = replace(budget, seconds=min(budget.seconds or TRAIN_WITHIN, TRAIN_WITHIN))

    def predict(self, picture: bytes | None, model: str) -> dict[str, float]:
        """Read the digit in a picture: a PNG or JPEG file, a photo or a drawing, dark on light or
        light on dark, of up to 64 megapixels. `model` is the name of a shipped model, such as
        simple_cnn. Returns the likeliest digit as `label`, and all ten as `confidences`, each with
        its probability in [0, 1], the likeliest first. A picture without a digit is an error."""
        if picture is None:
            raise user_error(translate("api_no_picture"))
        try:
            read = partial(picture_to_digit, choose=self._store.confidence)
            digit = _read_picture(picture, read)
            return _by_label(self._predict(self._find(model), digit))
        except ValueError as error:
            raise user_error(error) from None

    def predict_strokes(
        self, strokes: list[list[list[float]]], model: str | None = None
    ) -> dict[str, Any]:
        """Read the digit that pen strokes draw. `strokes` is a list of strokes, each a list of
        points [x, y], x to the right and y down, in any unit, 50,000 points at most; `model` is
        the name of a shipped model, robust_cnn where it is left out. Returns the same form as
        /predict: `label`, the likeliest digit, and `confidences`, each a `label` and its
        `confidence`, the likeliest first; and a `verdict`: sure, likely, unsure, or non_digit."""
        try:
            checkpoint = self._find(model)
            probabilities = self._predict(checkpoint, strokes_to_digit(strokes))
        except ValueError as error:
            raise user_error(error) from None
        ranked = sorted(_by_label(probabilities).items(), key=lambda item: -item[1])
        confidences = [{"label": label, "confidence": share} for label, share in ranked]
        verdict = checkpoint.verdict(probabilities)
        return {"label": ranked[0][0], "confidences": confidences, "verdict": verdict}

    def read_number(
        self, picture: bytes | None = None, strokes: Any = None, model: str | None = None
    ) -> dict[str, Any]:
        """Read a number of one digit or more: in `picture`, as /predict takes it, or of `strokes`,
        as /predict_strokes does; one of the two. `model` is the name of a shipped model, robust_cnn
        where it is left out. Returns the number as `text`, the `probability` that all of its digits
        are right, and `digits` from left to right: for each its `digit`, `probability`, `verdict`,
        as of /predict_strokes, `box`, x, y, width and height in pixels or in the strokes' unit, and
        `image`, a 28x28 PNG data URI of what the model got."""
        if (picture is None) == (strokes is None):
            raise user_error(translate("api_one_source"))
        try:
            found = segment(strokes) if picture is None else _read_picture(picture, segment)
            checkpoint = self._find(model)
            shares = self._store.compute.predictor.predict(checkpoint.model, found.digits)
        except ValueError as error:
            raise user_error(error) from None
        reading = choose_digits(found, shares, doubts=checkpoint.knows_non_digits)
        digits = [
            {
                "digit": each.digit,
                "probability": each.probability,
                "verdict": checkpoint.verdict(each.probabilities),
                "box": each.box,
                "image": png_data_uri(each.image),
            }
            for each in reading.digits
        ]
        return {"text": reading.text, "probability": reading.probability, "digits": digits}

    def _find(self, model: str | None) -> Checkpoint:
        name = self._store.default_name if model is None else model
        return self._store.model(name, {})

    def _predict(self, checkpoint: Checkpoint, digit: NDArray[Any]) -> NDArray[np.float32]:
        probabilities: NDArray[np.float32]
        (probabilities,) = self._store.compute.predictor.predict(checkpoint.model, digit)
        return probabilities

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
        layers: str | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        """Train a recipe, such as softmax or fast_cnn, and stream how it goes; what is left out is
        the recipe's own; `layers` is a network in place of its own, such as "conv 32, relu, pool".
        Yields, five times a second, `event` = "step" with `epoch`, `step`, `steps_per_epoch`,
        `loss` and `seconds`; after each epoch `event` = "epoch" with `epoch`, `train_loss`,
        `test_loss`, `test_accuracy` in [0, 1] and `seconds`; and where the loss stops being a
        number, `event` = "diverged" as the last.
        The model is not kept: train on the page, or by `python -m mnist_demo train`, to keep it.
        While others train, `event` = "waiting" with `place` in line, 1 is next, and `seconds`, an
        estimate or null; before the first step, "starting". A training may take ten minutes, and
        less where the server says so: then the last is `event` = "budget" with `message`, which
        tells what is spent. It ends where nobody has listened to its events for ten seconds."""
        with errors_shown():
            chosen = _choose_recipe(
                recipe,
                layers=layers,
                epochs=epochs,
                learning_rate=learning_rate,
                batch_size=batch_size,
            )
            BOUNDS["seed"].check("seed", seed)
        with errors_shown(), self._queue.stand(request.session_hash) as job:
            await check_batches(self._store, chosen)  # here, as so many may ask for it at a time
            async for position in job.wait():
                waiting = {"place": position.number, "seconds": position.seconds}
                yield {"event": "waiting", **waiting}
            training = stream_training(self._store, self._budget, job, chosen, seed)
            async with aclosing(training) as reports:
                async for report in reports:
                    yield report

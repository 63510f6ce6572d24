"""What a network answers to a drawing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from mnist_demo.digits.pictures import Choose
from mnist_demo.digits.segmentation import Segmentation
from mnist_demo.models.numbers import choose_digits
from mnist_demo.ui.components.sketchpad import Sketch, is_quick, read_sketch
from mnist_demo.ui.compute.batching import PredictionSteps
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.draw.prediction_card import describe_number, describe_prediction
from mnist_demo.ui.errors import error_sentence
from mnist_demo.ui.i18n.translate import reason_of, translate


@dataclass(frozen=True, eq=False)
class _Whole:
    """All that is on the pad. found: the digits of a number that it may be."""

    sketch: Sketch
    found: Segmentation | None


def _read_whole(drawing: Any, choose: Choose) -> _Whole | None:
    whole = drawing | {"chosen": None} if isinstance(drawing, dict) else drawing
    sketch = read_sketch(whole, choose)
    return _Whole(sketch, sketch.segment()) if sketch else None


async def predict_drawing(
    store: ModelStore, drawing: Any, model_name: Any, user_models: UserModels
) -> dict[str, Any] | None:
    """The answer to a drawing; None for a blank pad."""
    read: Callable[[], _Whole | None] = partial(_read_whole, drawing, store.confidence)
    if not is_quick(drawing):  # nobody else waits for it
        reading = asyncio.get_running_loop().run_in_executor(None, read)
        await asyncio.wait([reading])
        read = reading.result
    return await asyncio.wrap_future(
        store.compute.predictor.run(_answer_to(store, read, model_name, user_models))
    )


def _answer_to(
    store: ModelStore, read: Callable[[], _Whole | None], model_name: Any, user_models: UserModels
) -> PredictionSteps[dict[str, Any] | None]:
    try:
        drawing = read()
    except ValueError as error:
        return {"sentence": translate("bad_drawing", reason=reason_of(error))}
    if drawing is None:
        return None
    sketch = drawing.sketch
    if sketch.is_tiny:
        return {"sentence": translate("prediction_little")}
    try:
        checkpoint = store.model(model_name, user_models)
    except ValueError as error:
        return {"sentence": error_sentence(error), "gone": model_name is not None}
    found = drawing.found
    if found is None:
        (shares,) = yield checkpoint.model, sketch.digit[None]
        return describe_prediction(shares, sketch.digit, checkpoint)
    probabilities = yield checkpoint.model, found.digits
    reading = choose_digits(found, probabilities, doubts=checkpoint.knows_non_digits)
    if len(reading.digits) > 1:
        return describe_number(reading, checkpoint)
    (only,) = reading.digits
    return describe_prediction(only.probabilities, only.image, checkpoint)

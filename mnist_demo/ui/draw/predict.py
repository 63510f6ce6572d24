"""What a network answers to a drawing."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from mnist_demo.ui.components.sketchpad import Sketch, is_quick, read_sketch
from mnist_demo.ui.compute.batching import PredictionSteps
from mnist_demo.ui.compute.model_store import ModelStore, UserModels
from mnist_demo.ui.draw.prediction_card import describe_prediction
from mnist_demo.ui.errors import error_sentence
from mnist_demo.ui.i18n.translate import reason_of, translate


async def predict_drawing(
    store: ModelStore, drawing: Any, model_name: Any, user_models: UserModels
) -> dict[str, Any] | None:
    """The answer to a drawing; None for a blank pad."""
    read: Callable[[], Sketch | None] = partial(read_sketch, drawing)
    if not is_quick(drawing):  # nobody else waits for it
        reading = asyncio.get_running_loop().run_in_executor(None, read)
        await asyncio.wait([reading])
        read = reading.result
    return await asyncio.wrap_future(
        store.compute.predictor.run(_answer_to(store, read, model_name, user_models))
    )


def _answer_to(
    store: ModelStore, read: Callable[[], Sketch | None], model_name: Any, user_models: UserModels
) -> PredictionSteps[dict[str, Any] | None]:
    try:
        sketch = read()
    except ValueError as error:
        return {"sentence": translate("bad_drawing", reason=reason_of(error))}
    if sketch is None:
        return None
    if sketch.is_tiny:
        return {"sentence": translate("prediction_little")}
    try:
        checkpoint = store.model(model_name, user_models)
    except ValueError as error:
        return {"sentence": error_sentence(error), "gone": model_name is not None}
    (shares,) = yield checkpoint.model, sketch.digit[None]
    return describe_prediction(shares, sketch.digit, checkpoint.threshold)

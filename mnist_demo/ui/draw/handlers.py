"""What the Draw tab answers: a panel's value, the pad's, or outputs by name."""

from collections.abc import Callable
from typing import Any

from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.ui.components.sketchpad import Sketch, read_sketch
from mnist_demo.ui.compute.model_store import ModelStore, UserDigits, UserModels
from mnist_demo.ui.compute.resources import Compute
from mnist_demo.ui.draw.examples import put_test_digit
from mnist_demo.ui.draw.explanation import describe_explanation
from mnist_demo.ui.draw.model_comparison import describe_model_comparison
from mnist_demo.ui.draw.my_handwriting import act_on_set, describe_my_handwriting
from mnist_demo.ui.draw.predict import predict_drawing
from mnist_demo.ui.draw.preprocessing import describe_preprocessing
from mnist_demo.ui.draw.replay import describe_replay
from mnist_demo.ui.draw.robustness import describe_robustness, read_change
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.wiring import Outputs

# What a panel shows of a drawing: the sketch, the chosen model, and all models there are.
Describe = Callable[[Compute, Sketch, Checkpoint, list[Checkpoint]], Any]

PANELS: dict[str, Describe] = {
    "preprocessing": lambda compute, sketch, chosen, _: describe_preprocessing(
        compute.predictor, sketch, chosen.model
    ),
    "model_comparison": lambda compute, sketch, chosen, models: describe_model_comparison(
        compute, sketch.digit, models, chosen
    ),
    "explanation": lambda compute, sketch, chosen, _: describe_explanation(
        compute, sketch.digit, chosen.model
    ),
    "replay": lambda compute, sketch, chosen, _: describe_replay(
        compute.predictor, sketch, chosen.model
    ),
}


def take_test_digit(store: ModelStore, number: Any) -> dict[str, Any]:
    """The pad's new value."""
    try:
        return put_test_digit(store, number)
    except ValueError as error:
        raise user_error(error) from None


async def predict_by_user_model(
    store: ModelStore, drawing: Any, model_name: Any, user_models: UserModels
) -> dict[str, Any]:
    """The answer of a visitor's own model, with its name: by the time another one may be chosen."""
    answer = await predict_drawing(store, drawing, model_name, user_models)
    return {"model": model_name if isinstance(model_name, str) else None, "answer": answer}


def update_panel(
    store: ModelStore, describe: Describe, drawing: Any, model_name: Any, user_models: UserModels
) -> Any:
    """What a panel shows; None where there is nothing on the pad, or nothing that can be read."""
    try:
        sketch = read_sketch(drawing)
        if sketch is None:
            return None
        chosen, models = store.model(model_name, user_models), _all_models(store, user_models)
        return describe(store.compute, sketch, chosen, models)
    except ValueError:
        return None  # the answer above says why


def update_robustness(
    store: ModelStore, robustness: Any, drawing: Any, model_name: Any, user_models: UserModels
) -> dict[str, Any]:
    """What the panel shows: the change that was asked for, and what comes of it."""
    try:
        change, name = read_change(robustness)
    except ValueError as error:
        raise user_error(error) from None
    try:
        sketch = read_sketch(drawing)
        if sketch is None:
            return {}
        chosen, models = store.model(model_name, user_models), _all_models(store, user_models)
    except ValueError:
        return {}  # the answer above says why
    return describe_robustness(store.compute, sketch.digit, change, name, models, chosen)


def act_on_user_digits(
    store: ModelStore,
    my_handwriting: Any,
    user_digits: UserDigits,
    drawing: Any,
    model_name: Any,
    user_models: UserModels,
) -> Outputs:
    """Do what the visitor asked of their own digits."""
    try:
        sketch = read_sketch(drawing)
    except ValueError:
        sketch = None
    user_digits, message = act_on_set(user_digits, my_handwriting, sketch)
    name = model_name if model_name in store.names(user_models) else store.default_name
    chosen = None if name is None else store.model(name, user_models)
    models = _all_models(store, user_models)
    shown = describe_my_handwriting(store.compute.predictor, user_digits, models, chosen)
    return {"my_handwriting": shown | message, "user_digits": user_digits}


def _all_models(store: ModelStore, user_models: UserModels) -> list[Checkpoint]:
    return [store.model(name, user_models) for name in store.names(user_models)]

"""What the Draw tab answers: a panel's value, the pad's, or outputs by name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.ui.components.sketchpad import Sketch, read_sketch
from mnist_demo.ui.compute.model_store import ModelStore, UserDigits, UserModels
from mnist_demo.ui.compute.resources import Compute
from mnist_demo.ui.draw.examples import put_test_digit
from mnist_demo.ui.draw.explanation import describe_explanation
from mnist_demo.ui.draw.explanation.look import read_look
from mnist_demo.ui.draw.fool_it import describe_fool_it, read_question
from mnist_demo.ui.draw.model_comparison import describe_model_comparison
from mnist_demo.ui.draw.my_handwriting import act_on_set, describe_my_handwriting
from mnist_demo.ui.draw.predict import predict_drawing
from mnist_demo.ui.draw.preprocessing import describe_preprocessing
from mnist_demo.ui.draw.replay import describe_replay
from mnist_demo.ui.draw.robustness import describe_robustness, read_change
from mnist_demo.ui.errors import error_sentence, user_error
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
    "replay": lambda compute, sketch, chosen, _: describe_replay(
        compute.predictor, sketch, chosen.model
    ),
}


@dataclass(frozen=True)
class Experiment:
    """A panel that asks with more than the drawing. read: what a browser sent, which may be
    anything; raises ValueError. describe: what is shown, of the digit, the question, all models
    and the chosen one."""

    read: Callable[[Any], Any]
    describe: Callable[..., dict[str, Any]]


EXPERIMENTS = {
    "explanation": Experiment(read_look, describe_explanation),
    "robustness": Experiment(read_change, describe_robustness),
    "fool_it": Experiment(read_question, describe_fool_it),
}


def take_test_digit(store: ModelStore, number: Any) -> Outputs:
    """The pad's new value; or why there is none, to be told at the field."""
    try:
        return {"pad": put_test_digit(store, number), "refused": None}
    except ValueError as error:
        return {"refused": error_sentence(error)}


async def predict_by_user_model(
    store: ModelStore, drawing: Any, model_name: Any, user_models: UserModels
) -> dict[str, Any]:
    """The answer of a visitor's own model, with its name: by the time another one may be chosen."""
    answer = await predict_drawing(store, drawing, model_name, user_models)
    return {"model": model_name if isinstance(model_name, str) else None, "answer": answer}


def update_panel(
    store: ModelStore, describe: Describe, drawing: Any, model_name: Any, user_models: UserModels
) -> dict[str, Any] | None:
    """What a panel shows, and the model that it is of; None where there is nothing on the pad, or
    nothing that can be read."""
    found = _read_pad(store, drawing, model_name, user_models)
    if found is None:
        return None
    sketch, chosen, models = found
    return {"model": model_name, "shown": describe(store.compute, sketch, chosen, models)}


def update_experiment(
    store: ModelStore,
    experiment: Experiment,
    asked: Any,
    drawing: Any,
    model_name: Any,
    user_models: UserModels,
) -> dict[str, Any] | None:
    """As `update_panel`, of a panel that asks with more than the drawing."""
    try:
        question = experiment.read(asked)
    except ValueError as error:
        raise user_error(error) from None
    found = _read_pad(store, drawing, model_name, user_models)
    if found is None:
        return None
    sketch, chosen, models = found
    shown = experiment.describe(store.compute, sketch.digit, question, models, chosen)
    return {"model": model_name, "shown": shown}


def _read_pad(
    store: ModelStore, drawing: Any, model_name: Any, user_models: UserModels
) -> tuple[Sketch, Checkpoint, list[Checkpoint]] | None:
    """The drawing, the chosen model, and all there are; None where there is nothing on the pad, or
    the answer beside it says what is wrong."""
    try:
        sketch = read_sketch(drawing, store.confidence)
        if sketch is None:
            return None
        return sketch, store.model(model_name, user_models), _all_models(store, user_models)
    except ValueError:
        return None


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
        sketch = read_sketch(drawing, store.confidence)
    except ValueError:
        sketch = None
    is_doubtful = partial(_is_doubtful, store)
    user_digits, told = act_on_set(user_digits, my_handwriting, sketch, is_doubtful)
    shown = _describe_user_digits(store, user_digits, model_name, user_models)
    return {"my_handwriting": shown | told, "user_digits": user_digits}


def show_user_digits(
    store: ModelStore,
    my_handwriting: Any,
    user_digits: UserDigits,
    model_name: Any,
    user_models: UserModels,
) -> Outputs:
    """How the models read the visitor's own digits; seen: what the page asked with."""
    seen = my_handwriting.get("seen") if isinstance(my_handwriting, dict) else None
    shown = _describe_user_digits(store, user_digits, model_name, user_models)
    return {"my_handwriting": shown | {"seen": seen}}


def _describe_user_digits(
    store: ModelStore, user_digits: UserDigits, model_name: Any, user_models: UserModels
) -> dict[str, Any]:
    name = model_name if model_name in store.names(user_models) else store.default_name
    chosen = None if name is None else store.model(name, user_models)
    models = _all_models(store, user_models)
    return describe_my_handwriting(store.compute.predictor, user_digits, models, chosen)


def _is_doubtful(store: ModelStore, sketch: Sketch) -> bool:
    """Whether it looks like no digit to the model that is chosen at first, which was taught so."""
    if sketch.is_tiny or store.default_name is None:
        return sketch.is_tiny
    checkpoint = store.model(store.default_name, {})
    (shares,) = store.compute.predictor.predict(checkpoint.model, sketch.digit)
    return checkpoint.verdict(shares) == "non_digit"


def _all_models(store: ModelStore, user_models: UserModels) -> list[Checkpoint]:
    return [store.model(name, user_models) for name in store.names(user_models)]

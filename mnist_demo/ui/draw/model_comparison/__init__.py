"""All models side by side on one drawing."""

import time
from collections.abc import Sequence
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray
from torch import nn

from mnist_demo.digits.mnist_format import Digit
from mnist_demo.models.checkpoints import Checkpoint
from mnist_demo.models.inference import predict_probabilities
from mnist_demo.networks.introspection import count_parameters
from mnist_demo.ui.components.panel import panel
from mnist_demo.ui.compute.resources import Compute
from mnist_demo.ui.i18n.translate import translate

COLUMNS = ("column_model", "column_answer", "column_share", "column_parameters", "column_time")


def model_comparison_panel() -> gr.HTML:
    columns = [translate(column) for column in COLUMNS]
    return panel(__file__, columns=columns, of=translate("model_comparison_of", model="{model}"))


def describe_model_comparison(
    compute: Compute, digit: Digit, checkpoints: Sequence[Checkpoint], chosen: Checkpoint
) -> list[dict[str, Any]]:
    """A row for each model; it stands out where its answer is not that of the `chosen` one."""
    truth = int(compute.predictor.predict(chosen.model, digit)[0].argmax())
    rows = []
    for checkpoint in checkpoints:
        shares, seconds = compute.torch_thread.call(_predict_timed, checkpoint.model, digit)
        answer = int(shares.argmax())
        rows.append(
            {
                "name": checkpoint.name,
                "digit": str(answer),
                "share": round(float(shares.max()), 4),
                "text": f"{shares.max():.1%}",
                "parameters": f"{count_parameters(checkpoint.model):,}",
                "milliseconds": f"{seconds * 1000:.1f}",
                "agrees": answer == truth,
            }
        )
    return rows


def _predict_timed(model: nn.Module, digit: Digit) -> tuple[NDArray[np.float32], float]:
    """The ten probabilities, and the seconds that they took."""
    started = time.perf_counter()
    shares = predict_probabilities(model, digit)[0]
    return shares, time.perf_counter() - started

"""What people have kept keeps working: one old sample of each."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from mnist_demo import RECIPES, load_checkpoint, predict_probabilities
from mnist_demo.digits.stroke_files import drawings_to_digits, read_drawings
from mnist_demo.ui.page import build_app
from mnist_demo.ui.serving.settings import Settings
from mnist_demo.ui.train.links import read_link

FIRST_HOUSE = Path(__file__).parent / "stored" / "first_house.safetensors"


def test_a_checkpoint() -> None:
    """Of when a recipe had embedded, drawings, nothings, held_out, left_out, and other_hand."""
    checkpoint = load_checkpoint(FIRST_HOUSE)
    assert checkpoint.recipe == replace(
        RECIPES["softmax"],
        augmentation="handwriting",
        train_images=500,
        excluded_digit=3,
        label_noise=0.1,
        uci_digits=1,
        synthetic_digits=20,
        non_digits=10,
        calibration_split=100,
        epochs=1,
    )
    assert checkpoint.seed == 5
    assert checkpoint.metrics["test_accuracy"] == 0.5
    first = RECIPES["softmax"].build(seed=5)  # it was saved before its first step
    for name, weights in checkpoint.model.state_dict().items():
        assert torch.equal(weights, first.state_dict()[name])


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("softmax", 7_850),
        ("mlp", 535_818),
        ("simple_cnn", 50_186),
        ("deep_cnn", 123_222),
        ("fast_cnn", 31_306 + 600),
        ("robust_cnn", 446_122),
    ],
)
def test_the_shipped_checkpoints(name: str, parameters: int) -> None:
    model = load_checkpoint(name).model
    assert sum(each.numel() for each in model.parameters()) == parameters


def test_a_lesson_link() -> None:
    """Of when excluded_digit was left_out, and the augmentation handwriting other_hand."""
    old = "recipe=simple_cnn&left_out=3&augmentation=none,other_hand&train_images=600"
    link = read_link(dict(part.split("=") for part in old.split("&")))
    assert not link.errors
    plain = replace(RECIPES["simple_cnn"], excluded_digit=3, train_images=600)
    bent = replace(plain, augmentation="handwriting")
    assert [set_up.recipe for set_up in link.set_ups] == [plain, bent]


def test_a_stroke_file() -> None:
    old = """{"format": "mnist-demo drawings", "version": 1,
        "drawings": [{"label": 7, "strokes": [[[70, 60], [205, 60], [125, 235]]]}]}"""
    digits, labels = drawings_to_digits(read_drawings(old))
    assert labels.tolist() == [7]
    assert predict_probabilities(load_checkpoint("robust_cnn").model, digits)[0].argmax() == 7


def test_the_endpoints_and_their_arguments(tmp_path: Path) -> None:
    endpoints = build_app(Settings(data=tmp_path)).get_api_info()["named_endpoints"]
    arguments = {
        name: [each["parameter_name"] for each in endpoint["parameters"]]
        for name, endpoint in endpoints.items()
    }
    assert arguments == {
        "/predict": ["picture", "model"],
        "/predict_strokes": ["strokes", "model"],
        "/read_number": ["picture", "strokes", "model"],
        "/sample_test_digits": ["model", "count", "seed", "mistakes_only", "digit"],
        "/train": ["recipe", "epochs", "learning_rate", "batch_size", "seed", "layers"],
    }

import pickle
import random
import string
import time

import pytest

from mnist_demo.networks.layers import KINDS, Misfit
from mnist_demo.networks.notation import (
    ERRORS,
    LIMITS,
    MAX_TEXT,
    LayersError,
    Limits,
    parse_layers,
    split_layers,
    write_layers,
)
from tests.networks.texts import WRONG


def _error(text: object, limits: Limits = LIMITS) -> LayersError:
    with pytest.raises(LayersError) as caught:
        parse_layers(text, limits)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("conv 32, relu, pool", "conv 32, relu, pool, linear 10"),
        ("  Conv 32 ,ReLU,\n pool 2x2\n", "conv 32, relu, pool, linear 10"),
        ("conv 16 valid 5X5\nconv 3 stride 1 3×3", "conv 16 5x5 valid, conv 3, linear 10"),
        ("conv 24 stride 2 5x5", "conv 24 5x5 stride 2, linear 10"),
        ("linear 10", "linear 10"),
        ("linear 10 XAVIER", "linear 10 xavier"),
        ("linear 10, relu", "linear 10, relu, linear 10"),
        ("dropout .30", "dropout 0.3, linear 10"),
        ("dropout 0.000001", "dropout 0.000001, linear 10"),
        ("normalize, waves 24 5x5 stride 2", "normalize, waves 24 stride 2, linear 10"),
    ],
)
def test_a_text_is_written_in_one_way(text: str, written: str) -> None:
    assert write_layers(parse_layers(text)) == written


def test_each_layer_says_what_it_is_and_where_it_stands() -> None:
    text = "conv 32,  relu, pool, linear 50"
    layers = parse_layers(text)
    assert [text[layer.start : layer.end] for layer in layers] == [
        *("conv 32", "relu", "pool", "linear 50", "")
    ]
    assert layers[-1].start == len(text)
    conv, _, pool, hidden, classifier = layers
    assert (conv.kind, conv.values["filters"], conv.values["size"]) == ("conv", 32, 3)
    assert (conv.input_shape, conv.output_shape) == ((1, 28, 28), (32, 28, 28))
    assert (conv.parameters, conv.multiplications) == (320, 288 * 28 * 28)
    assert (pool.output_shape, pool.parameters) == ((32, 14, 14), 0)
    assert (hidden.name, hidden.parameters) == ("hidden", 32 * 14 * 14 * 50 + 50)
    assert (classifier.name, classifier.text, classifier.parameters) == (
        *("classifier", "linear 10", 510),
    )


# Text, the code of its error, the index of the layer, and what of the text is wrong.


@pytest.mark.parametrize(("text", "code", "index", "place"), WRONG)
def test_a_wrong_text_is_answered_at_the_place(
    text: str, code: str, index: int, place: str
) -> None:
    error = _error(text)
    assert (error.code, error.index) == (code, index)
    assert text[error.start : error.end] == place
    assert str(error).startswith(f"layer {index + 1}, ")


def test_every_error_is_tested() -> None:
    whole = {"no_text", "too_long"}
    assert {code for _, code, *_ in WRONG} | whole == ERRORS.keys()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("convv 3", "do you mean conv?"),
        ("batchnorm", "do you mean norm?"),
        ("qqq", "choose one of conv, waves, linear,"),
        ("conv", "write, for example, conv 32"),
        ("conv 3 same", "write conv N [NxN] [valid] [stride N]"),
        ("conv 5000", "its filters must be a whole number from 1 to 2,000, not 5000"),
        ("linear 30, conv 3", "put it before the first linear layer"),
        ("pool, pool, pool, pool, pool", "1x1 pixels are left, which hold no window of 2x2"),
        ("linear 20000, linear 20000", "has 415,720,000 parameters; at most 20,000,000"),
    ],
)
def test_an_error_says_what_would_do(text: str, told: str) -> None:
    assert told in str(_error(text))


def test_the_caller_sets_the_limits() -> None:
    tight = Limits(layers=2, parameters=8_000, multiplications=8_000, outputs=1_000)
    parse_layers("linear 10", tight)
    for text, code in [
        ("relu, relu, relu", "layers"),
        ("linear 11", "parameters"),
        ("waves 8", "multiplications"),
        ("relu, relu", "outputs"),
    ]:
        assert _error(text, tight).code == code
        parse_layers(text)


def test_a_linear_10_that_was_left_out_is_named_at_the_end_of_the_text() -> None:
    error = _error("conv 100", Limits(9, 100_000, 10**9, 10**9))
    assert (error.code, error.index, error.start, error.end) == ("parameters", 1, 8, 8)
    assert "layer 2, 'linear 10'" in str(error)


def test_an_error_can_be_sent_to_another_process() -> None:
    error = _error("conv 3, convv 3")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.index, again.start) == (str(error), error.index, error.start)
    assert error.values["nearest"] == "conv"


CHARACTERS = string.ascii_letters + string.digits + " ,\n.x-×" + "\u202e\ud800\x00가'\"{}%\\"


class TestHostile:
    """Whatever it is, it ends in one sentence, soon."""

    @pytest.mark.parametrize("value", [None, 5, 1.5, [], {}, ["conv"] * 10**6, b"conv 3", True])
    def test_no_text(self, value: object) -> None:
        error = _error(value)
        assert error.code == "no_text"
        assert len(str(error)) < 200

    @pytest.mark.parametrize(
        "text",
        [
            *("x" * 10**6, "," * MAX_TEXT, " " * MAX_TEXT, "conv " * 400, "relu\n" * 400),
            *("9" * MAX_TEXT, "conv " + "9" * 1_900, "conv 1" + " " * 1_900 + "x", "{0}{layer}"),
            *("conv 3 " + "1x" * 900, "x" * MAX_TEXT, "\u202e\ud800 3", "conv ٣", "conv 3²"),
        ],
    )
    def test_odd_texts(self, text: str) -> None:
        started = time.process_time()
        error = _error(text)
        assert time.process_time() - started < 1
        assert str(error).isprintable()
        assert len(str(error)) < 400
        assert 0 <= error.start <= error.end <= len(text)

    def test_noise(self) -> None:
        draw = random.Random(0)
        words = [*KINDS, "5x5", "valid", "stride", "2", "0.3", "xavier", ",", ", ", "10"]
        for _ in range(2_000):
            if draw.random() < 0.5:
                text = "".join(draw.choices(CHARACTERS, k=draw.randint(0, 40)))
            else:
                text = " ".join(draw.choices(words, k=draw.randint(1, 12)))
            try:
                layers = parse_layers(text)
            except LayersError as caught:
                error = caught
            else:
                assert layers[-1].output_shape == (10,)
                continue
            assert str(error).isprintable()
            assert 0 <= error.start <= error.end <= len(text)


def test_every_kind_has_a_sentence_and_an_example_that_is_read() -> None:
    for word, kind in KINDS.items():
        assert kind.words
        assert kind.usage.split()[0] == word
        assert parse_layers(kind.example)[0].kind == word


def test_a_misfit_has_a_sentence() -> None:
    assert Misfit("even_size", size=4, odd=5).code in ERRORS


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (" conv 3 ,relu\n pool", ["conv 3", "relu", "pool"]),
        ("conv 3,, x ", ["conv 3", "", "x"]),
        ("", [""]),
    ],
)
def test_right_or_wrong_a_text_is_split_into_its_layers(text: str, items: list[str]) -> None:
    assert split_layers(text) == items

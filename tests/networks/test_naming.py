import pytest

from mnist_demo.networks.naming import name_network, tell_layers


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "conv 32, relu, pool, conv 64 5x5, norm, relu, linear 30, linear 10",
            "cnn: conv 32, pool, conv 64 5x5, linear 30",
        ),
        ("waves 24 stride 2, linear 10", "cnn: waves 24 stride 2"),
        ("linear 512, sigmoid, dropout 0.3", "mlp: linear 512, sigmoid"),
        ("linear 9, tanh, linear 9, tanh, linear 9, tanh", "mlp: 3 x (linear 9, tanh)"),
        ("linear 9, relu, linear 9, relu, linear 8", "mlp: 2 x (linear 9), linear 8"),
        ("normalize, linear 10 xavier", "softmax"),
    ],
)
def test_a_network_has_a_short_name(text: str, name: str) -> None:
    assert name_network(text) == name


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("linear 10", "linear 10"),
        ("linear 9, relu", "linear 9, relu, linear 10"),
        ("linear 9, relu, linear 9, relu, linear 8", "2 x (linear 9, relu), linear 8, linear 10"),
        ("conv 4, relu, conv 8, relu, conv 8, relu", "conv 4, relu, 2 x (conv 8, relu), linear 10"),
        ("pool, pool, linear 9, relu", "pool, pool, linear 9, relu, linear 10"),
        ("linear 9, relu, linear 9", "linear 9, relu, linear 9, linear 10"),
        ("conv 8, relu, conv 8, pool", "conv 8, relu, conv 8, pool, linear 10"),
    ],
)
def test_what_is_repeated_is_told_once(text: str, told: str) -> None:
    assert tell_layers(text) == told

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mnist_demo.training import seeded_random
from mnist_demo.training.seeded_random import SeededRandom, probe

ONES = torch.ones(40, 50)

DRAWS: dict[str, Callable[[], Tensor]] = {
    "rand": lambda: torch.rand(40),
    "randn": lambda: torch.randn(3, 40),
    "randint": lambda: torch.randint(0, 9, (40,)),
    "randint without low": lambda: torch.randint(9, (40,)),
    "randperm": lambda: torch.randperm(40),
    "rand_like": lambda: torch.rand_like(ONES),
    "randn_like": lambda: torch.randn_like(ONES),
    "randint_like": lambda: torch.randint_like(ONES, 9),
    "normal": lambda: torch.normal(0.0, 1.0, (40,)),
    "uniform_": lambda: torch.empty(40).uniform_(),
    "bernoulli": lambda: torch.bernoulli(ONES / 2),
    "multinomial": lambda: torch.multinomial(ONES, 9),
    "dropout": lambda: F.dropout(ONES, 0.3),
    "dropout2d": lambda: F.dropout2d(ONES[None, :, :, None], 0.3),
    "alpha_dropout": lambda: F.alpha_dropout(ONES, 0.3, training=True),
    "rrelu": lambda: F.rrelu(-ONES, training=True),
    "gumbel_softmax": lambda: F.gumbel_softmax(ONES),
    "attention": lambda: F.scaled_dot_product_attention(
        ONES.view(1, 2, 20, 50), ONES.view(1, 2, 20, 50), ONES.view(1, 2, 20, 50), dropout_p=0.3
    ),
    "gru": lambda: nn.GRU(50, 9, 2, dropout=0.3)(ONES)[0],
    "init": lambda: nn.init.trunc_normal_(torch.empty(40)),
    "twice": lambda: torch.rand(40) + F.dropout(torch.ones(40)),
}


@pytest.fixture
def draw(request: pytest.FixtureRequest) -> Callable[[], Tensor]:
    return DRAWS[request.param]


@pytest.fixture
def _others_draw() -> Iterator[None]:
    """Another thread draws without a pause."""
    over = threading.Event()

    def draw() -> None:
        while not over.is_set():
            torch.rand(3)

    thread = threading.Thread(target=draw)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.parametrize("draw", DRAWS, indirect=True)
def test_it_draws_what_a_manual_seed_would(draw: Callable[[], Tensor]) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        expected = draw()
    state = torch.get_rng_state()
    with SeededRandom(5) as random:
        assert torch.equal(draw(), expected)
    assert random.drawn
    assert torch.equal(torch.get_rng_state(), state)
    with SeededRandom(6):
        assert not torch.equal(draw(), expected)


@pytest.mark.parametrize("draw", DRAWS, indirect=True)
def test_where_torch_takes_no_generator_its_own_is_lent(
    draw: Callable[[], Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeded_random, "_taking_generator", lambda func: None)
    test_it_draws_what_a_manual_seed_would(draw)


@pytest.mark.slow
@pytest.mark.usefixtures("_others_draw")
@pytest.mark.parametrize("draw", DRAWS, indirect=True)
def test_other_threads_change_nothing(draw: Callable[[], Tensor]) -> None:
    def drawn() -> Tensor:
        with SeededRandom(5):
            return draw()

    first = drawn()
    assert all(torch.equal(drawn(), first) for _ in range(30))


def test_it_is_for_its_own_thread_alone() -> None:
    with SeededRandom(5) as random:
        thread = threading.Thread(target=torch.rand, args=(3,))
        thread.start()
        thread.join()
        torch.ones(3).sum()
        torch.rand(3, generator=torch.Generator())  # it has one already
        F.dropout(ONES, training=False)
    assert not random.drawn


def test_a_probe_says_what_a_network_gives_and_whether_it_draws() -> None:
    plain = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    assert probe(plain) == ((2, 10), False)
    assert probe(nn.Sequential(plain, nn.Dropout())) == ((2, 10), True)
    assert probe(nn.Sequential(nn.Flatten(), nn.Dropout(0.0))) == ((2, 784), False)


def test_torch_is_as_this_module_expects_it() -> None:
    """It needs no compiler, which takes a second to import."""
    program = (
        "import sys, torch; from mnist_demo.training.seeded_random import SeededRandom\n"
        "with SeededRandom(0): torch.rand(3)\n"
        "sys.exit('sympy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert torch.ops.aten.rand.default._overloadname == "default"
    assert torch.Tag.nondeterministic_seeded in torch.ops.aten.bernoulli_.float.tags
    names = [each.name for each in torch.ops.aten.rand.generator._schema.arguments]
    assert "generator" in names

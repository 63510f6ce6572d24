import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from mnist_demo import Dataset, Trainer, get_recipe
from mnist_demo.training.processes.pool import WorkerPool
from mnist_demo.training.processes.remote_trainer import RemoteTrainer
from mnist_demo.ui.serving.logs import LOGGER, format_pairs, log_event, set_up_logs
from mnist_demo.ui.train.training_log import log_training

POOL = WorkerPool()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What a host would see; the loggers are put back as they were."""
    root = logging.getLogger()
    handlers, levels = root.handlers[:], (root.level, LOGGER.level)
    root.handlers = []
    stream = io.StringIO()
    set_up_logs(stream)
    yield stream
    logging.captureWarnings(False)
    root.handlers = handlers
    root.setLevel(levels[0])
    LOGGER.setLevel(levels[1])


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("MNIST", "MNIST"),
        (3, "3"),
        ("", '""'),
        ("bundled digits", '"bundled digits"'),
        ("a=b", '"a=b"'),
        ("two\nlines", '"two\\nlines"'),
        ('"', '"\\""'),
        ("네", '"\\ub124"'),
    ],
)
def test_a_value_never_breaks_its_line(value: object, written: str) -> None:
    assert format_pairs({"key": value, "next": 1}) == f"key={written} next=1"


def test_an_event_is_one_line(logged: io.StringIO) -> None:
    log_event("start", dataset="MNIST", port=7860)
    line = logged.getvalue()
    time = r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    assert re.fullmatch(rf"{time} level=info event=start dataset=MNIST port=7860\n", line)


def test_a_warning_says_whence_it_comes(logged: io.StringIO) -> None:
    logging.getLogger("mnist_demo.ui.compute.model_store").warning("%s is damaged", "a file")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", UserWarning, stacklevel=1)
    first, second = logged.getvalue().splitlines()[:2]
    assert (
        'level=warning event=message from=mnist_demo.ui.compute.model_store text="a file is'
        in first
    )
    assert "from=py.warnings" in second


def test_an_error_comes_with_its_traceback(logged: io.StringIO) -> None:
    try:
        raise OSError("disk full")
    except OSError:
        LOGGER.exception("not saved")
    lines = logged.getvalue().splitlines()
    assert 'level=error event=message from=mnist_demo text="not saved"' in lines[0]
    assert lines[1].startswith("Traceback")
    assert lines[-1] == "OSError: disk full"


@pytest.mark.parametrize("name", ["httpx", "uvicorn.access", "gradio", "asyncio"])
def test_what_libraries_only_mention_is_not_logged(name: str, logged: io.StringIO) -> None:
    logging.getLogger(name).info("GET /file=drawing.png from 10.0.0.7")
    assert logged.getvalue() == ""


def _ends(logged: io.StringIO) -> list[str]:
    return re.findall(r"event=training (.*)", re.sub(r" seconds=[\d.]+", "", logged.getvalue()))


def test_a_training_is_logged_where_it_ends(tiny: Dataset, logged: io.StringIO) -> None:
    trainer = Trainer(get_recipe("softmax"), tiny, seed=0, device="cpu")
    events = log_training(trainer, trainer.run(epochs=2))
    next(events)
    assert logged.getvalue() == ""
    events.close()  # type: ignore[attr-defined]
    assert _ends(logged) == ["recipe=softmax steps=1 ended=stopped"]
    list(log_training(trainer, trainer.run(epochs=1)))
    assert _ends(logged)[1] == "recipe=softmax steps=7 ended=done"


def test_a_training_that_a_limit_ended_is_not_done(tiny: Dataset, logged: io.StringIO) -> None:
    trainer = RemoteTrainer(get_recipe("softmax"), tiny, pool=POOL)
    with closing(trainer):
        for steps in (3, 5):  # of 8, the epoch asked for
            list(log_training(trainer, trainer.run(1, max_steps=steps)))
    assert _ends(logged) == [
        "recipe=softmax steps=3 ended=budget",
        "recipe=softmax steps=5 ended=done",
    ]


def test_a_training_that_diverges_or_fails_says_so(tiny: Dataset, logged: io.StringIO) -> None:
    wild = replace(get_recipe("softmax"), learning_rate=100.0, weight_decay=1.0)
    trainer = Trainer(wild, tiny, seed=0, device="cpu")
    list(log_training(trainer, trainer.run(epochs=3)))

    def fail() -> Iterator[None]:
        raise MemoryError
        yield

    with pytest.raises(MemoryError):
        list(log_training(trainer, fail()))  # type: ignore[arg-type]
    assert [line.split("ended=")[1] for line in _ends(logged)] == ["diverged", "failed"]

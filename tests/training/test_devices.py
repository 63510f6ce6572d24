from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from mnist_demo import choose_device
from mnist_demo.training import devices
from mnist_demo.training.devices import count_threads, has_fast_bfloat16


@pytest.fixture
def have(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setattr(devices, "_try_one_operation", lambda _: None)
    devices._works.cache_clear()
    yield monkeypatch
    devices._works.cache_clear()


def _add_cuda(have: pytest.MonkeyPatch, count: int = 1) -> None:
    have.setattr(torch.cuda, "is_available", lambda: True)
    have.setattr(torch.cuda, "device_count", lambda: count)


def _add_mps(have: pytest.MonkeyPatch) -> None:
    have.setattr(torch.backends.mps, "is_available", lambda: True)


@pytest.mark.parametrize("name", [None, "auto"])
def test_the_fastest_device_is_chosen(name: str | None, have: pytest.MonkeyPatch) -> None:
    assert choose_device(name).type == "cpu"
    _add_mps(have)
    assert choose_device(name).type == "mps"
    _add_cuda(have)
    assert choose_device(name).type == "cuda"


def test_the_device_asked_for_comes_before_the_fastest(have: pytest.MonkeyPatch) -> None:
    _add_mps(have)
    _add_cuda(have)
    assert choose_device("cpu").type == "cpu"
    assert choose_device("mps").type == "mps"


def test_a_device_itself_is_as_good_as_its_name() -> None:
    assert choose_device(torch.device("cpu")) == choose_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize("name", ["nonsense", "", "gpu", "CPU", "cpu:x", "meta", "cuda", "mps"])
def test_what_is_not_here_is_refused_with_what_is(name: str, have: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="not available here") as caught:
        choose_device(name)
    assert repr(name) in str(caught.value)
    assert "auto, cpu" in str(caught.value)


def test_the_refusal_names_each_device_that_is_here(have: pytest.MonkeyPatch) -> None:
    _add_mps(have)
    _add_cuda(have)
    with pytest.raises(ValueError, match="auto, cuda, mps, cpu"):
        choose_device("nonsense")


def test_a_cuda_device_beyond_the_last_is_refused(have: pytest.MonkeyPatch) -> None:
    _add_cuda(have, count=2)
    assert choose_device("cuda:1") == torch.device("cuda:1")
    with pytest.raises(ValueError, match="there are 2 CUDA devices"):
        choose_device("cuda:2")


@pytest.mark.parametrize(
    ("able", "fast"),
    [
        ({}, False),
        ({"avx2": True, "avx512_f": True, "avx512_bf16": False, "amx_bf16": False}, False),
        ({"avx512_bf16": True, "amx_bf16": False}, True),
        ({"avx512_bf16": False, "amx_bf16": True}, True),
        ({"avx512_bf16": True}, True),
    ],
)
def test_a_cpu_has_bfloat16_where_it_says_so(
    able: dict[str, bool], fast: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able, raising=False)
    assert has_fast_bfloat16(torch.device("cpu")) is fast


@pytest.mark.parametrize("supported", [True, False])
def test_a_gpu_has_bfloat16_where_it_need_not_emulate_it(
    supported: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(including_emulation: bool = True) -> bool:
        return including_emulation or supported

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", ask)
    assert has_fast_bfloat16(torch.device("cuda")) is supported


def test_elsewhere_bfloat16_is_not_used() -> None:
    assert not has_fast_bfloat16(torch.device("mps"))


def test_this_machine_can_be_asked() -> None:
    assert isinstance(has_fast_bfloat16(torch.device("cpu")), bool)


def test_a_torch_that_cannot_say_what_a_cpu_has_computes_in_float32(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert not has_fast_bfloat16(torch.device("cpu"))


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_a_device_that_fails_at_its_first_operation_is_told_once_and_not_used(
    name: str, have: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: str) -> None:
        raise RuntimeError("CUDA error: no kernel image is available\nFor debugging consider ...")

    have.setattr(devices, "_try_one_operation", fail)
    {"cuda": _add_cuda, "mps": _add_mps}[name](have)
    assert choose_device().type == choose_device("auto").type == "cpu"
    (told,) = caplog.messages
    assert told.startswith(f"{name} is there, but torch ")
    assert told.endswith("cannot use it (CUDA error: no kernel image is available)")
    with pytest.raises(ValueError, match="not available here; use one of: auto, cpu"):
        choose_device(name)


@pytest.mark.parametrize(
    ("files", "threads"),
    [
        ({"cpu.max": "max 100000\n"}, 4),
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu.max": "250000 100000\n"}, 2),
        ({"cpu.max": "900000 100000\n"}, 4),
        ({"cpu/cpu.cfs_quota_us": "200000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 2),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 4),
        ({"cpu.max": "nonsense"}, 4),
        ({}, 4),
    ],
)
def test_a_container_s_share_of_the_cores_is_counted(
    files: dict[str, str], threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(devices, "_CGROUP", tmp_path)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 4)
    assert count_threads() == threads

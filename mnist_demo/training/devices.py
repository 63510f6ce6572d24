"""Which processor the networks run on, and what it can do."""

import logging
from functools import cache
from pathlib import Path

import torch

LOG = logging.getLogger(__name__)
_CGROUP = Path("/sys/fs/cgroup")


def choose_device(name: str | torch.device | None = None) -> torch.device:
    """The device called `name`, or the fastest one here: CUDA, else Apple's MPS, else the CPU.

    Raises ValueError where `name` is not a device, or is one this machine does not have.
    """
    if name is None or str(name) == "auto":
        return torch.device(_available()[0])
    available = _available()
    try:
        device = torch.device(name)
    except RuntimeError:
        device = None
    if device is None or device.type not in available:
        raise ValueError(
            f"device {str(name)!r} is not available here; use one of: auto, {', '.join(available)}"
        )
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ValueError(
            f"device {str(name)!r} is not available here; there are {torch.cuda.device_count()} "
            "CUDA devices, counted from cuda:0"
        )
    return device


def is_out_of_memory(error: BaseException) -> bool:
    """Whether that was the fault; on a CPU, torch says so in the message alone."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    message = str(error).lower()
    return isinstance(error, RuntimeError) and (
        "can't allocate memory" in message or "out of memory" in message
    )


def _available() -> list[str]:
    names = ["cpu"]
    if torch.backends.mps.is_available() and _works("mps"):
        names.insert(0, "mps")
    if torch.cuda.is_available() and _works("cuda"):
        names.insert(0, "cuda")
    return names


@cache
def _works(name: str) -> bool:
    """Whether it does one operation: an old card may be there which this torch has no code for."""
    try:
        _try_one_operation(name)
    except (RuntimeError, AssertionError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        LOG.warning("%s is there, but torch %s cannot use it (%s)", name, torch.__version__, reason)
        return False
    return True


def _try_one_operation(name: str) -> None:
    (torch.ones(8, 8, device=name) @ torch.ones(8, 8, device=name)).sum().item()


def count_threads() -> int:
    """How many threads torch may compute with on the CPU: as many as it would, but no more than the
    whole cores of which a container has a share (the cgroup's `cpu.max`)."""
    cores = _container_cores()
    threads = torch.get_num_threads()
    return threads if cores is None else max(1, min(threads, int(cores)))


def _container_cores() -> float | None:
    """The cores that the control group allows, of version 2 or 1; None where it sets no limit."""
    try:
        quota, period = (_CGROUP / "cpu.max").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        try:
            quota, period = (
                (_CGROUP / "cpu" / f"cpu.cfs_{name}_us").read_text(encoding="ascii").strip()
                for name in ("quota", "period")
            )
        except OSError:
            return None
    return int(quota) / int(period) if quota.isdigit() and period.isdigit() else None


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether `device` multiplies bfloat16 numbers by instructions of its own."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type == "cpu" and hasattr(torch.cpu, "get_capabilities"):  # older ones do not say
        able = torch.cpu.get_capabilities()
        return bool(able.get("avx512_bf16") or able.get("amx_bf16"))
    return False

"""Which processor the networks run on, and what it can do."""

import torch


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
    if torch.backends.mps.is_available():
        names.insert(0, "mps")
    if torch.cuda.is_available():
        names.insert(0, "cuda")
    return names


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether `device` multiplies bfloat16 numbers by instructions of its own."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type == "cpu":
        able = torch.cpu.get_capabilities()
        return bool(able.get("avx512_bf16") or able.get("amx_bf16"))
    return False

"""What every benchmark writes: its rows as JSON, with the machine and the date."""

import datetime
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

import torch

from mnist_demo import Dataset, load_dataset

RESULTS = Path(__file__).parent / "results"


def describe_machine() -> dict[str, Any]:
    """The processor, the accelerator if any, and the versions that a figure depends on."""
    cuda = torch.cuda.is_available()
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "accelerator": torch.cuda.get_device_name() if cuda else None,
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def load_mnist() -> Dataset:
    """MNIST itself. Ends the script where it is not to be had: every claim is about MNIST."""
    dataset = load_dataset()
    if dataset.notice:
        sys.exit(f"{dataset.notice} The benchmarks need MNIST: set MNIST_DEMO_DATA.")
    return dataset


def write_report(name: str, rows: list[dict[str, Any]], device: torch.device | None = None) -> Path:
    """Write `rows` to benchmarks/results/NAME.json, or NAME.cuda.json, and return the path."""
    RESULTS.mkdir(exist_ok=True)
    where = "" if device is None or device.type == "cpu" else f".{device.type}"
    path = RESULTS / f"{name}{where}.json"
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    report = {"date": date, "machine": describe_machine(), "rows": rows}
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def read_report(name: str) -> dict[str, Any] | None:
    """What `write_report` wrote under that name; None where it has not yet."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def format_table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def print_table(head: list[str], rows: list[list[str]]) -> None:
    print(format_table(head, rows))

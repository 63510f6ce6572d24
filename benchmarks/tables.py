"""What every table of docs/RESULTS.md is made with."""

from collections.abc import Callable
from typing import Any

from benchmarks.report import format_table

Row = dict[str, Any]


def percent(share: float | None, digits: int = 2) -> str:
    return "" if share is None else f"{share * 100:.{digits}f} %"


def table(columns: dict[str, Callable[[Row], str]], rows: list[Row]) -> str:
    return format_table(list(columns), [[show(row) for show in columns.values()] for row in rows])

"""The numbers that a parameter may take."""

from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any


@dataclass(frozen=True)
class Bounds:
    """The numbers that a parameter may take, both ends included."""

    low: float
    high: float
    whole: bool = False

    def check(self, name: str, value: Any) -> Any:
        """`value`, one of NumPy as an int or a float, for JSON. Raises ValueError unless it is a
        number within the bounds."""
        kind: Any = Integral if self.whole else Real
        if (
            isinstance(value, bool)
            or not isinstance(value, kind)
            or not self.low <= value <= self.high  # NaN is not
        ):
            wanted = "whole number" if self.whole else "number"
            bounds = f"from {self.low:,} to {self.high:,}"
            raise ValueError(f"{name} must be a {wanted} {bounds}, not {value!r}")
        if isinstance(value, (int, float)):
            return value
        return int(value) if isinstance(value, Integral) else float(value)

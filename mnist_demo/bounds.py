"""The numbers that a parameter may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """The numbers that a parameter may take, both ends included."""

    low: float
    high: float
    whole: bool = False

    def check(self, name: str, value: object) -> None:
        """Raise ValueError unless `value` is a number within the bounds."""
        kinds = int if self.whole else (int, float)
        if (
            isinstance(value, bool)
            or not isinstance(value, kinds)
            or not self.low <= value <= self.high  # NaN is not
        ):
            kind = "whole number" if self.whole else "number"
            bounds = f"from {self.low:,} to {self.high:,}"
            raise ValueError(f"{name} must be a {kind} {bounds}, not {value!r}")

"""What the package requires, read from requirements.txt, the one place that says so."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

UI = "# The page"  # the line of requirements.txt from which on they are the extra `ui`'s


def read_requirements(text: str) -> tuple[list[str], list[str]]:
    """The requirements above the line that begins with UI, and those below it."""
    package, mark, page = text.partition(f"\n{UI}")
    if not mark:
        raise ValueError(f"requirements.txt has no line that begins with {UI!r}")
    return _names(package), _names(page.partition("\n")[2])


def _names(text: str) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


class RequirementsHook(MetadataHookInterface):
    """Called by hatchling for the fields that pyproject.toml lists as dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        text = (Path(self.root) / "requirements.txt").read_text(encoding="utf-8")
        metadata["dependencies"], page = read_requirements(text)
        metadata["optional-dependencies"] = {"ui": page}

"""Logs for the host: one line an event, key=value, of what happened and never of whom.

Key=value (logfmt), not JSON: a teacher reads it in a terminal, a Space's owner in its log window,
and collectors such as Loki take it apart all the same. A traceback follows its line as it is.
"""

import json
import logging
import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO

LOGGER = logging.getLogger("mnist_demo")


def set_up_logs(stream: TextIO | None = None) -> None:
    """Our events, and all libraries' warnings, go to `stream`; None: the standard error."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Formatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    LOGGER.setLevel(logging.INFO)


def log_event(event: str, **pairs: Any) -> None:
    """Log `event` with what belongs to it. Nothing of a visitor may be among it."""
    LOGGER.info(event, extra={"pairs": pairs})


def format_pairs(pairs: Mapping[str, Any]) -> str:
    """`pairs` in one line; a value with anything but plain characters stands in quotes."""
    return " ".join(f"{key}={_quote(str(value))}" for key, value in pairs.items())


def _quote(value: str) -> str:
    plain = value.isascii() and value.isprintable() and not set(value) & set(' "=\\')
    return value if plain and value else json.dumps(value)


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        pairs = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
        }
        if hasattr(record, "pairs"):
            pairs |= {"event": record.msg, **record.pairs}
        else:
            pairs |= {"event": "message", "from": record.name, "text": record.getMessage()}
        line = format_pairs(pairs)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line

"""The log: readable lines on a terminal, JSON otherwise."""

import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from scratchbot.redaction import redact

# Local variables stay out of tracebacks: they hold passwords, tokens and what people wrote.
_tracebacks = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def _redacted(_: object, __: str, line: str | bytes | MutableMapping[str, Any]) -> str:
    """Take secrets out of a line when it is written out, wherever in it they stand."""
    return redact(str(line))


def set_up_logs(level: int) -> None:
    """Write log lines to standard error.

    :param level: the lowest that is shown, such as ``logging.INFO``.
    """
    terminal = sys.stderr.isatty()
    stamp = structlog.processors.TimeStamper(
        fmt="%H:%M:%S" if terminal else "iso", utc=not terminal
    )
    tail: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if terminal
        else [_tracebacks, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            stamp,
            *tail,
            _redacted,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )

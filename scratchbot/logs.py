"""The log: readable lines on a terminal, JSON otherwise."""

import contextlib
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog

from scratchbot.redaction import redact
from scratchbot.terminal import has_colours

# Local variables stay out of tracebacks: they hold passwords, tokens and what people wrote.
_tracebacks = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def _redacted(_: object, __: str, line: str | bytes | MutableMapping[str, Any]) -> str:
    """Take secrets out of a line when it is written out, wherever in it they stand."""
    return redact(str(line))


class _Log:
    """A stream that loses what cannot be written: a full disk or a closed pipe stops no bot."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()


def _lines() -> structlog.dev.ConsoleRenderer:
    """Return what writes lines for people; without ``rich``, which would show all variables."""
    return structlog.dev.ConsoleRenderer(
        colors=has_colours(sys.stderr), exception_formatter=structlog.dev.plain_traceback
    )


def set_up_logs(level: int, *, as_json: bool = False) -> None:
    """Write log lines to standard error.

    :param level: the lowest that is shown, such as ``logging.INFO``.
    :param as_json: whether they are JSON on a terminal too.
    """
    terminal = sys.stderr.isatty() and not as_json
    stamp = structlog.processors.TimeStamper(
        fmt="%H:%M:%S" if terminal else "iso", utc=not terminal
    )
    tail: list[structlog.typing.Processor] = (
        [_lines()] if terminal else [_tracebacks, structlog.processors.JSONRenderer()]
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
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Log(sys.stderr))),
    )


def set_up_usual_logs() -> None:
    """Keep secrets out of the log of a program that has set up none.

    The usual one of ``structlog`` shows the values of all variables beside a traceback.
    """
    if not structlog.is_configured():
        structlog.configure(
            processors=[
                structlog.contextvars.merge_contextvars,
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
                _lines(),
                _redacted,
            ]
        )

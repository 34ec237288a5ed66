"""The log: readable lines on a terminal, JSON otherwise."""

import logging
import sys

import structlog


def set_up_logs(*, verbose: bool) -> None:
    """Write log lines to standard error.

    :param verbose: whether to show debug lines and tracebacks too.
    """
    terminal = sys.stderr.isatty()
    stamp = structlog.processors.TimeStamper(
        fmt="%H:%M:%S" if terminal else "iso", utc=not terminal
    )
    tail: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer()]
        if terminal
        else [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            stamp,
            *tail,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.DEBUG if verbose else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )

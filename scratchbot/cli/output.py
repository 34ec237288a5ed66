"""What commands print: laid out where a person looks, plain where it goes into a pipe."""

import io
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from scratchbot.terminal import printable

Row = Sequence[str]


def print_line(text: str, style: str = "", further: str = "  ") -> None:
    """Print one line that cannot do anything to a terminal.

    Where a person looks, it is as many lines as the screen's width wants, each of whole words.

    :param style: how it looks there, in the words of ``rich``.
    :param further: what stands there before each line after the first.
    """
    if not sys.stdout.isatty():
        print(printable(text))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    wrapped = textwrap.wrap(
        printable(text),
        _width(),
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in wrapped or [""]:
        console.print(Text(line, style), soft_wrap=True)


def _width() -> int:
    # That of a rich console is 80 wherever a terminal is dumb.
    return shutil.get_terminal_size().columns


def print_table(head: Row, rows: Sequence[Row], styles: Mapping[str, str]) -> None:
    """Print rows under a head; nothing if there are none.

    Where a person looks at a screen that is too narrow, each row has two lines.

    :param styles: how a row looks by the word in its first cell, in the words of ``rich``.
    """
    lines = [*_aligned([head, *([printable(cell) for cell in row] for row in rows)])]
    if not rows:
        return
    if not sys.stdout.isatty():
        for line in lines:
            print(line)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    looks = [styles.get(row[0], "") for row in rows]
    if max(map(len, lines)) <= _width():
        for line, look in zip(lines, ["bold", *looks], strict=True):
            console.print(Text(line, look), soft_wrap=True)
        return
    for (first, second, *rest), look in zip(rows, looks, strict=True):
        console.print(Text(printable(f"{first}  {second}"), look))
        print_line("  " + "  ".join(filter(None, rest)))


def _aligned(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Let a reader that has seen enough, as ``head`` has, be no error; let no letter be one."""
    if sys.stdout is None:  # It was closed before we began.
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 # as long as the program
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A comment may hold letters that this terminal does not have.
        sys.stdout.reconfigure(errors="replace")
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _write_no_more()
    except OSError:
        _write_no_more()
        raise


def _write_no_more() -> None:
    """Drop what could not be written: Python would complain of it again at its end."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

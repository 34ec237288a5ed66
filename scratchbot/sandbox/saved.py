"""Keeps a world over restarts: every act is written to a file, and done again at the next start."""

import base64
import json
from pathlib import Path
from typing import IO, Any

from scratchbot.sandbox.acts import Acts
from scratchbot.sandbox.rules import RefusedError, RejectedError
from scratchbot.sandbox.world import Place

FORMAT = 1


class SaveError(Exception):
    """A saved world cannot be used; the message says why and what to do."""


class Save:
    """A file of acts.

    :param start: what the world was when the file began; another start would make other things
        of the same acts.
    """

    def __init__(self, file: Path, start: str) -> None:
        self._path = file
        self._start = start
        self._open: IO[str] | None = None

    def resume(self, acts: Acts) -> int:
        """Do again what the file tells, then write what is done from here on.

        :returns: how many acts were done again.
        :raises SaveError: if the file cannot be read or belongs to another start.
        """
        lines = self._lines()
        for number, line in enumerate(lines[1:], 2):
            self._do_again(acts, number, line)
        try:
            self._open = self._path.open("w" if not lines else "a", encoding="utf-8")
        except OSError as error:
            raise SaveError(f"{self._path}: cannot be written ({error.strerror})") from None
        if not lines:
            self._write({"format": FORMAT, "start": self._start})
        acts.recorder = self._record
        return max(0, len(lines) - 1)

    def close(self) -> None:
        """Write no more."""
        if self._open is not None:
            self._open.close()

    def _lines(self) -> list[dict[str, Any]]:
        """Read the file, and cut off a last line that is not whole."""
        if not self._path.exists():
            return []
        if self._path.is_dir():
            raise SaveError(f"{self._path}: is a folder: give the name of a file in it")
        try:
            raw = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SaveError(f"{self._path}: cannot be read ({error})") from None
        whole = raw[: raw.rfind("\n") + 1]
        lines = [
            self._parsed(number, line) for number, line in enumerate(whole.split("\n")[:-1], 1)
        ]
        if raw:
            self._check_head(lines[0] if lines else {})
        if len(whole) < len(raw):
            self._path.write_text(whole, "utf-8")
        return lines

    def _check_head(self, head: dict[str, Any]) -> None:
        if head.get("format") != FORMAT:
            raise SaveError(f"{self._path}: is no saved world; name a new file")
        if head.get("start") != self._start:
            raise SaveError(
                f"{self._path}: was saved from another start ({head.get('start')}, now "
                f"{self._start}); start as then, or name a new file"
            )

    def _parsed(self, number: int, line: str) -> dict[str, Any]:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise SaveError(f"{self._path}: line {number} is no act; name a new file")
        return value

    def _do_again(self, acts: Acts, number: int, line: dict[str, Any]) -> None:
        clock, acts.clock = acts.clock, lambda: float(line["at"])
        limits, acts.limits = acts.limits, False
        try:
            args = [_read(value) for value in line["args"]]
            named = {key: _read(value) for key, value in line["named"].items()}
            getattr(acts, str(line["act"]))(*args, **named)
        except RejectedError:
            pass
        except (RefusedError, KeyError, AttributeError, TypeError, ValueError) as error:
            told = f"{self._path}: line {number} cannot be done again ({error}); name a new file"
            raise SaveError(told) from None
        finally:
            acts.clock, acts.limits = clock, limits

    def _record(self, at: float, name: str, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        self._write(
            {
                "at": at,
                "act": name,
                "args": [_written(value) for value in args],
                "named": {key: _written(value) for key, value in named.items()},
            }
        )

    def _write(self, line: dict[str, Any]) -> None:
        if self._open is not None:
            self._open.write(json.dumps(line) + "\n")
            self._open.flush()


def _written(value: Any) -> Any:
    """Return a value as JSON can hold it; every object in the file says what it stands for."""
    if isinstance(value, Place):
        return {"place": str(value)}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    return {"dict": value} if isinstance(value, dict) else value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    [(kind, held)] = value.items()
    if kind == "place":
        return Place.parse(held)
    return base64.b64decode(held) if kind == "bytes" else held

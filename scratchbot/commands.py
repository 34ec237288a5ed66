"""Commands: comments whose first word calls a handler, and whose other words are its arguments."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scratchbot.errors import ScratchbotError


class UsageError(ScratchbotError):
    """A command was used wrongly; the message says how it is used."""


@dataclass(frozen=True)
class Argument:
    """One word that a command takes.

    :param required: whether the command cannot do without it.
    :param rest: whether it takes all words that are left.
    """

    name: str
    kind: type
    required: bool
    rest: bool = False

    def __str__(self) -> str:
        """Write the argument as in a line of help."""
        return f"<{self.name}>" if self.required else f"[{self.name}]"


@dataclass(frozen=True)
class Command:
    """A word with what may follow it.

    :param separator: what stands between the words.
    """

    word: str
    arguments: tuple[Argument, ...]
    separator: str = " "

    @property
    def usage(self) -> str:
        """How the command is written."""
        return self.separator.join([self.word, *map(str, self.arguments)])

    def is_called_by(self, content: str) -> bool:
        """Tell whether a comment's first word is the command's."""
        words = content.split(maxsplit=1)
        return bool(words) and words[0].lower() == self.word.lower()

    def parse(self, content: str) -> Mapping[str, object]:
        """Return the arguments that a comment gives.

        :raises UsageError: if there are too few or too many, or one is not of its kind.
        """
        return self.read(content.split()[1:])

    def read(self, given: Sequence[str]) -> Mapping[str, object]:
        """Return the arguments that the words after the command give.

        :raises UsageError: if there are too few or too many, or one is not of its kind.
        """
        words = list(given)
        values: dict[str, object] = {}
        for argument in self.arguments:
            if not words:
                if argument.required:
                    raise UsageError(f"Write it like this: {self.usage}")
                continue
            word = self.separator.join(words) if argument.rest else words[0]
            words = [] if argument.rest else words[1:]
            values[argument.name] = self._convert(argument, word)
        if words:
            raise UsageError(f"Write it like this: {self.usage}")
        return values

    def _convert(self, argument: Argument, word: str) -> object:
        try:
            return argument.kind(word)
        except ValueError:
            raise UsageError(
                f"{argument.name} must be a number. Write it like this: {self.usage}"
            ) from None


KINDS = (str, int, float)


def read_argument(parameter: inspect.Parameter, annotation: object, *, last: bool) -> Argument:
    """Return the argument that a parameter of a handler stands for.

    :param last: whether no argument comes after it, so that text may take the rest of the line.
    :raises TypeError: if words cannot be turned into what it is annotated with.
    """
    kind = str if annotation is None else annotation
    if kind not in KINDS or not isinstance(kind, type):
        raise TypeError(f"{parameter.name!r} can be str, int or float")
    required = parameter.default is parameter.empty
    return Argument(parameter.name, kind, required=required, rest=last and kind is str)

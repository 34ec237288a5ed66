"""Commands: comments whose first word calls a handler, and whose other words are its arguments."""

import inspect
import math
import re
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from scratchbot.errors import RegistrationError, ScratchbotError

Thing = Literal["user", "project"]
"""What a word can name on the site."""

_USER = re.compile(r"@?([A-Za-z0-9_-]{1,30})")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
"""As projects write them too: Scratch shows very small and large numbers with an exponent."""
_PROJECT = re.compile(r"[1-9][0-9]{0,18}")
_PAGE = re.compile(r"https?://scratch\.mit\.edu/(users|projects)/([A-Za-z0-9_-]+)/?\S*")


class UsageError(ScratchbotError):
    """A command was used wrongly; the message says how it is used."""


def check_word(word: str) -> str:
    """Return the word of a command.

    :raises RegistrationError: if no comment can begin with it.
    """
    if not isinstance(word, str) or word.split() != [word]:
        raise RegistrationError(f"{word!r} cannot be a command: use one word, such as '!score'")
    if re.sub(r"\W", "", word).lower() == "stop":
        raise RegistrationError(
            f"{word!r} cannot be a command: it tells every bot to leave one alone; use another word"
        )
    return word


@dataclass(frozen=True)
class Kind:
    """What a word is turned into.

    :param read: does it; a ``ValueError`` says that it cannot.
    :param wanted: what the word must be, for people.
    :param thing: what of the site is looked up by what was read.
    """

    read: Callable[[str], object]
    wanted: str
    thing: Thing | None = None
    is_text: bool = False


@dataclass(frozen=True)
class Argument:
    """One word that a command takes.

    :param required: whether the command cannot do without it.
    :param rest: whether it takes all words that are left.
    :param is_none: whether it is ``None`` where no word is left.
    """

    name: str
    kind: Kind
    required: bool
    rest: bool = False
    is_none: bool = False

    def __str__(self) -> str:
        """Write the argument as in a line of help."""
        return f"<{self.name}>" if self.required else f"[{self.name}]"


@dataclass(frozen=True)
class Named:
    """Something on the site that a word names and that is still to be looked up."""

    thing: Thing
    key: str
    usage: str


@dataclass(frozen=True)
class Command:
    """A word with what may follow it.

    :param separator: what stands between the words.
    :param about: what it does.
    """

    word: str
    arguments: tuple[Argument, ...]
    separator: str = " "
    about: str = ""

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
                if argument.is_none:
                    values[argument.name] = None
                continue
            word = self.separator.join(words) if argument.rest else words[0]
            words = [] if argument.rest else words[1:]
            values[argument.name] = self._convert(argument, word)
        if words:
            raise UsageError(f"Write it like this: {self.usage}")
        return values

    def _convert(self, argument: Argument, word: str) -> object:
        kind = argument.kind
        try:
            value = kind.read(word)
        except ValueError:
            raise UsageError(
                f"{argument.name} must be {kind.wanted}. Write it like this: {self.usage}"
            ) from None
        return value if kind.thing is None else Named(kind.thing, str(value), self.usage)


def read_argument(parameter: inspect.Parameter, annotation: object, *, last: bool) -> Argument:
    """Return the argument that a parameter of a handler stands for.

    :param last: whether no argument comes after it, so that text may take the rest of the line.
    :raises TypeError: if words cannot be turned into what it is annotated with.
    """
    kind = kind_of(annotation)
    if kind is None:
        raise TypeError(
            f"{parameter.name!r} can be str, int, float, a Literal, a User or a Project"
        )
    is_optional = types.NoneType in get_args(annotation)
    has_no_default = parameter.default is parameter.empty
    return Argument(
        parameter.name,
        kind,
        required=has_no_default and not is_optional,
        rest=last and kind.is_text,
        is_none=has_no_default and is_optional,
    )


def kind_of(annotation: object) -> Kind | None:
    """Return what a word is turned into for an annotation; ``None`` if words cannot fill it."""
    if annotation is None or annotation is str:
        return TEXT
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [part for part in get_args(annotation) if part is not types.NoneType]
        return kind_of(parts[0]) if len(parts) == 1 else None
    if get_origin(annotation) is Literal:
        return _choice(get_args(annotation))
    return _KINDS.get(getattr(annotation, "__name__", "")) if _is_known(annotation) else None


def _is_known(annotation: object) -> bool:
    """Tell a kind of ours from a class of somebody else's that has its name."""
    return annotation in (int, float) or getattr(annotation, "__module__", "") in _THINGS


def _choice(choices: tuple[Any, ...]) -> Kind:
    known = {str(choice).lower(): choice for choice in choices}

    def read(word: str) -> object:
        if word.lower() not in known:
            raise ValueError
        return known[word.lower()]

    return Kind(read, " or ".join(str(choice) for choice in choices))


def _whole_number(word: str) -> int:
    if not _WHOLE.fullmatch(word):
        raise ValueError
    return int(word)


def _number(word: str) -> float:
    if not _DECIMAL.fullmatch(word):
        raise ValueError
    number = float(word)
    if not math.isfinite(number):
        raise ValueError
    return number


def _username(word: str) -> str:
    return _read_name(word, "users", _USER).removeprefix("@")


def _project_id(word: str) -> str:
    return _read_name(word, "projects", _PROJECT)


def _read_name(word: str, kind: str, form: "re.Pattern[str]") -> str:
    page = _PAGE.fullmatch(word)
    if page is not None and page[1] == kind:
        word = page[2]
    if not form.fullmatch(word):
        raise ValueError
    return word


TEXT = Kind(str, "text", is_text=True)
WHOLE_NUMBER = Kind(_whole_number, "a whole number")
NUMBER = Kind(_number, "a number")
_THINGS = (
    "scratchbot.aio.user",
    "scratchbot.sync.user",
    "scratchbot.aio.project",
    "scratchbot.sync.project",
)
_USERS = Kind(_username, "somebody's user name", "user")
_PROJECTS = Kind(_project_id, "a project's number", "project")
_KINDS = {
    "int": WHOLE_NUMBER,
    "float": NUMBER,
    "User": _USERS,
    "AsyncUser": _USERS,
    "Project": _PROJECTS,
    "AsyncProject": _PROJECTS,
}

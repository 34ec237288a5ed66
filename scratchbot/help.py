"""The help that a bot gives in comments: its commands, and what each does."""

from collections.abc import Callable, Sequence

from scratchbot.checks import MAX_COMMENT_LENGTH
from scratchbot.commands import Command, UsageError
from scratchbot.handlers import CommentCall, Handler, read_handler
from scratchbot.policy import DEFAULT


def help_handler(word: str, bot: str, commands: Callable[[], Sequence[Command]]) -> Handler:
    """Return the handler of the command that explains the others.

    :param word: the command.
    :param bot: the bot's name.
    :param commands: gives the others.
    """

    async def help(command: str = "") -> str:  # noqa: A001 # handlers are named for what they do
        """Tell what the bot can do, or how one command is used."""
        known = {each.word.lower(): each for each in commands()}
        if not command:
            return overview([*known.values()], word)
        asked = command.lower()
        found = known.get(asked) or known.get(word[0] + asked)
        if found is None:
            words = ", ".join(each.word for each in known.values())
            raise UsageError(_shorten(f"There is no command {command[:40]}. There are: {words}."))
        return _shorten(f"{found.usage}: {found.about}" if found.about else found.usage)

    return read_handler(
        help,
        name=f"{bot}.help",
        plugin=bot,
        pattern="comment",
        config=None,
        policy=DEFAULT,
        calls=lambda taken: CommentCall(Command(word, taken, about=help.__doc__ or "")),
    )


def overview(commands: Sequence[Command], word: str) -> str:
    """Return a comment that lists commands, with as much of what each does as fits.

    :param word: the command that tells more of one.
    """
    more = f"{word} <command> tells more."
    lines = [f"{each.usage}: {_first_line(each)}".removesuffix(": ") for each in commands]
    for parts in (lines, [each.usage for each in commands]):
        text = "\n".join([*parts, more])
        if len(text) <= MAX_COMMENT_LENGTH:
            return text
    return _shorten(" ".join([more, *(each.word for each in commands)]))


def _first_line(command: Command) -> str:
    return command.about.split("\n", 1)[0]


def _shorten(text: str) -> str:
    if len(text) <= MAX_COMMENT_LENGTH:
        return text
    return text[: MAX_COMMENT_LENGTH - 1] + "…"

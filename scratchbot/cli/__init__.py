"""The command line."""

import argparse
import importlib
import re
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

from scratchbot.cli.arguments import count, event_name, port, seconds, since, some, state
from scratchbot.cli.output import reader_may_leave
from scratchbot.terminal import printable
from scratchbot.version import VERSION


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 1 (it failed) or 2 (wrong use)."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help(sys.stderr)
        return 2
    # Each command is a function in a module called like it, loaded when it is used.
    module = importlib.import_module(f"scratchbot.cli.{options.command}")
    status: int = 0
    try:
        with reader_may_leave():
            status = getattr(module, options.command)(options)
    except KeyboardInterrupt:
        return 1
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
        sys.stderr.write(printable(f"scratchbot: {what or error}: mend that, and try again") + "\n")
        return 1
    return status


class _Help(argparse.HelpFormatter):
    """Help whose flags and commands stand beside what is said of them."""

    def __init__(self, prog: str, **options: Any) -> None:
        super().__init__(prog, max_help_position=28, **options)

    def add_argument(self, action: argparse.Action) -> None:
        """Make room for an action; older argparse forgets how far in commands stand."""
        super().add_argument(action)
        if isinstance(action, argparse._SubParsersAction):
            longest = max(map(len, action.choices)) + 2 * self._indent_increment
            self._action_max_length = max(self._action_max_length, longest)


_CHOICE = re.compile(r"argument (\w+): invalid choice: '(.*?)' \(choose from (.*)\)", re.DOTALL)


_LONG = re.compile(r"[^\s/]{40,}")


class _Parser(argparse.ArgumentParser):
    """A parser that says in one line what was wrong, and what was meant."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Help, **options)

    def parse_known_args(self, *given: Any, **options: Any) -> Any:
        """Refuse what is left over, with the help of the command that it was given to."""
        read, left = super().parse_known_args(*given, **options)
        if left:
            self.error(f"unrecognized arguments: {' '.join(left)}")
        return read, left

    def error(self, message: str) -> NoReturn:
        """Say what was wrong, and end with 2."""
        if wrong := _CHOICE.search(message):
            what, given, choices = wrong.groups()
            message = f"there is no {what.lower()} {given!r}: {_meant(given, choices)}"
        # Somebody may have put a secret where none belongs.
        message = _LONG.sub("…", message.removeprefix("argument "))
        self.exit(2, printable(f"{self.prog}: {message} (see `{self.prog} --help`)") + "\n")


def _meant(given: str, choices: str) -> str:
    from difflib import get_close_matches

    names = re.findall(r"[\w-]+", choices)
    if close := get_close_matches(given, names, n=1):
        return f"did you mean {close[0]}?"
    return f"there are {', '.join(names[:-1])} and {names[-1]}"


def make_parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parser = _Parser(
        prog="scratchbot",
        description="Bots for Scratch: hear what happens, answer with care.",
        epilog="Try `scratchbot demo` first: it needs no account and touches no real site.",
    )
    parser.add_argument("--version", action="version", version=f"scratchbot {VERSION}")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    _add_demo(commands)
    _add_sandbox(commands)
    _add_new(commands)
    _add_run(commands)
    _add_login(commands)
    _add_doctor(commands)
    _add_events(commands)
    _add_replay(commands)
    _add_plugins(commands)
    _add_completion(commands)
    return parser


def _add_demo(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "demo",
        help="show a bot at work, with a local Scratch and visitors",
        description="Start a local Scratch, a bot and some visitors, and show what happens.",
    )
    parser.add_argument(
        "--seconds", type=seconds, metavar="N", help="end after N seconds with a summary"
    )
    parser.add_argument(
        "--port", type=port, default=0, metavar="P", help="the port to use (default: a free one)"
    )
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")
    _add_json(parser, "print only the summary, as JSON")
    parser.add_argument("-v", "--verbose", action="store_true", help="show tracebacks")


def _add_sandbox(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "sandbox",
        help="start the local Scratch alone",
        description="Start a local Scratch that any client can talk to instead of the real site.",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="H", help="the address to listen on (127.0.0.1)"
    )
    parser.add_argument(
        "--port", type=port, default=8080, metavar="P", help="the port; 0 takes a free one (8080)"
    )
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--world", metavar="FILE", help="the world to start with, TOML or JSON")
    start.add_argument("--size", type=count, metavar="N", help="make a big world, with N projects")
    parser.add_argument("--seed", type=count, default=0, metavar="N", help="for --size (0)")
    parser.add_argument("--save", metavar="FILE", help="keep what happens over restarts")
    parser.add_argument("--weather", metavar="FILE", help="bad weather, TOML or JSON")
    parser.add_argument(
        "--proxy", action="store_true", help="be an HTTPS proxy too, for any program"
    )
    parser.add_argument(
        "--no-limits", action="store_true", help="switch the site's rate limits off"
    )
    _add_json(parser, "print the addresses as JSON")
    parser.add_argument("-v", "--verbose", action="store_true", help="show tracebacks")


def _add_new(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "new",
        help="make a bot, or a plugin, to begin with",
        description="Make a folder with a bot that runs, a test that passes, and all it needs. "
        "What no flag says is asked.",
    )
    parser.add_argument("name", metavar="NAME", help="what it is called, such as my-bot")
    parser.add_argument(
        "--plugin", action="store_true", help="make a plugin package that can be published"
    )
    parser.add_argument("--username", metavar="USER", help="the Scratch account that a bot uses")
    parser.add_argument(
        "--command", dest="command_word", metavar="WORD", help="what a bot answers to (!hello)"
    )
    _add_json(parser, "print what was made as JSON")


def _add_run(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "run",
        help="run a bot",
        description="Run a bot until Ctrl-C or SIGTERM; handlers under way are finished first.",
        epilog="The log goes to standard error: at a terminal as lines to read, into a file or a "
        "pipe as lines of JSON.",
    )
    parser.add_argument("app", metavar="APP", help="file.py, file.py:bot or package.module:bot")
    parser.add_argument("--store", metavar="FILE", help="keep events and progress in this file")
    parser.add_argument(
        "--dry-run", action="store_true", default=None, help="show what would be done, send nothing"
    )
    parser.add_argument(
        "--reload", action="store_true", help="begin anew whenever the code changes, to develop"
    )
    _add_json(parser, "write the log as lines of JSON at a terminal, too")
    parser.add_argument("-v", "--verbose", action="store_true", help="show more, and tracebacks")


def _add_login(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "login",
        help="keep a session of an account safely, for bots",
        description="Log in, and keep the session in the system's keyring, or else in a file that "
        "only you can read. What no flag says is asked; nothing secret is shown.",
        epilog="The site refuses log-ins from many servers. Then log in with a browser anywhere, "
        "and give --session-id the cookie scratchsessionsid that it has then.",
    )
    parser.add_argument("--username", metavar="USER", help="the Scratch account")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--session-id", action="store_true", help="ask for a browser's session id")
    ways.add_argument("--show", action="store_true", help="say whose session is kept, and where")
    ways.add_argument("--forget", action="store_true", help="forget the session that is kept")
    _add_json(parser, "print lines of JSON")


def _add_doctor(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "doctor",
        help="say what is wrong with a set-up, and how to mend it",
        description="Look at all that a bot needs, change nothing, and say how to mend what is "
        "wrong.",
        epilog="The exit status is 0 if nothing is wrong.",
    )
    parser.add_argument(
        "app", nargs="?", metavar="APP", help="a bot to look at too: file.py, file.py:bot or …"
    )
    parser.add_argument("--store", metavar="FILE", help="the bot's store (that of scratchbot.toml)")
    _add_json(parser, "print each finding as a line of JSON")


def _add_plugins(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "plugins",
        help="list the installed plugins and what each takes",
        description="List the installed plugins: their settings, permissions and commands.",
    )
    _add_json(parser, "list each plugin as a line of JSON")


def _add_events(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "events",
        help="look at what failed or waits, and decide on it",
        description="List the newest runs of a bot's handlers that failed or wait, or do what an "
        "action says.",
    )
    parser.set_defaults(store=None, state=None, name=None, handler=None, since=None, limit=None)
    parser.set_defaults(json=False, id=None)
    _add_listing(parser)
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION")
    every = actions.add_parser(
        "list",
        help="list runs (also without an action)",
        description="List the newest runs that failed or wait, or that the flags ask for.",
    )
    _add_listing(every)
    show = actions.add_parser(
        "show", help="show all about an event", description="Show all about an event and its runs."
    )
    _add_store(show)
    show.add_argument("id", metavar="ID", help=_ID)
    follow = actions.add_parser(
        "follow",
        help="show runs as they end, until Ctrl-C",
        description="Show the newest runs, and then each run when it ends, until Ctrl-C.",
    )
    _add_listing(follow)
    export = actions.add_parser(
        "export",
        help="write events and their runs as lines of JSON",
        description="Write events with their runs and acts as lines of JSON, oldest first. "
        "`scratchbot replay` reads them.",
    )
    _add_filters(export)
    for name, purpose in (("retry", "let runs happen again"), ("drop", "give runs up")):
        _add_decision(actions, name, purpose)


_ID = "the event's id, as the list shows it"


def _add_decision(actions: "argparse._SubParsersAction[_Parser]", name: str, purpose: str) -> None:
    parser = actions.add_parser(
        name,
        help=purpose,
        description=f"{purpose.capitalize()}: those of one event, or all that are in a state.",
    )
    _add_store(parser)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("id", nargs="?", metavar="ID", help=_ID)
    _add_state(which)
    parser.add_argument(
        "only", nargs="?", metavar="HANDLER", help="after ID: only this one's run (every handler's)"
    )
    _add_narrowing(parser)


def _add_listing(parser: argparse.ArgumentParser) -> None:
    _add_filters(parser)
    help_text = "list at most N runs (20)"
    parser.add_argument(
        "--limit", type=some, default=argparse.SUPPRESS, metavar="N", help=help_text
    )


def _add_filters(parser: argparse.ArgumentParser) -> None:
    _add_store(parser)
    _add_state(parser)
    _add_narrowing(parser)


def _add_state(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--state",
        type=state,
        nargs="+",
        action="extend",
        default=argparse.SUPPRESS,
        metavar="STATE",
        help="only those that are pending, failed, done, dead, stale or dropped; or all",
    )


def _add_narrowing(parser: argparse.ArgumentParser) -> None:
    # Without defaults of its own, an action leaves alone what stands before it.
    add = partial(parser.add_argument, default=argparse.SUPPRESS)
    add("--name", type=event_name, metavar="EVENT", help="only for these events, as comment.studio")
    add("--handler", metavar="HANDLER", help="only of this handler")
    add("--since", type=since, metavar="TIME", help="only from then on: 30m, 2h, 7d or 2026-11-30")


def _add_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--store",
        default=argparse.SUPPRESS,
        metavar="FILE",
        help="the bot's store (that of scratchbot.toml)",
    )
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print lines of JSON"
    )


def _add_replay(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "replay",
        help="run a bot over recorded events without acting",
        description="Run a bot over recorded events, send nothing, and show what it would do "
        "beside what was done: = as before, + only now, - only then, ! failed, * mended.",
        epilog="The exit status is 0 if all is as before, and 1 if anything differs.",
    )
    parser.add_argument(
        "recorded", metavar="RECORDED", help="a store, or a file of `scratchbot events export` (-)"
    )
    parser.add_argument("app", metavar="APP", help="file.py, file.py:bot or package.module:bot")
    _add_json(parser, "print lines of JSON, each with a verdict: same, new, gone, failed or mended")
    parser.add_argument("-v", "--verbose", action="store_true", help="show the log, and tracebacks")


def _add_completion(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "completion",
        help="let a shell complete what you type",
        description="Print what lets a shell complete commands, flags and files.",
        epilog='For bash, write into ~/.bashrc: eval "$(scratchbot completion bash)"',
    )
    _add_json(parser, "print the script as JSON")
    shells = ("bash", "zsh", "fish", "tcsh", "powershell")
    parser.add_argument("shell", choices=shells, metavar="SHELL", help=", ".join(shells))


def _add_json(parser: argparse.ArgumentParser, purpose: str) -> None:
    parser.add_argument("--json", action="store_true", help=purpose)

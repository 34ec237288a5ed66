"""Every path that the sandbox answers, with its gaps filled."""

import re
from collections.abc import Callable, Iterator

from scratchbot.sandbox import Sandbox, hosts

_GAP = re.compile(r"\{(\w+)(?::((?:[^{}]|\{[^{}]*\})*))?\}")


def paths(sandbox: Sandbox, fill: Callable[[str], str]) -> Iterator[tuple[str, str, str]]:
    """Give method, host and path of every route.

    :param fill: gives what stands for a gap such as ``project_id``; a gap with choices of its own
        gets the first of them.
    """
    for host, routes in hosts.routes(sandbox._context).items():
        for method, path, _ in routes:

            def filled(gap: re.Match[str]) -> str:
                choices = gap[2] or ""
                plain = re.fullmatch(r"[\w|-]+", choices) is not None
                return choices.split("|")[0] if plain else fill(gap[1])

            yield method, host, _GAP.sub(filled, path)

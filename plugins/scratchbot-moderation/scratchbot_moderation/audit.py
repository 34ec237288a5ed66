"""The audit: what was done about whose comment, and why. What they wrote is not in it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from scratchbot.aio.store import AsyncStore
from scratchbot.engines.local import LocalEngine

MOST_ENTRIES = 1_000
"""The oldest are overwritten first."""

_NEXT = "audit:next"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What was done about one comment.

    :param at: when the comment was written, in ISO 8601.
    :param place: where, such as ``project:104``.
    :param rules: the rules that it broke, each with what of it.
    :param strikes: how many strikes its author has with it.
    :param outcomes: what became of each of ``warn``, ``report`` and ``delete``: ``done``;
        ``would``, in a dry run; ``gone``, as there was no such comment any more; ``withheld``, as
        manners forbade it; ``refused``, by the permissions, the grounds or the site; ``unknown``,
        as the site's answer never came.
    """

    at: str
    author: str
    place: str
    comment_id: int
    rules: dict[str, str] = field(hash=False)
    strikes: int
    outcomes: dict[str, str] = field(hash=False)

    def __str__(self) -> str:
        """Say it in one line."""
        rules = ", ".join(f"{rule} ({why})" for rule, why in self.rules.items())
        acts = ", ".join(f"{act} {outcome}" for act, outcome in self.outcomes.items())
        return (
            f"{self.at[:16]}  {self.author}  {self.place} comment {self.comment_id}  {rules}  "
            f"strike {self.strikes}: {acts or 'nothing to do'}"
        )


class Audit:
    """The newest entries, in the store of the plugin.

    :param store: what a handler of the plugin asks for.
    """

    def __init__(self, store: AsyncStore) -> None:
        self._store = store

    async def add(self, entry: Entry) -> None:
        """Write an entry down."""
        number: int = await self._store.get(_NEXT, 0)
        await self._store.set(_key(number), asdict(entry))
        await self._store.set(_NEXT, number + 1)

    async def last(self, most: int = 50) -> list[Entry]:
        """Return the newest entries, newest first.

        :param most: how many; there are never more than 1,000.
        """
        following: int = await self._store.get(_NEXT, 0)
        first = max(0, following - min(most, MOST_ENTRIES))
        rows = [
            await self._store.get(_key(number)) for number in range(following - 1, first - 1, -1)
        ]
        return [Entry(**row) for row in rows]


async def read_audit(file: Path, name: str = "moderation", most: int = 50) -> list[Entry]:
    """Return the newest entries of the audit in a bot's store, newest first.

    :param name: what the plugin is called in the bot.
    :raises StoreError: if the file is no store.
    """
    engine = LocalEngine(file, alone=False)
    await engine.open()
    try:
        return await Audit(AsyncStore(partial(engine.value, name))).last(most)
    finally:
        await engine.close()


def summarize(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """Return how many entries there are of each rule and of each outcome, as ``warn done``."""
    known = list(entries)
    rules = Counter(rule for entry in known for rule in entry.rules)
    outcomes = Counter(
        f"{act} {outcome}" for entry in known for act, outcome in entry.outcomes.items()
    )
    return {"rules": dict(rules), "outcomes": dict(outcomes)}


def _key(number: int) -> str:
    return f"audit:{number % MOST_ENTRIES}"

"""New followers: counted as they come, and greeted together."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from scratchbot.aio.store import AsyncStore

DAY = timedelta(days=1)

_COUNT, _PLAN, _GREETED = "followers", "plan", "greeted"


@dataclass(frozen=True)
class Plan:
    """A greeting that was decided.

    :param turn: how many greetings there were before.
    :param first: how many followers were greeted before.
    :param count: how many are greeted by it.
    """

    turn: int
    first: int
    count: int


class Followers:
    """The followers in the order in which they came.

    Three handlers share them, side by side, so that each keeps what it writes under keys of its
    own: who came, what was planned, and what was said.
    """

    def __init__(self, store: AsyncStore) -> None:
        self._store = store

    async def add(self, name: str) -> None:
        """Count somebody who was not counted yet."""
        if await self._store.get(f"follower:{name.lower()}", False):
            return
        count = await self._count()
        await self._store.set(f"follower:{name.lower()}", True)
        await self._store.set(f"follower-number:{count}", name)
        await self._store.set(_COUNT, count + 1)

    async def names(self, plan: Plan) -> list[str]:
        """Return the names of those who are to be greeted."""
        return [
            str(await self._store.get(f"follower-number:{plan.first + number}"))
            for number in range(plan.count)
        ]

    async def due(self) -> Plan | None:
        """Return the greeting that was planned and not said yet."""
        plan, said = await self._store.get(_PLAN), await self._said()
        return Plan(**plan) if plan is not None and plan["turn"] == said["turn"] else None

    async def plan(self, now: datetime) -> None:
        """Plan a greeting if there are new followers and the last one is a day ago."""
        said = await self._said()
        count = await self._count() - said["count"]
        is_soon = said["at"] is not None and now - datetime.fromisoformat(said["at"]) < DAY
        if count > 0 and not is_soon:
            plan = Plan(turn=said["turn"], first=said["count"], count=count)
            await self._store.set(_PLAN, asdict(plan))

    async def greeted(self, plan: Plan, at: datetime) -> None:
        """Remember that a greeting was said."""
        said = {"turn": plan.turn + 1, "count": plan.first + plan.count, "at": at.isoformat()}
        await self._store.set(_GREETED, said)

    async def _count(self) -> int:
        return int(await self._store.get(_COUNT, 0))

    async def _said(self) -> dict[str, Any]:
        """Return how many greetings were said, to how many people, and when the last one was."""
        said: dict[str, Any] = await self._store.get(_GREETED, {"turn": 0, "count": 0, "at": None})
        return said

"""What handlers wait for: kept in the store, so that a restart breaks no conversation."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scratchbot.clock import Clock
from scratchbot.engines.engine import NOTES, Engine, Lane, Run
from scratchbot.errors import NoAnswerError
from scratchbot.events import Event
from scratchbot.waiting import Wanted

GRACE = timedelta(days=1)
"""How much longer is waited while what would tell of an answer cannot be read."""
_PREFIX = "wait:"
_NEVER = datetime.min.replace(tzinfo=UTC)


class Suspended(BaseException):
    """A handler waits: its run ends here and begins anew when there is something to go on with.

    It is no ``Exception``, so that no handler takes it for an error.
    """

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, kw_only=True)
class _Wait:
    """Something that a run waits for.

    :param source: the source of the run's own event.
    """

    number: int
    handler: str
    source: str
    wanted: Wanted
    until: datetime
    answer: Event | None = None

    def to_json(self) -> str:
        wanted = self.wanted
        return json.dumps(
            {
                "number": self.number,
                "handler": self.handler,
                "source": self.source,
                "name": wanted.name,
                "values": dict(wanted.values),
                "since": wanted.since and wanted.since.isoformat(),
                "until": self.until.isoformat(),
                "answer": self.answer and self.answer.to_json(),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "_Wait":
        kept: dict[str, Any] = json.loads(text)
        since, answer = kept["since"], kept["answer"]
        return cls(
            number=kept["number"],
            handler=kept["handler"],
            source=kept["source"],
            wanted=Wanted(
                name=kept["name"],
                values=kept["values"],
                timeout=0,
                since=since and datetime.fromisoformat(since),
            ),
            until=datetime.fromisoformat(kept["until"]),
            answer=answer and Event.from_json(answer),
        )


class Waits:
    """Knows what runs wait for, and gives it to them when it comes.

    :param wake: has a lane look for runs whose time has come.
    :ivar open: what is waited for, by the key under which it is kept.
    """

    def __init__(self, engine: Engine, clock: Clock, wake: Callable[[Lane], None]) -> None:
        self._engine = engine
        self._clock = clock
        self._wake = wake
        self.open: dict[str, _Wait] = {}
        self._coming: set[str] = set()
        """Keys of what has come and was not given to its run yet."""
        self._looks: dict[str, datetime] = {}
        """When each source that is read was last seen whole."""

    async def load(self) -> None:
        """Go on with what was waited for in an earlier life."""
        for key, value in (await self._engine.values(NOTES)).items():
            if key.startswith(_PREFIX):
                self.open[key] = wait = _Wait.from_json(value)
                if wait.answer is not None:
                    await self._engine.wake(wait.number, wait.handler)

    def want(self, event: Event) -> bool:
        """Tell whether a run waits for an event, which is on its way to it from now on."""
        met = [key for key in self.open if self._is_met(key, event)]
        self._coming.update(met)
        return bool(met)

    def expect_looks(self, source: str) -> None:
        """Let no run that began with a source's event stop waiting before the source was read."""
        self._looks[source] = _NEVER

    async def looked(self, source: str, at: datetime) -> None:
        """Hear that all that a source had at a time has been delivered."""
        self._looks[source] = at
        for key, wait in [*self.open.items()]:
            if wait.source == source and wait.answer is None and self._is_over(key):
                await self.go_on(wait.number, wait.handler)

    async def hear(self, event: Event) -> None:
        """Give an event to the runs that wait for it."""
        for key, wait in [*self.open.items()]:
            if self._is_met(key, event):
                self.open[key] = met = replace(wait, answer=event)
                await self._engine.keep(NOTES, key, met.to_json())
                await self.go_on(met.number, met.handler)

    async def wait(
        self, run: Run, count: int, wanted: Wanted, ask: Callable[[], Awaitable[object]]
    ) -> Event:
        """Return what a run waits for, if it has come; else end the run for now.

        :param count: which one of its waits it is, from 0.
        :param ask: asks for it; asking again changes nothing.
        :raises Suspended: if it has not come yet.
        :raises NoAnswerError: if it has not come in time.
        """
        key = f"{_begin(run)}{count}"
        if key not in self.open:
            wait = _Wait(
                number=run.number,
                handler=run.handler,
                source=run.event.source,
                wanted=wanted,
                until=self._clock.now() + timedelta(seconds=wanted.timeout),
            )
            self.open[key] = wait
            await self._engine.keep(NOTES, key, wait.to_json())
        await ask()
        wait = self.open[key]
        if wait.answer is not None:
            return wait.answer
        if self._is_over(key):
            raise NoAnswerError(f"no {wanted.name!r} came in {wanted.timeout:g} seconds")
        raise Suspended(self._latest(wait))

    def _is_over(self, key: str) -> bool:
        """Tell whether what is waited for has not come in time, as far as can be known."""
        wait, now = self.open[key], self._clock.now()
        if now < wait.until or key in self._coming:
            return False
        return self._looks.get(wait.source, wait.until) >= wait.until or now >= self._latest(wait)

    def _latest(self, wait: _Wait) -> datetime:
        return wait.until + (GRACE if wait.source in self._looks else timedelta())

    def keys(self, run: Run) -> list[str]:
        """Return under which keys is kept what a run waited for."""
        begin = _begin(run)
        return [key for key in self.open if key.startswith(begin)]

    def forget(self, run: Run) -> None:
        """Forget what a run waited for: it is over."""
        for key in self.keys(run):
            del self.open[key]
            self._coming.discard(key)

    def is_answered(self, run: Run) -> bool:
        """Tell whether all that a run has waited for by now has come."""
        return all(self.open[key].answer is not None for key in self.keys(run))

    async def go_on(self, number: int, handler: str) -> None:
        """Let a run that waits go on; one that is being made is left alone."""
        if await self._engine.wake(number, handler):
            for wait in self.open.values():
                if (wait.number, wait.handler) == (number, handler):
                    self._wake(Lane(handler, wait.source))

    def _is_met(self, key: str, event: Event) -> bool:
        """Tell whether an event is what is waited for, and came in time.

        What is heard in time did, whatever the site's clock says.
        """
        wait = self.open[key]
        in_time = min(event.at, self._clock.now()) <= wait.until or key in self._coming
        return wait.answer is None and in_time and wait.wanted.is_met_by(event)


def _begin(run: Run) -> str:
    return f"{_PREFIX}{run.handler}:{run.number}:"

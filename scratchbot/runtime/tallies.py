"""Counting handlers' runs against their cooldowns and quotas."""

import json
from collections.abc import Iterable, Iterator

from scratchbot.clock import Clock
from scratchbot.engines.engine import NOTES, Engine
from scratchbot.events import Event
from scratchbot.handlers import Handler
from scratchbot.limits import Limit

_PREFIX = "limit:"
Times = list[tuple[float, str]]
"""When something was counted, and for which event."""


class Tallies:
    """Remembers when handlers with limits ran, in the store too."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._times: dict[str, Times] = {}

    async def load(self) -> None:
        """Go on counting where an earlier life has ended."""
        for key, value in (await self._engine.values(NOTES)).items():
            if key.startswith(_PREFIX):
                self._times[key] = [(at, event) for at, event in json.loads(value)]

    def take(self, handler: Handler, event: Event) -> Limit | None:
        """Count a run; return the limit that it goes beyond, if it does, and count nothing then.

        A run that happens again is counted once.
        """
        keys = [*_keys(handler, event)]
        for key, limit in keys:
            times = self._recent(key, limit)
            if len(times) >= limit.most and all(counted != event.id for _, counted in times):
                return limit
        for key, limit in keys:
            times = self._recent(key, limit)
            if all(counted != event.id for _, counted in times):
                times.append((self._clock.timestamp(), event.id))
        return None

    def give_back(self, handler: Handler, event: Event) -> None:
        """Count no more a run that came to nothing."""
        for key, limit in _keys(handler, event):
            self._times[key] = [each for each in self._recent(key, limit) if each[1] != event.id]

    def notes(self, handler: Handler, event: Event) -> dict[str, str | None]:
        """Return what is to be kept of a run that was counted."""
        return {key: json.dumps(self._recent(key, limit)) for key, limit in _keys(handler, event)}

    async def let_go(self, handlers: Iterable[Handler]) -> None:
        """Forget what no limit counts any more."""
        longest = {
            f"{_PREFIX}{handler.name}:{place}:": limit.seconds
            for handler in handlers
            for place, limit in enumerate(handler.limits)
        }
        now = self._clock.timestamp()
        for key, times in [*self._times.items()]:
            seconds = next((each for begin, each in longest.items() if key.startswith(begin)), 0.0)
            if not times or times[-1][0] + seconds < now:
                del self._times[key]
                await self._engine.keep(NOTES, key, None)

    def _recent(self, key: str, limit: Limit) -> Times:
        since = self._clock.timestamp() - limit.seconds
        times = [each for each in self._times.get(key, ()) if each[0] > since]
        self._times[key] = times
        return times


def _keys(handler: Handler, event: Event) -> Iterator[tuple[str, Limit]]:
    for place, limit in enumerate(handler.limits):
        yield f"{_PREFIX}{handler.name}:{place}:{limit.counts(event)}", limit

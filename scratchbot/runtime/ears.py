"""What the bot itself hears, before its handlers: answers that are waited for, and ``stop``."""

import asyncio
from typing import Any

from scratchbot.engines.engine import Outcome, Run
from scratchbot.events import CommentEvent, Event
from scratchbot.handlers import Function, Handler, read_handler
from scratchbot.policy import Policy
from scratchbot.runtime.manners import Manners, wants_silence
from scratchbot.runtime.tallies import Tallies
from scratchbot.runtime.waits import Waits

EARS = ":bot"
"""What no plugin can be called."""

PATIENT = Policy(retries=1_000)


class Ears:
    """Handlers that belong to no plugin, whose runs are stored with the event like all others."""

    def __init__(self, waits: Waits, manners: Manners, tallies: Tallies) -> None:
        self._waits = waits
        self._manners = manners
        self._tallies = tallies
        self._waking: set[asyncio.Task[Any]] = set()

        async def hear_answer(event: Event) -> None:
            await waits.hear(event)

        async def hear_stop(event: Event) -> None:
            await manners.hear(event)

        self._hear_answer = _ear(hear_answer)
        self._hear_stop = _ear(hear_stop)

    @property
    def handlers(self) -> tuple[Handler, ...]:
        """The handlers."""
        return (self._hear_stop, self._hear_answer)

    async def load(self) -> None:
        """Remember what an earlier life has heard."""
        await self._waits.load()
        await self._manners.load()
        await self._tallies.load()

    def takers(self, event: Event) -> tuple[Handler, ...]:
        """Return those that take an event."""
        is_word = isinstance(event, CommentEvent) and wants_silence(event.content) is not None
        if not is_word and not self._waits.open:
            return ()
        answer = (self._hear_answer,) if self._waits.want(event) else ()
        return (self._hear_stop, *answer) if is_word else answer

    def notes(self, handler: Handler, run: Run) -> dict[str, str | None]:
        """Return what is to be remembered, or not any more, of a run that is over."""
        kept: dict[str, str | None] = dict.fromkeys(self._waits.keys(run))
        if handler.limits:
            kept |= self._tallies.notes(handler, run.event)
        return kept

    async def settled(self) -> None:
        """Wait until the runs whose answers have come are about to go on."""
        while self._waking:
            await asyncio.wait(self._waking)

    def ended(self, run: Run, outcome: Outcome) -> None:
        """Hear that how a run ended is recorded."""
        if outcome.is_waiting:
            if self._waits.is_answered(run):
                waking = asyncio.create_task(self._waits.go_on(run.number, run.handler))
                self._waking.add(waking)
                waking.add_done_callback(self._waking.discard)
        elif outcome.state != "failed":
            self._waits.forget(run)


def _ear(function: Function) -> Handler:
    return read_handler(
        function,
        name=f"{EARS}.{function.__name__}",
        plugin=EARS,
        pattern="*",
        config=None,
        policy=PATIENT,
    )

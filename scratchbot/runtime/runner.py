"""Making one run: calling its handler, and saying how that ended."""

import asyncio
import traceback
from functools import partial
from random import Random

import structlog

from scratchbot.clock import Clock
from scratchbot.engines.engine import Outcome, Run
from scratchbot.errors import MannersError, StoreError, one_line
from scratchbot.handlers import Handler
from scratchbot.redaction import redact
from scratchbot.runtime.caller import Caller
from scratchbot.runtime.calls import Calls, is_cut_off
from scratchbot.runtime.kit import Kit
from scratchbot.runtime.retries import decide

LONGEST_TRACEBACK = 4_000
"""Characters, from its end."""


class Runner:
    """Has handlers called, each call within its time, and says how it ended."""

    def __init__(self, caller: Caller, calls: Calls, *, clock: Clock, jitter: Random) -> None:
        self._caller = caller
        self._calls = calls
        self._clock = clock
        self._jitter = jitter
        self._log = structlog.get_logger("scratchbot.handler")

    async def run(self, handler: Handler, run: Run) -> Outcome:
        """Call the handler once; whatever it raises becomes part of the outcome.

        :raises StoreError: if the store fails: that is not the handler's doing.
        """
        await self._calls.room(handler.name)
        kit = self._caller.kit(handler, run)
        started = self._clock.monotonic()
        error: BaseException | None = None
        try:
            await self._calls.make(
                handler.name,
                partial(self._caller.call, handler, kit),
                handler.policy.timeout,
                lasting=run.event.name == "bot.start",
            )
        except StoreError:
            raise
        except asyncio.CancelledError as raised:
            if is_cut_off():
                raise
            error = raised
        except BaseException as raised:
            error = raised
        finally:
            kit.close()
        return self._outcome(handler, run, kit, error, self._clock.monotonic() - started)

    def _outcome(
        self, handler: Handler, run: Run, kit: Kit, error: BaseException | None, duration: float
    ) -> Outcome:
        if kit.suspended is not None:
            until = kit.suspended.until
            return Outcome(
                duration=duration,
                writes={},
                error=f"waits, until {until:%Y-%m-%d %H:%M:%S} UTC at the latest",
                next_at=until,
                is_waiting=True,
            )
        if error is None or isinstance(error, MannersError):
            return Outcome(duration=duration, writes=kit.writes())
        return self._failed(handler, run, error, duration)

    def _failed(self, handler: Handler, run: Run, error: BaseException, duration: float) -> Outcome:
        retry = decide(error, run, handler.policy, self._clock.now(), self._jitter)
        self._log.debug("handler_raised", handler=handler.name, exc_info=error)
        return Outcome(
            duration=duration,
            writes={},
            error=one_line(error),
            traceback=redact("".join(traceback.format_exception(error))[-LONGEST_TRACEBACK:]),
            fault=retry.fault,
            next_at=retry.at,
        )

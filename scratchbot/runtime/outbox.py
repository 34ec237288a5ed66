"""The acts of one run: each is written down before it is sent, and done once."""

import asyncio
import base64
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import structlog

from scratchbot.aio.opening import ask
from scratchbot.clock import Clock
from scratchbot.engines.engine import ActKey, ActRecord, Engine, Run
from scratchbot.errors import (
    ParkedActError,
    ScratchbotError,
    SiteDownError,
    SiteError,
    UnexpectedAnswerError,
)
from scratchbot.site import AsyncSite
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.cloudhosts import find_host
from scratchbot.wire.cloudlog import MOST_LOGS, get_logs, shows, was_set_since
from scratchbot.wire.request import Act, Answer, Request, by_site_clock
from scratchbot.wire.settling import Asking, Effect, Look, Repeat, Trace

T = TypeVar("T")

PAUSE = 30.0
"""Seconds between two looks for what was perhaps done: longer than the site's caches live."""

_log = structlog.get_logger("scratchbot")


class Places:
    """Lets acts of one kind on one thing be sent, or looked for, one at a time.

    Else a look could take for its own what another act has made and not recorded yet.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def of(self, act: Act) -> asyncio.Lock:
        """Return what to hold meanwhile."""
        return self._locks.setdefault((act.kind, act.target), asyncio.Lock())


class Outbox:
    """Carries a run's acts to the site.

    An act is known by the event, the handler, its kind, its target, and which one of those it is.
    A run that happens again is given the recorded answer of what was done already. What may have
    been done, because its answer never came, is looked for before it is sent again.

    :param places: shared by all that act in the account's name.
    :param pause: seconds between two looks.
    """

    def __init__(
        self,
        run: Run,
        site: AsyncSite,
        engine: Engine,
        clock: Clock,
        *,
        places: Places,
        pause: float = PAUSE,
    ) -> None:
        self._run = run
        self._site = site
        self._engine = engine
        self._clock = clock
        self._places = places
        self._pause = pause
        self._returned: Counter[tuple[str, str]] = Counter()
        self._turns: dict[tuple[str, str], asyncio.Lock] = {}

    async def carry(
        self, request: Request[Any], act: Act, check: Callable[[Act], Awaitable[None]]
    ) -> tuple[Answer, bool]:
        """Do an act, once; return the site's answer, and whether it was sent now.

        :param check: raises what keeps the act from being sent, if it was not sent before.
        :raises ParkedActError: if only a person can tell whether it was done.
        """
        async with self._turn(act) as key:
            record = await self._engine.intend(key, self._clock.now(), act.text)
            if record is None:
                try:
                    await check(act)
                except ScratchbotError:
                    await self._engine.withdraw(key)
                    raise
                return await self._send(key, request, act), True
            if record.state == "done":
                return self._recorded(record, act), False
            return await self._settle(key, record, request, act)

    async def change_cloud(self, change: CloudChange) -> bool:
        """Change a cloud variable, once; return whether it was sent now.

        A change whose outcome is unknown is sent again, unless it is to be seen or was overtaken:
        the last value wins.
        """
        act = change.act
        async with self._turn(act) as key:
            record = await self._engine.intend(key, self._clock.now(), act.text)
            if record is not None:
                if record.state == "done":
                    return False
                if await self._is_over(change, record):
                    await self._engine.conclude(key, None, "")
                    return False
                await self._renew(key, act)
            await self._set(key, change)
            return True

    async def _set(self, key: ActKey, change: CloudChange) -> None:
        try:
            await self._site.change_cloud(change)
        except ScratchbotError as error:
            if is_surely_undone(error):
                await self._engine.withdraw(key)
            raise
        await self._engine.conclude(key, None, "")

    async def _is_over(self, change: CloudChange, record: ActRecord) -> bool:
        """Tell whether a variable holds what was to be set, or was set since, as far as is known.

        What is queued must have been set itself. Only Scratch's own server keeps a log, and that is
        at times broken for weeks.
        """
        try:
            held = await self._site.read_cloud(change.project_id, change.name, change.host)
            if held == record.text and not change.queue:
                return True
            if not find_host(change.host).keeps_log:
                return False
            request = get_logs(change.project_id, MOST_LOGS, 0)
            answer = await self._site.exchange(request)
            logs = request.result(answer)
        except SiteError:
            return False
        since = by_site_clock(answer, record.at)
        if change.queue:
            username = self._site.account.username or ""
            return shows(logs, change.name, record.text, username, since)
        return was_set_since(logs, change.name, since)

    @asynccontextmanager
    async def _turn(self, act: Act) -> AsyncIterator[ActKey]:
        """Give the key of an act; what raises did not count, so a second try is the same act."""
        kind = (act.kind, act.target)
        async with self._turns.setdefault(kind, asyncio.Lock()):
            yield ActKey(
                number=self._run.number,
                handler=self._run.handler,
                kind=act.kind,
                target=act.target,
                count=self._returned[kind],
            )
            self._returned[kind] += 1

    async def _send(
        self, key: ActKey, request: Request[Any], act: Act, done: Collection[int] = ()
    ) -> Answer:
        """Send an act; what the site surely did not do is forgotten.

        :param done: statuses which say that it was done already.
        """
        is_refusal = False
        async with self._places.of(act):
            try:
                answer = await self._site.exchange(request)
                if answer.status in done:
                    answer = Answer(status=200, body=act.rehearsed)
                is_refusal = 400 <= answer.status < 500
                request.result(answer)
            except ScratchbotError as error:
                if is_refusal or is_surely_undone(error):
                    await self._engine.withdraw(key)
                raise
            await self._conclude(key, act.made(answer), answer)
            return answer

    async def _settle(
        self, key: ActKey, record: ActRecord, request: Request[Any], act: Act
    ) -> tuple[Answer, bool]:
        """Find out what became of an act, and do it if it was not done."""
        if record.state == "intended":
            match act.settling:
                case Repeat(done):
                    return await self._send(key, request, act, done), True
                case Look() as look:
                    found = await self._look_twice(key, act, look, record)
                    if found is not None:
                        return found, False
                    if look.again:
                        await self._renew(key, act)
                        return await self._send(key, request, act), True
            await self._engine.park(key)
        raise ParkedActError(
            f"{act} may have been done or not, and only you can tell: look on the site, "
            "then retry the run, which does it again, or drop it"
        )

    async def _renew(self, key: ActKey, act: Act) -> None:
        """Write an act down anew: what is looked for next time is what is said now."""
        await self._engine.withdraw(key)
        await self._engine.intend(key, self._clock.now(), act.text)

    async def _look_twice(
        self, key: ActKey, act: Act, look: Look, record: ActRecord
    ) -> Answer | None:
        """Look for what an act brought about: the site's caches may not show it at once."""
        trace = Trace(self._site.account.username or "", record.text or "", record.at)
        for is_second in (False, True):
            if is_second:
                await self._clock.sleep(self._pause)
            async with self._places.of(act):
                effect = await self._look(look, trace)
                if effect is not None:
                    return await self._found(key, act, effect)
        return None

    async def _found(self, key: ActKey, act: Act, effect: Effect) -> Answer:
        answer = effect.answer or Answer(status=200, body=act.rehearsed)
        await self._conclude(key, effect.made, answer)
        _log.info("act_found", handler=key.handler, act=act.kind, target=act.target)
        return answer

    async def _look(self, look: Look, trace: Trace) -> Effect | None:
        """Return what an act brought about and no other act did, if that can be told."""
        effects = {effect.made: effect for effect in await self._ask(look.effects(trace))}
        taken = await self._engine.taken([made for made in effects if made is not None])
        free = [effect for made, effect in effects.items() if made not in taken]
        return free[0] if len(free) == 1 or (free and look.again) else None

    async def _ask(self, asking: Asking[T]) -> T:
        """Answer one request after the other; return what they led to."""
        meant: Any = None
        while True:
            try:
                request = asking.send(meant)
            except StopIteration as end:
                found: T = end.value
                return found
            meant = await ask(self._site, request)

    async def _conclude(self, key: ActKey, made: str | None, answer: Answer) -> None:
        await self._engine.conclude(key, made, _written(answer))

    def _recorded(self, record: ActRecord, act: Act) -> Answer:
        if record.text != act.text:
            _log.warning("act_kept", act=act.kind, target=act.target, why="said otherwise before")
        return _read(record.answer or "")


def is_surely_undone(error: ScratchbotError) -> bool:
    """Tell whether an error says that an act was not done, and not only that nobody knows."""
    if isinstance(error, SiteDownError):
        return not error.arrived
    return not isinstance(error, UnexpectedAnswerError)


def _written(answer: Answer) -> str:
    headers = {name: answer.headers[name] for name in ("location",) if name in answer.headers}
    body = base64.b64encode(answer.body).decode()
    return json.dumps({"status": answer.status, "headers": headers, "body": body})


def _read(text: str) -> Answer:
    kept = json.loads(text)
    return Answer(
        status=kept["status"], headers=kept["headers"], body=base64.b64decode(kept["body"])
    )

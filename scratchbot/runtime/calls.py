"""Calls of handlers: each in a task of its own, so that one which does not end is left behind."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import structlog

T = TypeVar("T")

LAST_SECONDS = 5.0
"""What a call has to come to its end when its time is over."""
MOST_LEFT = 100
"""A handler is not called while this many of the threads and tasks of earlier calls go on."""

_log = structlog.get_logger("scratchbot")


class Call:
    """One call of a handler, under way.

    ``ended`` is how it ended: its result, or else what it raised; ``started`` is what it started
    and what goes on, each a future that is done at its end.
    """

    def __init__(self, handler: str, function: Callable[[], Awaitable[Any]]) -> None:
        self.handler = handler
        self.is_late = False
        self.started: set[asyncio.Future[Any]] = set()
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[tuple[Any, BaseException | None]] = self._loop.create_future()
        self.task = self._loop.create_task(self._contain(function), name=handler)

    async def end_within(self, seconds: float) -> tuple[Any, BaseException | None]:
        """Return how the call ended; break it off when it takes longer."""
        await asyncio.sleep(0)
        if self.ended.done():  # In its first step, as most do: they need no timer.
            return self.ended.result()
        timer = self._loop.call_later(seconds, self._expire)
        try:
            return await self.ended
        finally:
            timer.cancel()

    async def end(self) -> None:
        """Break the call off, and wait some seconds for its end."""
        self.task.cancel()
        await asyncio.wait([self.task], timeout=LAST_SECONDS)

    def note(self, started: "asyncio.Future[Any]") -> None:
        """Note something that was started."""
        self.started.add(started)
        started.add_done_callback(self.started.discard)

    async def _contain(self, function: Callable[[], Awaitable[Any]]) -> None:
        """Await the handler, whose errors stay here: some would end the loop."""
        _current.set(self)
        try:
            self._settle(await function(), None)
        except BaseException as error:
            self._settle(None, error)

    def _expire(self) -> None:
        self.is_late = True
        self.task.cancel()
        self._loop.call_later(LAST_SECONDS, self._settle, None, asyncio.CancelledError())

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if not self.ended.done():
            self.ended.set_result((result, error))


_current: ContextVar[Call | None] = ContextVar("scratchbot_call", default=None)
_starters: WeakKeyDictionary["asyncio.Task[Any]", str] = WeakKeyDictionary()
"""Whose call has started a task. Python before 3.13.3 unnames what a task factory has named."""


class Calls:
    """Calls handlers, and bounds what their calls leave behind.

    :param told: is told that a handler is not called for now.
    """

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._left: defaultdict[str, set[asyncio.Future[Any]]] = defaultdict(set)
        self._logged: set[tuple[str, str]] = set()

    async def room(self, handler: str) -> None:
        """Wait while too much goes on of what earlier calls of a handler started."""
        left = self._left[handler]
        if len(left) < MOST_LEFT:
            return
        if self._is_new("handler_held", handler, left=len(left)):
            self._told(
                f"{handler} is not called for now: {len(left)} of the threads and tasks that its "
                "calls started do not end; what it is to do is kept until some do, or until you "
                "have mended it and start the bot anew"
            )
        while len(left) >= MOST_LEFT:
            await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)

    async def make(
        self, handler: str, function: Callable[[], Awaitable[T]], seconds: float, *, lasting: bool
    ) -> T:
        """Call a handler and return what it returns; it raises whatever the handler raises.

        :param seconds: how long it may take.
        :param lasting: whether the tasks that it starts are meant to go on.
        :raises TimeoutError: if it took longer.
        """
        call = Call(handler, function)
        try:
            result, error = await call.end_within(seconds)
        except asyncio.CancelledError:
            await call.end()
            raise
        finally:
            if call.started or not call.task.done():
                self._leave(call, lasting=lasting)
        if call.is_late and isinstance(error, asyncio.CancelledError):
            raise TimeoutError(f"it took longer than timeout={seconds:g} seconds") from error
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return] # it is what the function returned

    def _leave(self, call: Call, *, lasting: bool) -> None:
        """Remember what goes on of a call that is over."""
        left = self._left[call.handler]
        for started in [one for one in (call.task, *call.started) if not one.done()]:
            if started is call.task or not isinstance(started, asyncio.Task):
                self._is_new("handler_stuck", call.handler)
            elif lasting or started.cancelling():
                continue
            else:
                self._is_new("task_leaked", call.handler, task=_name(started))
            left.add(started)
            started.add_done_callback(left.discard)

    def _is_new(self, event: str, handler: str, **fields: object) -> bool:
        """Log something of a handler unless that was done before, and tell which."""
        if (event, handler) in self._logged:
            return False
        self._logged.add((event, handler))
        _log.warning(event, handler=handler, **fields)
        return True


def note(started: "asyncio.Future[Any]") -> None:
    """Note something that was started by the call that goes on here, if one does."""
    call = _current.get()
    if call is not None:
        call.note(started)


@contextmanager
def noting_tasks(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Let each new task be noted in the call that starts it."""
    before = loop.get_task_factory()
    create: Any = before or _create

    def make(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> Any:
        task: Any = create(loop, coroutine, **options)
        call = _current.get()
        if call is not None:
            call.note(task)
            _starters[task] = call.handler
        return task

    loop.set_task_factory(make)
    try:
        yield
    finally:
        loop.set_task_factory(before)


def handler_of(task: "asyncio.Task[Any]") -> str:
    """Return the handler whose call a task is, or was started in; of other tasks, the name."""
    return _starters.get(task) or task.get_name()


def is_cut_off() -> bool:
    """Tell whether this task was told to end, as opposed to a handler that says so itself."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


@contextmanager
def outside() -> Iterator[None]:
    """Let what is started meanwhile belong to no call: it serves others too."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def _create(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> "asyncio.Task[Any]":
    return asyncio.Task(coroutine, loop=loop, **options)


def _name(task: "asyncio.Task[Any]") -> str:
    return getattr(task.get_coro(), "__qualname__", task.get_name())

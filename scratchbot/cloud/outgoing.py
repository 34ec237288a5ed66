"""The changes that wait to be sent."""

import asyncio
from collections import deque

from scratchbot.wire.cloud import CloudChange


class Waiting:
    """A change that waits, and those who wait for it.

    :ivar sent: is done when it is sent, or will never be.
    """

    def __init__(self, change: CloudChange) -> None:
        self.change = change
        self.sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.callers = 0

    def end(self, error: Exception | None = None) -> None:
        """Say that it was sent, or why it will not be."""
        if self.callers and error is not None:
            self.sent.set_exception(error)
        elif not self.sent.done():
            self.sent.set_result(None)


class Outgoing:
    """Keeps changes in order; of a variable's sets that wait only the last is sent.

    It takes the place of the one that it replaces, so that no variable waits for ever behind
    another that is set all the time. Sets that must not be merged, creations and deletions stay
    where they are, and no set passes one of the same variable.
    """

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._mergeable: dict[str, Waiting] = {}
        self._some = asyncio.Event()

    def add(self, change: CloudChange) -> Waiting:
        """Put a change; return what to wait for, and to :meth:`leave` when that is over."""
        waiting = self._mergeable.get(change.name)
        is_plain = change.method == "set" and not change.queue
        if waiting is not None and is_plain:
            waiting.change = change
        else:
            waiting = Waiting(change)
            self._waiting.append(waiting)
            self._mergeable.pop(change.name, None)
            if is_plain:
                self._mergeable[change.name] = waiting
        waiting.callers += 1
        self._some.set()
        return waiting

    def leave(self, waiting: Waiting) -> None:
        """Wait for a change no longer; what nobody waits for is not sent."""
        waiting.callers -= 1
        if not waiting.callers and waiting in self._waiting:
            self._waiting.remove(waiting)
            self._forget(waiting)

    async def some(self) -> None:
        """Wait until there is a change to send."""
        while not self._waiting:
            self._some.clear()
            await self._some.wait()

    def take(self) -> Waiting | None:
        """Return the change whose turn it is, if any waits still."""
        if not self._waiting:
            return None
        waiting = self._waiting.popleft()
        self._forget(waiting)
        return waiting

    def give_up(self, error: Exception) -> None:
        """Say to all who wait that nothing more will be sent."""
        while (waiting := self.take()) is not None:
            waiting.end(error)

    def _forget(self, waiting: Waiting) -> None:
        if self._mergeable.get(waiting.change.name) is waiting:
            del self._mergeable[waiting.change.name]

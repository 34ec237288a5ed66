"""Those who listen to a cloud socket."""

import asyncio
from collections.abc import Callable

from scratchbot.cloud.memory import KEPT, Memory
from scratchbot.cloud.notices import CHANGES, CloudNotice

WAITING_NOTICES = 1_000

Listener = Callable[[CloudNotice], None]


class Queue:
    """What a listener that takes its time has not taken yet."""

    def __init__(self) -> None:
        self._waiting: list[CloudNotice] = []
        self._changed = asyncio.Event()
        self._taken = asyncio.Event()
        self._is_over = False

    def add(self, notice: CloudNotice) -> None:
        """Put one more."""
        self._waiting.append(notice)
        self._changed.set()

    def end(self) -> None:
        """Say that nothing more will come."""
        self._is_over = True
        self._changed.set()

    async def room(self, is_urgent: Callable[[], bool]) -> None:
        """Wait until there are not too many.

        :param is_urgent: whether there is no time to wait; looked at again at :meth:`hurry`.
        """
        while len(self._waiting) >= WAITING_NOTICES and not is_urgent():
            self._taken.clear()
            await self._taken.wait()

    def hurry(self) -> None:
        """Let who waits for room look whether there is time for it."""
        self._taken.set()

    async def take(self) -> list[CloudNotice]:
        """Wait for what comes, and return all that has come; nothing when nothing will."""
        while not self._waiting and not self._is_over:
            self._changed.clear()
            await self._changed.wait()
        waiting, self._waiting = self._waiting, []
        self._taken.set()
        return waiting


class LatestQueue(Queue):
    """Keeps of each variable only the newest change to be told, so that it never grows.

    Those before it stay as if the bot had made them: they were heard, which must be known when the
    log is read after a gap.
    """

    def add(self, notice: CloudNotice) -> None:
        """Put one more, so that the last change of the same variable is told no more."""
        same = [place for place, waiting in enumerate(self._waiting) if _is_same(waiting, notice)]
        for place in same:
            earlier = self._waiting[place]
            if earlier.kind in CHANGES and notice.kind != "unsure":
                self._waiting[place] = earlier._replace(kind="own")
                notice = notice._replace(previous=earlier.previous)
        if len(same) == (KEPT if notice.variable else 1):
            del self._waiting[same[0]]
        super().add(notice)


def _is_same(one: CloudNotice, other: CloudNotice) -> bool:
    """Tell whether two notices are about the same: a variable, or the socket."""
    if one.variable or other.variable:
        return one.variable == other.variable
    return one.kind == other.kind


class Audience:
    """Tells listeners what is noticed, and remembers it for the time after a gap.

    :ivar queues: of those who take their time; a socket that minds :meth:`Queue.room` does not hear
        faster than they take.
    """

    def __init__(self) -> None:
        self.memory = Memory()
        self._watchers: list[Listener] = []
        self._listeners: list[Listener] = []
        self.queues: list[Queue] = []
        self._is_over = False

    def add(self, listener: Listener) -> None:
        """Call a function with all that is told from now on."""
        self._listeners.append(listener)

    def watch(self, watcher: Listener) -> None:
        """Call a function with what is told of the socket, and not of variables."""
        self._watchers.append(watcher)

    def remove(self, listener: Listener) -> None:
        """Call a function no longer."""
        self._listeners.remove(listener)

    def open_queue(self, *, only_latest: bool = False) -> Queue:
        """Return what all that is told from now on waits in, until it is taken.

        :param only_latest: whether of each variable only the newest waits.
        """
        queue = LatestQueue() if only_latest else Queue()
        if self._is_over:
            queue.end()
        self.queues.append(queue)
        self._listeners.append(queue.add)
        return queue

    def close_queue(self, queue: Queue) -> None:
        """Let no more be put into a queue."""
        self.queues.remove(queue)
        self._listeners.remove(queue.add)

    def hurry(self) -> None:
        """Let a socket that waits for room look whether there is time for it."""
        for queue in self.queues:
            queue.hurry()

    def tell(self, notice: CloudNotice) -> None:
        """Tell all listeners."""
        self.memory.note(notice)
        if not notice.variable:
            for watcher in self._watchers:
                watcher(notice)
        for listener in self._listeners:
            listener(notice)

    def end(self) -> None:
        """Say that nothing more will be told."""
        self._is_over = True
        for queue in self.queues:
            queue.end()

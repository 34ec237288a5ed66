"""One open connection to a cloud server, from its handshake to its end."""

import asyncio
import contextlib
import math
from collections import Counter
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import structlog
from websockets.exceptions import ConnectionClosed

from scratchbot.budget import Bucket
from scratchbot.clock import Clock
from scratchbot.cloud.ahead import without_what_comes
from scratchbot.cloud.alignment import find_gap, floor
from scratchbot.cloud.audience import Audience
from scratchbot.cloud.bursts import BurstConnection
from scratchbot.cloud.catchup import tell_differences, tell_gone, tell_rows
from scratchbot.cloud.game import Game
from scratchbot.cloud.logreader import LogReading, read_back
from scratchbot.cloud.notices import CloudNotice, Kind
from scratchbot.cloud.outgoing import Outgoing
from scratchbot.cloud.sending import Sending
from scratchbot.cloud.site import CloudSite
from scratchbot.errors import SiteError
from scratchbot.wire.cloud import CloudPacket, PacketReader, handshake

GREETING_WITHIN = 1.0
"""Seconds from a greeting's first message to its last."""
SILENT_FOR = 2.0
"""Seconds after which a server that has said nothing is one without variables."""
EXPECTED_WITHIN = 5.0
"""Seconds that a server has for its greeting, if it had variables before."""
LOG_WITHIN = 10.0

GREET = "greet"

T = TypeVar("T")
Change = tuple[Kind, str, str | None]
"""What is done to a variable, which, and its new value."""

_log = structlog.get_logger("scratchbot.cloud")


class Talk:
    """Greets, catches up with what was missed, then hears and sends until the connection ends.

    :ivar has_connected: whether the server has let us in.
    """

    def __init__(
        self,
        connection: BurstConnection,
        game: Game,
        *,
        audience: Audience,
        outgoing: Outgoing,
        pace: Bucket | None,
        site: CloudSite,
        clock: Clock,
    ) -> None:
        self.has_connected = False
        self._connection = connection
        self._game = game
        self._audience = audience
        self._memory = audience.memory
        self._sending = Sending(
            connection, game, audience=audience, outgoing=outgoing, pace=pace, clock=clock
        )
        self._site = site
        self._clock = clock
        self._reader = PacketReader()
        self._is_first = audience.memory.is_new
        self._is_greeted = False
        self._greeting_until = math.inf
        self._greeted_at = 0
        self._named: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Talk until the connection is closed."""
        try:
            with contextlib.suppress(ConnectionClosed):
                await self._talk()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _talk(self) -> None:
        game = self._game
        self._connection.connection_lost_waiter.add_done_callback(lambda _: self._audience.hurry())
        await self._connection.send(handshake(game.username, game.project_id))
        said = await self._greeting()
        self.has_connected = True
        self._tell("connect")
        said = await self._catch_up(said)
        now = self._now
        for packet in said:
            self._take(packet, now)
        self._begin(self._sending.run())
        while True:
            messages = await self._connection.take()
            now = self._now
            for packet in self._read(messages):
                self._take(packet, now)
            for queue in self._audience.queues:
                await queue.room(self._is_urgent)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    def _is_urgent(self) -> bool:
        """Tell whether to go on though listeners are slow: they may wait for what they set."""
        return self._sending.awaits_an_answer() or self._connection.connection_lost_waiter.done()

    # Hearing

    async def _greeting(self) -> list[CloudPacket]:
        """Return what the server says first."""
        messages: list[bytes] = []
        is_expected = self._memory.values and not self._is_first
        # Python 3.11's wait_for can swallow that the socket is being closed; timeout does not.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(EXPECTED_WITHIN if is_expected else SILENT_FOR):
                messages = await self._connection.take()
        self._greeted_at = self._now
        said = self._read(messages[:1])
        more = GREETING_WITHIN if messages and not self._game.host.greets_at_once else 0.0
        self._greeting_until = self._clock.monotonic() + more
        return said + self._read(messages[1:])

    def _read(self, messages: Sequence[bytes]) -> list[CloudPacket]:
        """Return the packets of messages, the values with which the server greets as ``GREET``."""
        packets = self._reader.read(messages)
        return packets if self._is_greeted else [self._find_greeting(each) for each in packets]

    def _find_greeting(self, packet: CloudPacket) -> CloudPacket:
        """Tell the values with which a server greets from changes: the protocol does not."""
        names = {name for _, name, _ in self._changes(packet)}
        is_early = self._clock.monotonic() < self._greeting_until
        self._is_greeted = self._is_first and not is_early
        is_greeting = packet.method == "set" and is_early and not names <= self._named
        self._named |= names
        return packet._replace(method=GREET) if is_greeting else packet

    def _take(self, packet: CloudPacket, at: int) -> None:
        method, name, value, _ = packet
        if method == "set" and name and value is not None:
            previous = self._memory.values.get(name)
            self._audience.tell(CloudNotice("set", at, name, value, previous))
            return
        for kind, variable, value in self._changes(packet):
            previous = self._memory.values.get(variable)
            self._audience.tell(CloudNotice(kind, at, variable, value, previous))
        self._tell_each(self._differences([packet]))

    def _differences(self, said: Sequence[CloudPacket]) -> Iterator[CloudNotice]:
        """Yield how the values with which the server greets differ from those that are known.

        What was sent meanwhile is newer.
        """
        values = self._values(said)
        return tell_differences(self._memory, values, self._now, is_first=self._is_first)

    def _values(self, said: Sequence[CloudPacket]) -> dict[str, str]:
        """Return the values with which the server greets."""
        return {
            packet.name: packet.value or ""
            for packet in said
            if packet.method == GREET and packet.name not in self._sending.names
        }

    def _changes(self, packet: CloudPacket) -> tuple[Change, ...]:
        """Return what a packet does."""
        method, name, value, new_name = packet
        if not name:
            return ()
        if method == "set":
            return () if value is None else (("set", name, value),)
        if method == "create":
            return (("create", name, "0" if value is None else value),)
        if method == "delete":
            return (("delete", name, None),)
        if method == "rename" and new_name:
            held = self._memory.values.get(name, "0")
            return (("delete", name, None), ("create", new_name, held))
        return ()

    # Catching up

    async def _catch_up(self, said: list[CloudPacket]) -> list[CloudPacket]:
        """Tell what was missed; return the changes that the server says meanwhile."""
        keeps_log, reading = self._game.host.keeps_log, None
        if keeps_log and not self._is_first:
            reading, held = await self._holding(self._look_back())
            said += held
        if reading is not None:
            self._tell_log(reading, said)
        else:
            self._tell_each(self._differences(said))
        self._tell("ready")
        if self._is_first and keeps_log:
            self._begin(self._account())
        elif not self._is_first:
            self._begin(self._miss())
        return [packet for packet in said if packet.method != GREET]

    async def _holding(self, work: Coroutine[Any, Any, T]) -> tuple[T, list[CloudPacket]]:
        """Do something else while the server goes on talking; return what it said, too."""
        held: list[CloudPacket] = []
        tasks = working, hearing = asyncio.create_task(work), asyncio.create_task(self._hold(held))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                await hearing
            return working.result(), held
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _hold(self, held: list[CloudPacket]) -> None:
        while True:
            held += self._read(await self._connection.take())

    def _tell_log(self, reading: LogReading, said: Sequence[CloudPacket]) -> None:
        after = [(name, value) for packet in said for _, name, value in self._changes(packet)]
        known, greeting = self._memory.values, self._values(said)
        reading = without_what_comes(reading, known, greeting, after, self._greeted_at)
        gap = find_gap(reading, self._memory, after)
        self._tell_each(tell_rows(self._memory, gap.rows, self._now))
        unlogged = Counter(gap.unlogged)
        for notice in self._differences(said):
            self._audience.tell(notice)
            unlogged[notice.variable] += notice.kind != "value"
        self._tell("accounted", accounted=reading.accounted, unlogged=unlogged)
        if not reading.is_whole:
            self._tell(
                "trouble",
                text=f"the cloud log of project {self._game.project_id} says more than can be "
                f"read of the time away: only its last {len(reading.rows)} changes are told",
            )

    async def _look_back(self) -> LogReading | None:
        """Read the log, and let the server name all that it has."""
        reading = await self._read_log()
        logged = {row.variable for row in reading.rows} if reading is not None else set()
        if not self._named >= self._memory.values.keys() | logged:
            await self._clock.sleep(GREETING_WITHIN)
        return reading

    async def _read_log(self) -> LogReading | None:
        """Read the log as far as it matters, unless the site cannot give it now."""
        project_id, memory = self._game.project_id, self._memory
        try:
            async with asyncio.timeout(LOG_WITHIN):
                return await read_back(
                    self._site, project_id, lambda skew: floor(memory, skew), self._clock
                )
        except (SiteError, TimeoutError) as error:
            _log.warning("cloud_log_unread", project=project_id, error=str(error)[:200])
            return None

    async def _account(self) -> None:
        """Learn where the log stands, before the first gap; without it, go by the clock."""
        reading = await self._read_log()
        if reading is not None:
            unlogged = find_gap(reading, self._memory, ()).unlogged
            self._tell("accounted", accounted=reading.accounted, unlogged=unlogged)

    async def _miss(self) -> None:
        """Tell which variables are gone, once the server has had its time to name all."""
        await self._clock.sleep(GREETING_WITHIN)
        self._is_greeted = True
        if self._named or not self._game.host.keeps_log:
            self._tell_each(tell_gone(self._memory, self._named | self._sending.names, self._now))

    # Telling

    def _tell_each(self, notices: Iterable[CloudNotice]) -> None:
        for notice in notices:
            self._audience.tell(notice)

    def _tell(self, kind: Kind, **more: Any) -> None:
        """Tell what is not about a variable."""
        self._audience.tell(CloudNotice(kind, self._now, **more))

    @property
    def _now(self) -> int:
        return int(self._clock.timestamp() * 1000)

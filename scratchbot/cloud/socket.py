"""The cloud variables of one project, over one socket that comes back when it drops."""

import asyncio
import contextlib
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncGenerator, Mapping
from random import Random

import structlog
from websockets.exceptions import WebSocketException

from scratchbot.budget import Bucket
from scratchbot.clock import Clock
from scratchbot.cloud.audience import Audience, Listener, Queue
from scratchbot.cloud.closes import BAD_USERNAME, final_error, pause
from scratchbot.cloud.game import Game
from scratchbot.cloud.memory import Memory
from scratchbot.cloud.notices import CloudNotice, Kind
from scratchbot.cloud.opening import connecting
from scratchbot.cloud.outgoing import Outgoing
from scratchbot.cloud.sending import unknown_variable, unreachable
from scratchbot.cloud.sighting import Sighting
from scratchbot.cloud.site import CloudSite
from scratchbot.cloud.talk import Talk
from scratchbot.errors import LOST, ClosedError, SiteError
from scratchbot.settings import Network
from scratchbot.wire.cloud import CHECK_EVERY, NO_HEADERS, CloudChange
from scratchbot.wire.cloudhosts import CloudHost

SETS_A_SECOND = 10
OPENED_WITHIN = 30.0
STABLE_AFTER = 60.0

_log = structlog.get_logger("scratchbot.cloud")


class CloudSocket:
    """Keeps a connection to a cloud server, and tells what it hears.

    :param every: seconds from one check that the other side is there to the next. One that has not
        answered by the next is given up: a dead connection is found within twice this time.
    :param headers: what is sent besides the usual when it is opened.
    :param openings: how fast all sockets together may be opened.
    :ivar ended: why it will not come back, if it will not.
    """

    def __init__(
        self,
        project_id: int | str,
        host: CloudHost,
        *,
        site: CloudSite,
        network: Network,
        clock: Clock,
        jitter: Random,
        every: float = CHECK_EVERY,
        headers: Mapping[str, str] = NO_HEADERS,
        openings: Bucket | None = None,
    ) -> None:
        self.project_id = project_id
        self.host = host
        self.ended: SiteError | ClosedError | None = None
        self._site = site
        self._network = network
        self._clock = clock
        self._jitter = jitter
        self._every = every
        self._headers = headers
        self._openings = openings
        self._pace = Bucket(SETS_A_SECOND, 1, clock) if network.limits else None
        self._audience = Audience()
        self._audience.watch(self._hear)
        self._outgoing = Outgoing()
        self._is_ready = asyncio.Event()
        self._has_doubted = False
        self._trouble = ""
        self._life: asyncio.Task[None] | None = None

    def start(self) -> "asyncio.Task[None]":
        """Connect, and stay connected, in the background; starting twice changes nothing.

        :returns: its life, which ends when it is closed or :attr:`ended`.
        """
        if self._life is None:
            self._life = asyncio.create_task(self._live(), name=f"cloud {self.project_id}")
        return self._life

    async def close(self) -> None:
        """Close the socket for good."""
        if self._life is not None:
            self._life.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._life
            self._life = None

    async def live(self) -> None:
        """Start, and wait until it ends.

        :raises SiteError: why it will not come back.
        :raises ClosedError: if the session that it reaches the site by is closed.
        """
        await asyncio.shield(self.start())
        self.check_life()

    def check_life(self) -> None:
        """Do nothing while the socket can come back.

        :raises SiteError: why it will not.
        """
        if self.ended is not None:
            raise self.ended.with_traceback(None)

    @property
    def memory(self) -> Memory:
        """What it has heard."""
        return self._audience.memory

    def recall(self, memory: Memory) -> None:
        """Go on from what was heard in an earlier life; before the socket is started."""
        self._audience.memory = memory

    async def get(self, variable: str) -> str:
        """Return a variable's value, waiting for the first values of a new socket.

        :raises SiteDownError: if the server does not answer.
        :raises NotFoundError: if the project has no such cloud variable.
        """
        self.start()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OPENED_WITHIN):
                await self._is_ready.wait()
        self.check_life()
        if not self._is_ready.is_set():
            raise unreachable(self.project_id, arrived=False)
        return self.value(variable)

    def value(self, variable: str) -> str:
        """Return a variable's value, as far as it is known by now.

        :raises NotFoundError: if the project has no such cloud variable.
        :raises SiteError: why it cannot be known any more.
        """
        self.check_life()
        try:
            return self.memory.values[variable]
        except KeyError:
            raise unknown_variable(self.project_id, variable) from None

    def listen(self, listener: Listener) -> None:
        """Call a function with all that the socket sees from now on."""
        self._audience.add(listener)

    def open_queue(self) -> Queue:
        """Return what all that the socket sees from now on waits in, until it is taken."""
        return self._audience.open_queue()

    async def notices(self, *, only_latest: bool = False) -> AsyncGenerator[list[CloudNotice]]:
        """Yield what the socket sees from now on, as much at a time as waits; end when it ends.

        :param only_latest: whether of what waits only the newest of each variable is kept.
        """
        queue = self._audience.open_queue(only_latest=only_latest)
        try:
            self.start()
            while notices := await queue.take():
                yield notices
        finally:
            self._audience.close_queue(queue)

    async def change(self, change: CloudChange) -> None:
        """Make a change; return when it was sent, or a newer set of the same variable was.

        One that must not be merged is sent when the server has answered a ping after it.

        :raises NotFoundError: if there is no such variable and setting makes none.
        :raises InputError: if there is no room for another variable.
        :raises SiteDownError: if the socket is not open in time, or drops while sending; if the
            change is to be seen, and cannot be.
        """
        self.check_life()
        life = self.start()
        since = self._clock.now()
        waiting = self._outgoing.add(change)
        try:
            while not waiting.sent.done():
                await asyncio.wait(
                    [waiting.sent, life], timeout=OPENED_WITHIN, return_when=FIRST_COMPLETED
                )
                is_lost = life.done() or not self._is_ready.is_set()
                if is_lost and not waiting.sent.done():
                    raise unreachable(self.project_id, arrived=False)
            waiting.sent.result()
        finally:
            self._outgoing.leave(waiting)
        if change.seen:
            sent, keeps_log = waiting.change, self.host.keeps_log
            sighting = Sighting(sent, since, self._audience, keeps_log=keeps_log)
            await sighting.come(self._site, self._name)

    @property
    def _name(self) -> str:
        return self._site.account.username or "scratchbot"

    def _hear(self, notice: CloudNotice) -> None:
        match notice.kind:
            case "connect":
                self._has_doubted, self._trouble = False, ""
            case "ready":
                self._is_ready.set()
            case "disconnect":
                self._is_ready.clear()

    async def _live(self) -> None:
        """Connect again and again, ever more rarely while it does not last."""
        attempts = 0
        try:
            while self.ended is None:
                code, has_lasted = await self._try()
                attempts = 1 if has_lasted else attempts + 1
                self.ended = await self._verdict(code)
                if self.ended is None:
                    await self._clock.sleep(pause(code, attempts, self._jitter))
            self._tell_trouble(self.ended)
        except ClosedError as error:
            self.ended = error
        finally:
            self._outgoing.give_up(self.ended or unreachable(self.project_id, arrived=False))
            self._audience.end()
            self._is_ready.set()

    async def _try(self) -> tuple[int | None, bool]:
        """Connect and talk; return the code with which it was closed, and whether it lasted."""
        try:
            await self._site.require_cloud_login(self.host.address)
            if self._openings is not None:
                await self._openings.take()
            account = self._site.account
            opening = connecting(self.host, self._network, account, self._every, self._headers)
            async with opening as connection:
                began = self._clock.monotonic()
                talk = Talk(
                    connection,
                    Game(self.project_id, self.host, self._name),
                    audience=self._audience,
                    outgoing=self._outgoing,
                    pace=self._pace,
                    site=self._site,
                    clock=self._clock,
                )
                try:
                    await talk.run()
                finally:
                    await connection.close()
        except (OSError, WebSocketException, TimeoutError, SiteError) as error:
            self._note(error)
            return None, False
        code = connection.close_code
        if talk.has_connected:
            self._tell("disconnect", code=code)
        else:
            _log.warning("cloud_refused", project=self.project_id, code=code)
        return code, self._clock.monotonic() - began >= STABLE_AFTER

    async def _verdict(self, code: int | None) -> SiteError | None:
        """Return why there is no use in coming back, or ``None`` if there is."""
        if code == BAD_USERNAME and self.host.needs_login and not self._has_doubted:
            self._has_doubted = True
            try:
                await self._site.doubt_session()
            except SiteError as error:
                self._note(error)
            return None
        return final_error(code, self.project_id, self.host, self._name)

    def _note(self, error: Exception) -> None:
        """Log why there is no connection; tell of a lost log-in, which needs a person."""
        if isinstance(error, LOST):
            self._tell_trouble(error)
        _log.warning("cloud_unreachable", project=self.project_id, error=str(error)[:200])

    def _tell_trouble(self, error: Exception) -> None:
        text = f"the cloud variables of project {self.project_id} cannot be heard: {error}"
        if text != self._trouble:
            self._trouble = text
            self._tell("trouble", text=text)

    def _tell(self, kind: Kind, *, code: int | None = None, text: str = "") -> None:
        at = int(self._clock.timestamp() * 1000)
        self._audience.tell(CloudNotice(kind, at, code=code, text=text))

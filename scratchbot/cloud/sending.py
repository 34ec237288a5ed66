"""Sending what waits over one connection, as fast as its server takes it."""

import asyncio

from scratchbot.budget import Bucket
from scratchbot.clock import Clock
from scratchbot.cloud.audience import Audience
from scratchbot.cloud.bursts import BurstConnection
from scratchbot.cloud.game import Game
from scratchbot.cloud.notices import CloudNotice, Kind
from scratchbot.cloud.outgoing import Outgoing, Waiting
from scratchbot.errors import InputError, NotFoundError, SiteDownError
from scratchbot.wire.cloud import CloudChange, change_line


class Sending:
    """Sends changes in their turn, and tells of each.

    :ivar names: the variables that it has changed.
    """

    def __init__(
        self,
        connection: BurstConnection,
        game: Game,
        *,
        audience: Audience,
        outgoing: Outgoing,
        pace: Bucket | None,
        clock: Clock,
    ) -> None:
        self.names: set[str] = set()
        self._connection = connection
        self._game = game
        self._audience = audience
        self._outgoing = outgoing
        self._pace = pace
        self._clock = clock
        self._unanswered: set[Waiting] = set()

    async def run(self) -> None:
        """Send until the connection is closed."""
        while True:
            await self._outgoing.some()
            if self._pace is not None:
                await self._pace.take()
            waiting = self._outgoing.take()
            if waiting is not None:
                await self._send(waiting)

    def awaits_an_answer(self) -> bool:
        """Tell whether somebody waits for the server to answer."""
        return bool(self._unanswered)

    async def _send(self, waiting: Waiting) -> None:
        change, game = waiting.change, self._game
        refusal = self._refusal(change)
        if refusal is not None:
            waiting.end(refusal)
            return
        self.names.add(change.name)
        try:
            await self._connection.send(change_line(change, game.username))
            pong = await self._connection.ping() if change.queue else None
        except BaseException:
            self._tell("unsure", change)
            waiting.end(unreachable(game.project_id, arrived=True))
            raise
        self._tell("own", change)
        if pong is None:
            waiting.end()
        else:
            self._await(asyncio.ensure_future(pong), waiting)

    def _refusal(self, change: CloudChange) -> Exception | None:
        """Return why a server would pass over a change without a word, if it would."""
        game, values = self._game, self._audience.memory.values
        most = game.host.most_variables
        if change.name in values:
            return None
        if change.method == "set" and not game.host.makes_by_setting:
            return unknown_variable(game.project_id, change.name)
        if change.method == "create" and most is not None and len(values) >= most:
            return InputError(
                f"project {game.project_id} has all the cloud variables that it may have: delete "
                f"one before you create {change.name!r}"
            )
        return None

    def _await(self, pong: "asyncio.Future[float]", waiting: Waiting) -> None:
        """End a change when the server has answered what was sent after it.

        What is sent on a connection whose other side is gone is lost without an error.
        """

        def end(pong: "asyncio.Future[float]") -> None:
            self._unanswered.discard(waiting)
            is_lost = pong.cancelled() or pong.exception() is not None
            waiting.end(unreachable(self._game.project_id, arrived=True) if is_lost else None)

        self._unanswered.add(waiting)
        pong.add_done_callback(end)
        self._audience.hurry()

    def _tell(self, kind: Kind, change: CloudChange) -> None:
        at = int(self._clock.timestamp() * 1000)
        sent = change if kind == "own" else None
        self._audience.tell(CloudNotice(kind, at, change.name, change.value, sent=sent))


def unknown_variable(project_id: int | str, name: str) -> NotFoundError:
    """Return the error that says that a variable is not there."""
    return NotFoundError(
        f"project {project_id} has no cloud variable {name!r}: check the spelling, or create it"
    )


def unreachable(project_id: int | str, *, arrived: bool) -> SiteDownError:
    """Return the error that says that the server is not to be reached.

    :param arrived: whether a change may have reached it all the same.
    """
    return SiteDownError(
        f"the cloud server of project {project_id} is not connected: try again later",
        arrived=arrived,
    )

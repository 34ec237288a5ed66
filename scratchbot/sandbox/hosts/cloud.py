"""The cloud servers: the site's with its log, and one like TurboWarp's."""

import asyncio
import json
import re
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any, Protocol

from aiohttp import WSMsgType, web

from scratchbot.sandbox.hosts.context import (
    SESSION_COOKIE,
    Context,
    Route,
    context,
    optional_id,
    page,
    read_json,
    reader,
    said,
)
from scratchbot.sandbox.rules import LONGEST_CLOUD_VALUE, RefusedError, is_cloud_value
from scratchbot.sandbox.weather import SocketFate
from scratchbot.sandbox.world import CLOUD_SIGN, User

GENERIC, BAD_USERNAME, OVERLOADED, UNAVAILABLE, UNSAFE, IDENTIFY = (
    4000,
    4002,
    4003,
    4004,
    4005,
    4006,
)
LONGEST_TURBOWARP_VALUE = 100_000
LONGEST_ROOM = 256
MOST_VARIABLES = 10
MOST_PLAYERS = 128
SETS_A_WINDOW = 10
WINDOW = 0.9  # seconds: the official client sends one each 0.1 s, and that must pass
WAITING_LINES = 5_000
MOST_LOGS = 100

_USERNAME = re.compile(r"[A-Za-z0-9_-]{1,20}")
_LIBRARY_AGENT = re.compile(r"(?:python|websocket|node|undici|aiohttp|go-http)", re.IGNORECASE)


@dataclass(eq=False)
class Player:
    """One open socket; ``room`` is the key of the project that it plays."""

    socket: web.WebSocketResponse
    user: User | None
    transport: asyncio.Transport | None = None
    room: str = ""
    name: str = ""
    deaf: bool = False
    outbox: "asyncio.Queue[str]" = field(default_factory=lambda: asyncio.Queue(WAITING_LINES))
    sets: deque[float] = field(default_factory=lambda: deque(maxlen=SETS_A_WINDOW))


class Rooms(Protocol):
    """What a cloud server keeps its variables in, and whom it lets in."""

    longest_value: int
    creates_by_setting: bool

    def admit(self, request: web.Request) -> "tuple[User | None, int | None]":
        """Return who has come, or the close code that turns them away."""
        ...

    def enter(self, player: Player, packet: dict[str, Any]) -> int | None:
        """Put a player into a room; return the close code if that cannot be."""
        ...

    def variables(self, room: str) -> dict[str, str]:
        """Return the variables of a room."""
        ...

    def set(self, player: Player, name: str, value: str) -> None:
        """Set a variable."""
        ...

    def delete(self, player: Player, name: str) -> None:
        """Delete a variable."""
        ...

    def rename(self, player: Player, name: str, new_name: str) -> None:
        """Rename a variable."""
        ...

    def leave(self, room: str) -> None:
        """Note that nobody is in a room any longer."""
        ...


class CloudServer:
    """The sockets that are open, by room."""

    def __init__(self, site: Context, rooms: "Callable[[CloudServer], Rooms]") -> None:
        self.site = site
        self.players: defaultdict[str, set[Player]] = defaultdict(set)
        self._rooms = rooms(self)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Talk to one client until it leaves."""
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return web.Response(text="Scratch cloud data server\n")
        socket = web.WebSocketResponse(
            autoping=False, max_msg_size=1 << 20, protocols=_offered(request), compress=False
        )
        await socket.prepare(request)
        user, code = self._rooms.admit(request)
        if code is not None:
            await socket.close(code=code)
            return socket
        player = Player(socket, user, request.transport)
        tasks = [asyncio.create_task(_write(player)), *self._suffer(request, player)]
        try:
            await self._listen(player)
        finally:
            self._leave(player)
            for task in tasks:
                task.cancel()
        return socket

    def _suffer(self, request: web.Request, player: Player) -> "list[asyncio.Task[None]]":
        fate = self.site.weather.socket(request.host, request.path)
        return [] if fate is None else [asyncio.create_task(_meet(fate, player))]

    async def _listen(self, player: Player) -> None:
        async for message in player.socket:
            if player.deaf:
                continue
            if message.type == WSMsgType.PING:
                await player.socket.pong(message.data)
                continue
            if message.type == WSMsgType.PONG:
                continue
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                break
            text = (
                message.data
                if isinstance(message.data, str)
                else message.data.decode("utf-8", "replace")
            )
            for line in filter(None, text.split("\n")):
                code = self._take(player, line)
                if code is not None:
                    await player.socket.close(code=code)
                    return

    def _take(self, player: Player, line: str) -> int | None:
        """Do what a line says; return the close code if the server would not put up with it."""
        try:
            packet = read_json(line)
        except ValueError:
            return GENERIC
        if not isinstance(packet, dict):
            return GENERIC
        if packet.get("method") == "handshake":
            return self._greet(player, packet)
        if not player.room:
            return GENERIC
        name = packet.get("name")
        if isinstance(name, str) and name.startswith(CLOUD_SIGN):
            try:
                self._change(player, packet, name)
            except RefusedError as refused:
                return UNSAFE if refused.status == 403 else UNAVAILABLE
        return None

    def _greet(self, player: Player, packet: dict[str, Any]) -> int | None:
        self._leave(player)
        code = self._rooms.enter(player, packet)
        if code is not None:
            return code
        if len(self.players[player.room]) >= MOST_PLAYERS:
            return OVERLOADED
        self.players[player.room].add(player)
        variables = self._rooms.variables(player.room)
        if variables:
            if player.outbox.full():
                return OVERLOADED
            lines = [_line("set", name, value) for name, value in variables.items()]
            player.outbox.put_nowait("".join(lines))
        return None

    def _leave(self, player: Player) -> None:
        room, player.room = player.room, ""
        if not room:
            return
        self.players[room].discard(player)
        if not self.players[room]:
            del self.players[room]
            self._rooms.leave(room)

    def _change(self, player: Player, packet: dict[str, Any], name: str) -> None:
        method, variables = packet.get("method"), self._rooms.variables(player.room)
        if method == "delete":
            self._rooms.delete(player, name)
        elif method == "rename":
            new_name = said(packet.get("new_name"))
            fits = new_name.startswith(CLOUD_SIGN) and new_name not in variables
            if fits and name in variables:
                self._rooms.rename(player, name, new_name)
        elif method in ("set", "create"):
            value = str(packet.get("value", "0"))
            may_create = method == "create" or self._rooms.creates_by_setting
            room = name in variables or (may_create and len(variables) < MOST_VARIABLES)
            if room and self._may_set(player, value):
                self._rooms.set(player, name, value)

    def _may_set(self, player: Player, value: str) -> bool:
        if not is_cloud_value(value, self._rooms.longest_value):
            return False
        now = self.site.clock()
        full = len(player.sets) == SETS_A_WINDOW and now - player.sets[0] < WINDOW
        if self.site.acts.limits and full:
            return False
        player.sets.append(now)
        return True

    def tell(self, room: str, line: str, sender: object) -> None:
        """Send a line to all in a room but its sender; who cannot keep up is left out."""
        for player in list(self.players.get(room, ())):
            if player is sender or player.deaf:
                continue
            if player.outbox.full():
                self._leave(player)
                continue
            player.outbox.put_nowait(line)


class ScratchRooms:
    """The site's own: variables belong to projects, and who plays has logged in."""

    longest_value = LONGEST_CLOUD_VALUE
    creates_by_setting = False

    def __init__(self, server: CloudServer) -> None:
        self._site = server.site
        self._server = server
        self._site.acts.cloud_listeners.append(self._changed)

    def admit(self, request: web.Request) -> tuple[User | None, int | None]:
        """Let in who is logged in and may use cloud variables."""
        sessions = self._site.sessions
        found = sessions.by_session(_session_cookie(request))
        if found is None:
            for protocol in _offered(request):
                found = sessions.by_token(protocol.removeprefix("bearer!"))
        if found is None or found.user.is_new:
            return None, BAD_USERNAME
        return (None, UNSAFE) if found.user.banned else (found.user, None)

    def enter(self, player: Player, packet: dict[str, Any]) -> int | None:
        """Let a player into a project that there is to see."""
        user, key = player.user, str(packet.get("project_id", ""))
        if user is None or str(packet.get("user", "")).lower() != user.key:
            return BAD_USERNAME
        project = self._site.world.projects.get(optional_id(key) or 0)
        if project is None or not project.visible_to(user):
            return UNAVAILABLE
        player.room, player.name = str(project.id), user.username
        return None

    def variables(self, room: str) -> dict[str, str]:
        """Return a project's variables: none where it has been deleted since."""
        project = self._site.world.projects.get(int(room))
        return {} if project is None else project.cloud

    def set(self, player: Player, name: str, value: str) -> None:
        """Set a project's variable."""
        self._act(player, self._site.acts.set_cloud, name, value)

    def delete(self, player: Player, name: str) -> None:
        """Delete a project's variable."""
        self._act(player, self._site.acts.delete_cloud, name)

    def rename(self, player: Player, name: str, new_name: str) -> None:
        """Rename a project's variable."""
        self._act(player, self._site.acts.rename_cloud, name, new_name)

    def _act(self, player: Player, act: Callable[..., None], *values: str) -> None:
        acts = self._site.acts
        acts.cloud_sender = player
        try:
            act(player.name, int(player.room), *values)
        finally:
            acts.cloud_sender = None

    def leave(self, room: str) -> None:
        """Keep the variables: a project's stay."""

    def _changed(
        self, project_id: int, method: str, name: str, value: str | None, sender: object
    ) -> None:
        self._server.tell(str(project_id), _line(method, name, value), sender)


class TurboWarpRooms:
    """TurboWarp's way: no log-in but a User-Agent that says who it is; nothing is kept."""

    longest_value = LONGEST_TURBOWARP_VALUE
    creates_by_setting = True

    def __init__(self, server: CloudServer) -> None:
        self._server = server
        self._values: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def admit(self, request: web.Request) -> tuple[User | None, int | None]:
        """Let in browsers, and programs that say who they are."""
        agent = request.headers.get("User-Agent", "")
        return None, IDENTIFY if not agent or _LIBRARY_AGENT.match(agent) else None

    def enter(self, player: Player, packet: dict[str, Any]) -> int | None:
        """Let a player into any room, under a name that could be a Scratcher's."""
        name, room = str(packet.get("user", "")), str(packet.get("project_id", ""))
        user = self._server.site.world.user(name)
        if not _USERNAME.fullmatch(name) or (user is not None and user.is_team):
            return BAD_USERNAME
        if not room or len(room) > LONGEST_ROOM:
            return UNAVAILABLE
        player.room = room
        return None

    def variables(self, room: str) -> dict[str, str]:
        """Return what has been set in a room since somebody came."""
        return self._values[room]

    def set(self, player: Player, name: str, value: str) -> None:
        """Set a variable, known or new."""
        self._values[player.room][name] = value
        self._server.tell(player.room, _line("set", name, value), player)

    def delete(self, player: Player, name: str) -> None:
        """Delete a variable."""
        if self._values[player.room].pop(name, None) is not None:
            self._server.tell(player.room, _line("delete", name, None), player)

    def rename(self, player: Player, name: str, new_name: str) -> None:
        """Rename a variable."""
        value = self._values[player.room][name]
        self.delete(player, name)
        self.set(player, new_name, value)

    def leave(self, room: str) -> None:
        """Forget a room when its last player has gone."""
        self._values.pop(room, None)


async def _meet(fate: SocketFate, player: Player) -> None:
    """Let the weather do to a socket what it has in store for it."""
    await asyncio.sleep(fate.after)
    if fate.half_open:
        player.deaf = True
    elif fate.code is not None:
        await player.socket.close(code=fate.code)
    elif player.transport is not None:
        player.transport.close()


async def _write(player: Player) -> None:
    while not player.socket.closed:
        lines = [await player.outbox.get()]
        while not player.outbox.empty():
            lines.append(player.outbox.get_nowait())
        try:
            await player.socket.send_str("".join(lines))
        except ConnectionError:
            return


def _line(method: str, name: str, value: str | None) -> str:
    packet = {"method": method, "name": name}
    if value is not None:
        packet["value"] = value
    return json.dumps(packet, ensure_ascii=False) + "\n"


def _offered(request: web.Request) -> list[str]:
    offered = request.headers.get("Sec-WebSocket-Protocol", "")
    return [each.strip() for each in offered.split(",") if each.strip().startswith("bearer!")]


def _session_cookie(request: web.Request) -> str:
    """Return the session cookie, which the sockets' clients write with quotes and without."""
    try:
        cookies: SimpleCookie = SimpleCookie(request.headers.get("Cookie", ""))
    except CookieError:
        return ""
    morsel = cookies.get(SESSION_COOKIE)
    return morsel.value if morsel is not None else ""


async def logs(request: web.Request) -> web.Response:
    """Give the newest changes of a project's cloud variables."""
    project = context(request).world.projects.get(optional_id(request.query.get("projectid")) or 0)
    if project is None or not project.visible_to(reader(request)):
        raise RefusedError(404, "no such project")
    return web.json_response(page(request, reversed(project.cloud_log), most=MOST_LOGS))


def scratch_routes(site: Context) -> list[Route]:
    """Return the routes of the site's cloud host."""
    return [("GET", "/", CloudServer(site, ScratchRooms).serve), ("GET", "/logs", logs)]


def turbowarp_routes(site: Context) -> list[Route]:
    """Return the routes of TurboWarp's cloud host."""
    return [("GET", "/", CloudServer(site, TurboWarpRooms).serve)]

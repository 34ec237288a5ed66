"""``clouddata.scratch.mit.edu``: the cloud server and its log."""

import asyncio
import json
import re
from collections import defaultdict, deque
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

from aiohttp import WSMsgType, web

from scratchbot.sandbox.hosts.context import Context, Route, context, page
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import CLOUD_SIGN, User

GENERIC, BAD_USERNAME, UNAVAILABLE = 4000, 4002, 4004
LONGEST_VALUE = 256
MOST_VARIABLES = 10
SETS_A_WINDOW = 10
WINDOW = 0.9  # seconds: the official client sends one each 0.1 s, and that must pass
WAITING_LINES = 5_000

_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)", re.ASCII)


@dataclass(eq=False)
class _Player:
    """One open socket."""

    socket: web.WebSocketResponse
    user: User
    project_id: int = 0
    outbox: "asyncio.Queue[str]" = field(default_factory=lambda: asyncio.Queue(WAITING_LINES))
    sets: deque[float] = field(default_factory=lambda: deque(maxlen=SETS_A_WINDOW))


class CloudServer:
    """The sockets that are open, by project."""

    def __init__(self, site: Context) -> None:
        self._site = site
        self._players: defaultdict[int, set[_Player]] = defaultdict(set)
        site.acts.cloud_listeners.append(self._changed)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Talk to one client until it leaves."""
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return web.Response(text="Scratch cloud data server\n")
        socket = web.WebSocketResponse(
            max_msg_size=1 << 20, protocols=_offered(request), compress=False
        )
        await socket.prepare(request)
        user = self._user(request)
        if user is None or user.role == "new_scratcher":
            await socket.close(code=BAD_USERNAME)
            return socket
        player = _Player(socket, user)
        writer = asyncio.create_task(_write(player))
        try:
            await self._listen(player)
        finally:
            self._players[player.project_id].discard(player)
            writer.cancel()
        return socket

    def _user(self, request: web.Request) -> User | None:
        found = self._site.sessions.by_session(_session_cookie(request))
        if found is None:
            for protocol in _offered(request):
                found = self._site.sessions.by_token(protocol.removeprefix("bearer!"))
        return found.user if found is not None else None

    async def _listen(self, player: _Player) -> None:
        async for message in player.socket:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                break
            text = message.data if isinstance(message.data, str) else message.data.decode()
            for line in filter(None, text.split("\n")):
                code = self._take(player, line)
                if code is not None:
                    await player.socket.close(code=code)
                    return

    def _take(self, player: _Player, line: str) -> int | None:
        """Do what a line says; return the close code if the server would not put up with it."""
        try:
            packet = json.loads(line)
        except ValueError:
            return GENERIC
        if not isinstance(packet, dict):
            return GENERIC
        if packet.get("method") == "handshake":
            return self._greet(player, packet)
        project = self._site.world.projects.get(player.project_id)
        if project is None:
            return GENERIC
        name = packet.get("name")
        if isinstance(name, str) and name.startswith(CLOUD_SIGN):
            self._change(player, packet, name)
        return None

    def _greet(self, player: _Player, packet: dict[str, Any]) -> int | None:
        if str(packet.get("user", "")).lower() != player.user.key:
            return BAD_USERNAME
        key = str(packet.get("project_id", ""))
        project = self._site.world.projects.get(int(key)) if key.isdecimal() else None
        if project is None or project.state != "shared":
            return UNAVAILABLE
        self._players[player.project_id].discard(player)
        player.project_id = project.id
        self._players[project.id].add(player)
        if project.cloud:
            lines = [_line("set", name, value) for name, value in project.cloud.items()]
            player.outbox.put_nowait("".join(lines))
        return None

    def _change(self, player: _Player, packet: dict[str, Any], name: str) -> None:
        acts, project = self._site.acts, self._site.world.projects[player.project_id]
        username, method = player.user.username, packet.get("method")
        if method == "delete":
            acts.delete_cloud(username, project.id, name, player)
            return
        if method == "rename":
            new_name = packet.get("new_name")
            if isinstance(new_name, str) and name in project.cloud:
                value = project.cloud[name]
                acts.delete_cloud(username, project.id, name, player)
                acts.set_cloud(username, project.id, new_name, value, player)
            return
        value = str(packet.get("value", "0"))
        room = name in project.cloud or (method == "create" and len(project.cloud) < MOST_VARIABLES)
        if method not in ("set", "create") or not room or not self._may_set(player, value):
            return
        acts.set_cloud(username, project.id, name, value, player)

    def _may_set(self, player: _Player, value: str) -> bool:
        if len(value) > LONGEST_VALUE or not _NUMBER.fullmatch(value):
            return False
        now = self._site.clock()
        full = len(player.sets) == SETS_A_WINDOW and now - player.sets[0] < WINDOW
        if self._site.acts.limits and full:
            return False
        player.sets.append(now)
        return True

    def _changed(
        self, project_id: int, method: str, name: str, value: str | None, sender: object
    ) -> None:
        line = _line(method, name, value)
        for player in list(self._players[project_id]):
            if player is sender:
                continue
            if player.outbox.full():
                self._players[project_id].discard(player)
                continue
            player.outbox.put_nowait(line)


async def _write(player: _Player) -> None:
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
    morsel = cookies.get("scratchsessionsid")
    return morsel.value if morsel is not None else ""


async def logs(request: web.Request) -> web.Response:
    """Give the newest changes of a project's cloud variables."""
    key = request.query.get("projectid", "")
    project = context(request).world.projects.get(int(key)) if key.isdecimal() else None
    if project is None:
        raise RefusedError(404, "no such project")
    return web.json_response(page(request, reversed(project.cloud_log), most=100))


def routes(server: CloudServer) -> list[Route]:
    """Return the routes of the host."""
    return [("GET", "/", server.serve), ("GET", "/logs", logs)]

"""The sandbox's cloud server, talked to with a bare socket."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from scratchbot.sandbox import Sandbox, load_world
from tests.scratch import until

pytestmark = pytest.mark.asyncio

NAME = "☁ foo"


class Cloud:
    """The cloud server, its users logged in already."""

    def __init__(self, sandbox: Sandbox, address: str) -> None:
        self.sandbox = sandbox
        self.variables = sandbox.world.projects[104].cloud
        self._port = urlsplit(address).port

    @asynccontextmanager
    async def socket(
        self, username: str | None = "alice", *, bearer: bool = False, greet: bool = True
    ) -> AsyncIterator[ClientConnection]:
        headers, protocols = {}, None
        if username is not None:
            user = self.sandbox.world.users[username]
            login = self.sandbox._context.sessions.open(user, 0)
            if bearer:
                protocols = [f"bearer!{login.token}"]
            else:
                headers["Cookie"] = f'scratchsessionsid="{login.session_id}";'
        async with connect(
            "ws://clouddata.scratch.mit.edu/",
            host="127.0.0.1",
            port=self._port,
            additional_headers=headers,
            subprotocols=protocols,  # type: ignore[arg-type]
            proxy=None,
        ) as socket:
            if greet:
                await say(socket, method="handshake", user=username, project_id="104")
            yield socket


@asynccontextmanager
async def serving(*, limits: bool = False) -> AsyncIterator[Cloud]:
    now = [0.0]
    sandbox = Sandbox(load_world(), clock=lambda: now[0], limits=limits)
    async with sandbox.serve() as address:
        yield Cloud(sandbox, address)


async def say(socket: ClientConnection, **packet: Any) -> None:
    await socket.send(json.dumps(packet) + "\n")


async def hear(socket: ClientConnection) -> list[dict[str, str]]:
    frame = await asyncio.wait_for(socket.recv(), 10)
    return [json.loads(line) for line in str(frame).splitlines()]


async def close_code(socket: ClientConnection) -> int | None:
    with pytest.raises(ConnectionClosed):
        while True:
            await asyncio.wait_for(socket.recv(), 10)
    return socket.close_code


@pytest.mark.parametrize("bearer", [False, True])
async def test_a_handshake_is_answered_with_every_value(bearer: bool) -> None:
    async with serving() as cloud, cloud.socket(bearer=bearer) as socket:
        values = {packet["name"]: packet["value"] for packet in await hear(socket)}
    assert values == {"☁ foo": "1391203129031", "☁ ping": "0", "☁ pong": "0"}


async def test_a_set_reaches_the_others_and_not_its_sender() -> None:
    async with serving() as cloud, cloud.socket() as one, cloud.socket("bob") as other:
        await hear(one)
        await hear(other)
        await say(one, method="set", name=NAME, value="5", user="alice", project_id="104")
        assert await hear(other) == [{"method": "set", "name": NAME, "value": "5"}]
        await say(other, method="set", name=NAME, value=6, user="bob", project_id="104")
        assert await hear(one) == [{"method": "set", "name": NAME, "value": "6"}]
    assert cloud.variables[NAME] == "6"


async def test_many_lines_in_a_frame_are_all_read() -> None:
    async with serving() as cloud, cloud.socket() as one, cloud.socket("bob") as other:
        await hear(other)
        lines = [json.dumps({"method": "set", "name": NAME, "value": str(n)}) for n in range(3)]
        await one.send("\n".join(lines))
        heard: list[str] = []
        while len(heard) < 3:
            heard += [packet["value"] for packet in await hear(other)]
    assert heard == ["0", "1", "2"]


@pytest.mark.parametrize("value", ["abc", "1e5", "", "9" * 257, "1 2"])
async def test_a_value_that_is_no_number_changes_nothing(value: str) -> None:
    async with serving() as cloud, cloud.socket() as one, cloud.socket("bob") as other:
        await hear(other)
        await say(one, method="set", name=NAME, value=value)
        await say(one, method="set", name=NAME, value="1")
        assert [packet["value"] for packet in await hear(other)] == ["1"]


async def test_a_project_has_ten_variables_and_no_more() -> None:
    async with serving() as cloud, cloud.socket() as one, cloud.socket("bob") as other:
        await hear(other)
        for number in range(12):
            await say(one, method="create", name=f"☁ n{number}", value="0")
        await say(one, method="delete", name="☁ n0")
        while (await hear(other))[-1]["method"] != "delete":
            pass
    assert len(cloud.variables) == 9


async def test_a_rename_is_a_deletion_and_a_creation() -> None:
    async with serving() as cloud, cloud.socket() as one, cloud.socket("bob") as other:
        await hear(other)
        await say(one, method="rename", name=NAME, new_name="☁ bar")
        heard = await hear(other)
        heard += [] if len(heard) == 2 else await hear(other)
    assert [(packet["method"], packet["name"]) for packet in heard] == [
        ("delete", NAME),
        ("create", "☁ bar"),
    ]


async def test_more_than_ten_sets_a_second_are_dropped_when_limits_are_on() -> None:
    async with serving(limits=True) as cloud, cloud.socket() as one, cloud.socket("bob") as other:
        await hear(other)
        for number in range(15):
            await say(one, method="set", name=NAME, value=str(number))
        await say(one, method="delete", name="☁ pong")
        while (await hear(other))[-1]["method"] != "delete":
            pass
    assert cloud.variables[NAME] == "9"


@pytest.mark.parametrize("username", [None, "newcomer"])
async def test_nobody_unknown_and_no_new_scratcher_gets_in(username: str | None) -> None:
    async with serving() as cloud, cloud.socket(username, greet=False) as socket:
        assert await close_code(socket) == 4002


@pytest.mark.parametrize(
    ("packet", "code"),
    [
        ({"method": "handshake", "user": "bob", "project_id": "104"}, 4002),
        ({"method": "handshake", "user": "alice", "project_id": "9"}, 4004),
        ({"method": "set", "name": NAME, "value": "1"}, 4000),
    ],
)
async def test_a_wrong_packet_closes_the_socket_with_its_code(
    packet: dict[str, str], code: int
) -> None:
    async with serving() as cloud, cloud.socket(greet=False) as socket:
        await say(socket, **packet)
        assert await close_code(socket) == code


async def test_the_log_tells_who_set_what_newest_first() -> None:
    async with serving() as cloud, cloud.socket() as one, cloud.socket("bob") as other:
        await hear(other)
        await say(one, method="set", name=NAME, value="5")
        await hear(other)
        log = cloud.sandbox.world.projects[104].cloud_log
    assert [(row["user"], row["verb"], row["value"]) for row in log] == [("alice", "set_var", "5")]


async def test_a_banned_player_is_refused_for_safety() -> None:
    async with serving() as cloud, cloud.socket("banned-ben", greet=False) as socket:
        assert await close_code(socket) == 4005


async def test_only_so_many_play_a_project_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scratchbot.sandbox.hosts.cloud.MOST_PLAYERS", 1)
    async with serving() as cloud, cloud.socket() as first:
        await hear(first)
        async with cloud.socket("bob") as second:
            assert await close_code(second) == 4003


async def test_an_unshared_project_is_for_its_author_only() -> None:
    async with serving() as cloud:
        cloud.sandbox.world.projects[104].state = "unshared"
        async with cloud.socket("alice") as other:
            assert await close_code(other) == 4004
        async with cloud.socket("scratchcat") as own:
            assert len(await hear(own)) == 3


@pytest.mark.parametrize(
    ("rule", "code"),
    [({"drop_after": 0.05}, 1006), ({"drop_after": 0.05, "close_code": 4003}, 4003)],
)
async def test_the_weather_ends_sockets(rule: dict[str, Any], code: int) -> None:
    async with serving() as cloud:
        cloud.sandbox.weather.read({"rules": [rule]})
        async with cloud.socket() as socket:
            assert await close_code(socket) == code


async def test_a_socket_answers_pings_unless_it_is_half_open() -> None:
    async with serving() as cloud:
        async with cloud.socket("alice") as socket:
            await asyncio.wait_for(await socket.ping(), 10)
        cloud.sandbox.weather.read({"rules": [{"half_open_after": 0.0}]})
        async with cloud.socket("alice") as socket:
            with pytest.raises(TimeoutError):
                while True:
                    await asyncio.wait_for(await socket.ping(), 0.3)


async def test_a_half_open_socket_neither_hears_nor_tells() -> None:
    async with serving() as cloud:
        cloud.sandbox.weather.read({"rules": [{"half_open_after": 0.0}]})
        async with cloud.socket("alice") as deaf:
            cloud.sandbox.weather.read({"rules": []})
            async with cloud.socket("bob") as other:
                await hear(other)
                await say(deaf, method="set", name=NAME, value="5")
                await say(other, method="set", name=NAME, value="6")
                with pytest.raises(TimeoutError):
                    while True:
                        assert '"6"' not in str(await asyncio.wait_for(deaf.recv(), 0.3))
        assert cloud.variables[NAME] == "6"


@asynccontextmanager
async def turbowarp(
    cloud: Cloud, user: str, project: str = "a game of mine", agent: str = "my bot (me@example.org)"
) -> AsyncIterator[ClientConnection]:
    async with connect(
        "ws://clouddata.turbowarp.org/",
        host="127.0.0.1",
        port=cloud._port,
        user_agent_header=agent or None,
        proxy=None,
    ) as socket:
        with contextlib.suppress(ConnectionClosed):
            await say(socket, method="handshake", user=user, project_id=project)
        yield socket


async def test_turbowarp_needs_no_log_in_takes_long_values_and_tells_the_others() -> None:
    async with (
        serving() as cloud,
        turbowarp(cloud, "anybody") as one,
        turbowarp(cloud, "somebody") as other,
    ):
        await say(one, method="set", name=NAME, value="9" * 5000)
        assert (await hear(other))[0]["value"] == "9" * 5000
        async with turbowarp(cloud, "latecomer") as third:
            assert (await hear(third))[0]["name"] == NAME
    assert cloud.variables[NAME] == "1391203129031", "the site's own variables are others"


async def test_turbowarp_forgets_a_project_when_the_last_has_gone() -> None:
    async with serving() as cloud:
        async with turbowarp(cloud, "one") as one, turbowarp(cloud, "other") as other:
            await say(one, method="set", name=NAME, value="1")
            await hear(other)
        async with turbowarp(cloud, "one") as again:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(again.recv(), 0.2)


@pytest.mark.parametrize(
    ("user", "agent", "code"),
    [
        ("anybody", "", 4006),
        ("anybody", "Python/3.11 websockets/15.0", 4006),
        ("not a name!", "my bot", 4002),
        ("ceebee", "my bot", 4002),
    ],
)
async def test_turbowarp_wants_to_know_who_it_is(user: str, agent: str, code: int) -> None:
    async with serving() as cloud, turbowarp(cloud, user, agent=agent) as socket:
        assert await close_code(socket) == code


async def test_rubbish_closes_one_socket_and_spares_the_others() -> None:
    async with serving() as cloud, cloud.socket("bob") as other:
        await hear(other)
        for rubbish in (
            b"\xff\xfe",
            '{"method":"create","name":"☁ \\ud800","value":"1"}',
            "[" * 9_999,
        ):
            async with cloud.socket() as socket:
                await hear(socket)
                await socket.send(rubbish)
                assert await close_code(socket) == 4000
        async with cloud.socket() as socket:
            await hear(socket)
            await say(socket, method="set", name="☁ foo", value="5")
            assert (await hear(other))[0]["value"] == "5"


async def test_a_variable_keeps_its_sign_when_it_is_renamed() -> None:
    async with serving() as cloud, cloud.socket() as socket:
        await hear(socket)
        await say(socket, method="rename", name="☁ foo", new_name="bare")
        await say(socket, method="rename", name="☁ foo", new_name="☁ bar")
        variables = cloud.sandbox.world.projects[104].cloud
        await until(lambda: "☁ bar" in variables)
        assert "bare" not in variables


@pytest.mark.parametrize(("act", "code"), [("ban", 4005), ("unshare", 4004)])
async def test_who_may_play_no_longer_is_put_out_at_the_next_set(act: str, code: int) -> None:
    async with serving() as cloud, cloud.socket("bob") as socket:
        await hear(socket)
        if act == "ban":
            cloud.sandbox.acts.ban("bob")
        else:
            cloud.sandbox.acts.unshare("scratchcat", 104)
        await say(socket, method="set", name="☁ foo", value="5")
        assert await close_code(socket) == code
        assert cloud.sandbox.world.projects[104].cloud["☁ foo"] != "5"


async def test_a_greeting_repeated_without_end_closes_the_socket() -> None:
    async with serving() as cloud, cloud.socket(greet=False) as socket:
        line = json.dumps({"method": "handshake", "user": "alice", "project_id": "104"}) + "\n"
        await socket.send(line * 6_000)
        assert await close_code(socket) == 4003

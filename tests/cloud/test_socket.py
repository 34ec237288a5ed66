"""Cloud sockets against servers that are not the sandbox."""

import asyncio
import json
from random import Random

import pytest

from scratchbot.client import Client
from scratchbot.clock import SystemClock
from scratchbot.cloud import socket as sockets
from scratchbot.cloud.audience import LatestQueue
from scratchbot.cloud.memory import KEPT, Memory
from scratchbot.cloud.notices import CloudNotice
from scratchbot.cloud.socket import CloudSocket
from scratchbot.cloud.talk import GREETING_WITHIN
from scratchbot.errors import ForbiddenError, NotFoundError, SiteDownError
from scratchbot.settings import Credentials, Network
from scratchbot.wire.cloudhosts import TURBOWARP_CLOUD, find_host
from tests.cloud.serving import Hasty, Site, line, talking
from tests.scratch import Scratch, until

pytestmark = pytest.mark.asyncio


async def test_lines_that_are_no_packets_are_passed_over() -> None:
    greeting = "Welcome to this server!\n[1]\n{}\n" + line("a", "1") + line("b", 2)
    async with talking(greeting=greeting) as here:
        assert await here.socket.get("a") == "1"
        assert await here.socket.get("b") == "2"
        with pytest.raises(NotFoundError, match="no cloud variable 'c'"):
            await here.socket.get("c")
    assert here.server.received[0]["method"] == "handshake"
    assert here.server.received[0]["user"] == "alice"


async def test_another_s_server_gets_no_session_cookie_but_learns_who_asks() -> None:
    async with talking() as here:
        here.socket.start()
        await until(lambda: here.server.connections)
        request = here.server.connections[0].request
        assert request is not None
        assert "Cookie" not in request.headers
        agent = request.headers["User-Agent"]
        assert agent.startswith("scratchbot/")
        assert agent.endswith("(https://scratch.mit.edu/users/alice/)")


async def test_a_dropped_socket_comes_back_and_tells_what_changed_meanwhile() -> None:
    async with talking(greeting=line("a", "1") + line("b", "1") + line("c", "1")) as here:
        here.socket.start()
        await here.ready()
        here.server.greeting = line("a", "1") + line("b", "2") + line("d", "3")
        await here.server.drop(4000)
        await until(lambda: len(here.events) >= 6)
    kinds = [notice.kind for notice in here.events]
    assert kinds == ["connect", "disconnect", "connect", "set", "create", "delete"]
    assert here.events[1].code == 4000
    assert here.told == [("set", "b", "2"), ("create", "d", "3"), ("delete", "c", None)]
    assert here.events[3].previous == "1"
    assert {notice.via for notice in here.events if notice.variable} == {"values"}
    assert here.socket.memory.values == {"a": "1", "b": "2", "d": "3"}


async def test_a_server_without_variables_any_more_leaves_none() -> None:
    async with talking(greeting=line("a", "1")) as here:
        here.socket.start()
        await here.ready()
        here.server.greeting = "\n"
        await here.server.drop()
        await until(lambda: here.told == [("delete", "a", None)])
    assert here.socket.memory.values == {}


async def test_a_greeting_in_many_frames_loses_no_variable() -> None:
    async with talking(greeting=line("a", "1")) as here:
        here.socket.start()
        await here.ready()
        await here.server.say(line("b", "2"))
        await until(lambda: "b" in here.socket.memory.values)
        await here.server.drop()
        await until(lambda: len(here.server.connections) == 2)
        await here.server.say(line("b", "2"))
        await here.ready(2)
        await here.server.say(line("a", "3"))
        await until(lambda: here.told)
    assert here.told == [("set", "a", "3")]


async def test_a_variable_that_the_bot_makes_just_then_is_not_taken_for_gone() -> None:
    async with talking(greeting=line("a", "1")) as here:
        here.socket.start()
        await here.ready()
        here.server.greeting = line("a", "1")
        await here.server.drop()
        await here.ready(2)
        await here.change("c", "1")
        await until(lambda: GREETING_WITHIN in here.clock.slept)
        await asyncio.sleep(GREETING_WITHIN)
        assert here.socket.memory.values == {"a": "1", "c": "1"}
    assert here.told == []


async def test_a_greeting_in_many_frames_after_a_gap_tells_what_changed_and_what_is_new() -> None:
    async with talking(greeting=line("a", "1") + line("b", "1")) as here:
        here.socket.start()
        await here.ready()
        here.server.greeting = "Welcome!\n"
        await here.server.drop()
        await here.ready(2)
        await here.server.say_all([line("a", "1"), line("b", "2"), line("c", "3")])
        await until(lambda: len(here.told) == 2)
    assert here.told == [("set", "b", "2"), ("create", "c", "3")]
    assert {notice.via for notice in here.events if notice.variable} == {"values"}


@pytest.mark.parametrize(
    "packet",
    [
        {"method": "set", "value": "1"},
        {"method": "set", "name": "☁ ", "value": "1"},
        {"method": "ack", "name": "☁ a", "value": "1"},
        {"method": "rename", "name": "☁ a"},
    ],
)
async def test_a_greeting_with_packets_that_do_nothing_tells_nothing(packet: object) -> None:
    async with talking(greeting=line("a", "1")) as here:
        here.socket.start()
        await here.ready()
        here.server.greeting = json.dumps(packet) + "\n" + line("a", "1")
        await here.server.drop()
        await here.ready(2)
        await here.server.say(line("a", "2"))
        await until(lambda: ("set", "a", "2") in here.told)
    kinds = [(notice.kind, notice.via) for notice in here.events]
    live = [("connect", "live"), ("disconnect", "live"), ("connect", "live"), ("set", "live")]
    assert kinds == live


async def test_where_all_is_named_at_once_what_is_set_just_then_is_told_and_stays() -> None:
    async with talking(greeting=line("a", "1"), at_once=True) as here:
        here.socket.start()
        await here.ready()
        await here.server.say(line("b", "1"))
        await until(lambda: here.told)
        await here.server.drop()
        await here.ready(2)
        await here.server.say(line("c", "1"))
        await until(lambda: len(here.told) == 3)
    assert here.told == [("set", "b", "1"), ("set", "c", "1"), ("delete", "b", None)]
    assert here.socket.memory.values == {"a": "1", "c": "1"}


async def test_what_is_set_first_where_there_was_nothing_is_told() -> None:
    async with talking() as here:
        here.socket.start()
        await here.ready()
        await here.server.say(line("a", "1"))
        await until(lambda: here.told)
    assert here.told == [("set", "a", "1")]


async def test_the_same_value_set_again_is_told_again() -> None:
    async with talking(greeting=line("a", "1")) as here:
        here.socket.start()
        await here.ready()
        await here.server.say(line("a", "1"))
        await here.server.say(line("a", "1"))
        await until(lambda: len(here.told) == 2)
    assert here.told == [("set", "a", "1")] * 2
    assert {notice.via for notice in here.events} == {"live"}


async def test_renames_creations_and_deletions_change_the_values() -> None:
    packets = [
        {"method": "create", "name": "☁ a", "value": "7"},
        {"method": "rename", "name": "☁ a", "new_name": "☁ b"},
        {"method": "delete", "name": "☁ b"},
    ]
    async with talking() as here:
        here.socket.start()
        await here.ready()
        await here.server.say("\n".join(map(json.dumps, packets)))
        await until(lambda: len(here.told) == 4)
    assert here.told == [
        ("create", "a", "7"),
        ("delete", "a", None),
        ("create", "b", "7"),
        ("delete", "b", None),
    ]
    assert here.socket.memory.values == {}


async def test_a_server_that_does_not_answer_is_said_to_be_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sockets, "OPENED_WITHIN", 0.05)
    socket = CloudSocket(
        104,
        find_host("ws://127.0.0.1:9"),
        site=Site(),
        network=Network(),
        clock=SystemClock(),
        jitter=Random(1),
    )
    with pytest.raises(SiteDownError, match="project 104"):
        await socket.get("a")
    await socket.close()


@pytest.mark.parametrize(
    ("code", "error", "advice"),
    [
        (4002, ForbiddenError, "the name of an account that exists"),
        (4004, NotFoundError, "that the project is shared"),
        (4005, ForbiddenError, "no cookies or tokens"),
        (4006, ForbiddenError, r"\[bot\] contact"),
    ],
)
async def test_what_a_server_refuses_for_good_is_said_with_what_to_do_and_not_tried_again(
    code: int, error: type[Exception], advice: str
) -> None:
    async with talking() as here:
        here.server.refuses = code
        with pytest.raises(error, match=advice):
            await here.socket.get("a")
        with pytest.raises(error, match=advice):
            await here.change("a", "1")
        with pytest.raises(error, match=advice):
            await here.socket.live()
        assert len(here.server.connections) == 1
    (trouble,) = [notice for notice in here.heard if notice.kind == "trouble"]
    assert "project 104 cannot be heard" in trouble.text
    assert here.events == []


async def test_what_waits_to_be_sent_is_told_when_the_server_refuses_for_good() -> None:
    async with talking() as here:
        here.server.refuses = 4004
        with pytest.raises(NotFoundError):
            await here.change("a", "1")


async def test_a_name_refused_by_scratch_is_tried_again_once_the_session_was_doubted() -> None:
    async with talking(log=True, greeting=line("a", "1")) as here:
        here.server.refuses = 4002

        def renew() -> None:
            here.server.refuses = None

        here.site.when_doubted = renew
        assert await here.socket.get("a") == "1"
        assert here.site.doubts == 1
    async with talking(log=True) as here:
        here.server.refuses = 4002
        with pytest.raises(ForbiddenError, match="log in again"):
            await here.socket.get("a")
        assert here.site.doubts == 1
        assert len(here.server.connections) == 2


async def test_a_server_that_shows_the_door_is_left_alone_ever_longer() -> None:
    async with talking() as here:
        here.server.refuses = 4000
        here.socket.start()
        await until(lambda: len(here.server.connections) == 8)
    pauses = here.clock.slept
    limits = [1, 3, 7, 15, 31, 31, 31]
    assert all(0 <= each <= most for each, most in zip(pauses, limits, strict=False))
    assert max(pauses) > 7
    assert here.heard == []


async def test_an_overloaded_server_is_left_alone_for_a_minute() -> None:
    async with talking() as here:
        here.server.refuses = 4003
        here.socket.start()
        await until(lambda: len(here.server.connections) == 3)
    assert all(60 <= each <= 120 for each in here.clock.slept)


async def test_only_a_connection_that_lasted_is_forgiven_the_failures_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for lasting, limits in ((1e9, [1, 3, 7, 15, 31]), (0.0, [1, 1, 1, 1, 1])):
        monkeypatch.setattr(sockets, "STABLE_AFTER", lasting)
        async with talking(greeting=line("a", "1")) as here:
            here.socket.start()
            for number in range(1, 6):
                await here.ready(number)
                await here.server.drop()
            await here.ready(6)
        pauses = [each for each in here.clock.slept if each != 1.0]
        assert all(each <= most for each, most in zip(pauses, limits, strict=True))
        assert (max(pauses) > 1) == (lasting > 0)


async def test_a_connection_that_answers_no_ping_is_given_up() -> None:
    async with talking(every=0.05, greeting=line("a", "1")) as here:
        here.socket.start()
        await here.ready()
        here.server.connections[0].transport.pause_reading()
        await here.ready(2)
        here.server.connections[0].transport.abort()
    assert [notice.kind for notice in here.events][:3] == ["connect", "disconnect", "connect"]


async def test_a_server_is_told_that_a_socket_is_closed_as_usual() -> None:
    async with talking(greeting=line("a", "1")) as here:
        here.socket.start()
        await here.ready()
        await here.socket.close()
        await until(lambda: here.server.connections[0].close_code is not None)
    assert here.server.connections[0].close_code == 1000


async def test_a_socket_that_is_closed_just_as_it_is_greeted_closes() -> None:
    async with talking() as here:
        here.socket.start()
        await until(lambda: here.server.received)
        closing = asyncio.create_task(here.socket.close())
        await here.server.say(line("a", "1"))
        await asyncio.wait_for(closing, 5)


async def test_a_change_that_comes_just_as_the_socket_is_closed_does_not_wait_for_ever() -> None:
    async with talking() as here:
        here.socket._life = asyncio.create_task(asyncio.sleep(0))
        await here.socket._life
        with pytest.raises(SiteDownError):
            await asyncio.wait_for(here.change("a", "2"), 5)


async def test_a_slow_listener_slows_the_server_and_loses_nothing() -> None:
    most = 5_000
    async with talking(greeting=line("a", "0")) as here:
        batches = here.socket.notices()
        listening = asyncio.ensure_future(anext(batches))
        await here.ready()
        saying = asyncio.create_task(here.server.say_all(line("a", each) for each in range(most)))
        await until(lambda: len(here.told) >= 900)
        taken = await listening
        while sum(notice.kind == "set" for notice in taken) < most:
            taken += (batch := await anext(batches))
            assert len(batch) <= 1_000 + 100
        await saying
        await batches.aclose()
    values = [notice.value for notice in taken if notice.kind == "set"]
    assert values == [str(number) for number in range(most)]


async def test_who_wants_the_latest_gets_the_newest_of_each_variable() -> None:
    async with talking(greeting=line("a", "0")) as here:
        batches = here.socket.notices(only_latest=True)
        listening = asyncio.ensure_future(anext(batches))
        await listening
        await here.ready()
        for number in range(1, 3_000):
            await here.server.say(line("a", str(number)) + line("b", str(-number)))
        await until(lambda: here.socket.memory.values.get("b") == "-2999")
        taken = [notice for notice in await anext(batches) if notice.kind == "set"]
        await batches.aclose()
    assert [(notice.variable, notice.value) for notice in taken] == [("a", "2999"), ("b", "-2999")]
    assert taken[0].previous == "0"


async def test_what_the_latest_took_the_place_of_is_remembered_and_told_no_more() -> None:
    queue, memory = LatestQueue(), Memory()
    for number in range(100):
        queue.add(CloudNotice("set", number, "a", str(number % 2), str((number + 1) % 2)))
    taken = await queue.take()
    for notice in taken:
        memory.note(notice)
    assert [notice.at for notice in taken if notice.kind == "set"] == [99]
    assert [notice.at for notice in memory.heard["a"]] == [*range(100 - KEPT, 100)]


async def test_a_set_that_was_perhaps_not_sent_takes_the_place_of_no_change() -> None:
    queue = LatestQueue()
    queue.add(CloudNotice("set", 1, "a", "5", "4"))
    queue.add(CloudNotice("unsure", 2, "a", "6"))
    assert [notice.value for notice in await queue.take() if notice.kind == "set"] == ["5"]


async def test_many_sockets_are_opened_at_a_gentle_pace(scratch: Scratch) -> None:
    clock = Hasty()
    network = Network(endpoint=scratch.address, limits=True)
    client = Client(Credentials(username="somebody"), network, clock, Random(1))
    sockets = [client.socket(f"game {number}", TURBOWARP_CLOUD) for number in range(5)]
    for socket in sockets:
        socket.start()
    await until(lambda: all(not socket.memory.is_new for socket in sockets))
    assert len(clock.slept) == 4, "each but the first waits its turn"
    assert max(clock.slept) > 0.3
    await client.close()

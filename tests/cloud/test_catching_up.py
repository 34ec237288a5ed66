"""After a gap the cloud log tells what was missed, and who did it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from scratchbot.cloud.memory import Memory
from tests.cloud.serving import Talking, line, row, talking
from tests.scratch import until

pytestmark = pytest.mark.asyncio


async def accounted(here: Talking) -> None:
    """Let a socket open for the first time."""
    here.socket.start()
    await until(lambda: [notice for notice in here.heard if notice.kind == "accounted"])


def users(here: Talking) -> list[tuple[str, str | None, str | None]]:
    return [
        (notice.variable, notice.value, notice.logged and notice.logged.user)
        for notice in here.events
        if notice.variable
    ]


async def test_what_was_set_while_the_socket_was_away_is_told_in_order_with_who_did_it() -> None:
    async with talking(log=True, greeting=line("a", "1") + line("b", "1")) as here:
        assert here.site.log is not None
        here.site.log.insert(0, row("a", "1"))
        await accounted(here)
        await here.server.say(line("a", "2"))
        here.site.log.insert(0, row("a", "2"))
        await until(lambda: here.told)
        for name, value in [("a", "3"), ("b", "7"), ("a", "4"), ("b", "1")]:
            here.site.log.insert(0, row(name, value, user="carol"))
        here.server.greeting = line("a", "4") + line("b", "1")
        await here.server.drop()
        await here.ready(2)
        await here.server.say(line("a", "5"))
        await until(lambda: ("set", "a", "5") in here.told)
    assert users(here) == [
        ("a", "2", None),
        ("a", "3", "carol"),
        ("b", "7", "carol"),
        ("a", "4", "carol"),
        ("b", "1", "carol"),
        ("a", "5", None),
    ]
    via = [notice.via for notice in here.events if notice.variable]
    assert via == ["live", "log", "log", "log", "log", "live"]
    assert [notice.previous for notice in here.events if notice.variable] == [
        "1", "2", "1", "3", "7", "4",
    ]  # fmt: skip


async def test_what_the_log_does_not_say_yet_is_told_by_the_values_and_not_again() -> None:
    async with talking(log=True, greeting=line("a", "1")) as here:
        assert here.site.log is not None
        await accounted(here)
        here.server.greeting = line("a", "2")
        await here.server.drop()
        await here.ready(2)
        here.site.log.insert(0, row("a", "2"))
        here.site.log.insert(0, row("a", "3"))
        here.server.greeting = line("a", "3")
        await here.server.drop()
        await here.ready(3)
    assert here.told == [("set", "a", "2"), ("set", "a", "3")]
    assert [notice.via for notice in here.events if notice.variable] == ["values", "log"]


async def test_a_log_that_cannot_be_read_leaves_the_values_to_tell() -> None:
    async with talking(log=True, greeting=line("a", "1")) as here:
        await accounted(here)
        here.site.log = None
        here.server.greeting = line("a", "2")
        await here.server.drop()
        await here.ready(2)
    assert here.told == [("set", "a", "2")]


async def test_what_comes_while_the_log_is_read_is_told_after_it_and_once() -> None:
    async with talking(log=True, greeting=line("a", "1")) as here:
        assert here.site.log is not None
        await accounted(here)
        let_read = asyncio.Event()
        read = here.site.exchange

        async def slowly(request: object) -> object:
            await let_read.wait()
            return await read(request)  # type: ignore[arg-type]

        here.site.exchange = slowly  # type: ignore[method-assign, assignment]
        here.server.greeting = line("a", "2")
        here.site.log.insert(0, row("a", "2"))
        await here.server.drop()
        await until(lambda: len(here.server.received) == 2)
        await here.server.say(line("a", "3"))
        here.site.log.insert(0, row("a", "3"))
        await here.server.say(line("a", "4"))
        let_read.set()
        await until(lambda: ("set", "a", "4") in here.told)
    assert here.told == [("set", "a", "2"), ("set", "a", "3"), ("set", "a", "4")]


async def test_a_log_that_could_not_be_read_before_tells_only_what_came_after_the_first_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hour = timedelta(hours=1)
    async with talking(log=True, greeting=line("a", "1")) as here:
        monkeypatch.setattr("scratchbot.cloud.logreader._skew", lambda *_: -3_600_000)
        here.site.log = None
        here.socket.start()
        await here.ready()
        now = datetime.now(UTC) - hour
        seconds = ((-10, "a", None), (-9, "a", "1"), (1, "b", None), (1, "a", "2"), (2, "a", "3"))
        here.site.log = [
            row(name, value, at=int((now.timestamp() + each) * 1000))
            for each, name, value in reversed(seconds)
        ]
        here.server.greeting = line("a", "3")
        await here.server.drop()
        await here.ready(2)
    assert here.told == [("set", "a", "2"), ("set", "a", "3")]


async def test_a_set_of_one_s_own_that_was_cut_off_is_no_news_when_it_arrived() -> None:
    async with talking(log=True, greeting=line("a", "1")) as here:
        assert here.site.log is not None
        await accounted(here)
        here.socket._audience.tell(here.heard[-1]._replace(
            kind="unsure", variable="a", value="2", accounted=None,
            at=int(datetime.now(UTC).timestamp() * 1000),
        ))  # fmt: skip
        here.site.log.insert(0, row("a", "2", user="alice"))
        here.server.greeting = line("a", "2")
        await here.server.drop()
        await here.ready(2)
        assert here.socket.memory.values == {"a": "2"}
    assert here.told == []


async def test_the_log_is_read_back_as_far_as_it_matters_though_it_grows_meanwhile() -> None:
    async with talking(log=True, greeting=line("a", "0")) as here:
        log = here.site.log
        assert log is not None
        log += [row("a", str(-number), at=number) for number in range(1_000, 0, -1)]
        await accounted(here)
        for number in range(1, 351):
            log.insert(0, row("a", str(number)))
        read, asked = here.site.exchange, []

        async def growing(request: object) -> object:
            answer = await read(request)  # type: ignore[arg-type]
            asked.append(request)
            log.insert(0, row("b", str(len(asked))))
            return answer

        here.site.exchange = growing  # type: ignore[method-assign, assignment]
        here.server.greeting = line("a", "350")
        await here.server.drop()
        await here.ready(2)
    told = [value for _, name, value in here.told if name == "a"]
    assert told == [str(number) for number in range(1, 351)]
    assert 4 <= len(asked) <= 6


async def test_a_log_that_moves_by_more_than_a_page_while_it_is_read_is_read_anew() -> None:
    async with talking(log=True, greeting=line("a", "0")) as here:
        log = here.site.log
        assert log is not None
        await accounted(here)
        for number in range(1, 201):
            log.insert(0, row("a", str(number)))
        read = here.site.exchange

        async def jumping(request: object) -> object:
            answer = await read(request)  # type: ignore[arg-type]
            if len(log) == 200:
                log[:0] = [row("b", str(number)) for number in range(150, 0, -1)]
            return answer

        here.site.exchange = jumping  # type: ignore[method-assign, assignment]
        here.server.greeting = line("a", "200") + line("b", "150")
        await here.server.drop()
        await here.ready(2)
    for name, most in (("a", 200), ("b", 150)):
        told = [value for _, variable, value in here.told if variable == name]
        assert told == [str(number) for number in range(1, most + 1)]


async def test_what_was_heard_is_not_told_again_though_the_site_s_clock_is_an_hour_ahead() -> None:
    async with talking(log=True, greeting=line("a", "0")) as here:
        log, hour = here.site.log, 3600
        assert log is not None
        here.site.ahead = hour
        await accounted(here)
        for number in range(1, 13):
            later = row("a", str(number))
            later["timestamp"] += hour * 1000
            log.insert(0, later)
            await here.server.say(line("a", str(number)))
        await until(lambda: len(here.told) == 12)
        here.server.greeting = line("a", "12")
        await here.server.drop()
        await here.ready(2)
    assert len(here.told) == 12


async def test_more_than_can_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scratchbot.cloud.logreader.MOST_PAGES", 1)
    async with talking(log=True, greeting=line("a", "0")) as here:
        assert here.site.log is not None
        await accounted(here)
        for number in range(1, 151):
            here.site.log.insert(0, row("a", str(number)))
        here.server.greeting = line("a", "150")
        await here.server.drop()
        await here.ready(2)
    (trouble,) = [notice for notice in here.heard if notice.kind == "trouble"]
    assert "only its last 100 changes are told" in trouble.text
    assert [value for _, _, value in here.told] == [str(number) for number in range(51, 151)]


async def test_what_happened_between_two_lives_is_told() -> None:
    async with talking(log=True, greeting=line("a", "1")) as here:
        await accounted(here)
        await here.server.say(line("a", "2"))
        await until(lambda: here.told)
        written, log = here.socket.memory.to_json(), [row("a", "2")]
    log = [row("a", "4", user="carol"), row("a", "3"), *log]
    async with talking(log=True, greeting=line("a", "4")) as here:
        here.site.log = log
        here.socket.recall(Memory.from_json(written))
        here.socket.start()
        await here.ready()
    assert users(here) == [("a", "3", "bob"), ("a", "4", "carol")]

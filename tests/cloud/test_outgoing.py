"""What waits to be sent: the last value wins, messages are kept, and order is."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosedError

from scratchbot.cloud import socket as sockets
from scratchbot.cloud.outgoing import Outgoing
from scratchbot.errors import InputError, NotFoundError, SiteDownError
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.request import Answer
from tests.cloud.serving import line, row, talking
from tests.scratch import until

GREETING = line("a", "0") + line("b", "0")


def setting(name: str, value: str, *, queue: bool = False) -> CloudChange:
    return CloudChange(project_id=104, host="h", method="set", name=name, value=value, queue=queue)


async def sent_of(changes: list[CloudChange]) -> list[CloudChange]:
    """Return what is sent of changes that all came before the first was."""
    outgoing, sent = Outgoing(), []
    for change in changes:
        outgoing.add(change)
    while (waiting := outgoing.take()) is not None:
        waiting.end()
        sent.append(waiting.change)
    return sent


changes = st.builds(setting, st.sampled_from("abc"), st.integers(0).map(str), queue=st.booleans())


@given(st.lists(changes))
def test_of_what_waits_messages_and_last_values_are_sent_in_the_order_of_each_variable(
    given: list[CloudChange],
) -> None:
    sent = asyncio.run(sent_of(given))
    assert [one for one in sent if one.queue] == [one for one in given if one.queue]
    for name in "abc":
        mine = [one for one in given if one.name == name]
        afters = [*mine[1:], None][: len(mine)]
        kept = [
            one
            for one, after in zip(mine, afters, strict=True)
            if one.queue or after is None or after.queue
        ]
        assert [one for one in sent if one.name == name] == kept


@pytest.mark.asyncio
async def test_of_a_variable_s_sets_that_wait_only_the_last_is_sent_and_all_return() -> None:
    async with talking(limits=True, greeting=GREETING) as here:
        values = [("a", "1"), ("a", "2"), ("b", "1"), ("a", "3"), ("b", "2"), ("a", "4")]
        await asyncio.gather(*(here.change(*each) for each in values))
        await until(lambda: len(here.server.sets) == 2)
    assert here.server.sets == [("a", "4"), ("b", "2")]


@pytest.mark.asyncio
async def test_messages_are_sent_one_after_the_other_at_the_site_s_pace() -> None:
    async with talking(limits=True, greeting=GREETING) as here:
        await here.change("a", "0")
        await asyncio.gather(*(here.change("a", str(each), queue=True) for each in range(4)))
        await until(lambda: len(here.server.sets) == 5)
        assert sum(here.clock.slept) >= 0.3, "ten a second at most"
    assert here.server.sets[1:] == [("a", str(each)) for each in range(4)]


@pytest.mark.asyncio
async def test_what_nobody_waits_for_any_more_is_not_sent() -> None:
    async with talking(greeting=GREETING) as here:
        given_up = asyncio.ensure_future(here.change("a", "1"))
        kept = asyncio.ensure_future(here.change("b", "1"))
        await asyncio.sleep(0)
        given_up.cancel()
        await kept
        await until(lambda: here.server.sets)
    assert here.server.sets == [("b", "1")]


@pytest.mark.asyncio
async def test_what_waits_when_the_connection_drops_is_sent_over_the_next() -> None:
    async with talking(limits=True, greeting=GREETING) as here:
        await here.change("a", "1")
        waiting = [
            asyncio.ensure_future(here.change("a", str(each), queue=True)) for each in range(2, 6)
        ]
        await here.server.drop()
        await asyncio.gather(*waiting, return_exceptions=True)
        await here.change("b", "9")
        await until(lambda: ("b", "9") in here.server.sets)
    sent = [value for name, value in here.server.sets if name == "a"]
    unsure = [task for task in waiting if task.exception() is not None]
    assert len(unsure) <= 1, "only what was on its way may be lost"
    assert sent == sorted(sent)
    assert len(sent) >= 5 - len(unsure)


@pytest.mark.asyncio
async def test_a_socket_that_does_not_open_says_that_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sockets, "OPENED_WITHIN", 0.05)
    async with talking() as here:
        here.server.refuses = 4000
        with pytest.raises(SiteDownError, match="try again later") as raised:
            await here.change("a", "1")
        assert not raised.value.arrived


@pytest.mark.asyncio
async def test_where_setting_makes_no_variable_an_unknown_one_is_refused() -> None:
    async with talking(log=True, greeting=GREETING) as here:
        with pytest.raises(NotFoundError, match="'c': check the spelling, or create it"):
            await here.change("c", "1")
        await here.change("a", "1")
        await until(lambda: here.server.sets)
    assert here.server.sets == [("a", "1")]


@pytest.mark.asyncio
async def test_where_setting_makes_variables_an_unknown_one_is_set() -> None:
    async with talking(greeting=GREETING) as here:
        await here.change("c", "1")
        await until(lambda: here.server.sets == [("c", "1")])


@pytest.mark.asyncio
@pytest.mark.parametrize("log", [True, False], ids=["in the log", "by an echo"])
async def test_a_set_is_awaited_until_it_is_seen(log: bool) -> None:
    async with talking(log=log, greeting=GREETING) as here:
        seeing = asyncio.ensure_future(here.change("a", "5", seen=True))
        await until(lambda: here.server.sets)
        assert not seeing.done()
        if log:
            assert here.site.log is not None
            here.site.log.insert(0, row("a", "5", user="Alice"))
        else:
            await here.server.say(line("a", "5"))
        await asyncio.wait_for(seeing, 10)


@pytest.mark.asyncio
async def test_a_set_is_seen_when_a_newer_one_in_its_place_is() -> None:
    async with talking(limits=True, log=True, greeting=GREETING) as here:
        older = asyncio.ensure_future(here.change("a", "5", seen=True))
        newer = asyncio.ensure_future(here.change("a", "6", seen=True))
        await until(lambda: here.server.sets)
        assert here.site.log is not None
        here.site.log.insert(0, row("a", "6", user="alice"))
        await asyncio.wait_for(asyncio.gather(older, newer), 10)
    assert here.server.sets == [("a", "6")]


@pytest.mark.asyncio
async def test_a_message_whose_server_is_gone_unnoticed_may_be_lost_and_says_so() -> None:
    async with talking(every=0.1, greeting=GREETING) as here:
        await here.change("a", "1", queue=True)
        await here.change("a", "2", queue=True)
        gone = here.server.connections[0].transport
        gone.pause_reading()
        with pytest.raises(SiteDownError) as raised:
            await here.change("a", "3", queue=True)
        assert raised.value.arrived
        await here.change("a", "4", queue=True)
        gone.abort()
    assert here.server.sets == [("a", "1"), ("a", "2"), ("a", "4")]


@pytest.mark.asyncio
async def test_a_message_is_confirmed_though_a_listener_has_yet_to_take_all_that_came() -> None:
    async with talking(greeting=GREETING) as here:
        batches = here.socket.notices()
        listening = asyncio.ensure_future(anext(batches))
        await here.ready()
        saying = asyncio.create_task(here.server.say_all(line("b", each) for each in range(3_000)))
        await until(lambda: len(here.told) >= 1_000)
        await asyncio.wait_for(here.change("a", "1", queue=True), 10)
        heard = len(here.told)
        assert heard > 1_000
        await listening
        saying.cancel()
        await batches.aclose()


@pytest.mark.asyncio
async def test_a_listener_that_is_behind_can_set_though_the_connection_was_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scratchbot.cloud.audience.WAITING_NOTICES", 10)
    async with talking(greeting=GREETING) as here:
        here.socket.open_queue()
        here.socket.start()
        await here.ready()
        await here.server.say_all(line("b", each) for each in range(20))
        await until(lambda: len(here.told) >= 10)
        await here.server.drop()
        await here.ready(2)
        await asyncio.wait_for(here.change("a", "1"), 10)
        await until(lambda: here.server.sets)


@pytest.mark.asyncio
async def test_a_project_has_ten_variables_at_most() -> None:
    def create(name: str) -> Any:
        setting = CloudChange(project_id=104, host="h", method="create", name=name, value="0")
        return here.socket.change(setting)

    async with talking(log=True, greeting=GREETING) as here:
        for number in range(8):
            await create(f"more {number}")
        with pytest.raises(InputError, match="delete one before you create 'one too many'"):
            await create("one too many")
        await create("a")
    assert "one too many" not in here.socket.memory.values


@pytest.mark.asyncio
async def test_in_a_project_without_variables_an_unknown_one_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scratchbot.cloud.talk.SILENT_FOR", 0.1)
    async with talking(log=True) as here:
        with pytest.raises(NotFoundError, match="no cloud variable 'a'"):
            await here.change("a", "1")


@pytest.mark.asyncio
async def test_a_set_of_which_there_is_no_sign_is_an_error(monkeypatch: Any) -> None:
    monkeypatch.setattr("scratchbot.cloud.sighting.PAUSES", (0.01, 0.01))
    async with talking(log=True, greeting=GREETING) as here:
        assert here.site.log is not None
        here.site.log += [row("a", "5", user="bob"), row("a", "5", at=1, user="alice")]
        with pytest.raises(SiteDownError, match="shows no sign of it"):
            await here.change("a", "5", seen=True)


@pytest.mark.asyncio
async def test_what_is_cut_off_while_it_is_sent_is_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    send = ClientConnection.send

    async def breaking(connection: ClientConnection, text: str) -> None:
        if '"set"' in text:
            await connection.close()
            raise ConnectionClosedError(None, None)
        await send(connection, text)

    monkeypatch.setattr(ClientConnection, "send", breaking)
    async with talking(log=True, greeting=GREETING) as here:
        with pytest.raises(SiteDownError) as raised:
            await here.change("a", "5")
        assert raised.value.arrived
        await here.ready(2)
    told = [(notice.kind, notice.value) for notice in here.heard if notice.variable == "a"]
    assert told == [("value", "0"), ("unsure", "5")]


@pytest.mark.asyncio
async def test_a_set_is_seen_though_the_site_s_clock_is_behind_and_its_log_fails_at_first() -> None:
    hour = timedelta(hours=1)
    async with talking(log=True, greeting=GREETING) as here:
        seeing = asyncio.ensure_future(here.change("a", "5", seen=True))
        await until(lambda: here.server.sets)
        read, asked = here.site.exchange, count()

        async def dated(request: Any) -> Answer:
            if not next(asked):
                raise SiteDownError("the log is broken")
            now = datetime.now(UTC)
            headers = {"date": format_datetime(now - hour, usegmt=True)}
            return replace(await read(request), headers=headers, at=now)

        here.site.exchange = dated  # type: ignore[method-assign]
        assert here.site.log is not None
        at = int((datetime.now(UTC) - hour).timestamp() * 1000)
        here.site.log.insert(0, row("a", "5", at=at, user="alice"))
        await asyncio.wait_for(seeing, 10)

"""Whatever a cloud server does, the socket neither dies nor lies."""

import inspect
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scratchbot.cloud.notices import CloudNotice
from scratchbot.cloud.talk import GREETING_WITHIN
from tests.cloud.fickle import MINE, Play, playing
from tests.virtual import run_virtually

Step = tuple[Any, ...]
"""Who does what, and with which parameters."""

FINAL = (4002, 4004, 4005, 4006)
CHANGES = ("value", "own", "set", "create", "delete")
RUBBISH = (
    "",
    "\n\n",
    "Welcome!",
    "[1]",
    "null",
    '"set"',
    '{"method": "set"',
    '{"method": 1, "name": "☁ a", "value": "1"}',
    '{"method": "ack", "name": "☁ a", "value": "1"}',
    '{"method": "set", "value": "1"}',
    '{"method": "set", "name": [7], "value": "1"}',
    '{"method": "set", "name": "☁ a"}',
    '{"method": "rename", "name": "☁ a"}',
    r'{"method": "set", "name": "☁ \ud800", "value": "1"}',
    r'{"method": "set", "name": "☁ a", "value": "\ud800 and more than twenty characters"}',
)

names = st.sampled_from(["a", "b", "c", "☃"])
cuts = st.lists(st.floats(0, 1), max_size=4).map(tuple)
rubbish = st.one_of(
    st.sampled_from(RUBBISH),
    st.text(),
    st.binary(),
    st.integers(900, 1_000).map(lambda deep: '{"method": ' + "[" * deep + "]" * deep + "}"),
)


def step(who: str, what: str, *parameters: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.tuples(st.just(who), st.just(what), *parameters)


a_set = step("server", "set", names)
a_greeting = step(
    "server",
    "greet_with",
    st.sampled_from([0.0, 0.1, 0.9]),
    cuts,
    st.sampled_from(["", *RUBBISH]),
)
COMMON = (
    a_set,
    a_set,
    a_set,
    step("server", "delete", names),
    step("server", "rename", names, names),
    step("server", "say", cuts, st.booleans(), st.booleans()),
    step("server", "rave", rubbish),
    step("server", "write_numbers", st.booleans()),
    step("server", "drop"),
    step("server", "close", st.sampled_from([1000, 1001, 1011, 3000, 4000, 4003, 4999])),
    step("server", "fall_silent"),
    step("server", "break_rules"),
    step("server", "refuse", st.lists(st.sampled_from([503, 4000, 4003]), max_size=3)),
    a_greeting,
    step("site", "be_slow", st.sampled_from([0.0, 0.2, 2.0, 9.0])),
    step("play", "rest", st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.0, 30.0, 100.0])),
    step("play", "linger", st.sampled_from([0.1, 0.5, 2.0])),
    step("play", "set_mine", st.booleans()),
    step("play", "die"),
)
kind_steps = st.lists(st.one_of(*COMMON), max_size=40)
wild_steps = st.lists(
    st.one_of(
        *COMMON,
        step("site", "be_slow", st.just(99.0)),
        step("site", "lag", st.integers(0, 3)),
        step("site", "break_down", st.sampled_from(["", "[1]", "<html>", '[{"verb": 1}]', "[]"])),
    ),
    max_size=40,
)
skews = st.sampled_from([0.0, -3_000.4, 90.7])
some_examples = settings(max_examples=settings().max_examples // 4)


async def take(play: Play, steps: Iterable[Step]) -> None:
    for who, what, *parameters in steps:
        someone = {"play": play, "server": play.server, "site": play.server.site}[who]
        done = getattr(someone, what)(*parameters)
        if inspect.isawaitable(done):
            await done


def followed(told: Iterable[CloudNotice]) -> dict[str, str]:
    """Return the values that what was told leads to; each has to tell of the one before."""
    values: dict[str, str] = {}
    for notice in told:
        if notice.kind not in CHANGES:
            continue
        known = values.get(notice.variable)
        assert notice.variable
        assert notice.previous == known or notice.sent is not None, notice
        if notice.value is None:
            values.pop(notice.variable)
        else:
            values[notice.variable] = notice.value
    return values


def news(told: Iterable[CloudNotice]) -> dict[str, list[str | None]]:
    """Return what others did to each variable, as it was told."""
    found = defaultdict(list)
    for notice in told:
        if notice.kind in ("set", "create", "delete") and notice.variable != MINE:
            found[notice.variable].append(notice.value)
    return dict(found)


def is_part(told: Sequence[str | None], history: Sequence[str | None]) -> bool:
    """Tell whether what was told happened in this order, each once."""
    rest = iter(history)
    return all(value in rest for value in told)


def unannounced(told: Iterable[CloudNotice]) -> list[CloudNotice]:
    """Return the changes that were taken for values known before."""
    first = next((notice.at for notice in told if notice.kind == "ready"), 0)
    late = first + int(GREETING_WITHIN * 1000)
    return [
        notice
        for notice in told
        if notice.kind == "value" and notice.at > late and notice.value != notice.previous
    ]


@some_examples
@given(wild_steps, st.booleans(), skews)
def test_whatever_a_server_does_the_socket_lives_and_sees_what_the_server_sees(
    steps: list[Step], keeps_log: bool, skew: float
) -> None:
    async def play_through() -> None:
        async with playing(keeps_log=keeps_log, skew=skew) as play:
            await take(play, steps)
            await play.come_to_rest()
            assert not play.life.done()
            assert play.socket.memory.values == play.server.values
            assert followed(play.told) == play.server.values
            assert not unannounced(play.told)
            for name, values in news(play.told).items():
                assert is_part(values, play.server.history[name]), name

    run_virtually(play_through())


@some_examples
@given(kind_steps, skews)
def test_with_a_log_that_tells_the_truth_every_change_is_told_once_and_in_order(
    steps: list[Step], skew: float
) -> None:
    async def play_through() -> None:
        async with playing(keeps_log=True, skew=skew) as play:
            await play.rest(3)
            play.server.history.clear()
            await take(play, steps)
            await play.come_to_rest()
            assert followed(play.told) == play.server.values
            assert news(play.told) == play.server.history

    run_virtually(play_through())


@some_examples
@given(wild_steps, st.booleans(), st.sampled_from(FINAL))
def test_a_socket_that_is_refused_for_good_ends_and_says_so(
    steps: list[Step], keeps_log: bool, code: int
) -> None:
    async def play_through() -> None:
        async with playing(keeps_log=keeps_log) as play:
            await take(play, steps)
            play.server.refuse_for_good(code)
            await play.come_to_rest()
            assert play.life.done()
            assert play.life.exception() is None
            assert play.socket.ended is not None
            assert play.told[-1].kind == "trouble"
            assert followed(play.told) == play.socket.memory.values

    run_virtually(play_through())


def test_while_a_slow_log_is_read_a_greeting_goes_on_and_variables_are_made() -> None:
    async def play_through() -> None:
        async with playing(keeps_log=True) as play:
            await play.rest(3)
            play.server.site.be_slow(5)
            play.server.greet_with(0, (0.5,), "")
            play.server.drop()
            await play.rest(4)
            play.server.set("b")
            await play.come_to_rest()
            assert news(play.told) == {"b": ["2"]}
            assert followed(play.told) == play.server.values

    run_virtually(play_through())


def test_what_a_server_names_later_in_its_greeting_is_told_in_its_place_in_the_log() -> None:
    async def play_through() -> None:
        async with playing(keeps_log=True) as play:
            await play.rest(3)
            play.server.history.clear()
            play.server.greet_with(0, (0.625,), "")
            play.server.drop()
            for name in ("c", "a", "b", "a"):
                play.server.set(name)
            await play.come_to_rest()
            assert news(play.told) == play.server.history
            assert [notice.variable for notice in play.told if notice.via == "log"] == [*"caba"]

    run_virtually(play_through())


def test_a_log_that_is_ahead_of_the_socket_tells_nothing_that_the_socket_will_tell() -> None:
    async def play_through() -> None:
        async with playing(keeps_log=True) as play:
            await play.rest(3)
            play.server.history.clear()
            play.server.site.be_slow(2)
            play.server.drop()
            play.server.set("a")
            await play.rest(1.5)
            for name in ("a", "b", "a"):
                play.server.set(name)
            await play.linger(3)
            play.server.delete("b")
            await play.come_to_rest()
            assert news(play.told) == play.server.history
            assert followed(play.told) == play.server.values

    run_virtually(play_through())


def test_what_came_and_went_just_before_a_greeting_is_told_whatever_the_clocks_say() -> None:
    async def play_through(skew: float) -> None:
        async with playing(keeps_log=True, skew=skew) as play:
            await play.rest(3)
            play.server.history.clear()
            play.server.drop()
            play.server.set("b")
            play.server.delete("b")
            await play.come_to_rest()
            assert news(play.told) == play.server.history

    for skew in (-3_000.4, 0.0, 90.7):
        run_virtually(play_through(skew))

"""Bad weather: each kind does what it says, the same seed does the same, a record does it again."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.sandbox.weather import Rule, Weather, WeatherError, load_weather, read_weather
from scratchbot.sandbox.weather.middleware import KEPT_LISTS
from tests.sandbox.site import API, SITE, Site, serving

PROJECT = "/projects/104"
RECORD = '[[record]]\nmethod = "GET"\nhost = "a"\npath = "/"\nnumber = 1\n'


def begin(site: Site, *rules: dict[str, Any], seed: int = 0) -> None:
    site.sandbox.weather.set(*read_weather({"seed": seed, "rules": list(rules)}))


@pytest.mark.asyncio
async def test_an_error_is_the_cdn_s_html_and_strikes_only_what_it_names() -> None:
    async with serving() as site:
        begin(site, {"status": 503, "host": API, "path": "/projects/*"})
        status, text, answer = await site.ask("GET", API, PROJECT)
        assert (status, answer.content_type) == (503, "text/html")
        assert "Varnish" in text
        assert (await site.ask("GET", API, "/users/alice"))[0] == 200
        assert (await site.ask("GET", SITE, "/statistics/data/daily/"))[0] == 200
        assert (await site.ask("GET", "anything", "/sandbox/world"))[0] == 200


@pytest.mark.asyncio
async def test_an_error_changes_nothing_and_maintenance_is_everywhere() -> None:
    async with serving() as site:
        headers = await site.log_in("alice", "wonderland")
        begin(site, {"maintenance": True})
        path = "/proxy/projects/105/loves/user/alice"
        assert (await site.ask("POST", API, path, headers=headers))[0] == 503
        assert "alice" not in site.world.projects[105].loves
        assert "maintenance" in (await site.ask("GET", SITE, "/users/alice/"))[1]


@pytest.mark.asyncio
async def test_a_truncated_answer_is_no_json_and_a_broken_one_no_answer() -> None:
    async with serving() as site:
        begin(site, {"truncate": True})
        status, text, _ = await site.ask("GET", API, PROJECT)
        assert status == 200
        with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
            json.loads(text)
        begin(site, {"reset": True})
        with pytest.raises(aiohttp.ClientError):
            await site.ask("GET", API, PROJECT)


@pytest.mark.asyncio
async def test_no_answer_comes_until_the_client_gives_up() -> None:
    async with serving() as site:
        begin(site, {"timeout": True})
        with pytest.raises(TimeoutError):
            await site.ask("GET", API, PROJECT, timeout=aiohttp.ClientTimeout(total=0.2))


@pytest.mark.asyncio
async def test_a_slow_answer_comes_in_pieces_and_is_whole() -> None:
    async with serving() as site:
        begin(site, {"bytes_per_second": 20_000})
        _, text, _ = await site.ask("GET", API, PROJECT)
        assert json.loads(text)["id"] == 104


@pytest.mark.asyncio
async def test_a_stale_answer_is_the_one_from_before_the_change() -> None:
    async with serving() as site:
        begin(site, {"stale": 5, "start": 10})
        before = (await site.get(PROJECT))["stats"]["loves"]
        site.sandbox.acts.love("bob", 104)
        site.later(11)
        assert (await site.get(PROJECT))["stats"]["loves"] == before
        begin(site)
        assert (await site.get(PROJECT))["stats"]["loves"] == before + 1


@pytest.mark.asyncio
async def test_a_stale_answer_grows_no_younger_by_being_given_again() -> None:
    async with serving() as site:
        begin(site, {"stale": 10, "start": 13})
        before = (await site.get(PROJECT))["stats"]["loves"]
        site.sandbox.acts.love("bob", 104)
        site.later(12)
        assert (await site.get(PROJECT))["stats"]["loves"] == before + 1
        site.later(1)
        assert (await site.get(PROJECT))["stats"]["loves"] == before
        site.later(11)
        assert (await site.get(PROJECT))["stats"]["loves"] == before + 1


@pytest.mark.asyncio
async def test_old_answers_of_the_lists_asked_for_last_are_kept() -> None:
    async with serving(limits=False) as site:
        begin(site, {"stale": 5, "start": 1})
        before = (await site.get(PROJECT))["stats"]["loves"]
        for number in range(KEPT_LISTS):
            await site.get("/users/alice", headers={"X-Token": str(number)})
        site.sandbox.acts.love("bob", 104)
        site.later(6)
        assert (await site.get(PROJECT))["stats"]["loves"] == before + 1


@pytest.mark.asyncio
async def test_a_page_is_repeated_and_a_list_is_reordered() -> None:
    async with serving() as site:
        path = "/users/scratchcat/projects/104/comments?limit=2&offset="
        right = [await site.get(f"{path}{offset}") for offset in (0, 2)]
        begin(site, {"repeat": True})
        assert await site.get(f"{path}0") == right[0]
        assert await site.get(f"{path}2") == right[0]
        begin(site, {"reorder": True}, seed=3)
        whole = "/users/scratchcat/projects/104/comments"
        mixed = await site.get(whole)
        begin(site)
        ordered = await site.get(whole)
        assert mixed != ordered
        assert sorted(mixed, key=lambda row: -row["id"]) == ordered


@pytest.mark.asyncio
async def test_a_session_ends_in_the_middle_and_the_clock_is_wrong() -> None:
    async with serving() as site:
        headers = await site.log_in("alice", "wonderland")
        begin(site, {"log_out": True, "path": "/users/*/messages"})
        assert (await site.ask("GET", API, "/users/alice/messages", headers=headers))[0] == 403
        begin(site, {"clock_skew": 3600.0})
        site.sandbox.acts.follow("alice", "demo-bot")
        ahead = site.world.users["demo-bot"].messages[-1]["datetime_created"]
        begin(site)
        site.sandbox.acts.follow("scratchcat", "demo-bot")
        behind = site.world.users["demo-bot"].messages[-1]["datetime_created"]
        assert ahead > behind


@pytest.mark.asyncio
async def test_rules_begin_and_end_with_time() -> None:
    async with serving() as site:
        begin(site, {"status": 500, "start": 10, "end": 20})
        seen = []
        for _ in range(3):
            seen.append((await site.ask("GET", API, PROJECT))[0])
            site.later(10)
        assert seen == [200, 500, 200]


@pytest.mark.asyncio
async def test_a_record_does_the_same_again_whatever_the_rules_say() -> None:
    async def fates(site: Site) -> list[int]:
        return [(await site.ask("GET", API, PROJECT))[0] for _ in range(30)]

    async with serving(limits=False) as site:
        begin(site, {"status": 502, "share": 0.3}, seed=1)
        first = await fates(site)
        assert 0 < first.count(502) < 30
        begin(site, {"status": 502, "share": 0.3}, seed=1)
        assert await fates(site) == first
        begin(site, {"status": 502, "share": 0.3}, seed=2)
        assert await fates(site) != first
        begin(site, {"status": 502, "share": 0.3}, seed=1)
        await fates(site)
        record = site.sandbox.weather.as_json()["record"]
        site.sandbox.weather.read({"rules": [{"status": 500}], "record": record})
        assert await fates(site) == first


@pytest.mark.asyncio
async def test_the_control_api_is_for_this_machine_s_own_pages_and_programs() -> None:
    async with serving() as site:
        rules = {"rules": [{"status": 500}]}
        evil = {"Origin": "http://evil.example"}
        for method, path in (
            ("PUT", "/sandbox/weather"),
            ("GET", "/sandbox/requests"),
            ("POST", "/sandbox/sessions/end"),
            ("PUT", "/sandbox/captcha"),
        ):
            status, _, _ = await site.ask(method, "localhost", path, json=rules, headers=evil)
            assert status == 403
        status, text, _ = await site.ask("PUT", "localhost", "/sandbox/weather", json=rules)
        assert (status, json.loads(text)["rules"]) == (200, [{"status": 500}])
        wrong = {"rules": [{"status": "x"}]}
        status, text, _ = await site.ask("PUT", "localhost", "/sandbox/weather", json=wrong)
        assert status == 400
        assert json.loads(text)["message"] == "rules[1].status is 'x'; give a whole number"
        await site.ask("GET", API, PROJECT, headers={"X-Token": "unknown"})
        _, text, _ = await site.ask("GET", "localhost", "/sandbox/requests")
        (logged,) = json.loads(text)
        assert (logged["path"], logged["status"], logged["weather"]) == (PROJECT, 500, "status")


@pytest.mark.asyncio
async def test_the_request_log_holds_no_token() -> None:
    async with serving() as site:
        headers = await site.log_in("alice", "wonderland")
        token = headers["X-Token"]
        await site.ask("GET", API, f"/users/alice/messages?x-token={token}")
        _, text, _ = await site.ask("GET", "localhost", "/sandbox/requests")
        assert token not in text
        assert '"alice"' in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules = 3", "seed has to be a whole number, rules and record lists"),
        ("wind = 3", "wind is unknown; use seed, rules or record"),
        ("[[rules]]\nshare = 2", r"rules\[1\]\.share is 2; give a number from 0 to 1"),
        ("[[rules]]\nlatency = [-1]", r"rules\[1\]\.latency is \[-1\]; give a list"),
        ("[[rules]]\nstale = -1", r"rules\[1\]\.stale is -1; give a number from 0 to 1000000000"),
        ("[[rules]]\ntimeout = 1", r"rules\[1\]\.timeout is 1; give true or false"),
        ('[[rules]]\ndistribution = "odd"', "distribution is 'odd'; use uniform, normal"),
        ("[[rules]]\nrain = 1", r"rules\[1\]\.rain is unknown; use bytes_per_second"),
        ("x =", "is no valid TOML or JSON"),
        (
            "[[rules]]\nstatus = 99",
            r"rules\[1\]\.status is 99; give a whole number from 200 to 599",
        ),
        ("[[rules]]\nclose_code = 70000", "from 1000 to 4999"),
        ("[[rules]]\nclose_code = 1005", "which no server may send"),
        ("[[rules]]\nclock_skew = 1e18", "from -1000000000 to 1000000000"),
        ("[[rules]]\nlatency = [inf]", r"rules\[1\]\.latency is \[inf\]"),
        ("record = [1]", r"record\[1\] is 1; give a table"),
        ("[[record]]\nmethod = 1", r"record\[1\]\.method is 1; give a text"),
        (RECORD + "effects = { zz = 1 }", r"record\[1\]\.effects is .*; use bytes_per_second"),
        (RECORD + 'effects = { delay = "x" }', r"record\[1\]\.effects\.delay is 'x'"),
        (RECORD + "fate = { code = 1000 }", "a fate with its time"),
        (RECORD, "either effects or a fate"),
    ],
)
def test_a_wrong_weather_file_is_told_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "storm.toml"
    file.write_text(text)
    with pytest.raises(WeatherError, match=said) as raised:
        load_weather(file)
    assert "\n" not in str(raised.value)
    assert str(file) in str(raised.value)


def test_a_missing_weather_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(WeatherError, match="cannot be read"):
        load_weather(tmp_path / "storm.toml")


REQUESTS = st.lists(
    st.tuples(
        st.sampled_from(["GET", "POST"]),
        st.sampled_from([API, SITE]),
        st.sampled_from(["/a", "/b", "/c"]),
    ),
    max_size=40,
)


@given(REQUESTS, st.randoms(use_true_random=False), st.integers(0, 5))
def test_the_fate_of_a_request_does_not_depend_on_others(
    requests: list[tuple[str, str, str]], random: Any, seed: int
) -> None:
    def fates(order: list[tuple[str, str, str]]) -> dict[tuple[str, str, str], list[float]]:
        weather = Weather(lambda: 0.0)
        rules = [Rule(latency=(0.1, 0.9), share=0.5), Rule(status=500, share=0.3, path="/a")]
        weather.set(seed, rules)
        met: dict[tuple[str, str, str], list[Any]] = {}
        for request in order:
            met.setdefault(request, []).append(weather.request(*request))
        return met

    mixed = list(requests)
    random.shuffle(mixed)
    assert fates(requests) == fates(mixed)


@pytest.mark.parametrize("distribution", ["uniform", "normal", "exponential"])
def test_latencies_follow_their_distribution(distribution: str) -> None:
    weather = Weather(lambda: 0.0)
    weather.set(0, [Rule(latency=(1.0, 3.0), distribution=distribution)])
    delays = [weather.request("GET", API, "/").delay for _ in range(2_000)]
    mean = sum(delays) / len(delays)
    assert min(delays) >= 0
    expected = {"uniform": 2.0, "normal": 1.6, "exponential": 1.0}[distribution]
    assert abs(mean - expected) < 0.25


@pytest.mark.asyncio
async def test_latency_delays_the_answer() -> None:
    async with serving() as site:
        begin(site, {"latency": [0.15]})
        loop = asyncio.get_running_loop()
        began = loop.time()
        await site.get(PROJECT)
        assert loop.time() - began >= 0.15

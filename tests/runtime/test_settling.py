"""What becomes of an act whose answer never came, one kind after the other."""

import asyncio
import json
import re
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scratchbot.errors import NotFoundError, ParkedActError
from scratchbot.site import AsyncSite
from scratchbot.wire import (
    accounts,
    backpack,
    comments,
    files,
    forums,
    members,
    mystuff,
    profile_comments,
    profiles,
    projects,
    studios,
)
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD
from scratchbot.wire.request import Answer, Request
from scratchbot.wire.settling import Look, Park, Repeat, Settling
from tests.clock import HurriedClock
from tests.runtime.acting import DONE, UNDONE, Actor, Through, acting, sent
from tests.scratch import Scratch, until
from tests.wire.exchanges import ASKED, CODE, ITEM, PROJECT, STUDIO

pytestmark = pytest.mark.asyncio

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
NO_ITEM = "0" * 32


def way(settling: Settling) -> str:
    """Return what the page calls a way to settle."""
    match settling:
        case Repeat():
            return "sent again"
        case Look(again=True):
            return "looked for, else sent again"
        case Look():
            return "looked for, else parked"
        case Park():
            return "parked"


def ways_of_the_page() -> dict[str, str]:
    """Return how each kind of act is settled, by the tables of the page."""
    rows = re.findall(
        r"^\| (sent again|looked for[^|]*|parked) \| ([^|]*) \|", PAGE.read_text(), re.MULTILINE
    )
    return {kind: told for told, kinds in rows for kind in re.findall(r"`([^`]+)`", kinds)}


def every_act() -> dict[str, Settling]:
    """Return how each kind of act that a handler can do is settled."""
    asked = [make(*values, **named) for _, make, values, named in ASKED]
    edits: list[Request[Any]] = [
        *(projects.edit(104, **{name: "a"}) for name in ("title", "instructions", "description")),
        projects.edit(104, comments_allowed=True),
        profiles.edit("alice", "status", "a"),
        studios.edit(STUDIO, "description", "a"),
        profile_comments.post_comment("alice", "a", None, None),
        comments.post_comment(PROJECT, "a", 5, 5),
    ]
    acts = [request.act for request in (*asked, *edits) if request.act is not None]
    change = CloudChange(project_id=104, host=SCRATCH_CLOUD, method="set", name="a", value="1")
    return {act.kind: act.settling for act in (*acts, change.act) if act.kind != accounts.LOG_IN}


async def test_the_page_says_of_each_kind_of_act_how_it_is_settled() -> None:
    assert ways_of_the_page() == {kind: way(found) for kind, found in every_act().items()}


@pytest.mark.parametrize("weather", [DONE, UNDONE], ids=["done", "undone"])
async def test_an_act_that_was_not_heard_of_is_settled_as_the_page_says(
    weather: dict[str, Any], scratch: Scratch
) -> None:
    scratch.acts.follow("griffpatch", "scratchcat")
    scratch.acts.invite_to_scratchers("newcomer")
    ways = ways_of_the_page()
    actors: dict[str, Actor] = {}
    async with AsyncExitStack() as stack:
        for username, make, values, named in ASKED:
            kept = scratch.world.users["alice"].backpack
            known = [kept[0].id if value == NO_ITEM and kept else value for value in values]
            request = make(*known, **named)
            if request.act is None or make is accounts.log_in:
                continue
            if username not in actors:
                actors[username] = await stack.enter_async_context(acting(scratch, username))
            before = sent(scratch, request)
            await actors[username].lose(request, **weather)
            done = weather is DONE or request.act.kind == "trash.empty"  # which is empty before
            await check_settled(actors[username], request, ways[request.act.kind], done=done)
            times = sent(scratch, request) - before
            assert times == expected(ways[request.act.kind], done=done), request.act
            if weather is UNDONE and times == 1:
                await actors[username].client.exchange(request)


async def check_settled(actor: Actor, request: Request[Any], told: str, *, done: bool) -> None:
    if told == "parked" or (told == "looked for, else parked" and not done):
        with pytest.raises(ParkedActError):
            await actor.do(request, again=1)
        with pytest.raises(ParkedActError):
            await actor.do(request, again=1)
    else:
        first = await actor.do(request, again=1)
        assert await actor.do(request, again=1) == first


def expected(told: str, *, done: bool) -> int:
    """Return how often an act is sent."""
    again = told == "sent again" or (told == "looked for, else sent again" and not done)
    return 2 if again else 1


class Creation(NamedTuple):
    """How a thing is made, and where it then is."""

    username: str
    request: Request[Any]
    things: Callable[[Scratch], Collection[Any]]


CREATIONS = {
    "project": Creation(
        "scratchcat",
        files.create_project(CODE),
        lambda scratch: scratch.world.users["scratchcat"].projects,
    ),
    "studio": Creation(
        "scratchcat",
        mystuff.create_studio(),
        lambda scratch: scratch.world.users["scratchcat"].studios,
    ),
    "topic": Creation(
        "alice",
        forums.create_topic(31, "A topic", "A [b]post[/b]\r\n& more"),
        lambda scratch: scratch.world.categories[31].topics,
    ),
    "post": Creation(
        "alice",
        forums.post(700002, "A [b]post[/b]\r\n& more"),
        lambda scratch: scratch.world.topics[700002].posts,
    ),
    "backpack": Creation(
        "alice",
        backpack.add("alice", **ITEM),
        lambda scratch: scratch.world.users["alice"].backpack,
    ),
}
creations = pytest.mark.parametrize("creation", CREATIONS.values(), ids=CREATIONS)


@creations
async def test_of_two_things_made_in_a_row_each_act_is_given_its_own(
    creation: Creation, scratch: Scratch
) -> None:
    before = len(creation.things(scratch))
    async with acting(scratch, creation.username) as actor:
        first = await actor.do(creation.request)
        await actor.lose(creation.request, **DONE)
        second = await actor.do(creation.request, again=1)
        assert await actor.do(creation.request, again=2) == first
    assert second != first
    assert len(creation.things(scratch)) == before + 2


@creations
async def test_a_thing_that_another_act_made_is_not_taken_for_one_s_own(
    creation: Creation, scratch: Scratch
) -> None:
    before = len(creation.things(scratch))
    async with acting(scratch, creation.username) as actor:
        await actor.do(creation.request)
        await actor.lose(creation.request, **UNDONE)
        with pytest.raises(ParkedActError):
            await actor.do(creation.request, again=1)
    assert len(creation.things(scratch)) == before + 1


@creations
async def test_of_two_things_that_fit_neither_is_believed(
    creation: Creation, scratch: Scratch
) -> None:
    before = len(creation.things(scratch))
    async with acting(scratch, creation.username) as actor:
        await actor.lose(creation.request, **DONE)
        await actor.lose(creation.request, **DONE)
        for run in (1, 2):
            with pytest.raises(ParkedActError):
                await actor.do(creation.request, again=run)
    assert len(creation.things(scratch)) == before + 2


@creations
async def test_a_thing_that_is_being_made_by_another_act_is_not_taken_for_one_s_own(
    creation: Creation, scratch: Scratch
) -> None:
    async with acting(scratch, creation.username) as actor:
        await actor.lose(creation.request, **UNDONE)
        before = len(creation.things(scratch))
        slow = Slow(actor.client)
        other = asyncio.create_task(actor.do(creation.request, site=slow))
        await until(lambda: len(creation.things(scratch)) > before)
        settled = asyncio.create_task(actor.do(creation.request, again=2))
        await asyncio.wait([settled], timeout=0.3)
        slow.goes_on.set()
        await other
        with pytest.raises(ParkedActError):
            await settled


class Slow(Through):
    """A way to the site on which answers to acts are long under way."""

    def __init__(self, site: AsyncSite) -> None:
        super().__init__(site)
        self.goes_on = asyncio.Event()

    async def exchange(self, request: Request[Any]) -> Answer:
        answer = await super().exchange(request)
        if request.act is not None:
            await self.goes_on.wait()
        return answer


@pytest.mark.parametrize(
    ("lost", "made"),
    [
        (files.create_project(CODE), files.create_project({"targets": [{}]})),
        (forums.create_topic(31, "A topic", "A post"), forums.create_topic(31, "A", "A post")),
        (forums.create_topic(31, "A topic", "A post"), forums.create_topic(31, "A topic", "A")),
        (forums.post(700002, "A post"), forums.post(700002, "Another post")),
        (backpack.add("alice", **ITEM), backpack.add("alice", **{**ITEM, "name": "a"})),
        (backpack.add("alice", **ITEM), backpack.add("alice", **{**ITEM, "body": "WzFd"})),
    ],
    ids=lambda request: str(request.act),
)
async def test_a_thing_of_other_contents_is_not_taken_for_what_was_to_be_made(
    lost: Request[Any], made: Request[Any], scratch: Scratch
) -> None:
    async with acting(scratch, "alice") as actor:
        await actor.lose(lost, **UNDONE)
        await actor.client.exchange(made)
        with pytest.raises(ParkedActError):
            await actor.do(lost, again=1)


async def test_a_post_of_somebody_else_with_the_same_words_is_not_taken_for_one_s_own(
    scratch: Scratch,
) -> None:
    request = forums.post(700002, "A post")
    async with acting(scratch, "alice") as actor:
        await actor.lose(request, **UNDONE)
        scratch.acts.post_in_topic("bob", 700002, "A post")
        with pytest.raises(ParkedActError):
            await actor.do(request, again=1)


@pytest.mark.parametrize("kind", ["project", "studio"])
async def test_a_thing_that_was_made_long_before_is_not_taken_for_what_was_to_be_made(
    kind: str, scratch: Scratch
) -> None:
    creation = CREATIONS[kind]
    async with acting(scratch, creation.username) as actor:
        number = creation.request.result(await actor.client.exchange(creation.request))
        made: Any = (scratch.world.projects if kind == "project" else scratch.world.studios)[number]
        made.created -= 2 * 3600
        await actor.lose(creation.request, **UNDONE)
        with pytest.raises(ParkedActError):
            await actor.do(creation.request, again=1)


async def test_a_studio_that_holds_something_is_not_taken_for_a_new_one(scratch: Scratch) -> None:
    request = mystuff.create_studio()
    async with acting(scratch, "scratchcat") as actor:
        number = request.result(await actor.client.exchange(request))
        await actor.client.exchange(studios.add_project(number, 104))
        await actor.lose(request, **UNDONE)
        with pytest.raises(ParkedActError):
            await actor.do(request, again=1)


async def test_a_project_is_known_by_its_code_however_that_is_written(scratch: Scratch) -> None:
    code = {"targets": [{"name": "☁ <Stage>", "x": 1.5}], "meta": {"b": None, "a": []}}
    own = scratch.world.users["alice"].projects
    async with acting(scratch, "alice") as actor:
        before = set(own)
        await actor.lose(files.create_project(json.dumps(code, indent=2)), **DONE)
        number = await actor.do(files.create_project(code), again=1)
    assert set(own) - before == {number}


async def test_what_a_cache_does_not_show_yet_is_looked_for_again(scratch: Scratch) -> None:
    request, newest = mystuff.create_studio(), mystuff.get_own_studios("", 1)
    async with acting(scratch, "scratchcat") as actor:
        first = await actor.do(request)
        scratch.weather(path=newest.path, stale=60)
        await actor.client.exchange(newest)
        await actor.lose(request, **DONE)
        scratch.weather(path=newest.path, stale=60)
        assert await actor.do(request, again=1, clock=Waking(scratch.weather)) == first + 1
    assert sent(scratch, newest) == 3


class Waking(HurriedClock):
    """A clock that does something whenever somebody waits."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    async def sleep(self, seconds: float) -> None:
        self._wake()
        await super().sleep(seconds)


async def test_a_promotion_that_was_not_done_and_cannot_be_is_an_error(scratch: Scratch) -> None:
    request = members.promote_curator(STUDIO, "ceebee")
    async with acting(scratch, "Za-Chary") as actor:
        await actor.lose(request, **UNDONE)
        with pytest.raises(NotFoundError):
            await actor.do(request, again=1)


@pytest.mark.parametrize("weather", [DONE, UNDONE], ids=["done", "undone"])
async def test_a_trash_that_holds_something_is_not_emptied_again(
    weather: dict[str, Any], scratch: Scratch
) -> None:
    request = mystuff.empty_trash("hunter2")
    async with acting(scratch, "scratchcat") as actor:
        scratch.acts.trash("scratchcat", 104)
        await actor.lose(request, **weather)
        scratch.acts.trash("scratchcat", 105)
        with pytest.raises(ParkedActError):
            await actor.do(request, again=1)
    assert scratch.world.projects[105].state == "trashed"

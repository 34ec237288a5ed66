"""Who may do what in a studio, and what the site says to the others."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from scratchbot.sandbox.acts.studios import MOST_MANAGERS, TRIES
from scratchbot.sandbox.rules import MutedError, RefusedError
from scratchbot.sandbox.world import User
from tests.sandbox.site import API, SITE, Site, serving

pytestmark = pytest.mark.asyncio

STUDIO = 26135902
Do = Callable[[Any], object]


@pytest.mark.parametrize(
    "do",
    [
        lambda acts: acts.create_studio("scratchcat"),
        lambda acts: acts.add_project("scratchcat", STUDIO, 105),
        lambda acts: acts.remove_project("scratchcat", STUDIO, 60917032),
        lambda acts: acts.open_studio("scratchcat", STUDIO, to_all=False),
        lambda acts: acts.invite_curator("scratchcat", STUDIO, "griffpatch"),
        lambda acts: acts.promote_curator("scratchcat", STUDIO, "alice"),
        lambda acts: acts.remove_curator("scratchcat", STUDIO, "alice"),
    ],
)
async def test_a_muted_manager_changes_nothing_in_a_studio(do: Do) -> None:
    async with serving() as site:
        site.sandbox.acts.mute("scratchcat", 600)
        with pytest.raises(MutedError):
            do(site.sandbox.acts)
        site.sandbox.acts.mute("scratchcat", 0)
        do(site.sandbox.acts)


async def test_a_curator_removes_only_what_they_added_or_made() -> None:
    async with serving() as site:
        acts, studio = site.sandbox.acts, site.world.studios[STUDIO]
        with pytest.raises(RefusedError, match="another's"):
            acts.remove_project("alice", STUDIO, 60917032)
        acts.add_project("alice", STUDIO, 105)
        acts.remove_project("alice", STUDIO, 105)
        acts.remove_project("griffpatch", STUDIO, 60917032)
        assert 60917032 not in studio.projects


@pytest.mark.parametrize("name", ["student-sam", "newcomer"])
async def test_students_and_new_scratchers_make_no_studios(name: str) -> None:
    async with serving() as site:
        with pytest.raises(RefusedError, match="Scratcher"):
            site.sandbox.acts.create_studio(name)


async def test_an_open_studio_wants_a_confirmed_address_of_who_is_no_curator() -> None:
    async with serving() as site:
        acts = site.sandbox.acts
        with pytest.raises(RefusedError, match="not open"):
            acts.add_project("mailless-mia", STUDIO, 105)
        acts.add_project("bob", STUDIO, 105)


async def test_only_its_host_turns_the_comments_of_a_studio_off() -> None:
    async with serving() as site:
        path = f"/site-api/comments/gallery/{STUDIO}/toggle-comments/"
        manager = await site.log_in("scratchcat", "hunter2")
        status, _, _ = await site.ask("POST", SITE, path, headers=manager)
        assert status == 403
        host = await site.log_in("Za-Chary", "za-chary")
        status, _, _ = await site.ask("POST", SITE, path, headers=host)
        assert status == 200
        assert not site.world.studios[STUDIO].comments_allowed


async def transfer(site: Site, headers: dict[str, str], password: str) -> tuple[int, Any]:
    path = f"/studios/{STUDIO}/transfer/scratchcat"
    status, text, _ = await site.ask("PUT", API, path, json={"password": password}, headers=headers)
    return status, json.loads(text)


async def test_a_transfer_says_what_is_wrong_with_the_password_and_ends_the_guessing() -> None:
    async with serving() as site:
        host = await site.log_in("Za-Chary", "za-chary")
        for _ in range(TRIES):
            status, told = await transfer(site, host, "guess")
            assert (status, told["message"]) == (401, "password incorrect")
        status, told = await transfer(site, host, "za-chary")
        assert (status, told["message"]) == (429, "try again later")


async def test_a_studio_has_only_so_many_managers_and_says_so() -> None:
    async with serving() as site:
        studio = site.world.studios[STUDIO]
        for number in range(MOST_MANAGERS - len(studio.managers)):
            other = User(id=number, username=f"manager{number}", password="", joined=0.0)
            site.world.add_user(other)
            studio.managers[other.key] = other
            other.studios[studio.id] = studio
        host = await site.log_in("Za-Chary", "za-chary")
        path = f"/site-api/users/curators-in/{STUDIO}/promote/?usernames=alice"
        status, text, _ = await site.ask("PUT", SITE, path, headers=host)
        assert (status, json.loads(text)["message"]) == (400, "too many owners")
        assert "alice" in studio.curators

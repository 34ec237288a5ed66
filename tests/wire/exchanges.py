"""Every request that the wire can make, and what the sandbox answers to it."""

import asyncio
import functools
import hashlib
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_origin

from scratchbot import wire
from scratchbot.client import Client
from scratchbot.settings import Credentials, Network
from scratchbot.wire import (
    accounts,
    backpack,
    classrooms,
    cloudlog,
    comments,
    explore,
    files,
    forums,
    frontpage,
    members,
    messages,
    mystuff,
    pages,
    profile_comments,
    profiles,
    projects,
    remixtree,
    settings,
    statistics,
    studios,
    users,
)
from scratchbot.wire.comments import Ground
from scratchbot.wire.request import Answer, File, Request
from tests.scratch import Scratch

Make = Callable[[], Request[Any]]

PROJECT = Ground("project", 104, "scratchcat")
STUDIO = 26135902
TOP, PROFILE_TOP = 500000003, 500000001
PAGE = {"limit": 40, "offset": 0}
CODE: dict[str, Any] = {"targets": []}
PICTURE = File("a.png", "image/png", b"\x89PNG\r\n\x1a\n")
NOW = datetime(2030, 1, 1, tzinfo=UTC)
SVG = b"<svg/>"
ASSET = f"{hashlib.md5(SVG).hexdigest()}.svg"
ITEM: dict[str, Any] = {
    "item_type": "script",
    "mime": "application/json",
    "name": "code",
    "body": "W10=",
    "thumbnail": "W10=",
}

ASKED: list[tuple[str, Callable[..., Request[Any]], tuple[Any, ...], dict[str, Any]]] = [
    ("", accounts.log_in, ("alice", "wonderland"), {}),
    ("", accounts.csrf_token, (), {}),
    ("alice", accounts.session_status, (), {}),
    ("alice", accounts.get_account_status, (), {}),
    ("alice", backpack.add, ("alice",), ITEM),
    ("alice", backpack.get_backpack, ("alice",), PAGE),
    ("alice", backpack.read_file, (f"https://backpack/{'0' * 32}.json",), {}),
    ("alice", backpack.delete, ("alice", "0" * 32), {}),
    ("alice", classrooms.get_classroom, (156,), {}),
    ("alice", classrooms.get_projects, (156,), PAGE),
    ("alice", cloudlog.get_logs, (104,), PAGE),
    ("alice", comments.get_comments, (PROJECT,), PAGE),
    ("alice", comments.get_comment, (PROJECT, TOP), {}),
    ("alice", comments.get_replies, (PROJECT, TOP), PAGE),
    ("alice", comments.post_comment, (PROJECT, "hi", None, None), {}),
    ("alice", comments.report_comment, (PROJECT, TOP), {}),
    ("scratchcat", comments.delete_comment, (PROJECT, TOP), {}),
    ("alice", explore.get_projects, ("explore", "trending", "*", "en"), {}),
    ("alice", explore.get_studios, ("search", "popular", "*"), {}),
    ("scratchcat", files.get_code, (104, ""), {}),
    ("scratchcat", files.save_code, (104, CODE), {}),
    ("scratchcat", files.create_project, (CODE,), {}),
    ("alice", files.upload_asset, (ASSET, SVG), {}),
    ("alice", files.get_asset, (ASSET,), {}),
    ("alice", forums.get_topic_posts, (700002,), {}),
    ("alice", forums.get_category_posts, (31,), {}),
    ("alice", forums.get_post_source, (7000002,), {}),
    ("alice", forums.get_topic_of, (7000002,), {}),
    ("alice", forums.create_topic, (31, "A topic", "A post"), {}),
    ("alice", forums.post, (700002, "A post"), {}),
    ("scratchcat", forums.edit_post, (7000002, "Another"), {}),
    ("alice", forums.report_post, (7000002, "why"), {}),
    ("alice", forums.follow_topic, (700002,), {}),
    ("alice", forums.unfollow_topic, (700002,), {}),
    ("alice", forums.change_signature, ("alice", "me"), {}),
    ("alice", frontpage.get_news, (), PAGE),
    ("alice", frontpage.get_front_page, (), {}),
    ("scratchcat", messages.get_messages, ("scratchcat",), {**PAGE, "filter": ""}),
    ("scratchcat", messages.get_activity, ("scratchcat",), PAGE),
    ("alice", messages.get_studio_activity, (STUDIO, 40, None), {}),
    ("alice", messages.clear_messages, (), {}),
    ("bob", messages.get_alerts, ("bob",), PAGE),
    ("newcomer", messages.get_invitation, ("newcomer",), {}),
    ("newcomer", messages.accept_invitation, ("newcomer",), {}),
    ("alice", pages.get_count, ("scratchcat", "followers"), {}),
    ("alice", pages.get_user_activity, ("alice", 100, NOW), {}),
    ("alice", pages.get_signature, (7000002,), {"as_html": False}),
    ("alice", profile_comments.get_comments, ("ceebee", 1), {}),
    ("alice", profile_comments.post_comment, ("ceebee", "hi", PROFILE_TOP, None), {}),
    ("bob", profile_comments.report_comment, ("ceebee", PROFILE_TOP), {}),
    ("alice", profile_comments.delete_comment, ("ceebee", PROFILE_TOP), {}),
    ("alice", profile_comments.allows_comments, ("alice",), {}),
    ("alice", profile_comments.toggle_commenting, ("alice",), {"to": False}),
    ("alice", profiles.get_featured_project, ("scratchcat",), {}),
    ("alice", profiles.edit, ("alice", "bio", "me"), {}),
    ("alice", profiles.set_avatar, ("alice", PICTURE), {}),
    ("alice", profiles.set_featured_project, ("alice", "remix_this", 104), {}),
    ("alice", projects.get_project, (104,), {}),
    ("alice", projects.get_remixes, (105,), PAGE),
    ("alice", projects.get_user_projects, ("scratchcat",), PAGE),
    ("alice", projects.get_favorites, ("bob",), PAGE),
    ("scratchcat", mystuff.get_own_projects, ("all", "", 1), {}),
    ("scratchcat", projects.get_visibility, ("scratchcat", 104), {}),
    ("bob", projects.love, (104, "bob"), {}),
    ("bob", projects.unlove, (104, "bob"), {}),
    ("bob", projects.favorite, (104, "bob"), {}),
    ("bob", projects.unfavorite, (104, "bob"), {}),
    ("bob", projects.view, ("scratchcat", 104), {}),
    ("bob", projects.report, (104, "1", "why", "https://picture"), {}),
    ("scratchcat", projects.edit, (104,), {"title": "Another"}),
    ("scratchcat", projects.set_thumbnail, (104, PICTURE.contents), {}),
    ("scratchcat", projects.unshare, (105,), {}),
    ("scratchcat", projects.share, (105,), {}),
    ("scratchcat", projects.trash, (105,), {}),
    ("scratchcat", projects.restore, (105,), {}),
    ("scratchcat", mystuff.empty_trash, ("hunter2",), {}),
    ("alice", remixtree.get_remixtree, (104,), {}),
    ("alice", settings.change_country, ("Antarctica",), {}),
    ("alice", settings.change_password, ("wonderland", "lookingglass"), {}),
    ("bob", settings.change_email, ("b@example.org", "builder"), {}),
    ("alice", settings.change_subscription, (), {"activities": True, "teacher_tips": False}),
    ("bob", settings.check_password, ("builder",), {}),
    ("alice", settings.check_username, ("free-name",), {}),
    ("alice", statistics.get_overall, (), {}),
    ("alice", statistics.get_last_month, (), {}),
    ("alice", statistics.get_over_time, (), {}),
    ("alice", studios.get_studio, (STUDIO,), {}),
    ("alice", studios.get_project_studios, ("griffpatch", 60917032), PAGE),
    ("alice", studios.get_curating, ("alice",), PAGE),
    ("scratchcat", mystuff.get_own_studios, ("", 1), {}),
    ("alice", members.get_managers, (STUDIO,), PAGE),
    ("alice", members.get_curators, (STUDIO,), PAGE),
    ("alice", studios.get_projects, (STUDIO,), PAGE),
    ("alice", members.get_roles, (STUDIO, "alice"), {}),
    ("scratchcat", mystuff.create_studio, (), {}),
    ("alice", studios.add_project, (STUDIO, 104), {}),
    ("alice", studios.remove_project, (STUDIO, 104), {}),
    ("alice", studios.follow, (STUDIO, "alice"), {}),
    ("alice", studios.unfollow, (STUDIO, "alice"), {}),
    ("Za-Chary", studios.open_to_public, (STUDIO,), {}),
    ("Za-Chary", studios.close_to_public, (STUDIO,), {}),
    ("Za-Chary", studios.toggle_commenting, (STUDIO,), {"to": False}),
    ("Za-Chary", studios.edit, (STUDIO, "title", "Another"), {}),
    ("Za-Chary", studios.set_thumbnail, (STUDIO, PICTURE), {}),
    ("alice", studios.report, (STUDIO, "title"), {}),
    ("Za-Chary", members.invite_curator, (STUDIO, "griffpatch"), {}),
    ("bob", members.accept_curator, (STUDIO, "bob"), {}),
    ("Za-Chary", members.promote_curator, (STUDIO, "bob"), {}),
    ("Za-Chary", members.remove_curator, (STUDIO, "bob"), {}),
    ("Za-Chary", members.transfer_host, (STUDIO, "scratchcat", "za-chary"), {}),
    ("scratchcat", studios.delete, (STUDIO,), {}),
    ("alice", users.get_user, ("scratchcat",), {}),
    ("alice", users.get_followers, ("scratchcat",), PAGE),
    ("alice", users.get_following, ("scratchcat",), PAGE),
    ("alice", users.get_message_count, ("scratchcat",), {}),
    ("alice", users.follow, ("bob", "alice"), {}),
    ("alice", users.unfollow, ("bob", "alice"), {}),
    ("alice", users.report, ("bob", "icon"), {}),
    ("alice", accounts.log_out, (), {}),
]
"""Who asks for what, in an order in which the sandbox can do it all."""


def name_of(make: Callable[..., Request[Any]]) -> str:
    return f"{make.__module__.rpartition('.')[2]}.{make.__name__}"


def every_request() -> set[str]:
    """Return the names of the functions of the wire that make a request."""
    found = set()
    for module in pkgutil.iter_modules(wire.__path__):
        held = importlib.import_module(f"{wire.__name__}.{module.name}")
        for name, function in inspect.getmembers(held, inspect.isfunction):
            made = get_origin(inspect.signature(function).return_annotation)
            if function.__module__ == held.__name__ and name[0] != "_" and made is Request:
                found.add(name_of(function))
    return found


@functools.cache
def exchanges() -> dict[str, tuple[Request[Any], Answer]]:
    """Return a request of each kind with the sandbox's answer, by the name of what makes it."""
    scratch = Scratch()
    try:
        scratch.acts.set_cloud("bob", 104, "☁ foo", "1")
        scratch.acts.follow("griffpatch", "scratchcat")
        scratch.acts.invite_to_scratchers("newcomer")
        return asyncio.run(_ask_all(scratch))
    finally:
        scratch.close()


async def _ask_all(scratch: Scratch) -> dict[str, tuple[Request[Any], Answer]]:
    found: dict[str, tuple[Request[Any], Answer]] = {}
    clients: dict[str, Client] = {}
    try:
        for username, make, values, named in ASKED:
            client = clients.get(username)
            if client is None:
                user = scratch.world.user(username)
                given = {"username": username, "password": user.password} if user else {}
                network = Network(endpoint=scratch.address, limits=False)
                client = clients[username] = Client(Credentials(**given), network)
                await client.log_in()
            request = make(*_known(scratch, values), **named)
            found[name_of(make)] = request, await client.exchange(request)
    finally:
        for client in clients.values():
            await client.close()
    return found


def _known(scratch: Scratch, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Put in the backpack's item for the zeros that stand for it."""
    kept = scratch.world.users["alice"].backpack
    names = (
        {"0" * 32: kept[0].id, f"https://backpack/{'0' * 32}.json": kept[0].body} if kept else {}
    )
    return tuple(names.get(value, value) if isinstance(value, str) else value for value in values)

"""The members of a studio: its host, managers and curators."""

from typing import TypedDict, cast

from scratchbot.wire.fields import flag
from scratchbot.wire.request import API, MAX_PAGE, SITE, Act, Request, nothing, page_query
from scratchbot.wire.settling import Asking, Repeat, Settling, Trace, look_whether, read_pages
from scratchbot.wire.studios import StudioData, get_studio
from scratchbot.wire.users import UserData, get_user, read_users


class StudioRoles(TypedDict):
    """What the account is in a studio, in the site's words."""

    manager: bool
    curator: bool
    invited: bool
    following: bool


def get_managers(studio_id: int, limit: int, offset: int) -> Request[list[UserData]]:
    """``GET /studios/{id}/managers``: the host among them, first."""
    return _people(studio_id, "managers", limit, offset)


def get_curators(studio_id: int, limit: int, offset: int) -> Request[list[UserData]]:
    """``GET /studios/{id}/curators``: those who are no managers."""
    return _people(studio_id, "curators", limit, offset)


def _people(studio_id: int, kind: str, limit: int, offset: int) -> Request[list[UserData]]:
    return Request(
        method="GET",
        host=API,
        path=f"/studios/{studio_id}/{kind}",
        query=page_query(limit, offset),
        read=read_users,
        about=f"studio {studio_id}",
    )


def get_roles(studio_id: int, username: str) -> Request[StudioRoles]:
    """``GET /studios/{id}/users/{username}``: what the account is in a studio."""
    return Request(
        method="GET",
        host=API,
        path=f"/studios/{studio_id}/users/{username}",
        read=lambda answer: cast("StudioRoles", answer.row()),
        about=f"studio {studio_id}",
        login=True,
    )


def invite_curator(studio_id: int, username: str) -> Request[None]:
    """``PUT /site-api/users/curators-in/{id}/invite_curator/``; “already” is an answer."""
    return _curators(studio_id, "invite_curator", username, Repeat(done=(409,)), "social")


def accept_curator(studio_id: int, username: str) -> Request[None]:
    """``PUT /site-api/users/curators-in/{id}/add/``: accept one's own invitation."""

    def is_curator(_: Trace) -> Asking[bool]:
        roles: StudioRoles = yield get_roles(studio_id, username)
        return flag(roles, "curator") or flag(roles, "manager")

    return _curators(studio_id, "add", username, look_whether(is_curator))


def promote_curator(studio_id: int, username: str) -> Request[None]:
    """``PUT /site-api/users/curators-in/{id}/promote/``."""

    def is_manager(_: Trace) -> Asking[bool]:
        managers = yield from read_pages(
            lambda number: get_managers(studio_id, MAX_PAGE, MAX_PAGE * number),
            lambda page: len(page) < MAX_PAGE,
        )
        return username.lower() in [one.username.lower() for one in managers]

    return _curators(studio_id, "promote", username, look_whether(is_manager))


def remove_curator(studio_id: int, username: str) -> Request[None]:
    """``PUT /site-api/users/curators-in/{id}/remove/``: a curator, a manager, or oneself."""
    return _curators(studio_id, "remove", username, Repeat(done=(404,)))


def _curators(
    studio_id: int,
    verb: str,
    username: str,
    settling: Settling,
    permission: str = "studio.edit",
) -> Request[None]:
    return Request(
        method="PUT",
        host=SITE,
        path=f"/site-api/users/curators-in/{studio_id}/{verb}/",
        query={"usernames": username},
        read=nothing,
        about=f"studio {studio_id} and user {username!r}",
        login=True,
        act=Act(
            permission=permission,
            kind=f"curator.{verb.removesuffix('_curator')}",
            target=f"studio:{studio_id}:user:{username}",
            settling=settling,
        ),
    )


def transfer_host(studio_id: int, username: str, password: str) -> Request[None]:
    """``PUT /studios/{id}/transfer/{username}``: make a manager the host."""

    def is_host(_: Trace) -> Asking[bool]:
        found: StudioData = yield get_studio(studio_id)
        user: UserData = yield get_user(username)
        return found.host == user.id

    return Request(
        method="PUT",
        host=API,
        path=f"/studios/{studio_id}/transfer/{username}",
        json={"password": password},
        read=nothing,
        about=f"studio {studio_id} and user {username!r}",
        login=True,
        act=Act(
            permission="account",
            kind="studio.transfer",
            target=f"studio:{studio_id}:user:{username}",
            settling=look_whether(is_host),
        ),
    )

"""Profiles: what a user says of themselves."""

from dataclasses import dataclass, field
from typing import Literal

from scratchbot.wire.fields import Row, inner, optional_integer, optional_text, text
from scratchbot.wire.projects import IncompleteProject, incomplete_project
from scratchbot.wire.request import SITE, Act, Answer, File, Request, nothing
from scratchbot.wire.settling import REPEAT

Label = Literal[
    "featured_project",
    "featured_tutorial",
    "work_in_progress",
    "remix_this",
    "my_favorite_things",
    "why_i_scratch",
]
_LABELS: dict[str, int | str] = {
    "featured_project": "",
    "featured_tutorial": 0,
    "work_in_progress": 1,
    "remix_this": 2,
    "my_favorite_things": 3,
    "why_i_scratch": 4,
}


@dataclass(frozen=True, kw_only=True)
class ProfileData:
    """What the site says of a profile.

    :param id: the profile's own number, which is not the user's.
    :param country: ``None`` for an account that was removed.
    """

    username: str
    id: int
    avatar_URL: str
    bio: str
    status: str
    country: str | None
    raw: Row = field(repr=False, compare=False)


def profile(row: Row) -> ProfileData:
    """Return the profile within the JSON object of a user."""
    held = inner(row, "profile")
    return ProfileData(
        username=text(row, "username"),
        id=optional_integer(held, "id") or 0,
        avatar_URL=text(inner(held, "images"), "90x90"),
        bio=text(held, "bio"),
        status=text(held, "status"),
        country=optional_text(held, "country"),
        raw=held,
    )


def get_featured_project(username: str) -> Request[IncompleteProject | None]:
    """``GET /site-api/users/all/{username}/``: the project that the profile shows first."""
    return Request(
        method="GET",
        host=SITE,
        path=f"/site-api/users/all/{username}/",
        read=_read_featured,
        about=f"user {username!r}",
    )


def _read_featured(answer: Answer) -> IncompleteProject | None:
    held = inner(answer.row(), "featured_project_data")
    return incomplete_project(held) if held else None


def edit(username: str, name: Literal["bio", "status"], content: str) -> Request[None]:
    """``PUT /site-api/users/all/{username}/``: change one text of the profile."""
    return Request(
        method="PUT",
        host=SITE,
        path=f"/site-api/users/all/{username}/",
        json={name: content},
        read=nothing,
        about=f"the profile of {username!r}",
        login=True,
        act=_act(username, name, content),
    )


def set_avatar(username: str, picture: File) -> Request[None]:
    """``POST /site-api/users/all/{username}/``: change the picture of the profile."""
    return Request(
        method="POST",
        host=SITE,
        path=f"/site-api/users/all/{username}/",
        parts={"file": picture},
        read=nothing,
        about=f"the profile of {username!r}",
        login=True,
        act=_act(username, "avatar"),
    )


def set_featured_project(username: str, label: Label, project_id: int) -> Request[None]:
    """``PUT /site-api/users/all/{username}/``: choose the project that the profile shows first."""
    return Request(
        method="PUT",
        host=SITE,
        path=f"/site-api/users/all/{username}/",
        json={"featured_project": project_id, "featured_project_label": _LABELS[label]},
        read=nothing,
        about=f"the profile of {username!r}, or project {project_id}",
        login=True,
        act=_act(username, "featured", f"project {project_id}"),
    )


def _act(username: str, what: str, content: str | None = None) -> Act:
    return Act(
        permission="profile.edit",
        kind=f"profile.{what}",
        target=f"user:{username}",
        text=content,
        settling=REPEAT,
    )

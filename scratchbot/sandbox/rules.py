"""What the site refuses."""

import re
from collections.abc import Container
from typing import Any

from scratchbot.sandbox.world import Comment, Place, Row, User, World

LONGEST_COMMENT = 500
SHORTEST_NAME, LONGEST_NAME = 3, 20
OFFENSES_BEFORE_WARNING = 3
FLOOD_COMMENTS = 10
FLOOD_SECONDS = 20.0
SPAM_COMMENTS = 5
SPAM_SECONDS = 300.0

LONGEST_CLOUD_VALUE = 256

_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)", re.ASCII)
_LINK = re.compile(r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)


class RefusedError(Exception):
    """An act that the site does not let pass.

    :param status: the HTTP status of the refusal.
    :param told: the site's own words for it, where it has any; else it keeps its reasons.
    """

    def __init__(self, status: int, message: str = "", *, told: str = "") -> None:
        super().__init__(message or told)
        self.status = status
        self.told = told


class ForgedError(RefusedError):
    """A request without the CSRF token of its cookie, as another site's page could make it."""

    def __init__(self) -> None:
        super().__init__(403, "CSRF verification failed")


class MutedError(RefusedError):
    """An act that the site does not let a muted user do."""

    def __init__(self, user: User, now: float) -> None:
        super().__init__(403, "muted")
        self.mute_status = mute_status(user, now)


class RejectedError(Exception):
    """A comment that the site rejects.

    :param reason: the site's own word for why.
    :param author: who is told of a mute with it.
    """

    def __init__(self, reason: str, author: User, now: float, offense: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offense = offense
        told = offense is not None or reason == "isMuted"
        self.mute_status = mute_status(author, now) if told else {}
        self.appeal_id = f"case-{author.id}" if reason == "isIPMuted" else ""


def mute_status(user: User, now: float) -> dict[str, Any]:
    """Return the site's description of a mute, empty where there is none and was none lately."""
    current = [one for one in user.offenses if one.expires > now]
    if not current and user.muted_until <= now:
        return {}
    return {
        "offenses": [
            {"expiresAt": one.expires, "messageType": one.kind, "createdAt": one.created}
            for one in current
        ],
        "showWarning": len(current) >= OFFENSES_BEFORE_WARNING,
        "muteExpiresAt": user.muted_until,
        "currentMessageType": current[-1].kind if current else "general",
    }


def check_comment(
    world: World, author: User, place: Place, content: str, *, now: float, limits: bool
) -> None:
    """Let a comment pass.

    :raises RejectedError: if the site would reject it.
    """
    if not author.email_confirmed:
        raise RejectedError("isNotPermitted", author, now)
    if author.ip_muted:
        raise RejectedError("isIPMuted", author, now)
    if author.muted_until > now:
        raise RejectedError("isMuted", author, now)
    if not comments_allowed(world, place):
        raise RejectedError("isDisallowed", author, now)
    if not content.strip():
        raise RejectedError("isEmpty", author, now)
    if len(content) > LONGEST_COMMENT:
        raise RejectedError("isTooLong", author, now)
    if has_word(content, world.bad_words):
        raise RejectedError("isBad", author, now, offense="vulgarity")
    if has_word(content, world.unkind_words):
        raise RejectedError("isUnconstructive", author, now, offense="unconstructive")
    if any(found.lower() in world.chat_sites for found in _LINK.findall(content)):
        raise RejectedError("hasChatSite", author, now, offense="chatsite")
    if limits:
        _check_pace(author, content, now)


def _check_pace(author: User, content: str, now: float) -> None:
    recent = author.recent_comments
    if len(recent) >= FLOOD_COMMENTS and now - recent[-FLOOD_COMMENTS][0] < FLOOD_SECONDS:
        raise RejectedError("isFlood", author, now)
    same = [at for at, text in recent if text == content and now - at < SPAM_SECONDS]
    if len(same) >= SPAM_COMMENTS:
        raise RejectedError("isSpam", author, now)


def has_word(text: str, words: Container[str]) -> bool:
    """Tell whether one of the words stands in a text."""
    return any(word in words for word in re.findall(r"\w+", text.lower()))


def is_picture(contents: bytes) -> bool:
    """Tell whether a file begins as a picture does."""
    return contents.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"))


def is_cloud_value(text: str, longest: int = LONGEST_CLOUD_VALUE) -> bool:
    """Tell whether a cloud variable can hold a value: digits, one sign and one point."""
    return len(text) <= longest and _NUMBER.fullmatch(text) is not None


def comments_allowed(world: World, place: Place) -> bool:
    """Tell whether comments are turned on in a place."""
    if place.kind == "profile":
        return world.users[place.key].comments_allowed
    things = world.projects if place.kind == "project" else world.studios
    return things[int(place.key)].comments_allowed


def may_delete_comment(world: World, user: User, comment: Comment) -> bool:
    """Tell whether a user may delete a comment: as its author, or as the owner of the place."""
    return user is comment.author or user.is_team or owns_place(world, user, comment.place)


def owns_place(world: World, user: User, place: Place) -> bool:
    """Tell whether a place is a user's own profile, project, or studio to manage."""
    if place.kind == "profile":
        return place.key == user.key
    if place.kind == "project":
        return world.projects[int(place.key)].author is user
    return world.studios[int(place.key)].manages(user)


def place_is_public(world: World, place: Place) -> bool:
    """Tell whether everybody can see a place."""
    return world.place_exists(place) and (
        place.kind != "project" or world.projects[int(place.key)].is_shared
    )


def is_public(world: World, row: Row) -> bool:
    """Tell whether a deed is about something that everybody can see."""
    if row["type"] == "addcomment":
        comment = world.comments.get(row["comment_id"])
        return comment is not None and place_is_public(world, comment.place)
    project = world.projects.get(row.get("project_id", 0))
    if "project_id" in row and (project is None or not project.is_shared):
        return False
    parent = world.projects.get(row.get("parent_id", 0))
    if "parent_id" in row and (parent is None or not parent.is_shared):
        return False
    return "gallery_id" not in row or row["gallery_id"] in world.studios


def username_verdict(world: World, name: str) -> str:
    """Return the site's word on a name for a new account."""
    if world.user(name) is not None:
        return "username exists"
    is_plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    if not is_plain or not SHORTEST_NAME <= len(name) <= LONGEST_NAME:
        return "invalid username"
    return "bad username" if name.lower() in world.bad_words else "valid username"

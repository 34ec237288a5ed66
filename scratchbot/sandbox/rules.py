"""What the site refuses."""

from typing import Any

from scratchbot.sandbox.world import Place, User, World

LONGEST_COMMENT = 500
FLOOD_COMMENTS = 10
FLOOD_SECONDS = 20.0


class RefusedError(Exception):
    """An act that the site does not let pass.

    :param status: the HTTP status of the refusal.
    """

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status


class RejectedError(Exception):
    """A comment that the site rejects.

    :param reason: the site's own word for why.
    :param muted_until: when the author's mute ends, if that is why.
    """

    def __init__(self, reason: str, muted_until: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.muted_until = muted_until

    @property
    def mute_status(self) -> dict[str, Any]:
        """The site's description of a mute, empty where there is none."""
        if not self.muted_until:
            return {}
        return {
            "offenses": [
                {
                    "expiresAt": self.muted_until,
                    "messageType": "general",
                    "createdAt": self.muted_until - 300,
                }
            ],
            "showWarning": False,
            "muteExpiresAt": self.muted_until,
            "currentMessageType": "general",
        }


def check_comment(
    world: World, author: User, place: Place, content: str, *, now: float, limits: bool
) -> None:
    """Let a comment pass.

    :raises RejectedError: if the site would reject it.
    """
    if author.muted_until > now:
        raise RejectedError("isMuted", author.muted_until)
    if not comments_allowed(world, place):
        raise RejectedError("isDisallowed")
    if not content.strip():
        raise RejectedError("isEmpty")
    if len(content) > LONGEST_COMMENT:
        raise RejectedError("isTooLong")
    if any(word in world.bad_words for word in content.lower().split()):
        raise RejectedError("isBad")
    recent = author.recent_comments
    if limits and len(recent) == FLOOD_COMMENTS and now - recent[0] < FLOOD_SECONDS:
        raise RejectedError("isFlood")


def comments_allowed(world: World, place: Place) -> bool:
    """Tell whether comments are turned on in a place."""
    if place.kind == "profile":
        return world.users[place.key].comments_allowed
    things = world.projects if place.kind == "project" else world.studios
    return things[int(place.key)].comments_allowed


def may_delete_comment(world: World, user: User, author: User, place: Place) -> bool:
    """Tell whether a user may delete a comment that another wrote in a place."""
    if user is author or user.role == "team":
        return True
    if place.kind == "profile":
        return place.key == user.key
    if place.kind == "project":
        return world.projects[int(place.key)].author is user
    return user.key in world.studios[int(place.key)].managers

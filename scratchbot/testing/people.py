"""People on the local Scratch, what they do, and what they wrote."""

from typing import TYPE_CHECKING, Any

from scratchbot.sandbox import Place
from scratchbot.sandbox.world import CLOUD_SIGN, Comment

if TYPE_CHECKING:
    from scratchbot.testing.scratch import Scratch


def place_of(place: int | str) -> Place:
    """Return the place that a project's number, or a text such as ``studio:26135902``, names."""
    return Place("project", str(place)) if isinstance(place, int) else Place.parse(place)


class Person:
    """Somebody on this Scratch."""

    def __init__(self, scratch: "Scratch", username: str) -> None:
        self.username = username
        self._scratch = scratch

    def comment(self, place: int | str, text: str) -> "Posted":
        """Comment on a project, in a studio, or on a profile."""
        return self._posted(place_of(place), text, None)

    def reply(self, to: "Posted", text: str) -> "Posted":
        """Reply to a comment."""
        return self._posted(to.comment.place, text, to.comment.id)

    def delete(self, posted: "Posted") -> None:
        """Delete a comment."""
        self._scratch.act("delete_comment", self.username, posted.comment.id)

    def love(self, project_id: int) -> None:
        """Love a project."""
        self._scratch.act("love", self.username, project_id)

    def favorite(self, project_id: int) -> None:
        """Add a project to the favourites."""
        self._scratch.act("favorite", self.username, project_id)

    def follow(self, name: str) -> None:
        """Follow a user."""
        self._scratch.act("follow", self.username, name)

    def add_project(self, project_id: int, studio_id: int) -> None:
        """Add a project to a studio."""
        self._scratch.act("add_project", self.username, studio_id, project_id)

    def set_cloud(self, project_id: int, name: str, value: float | str) -> None:
        """Set a cloud variable."""
        sign = CLOUD_SIGN + name.removeprefix(CLOUD_SIGN)
        self._scratch.act("set_cloud", self.username, project_id, sign, str(value))

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages of this person, newest first."""
        user = self._scratch.world.users[self.username.lower()]
        return self._scratch.do(lambda: list(reversed(user.messages)))

    def _posted(self, place: Place, text: str, parent: int | None) -> "Posted":
        made = self._scratch.act("post_comment", self.username, place, text, parent)
        return Posted(self._scratch, made)


class Posted:
    """A comment that was posted; what it prints reads well in a failed assertion."""

    def __init__(self, scratch: "Scratch", comment: Comment) -> None:
        self.comment = comment
        self._scratch = scratch

    @property
    def author(self) -> str:
        """Who wrote it."""
        return self.comment.author.username

    @property
    def text(self) -> str:
        """What it says."""
        return self.comment.content

    @property
    def replies(self) -> list[str]:
        """What the replies say, oldest first."""
        return self._scratch.do(lambda: [reply.content for reply in self.comment.replies.values()])

    @property
    def is_there(self) -> bool:
        """Whether readers see it."""
        return self.comment.id in self._scratch.world.comments

    def __repr__(self) -> str:
        return f"<{self.author}: {self.text!r}, replies {self.replies}>"

"""Comments: posting, deleting, reporting, and turning them on and off."""

from scratchbot.sandbox.acts.ledger import Ledger, act
from scratchbot.sandbox.rules import (
    MutedError,
    RefusedError,
    RejectedError,
    check_comment,
    may_delete_comment,
    owns_place,
)
from scratchbot.sandbox.world import Comment, Offense, Place, Project, Row, Studio, User

FRAGMENT_LENGTH = 250
COMMENT_TYPES = {"project": 0, "profile": 1, "studio": 2}
OFFENSE_SECONDS = 7 * 24 * 3600.0
MUTE_SECONDS = 300.0
REPORTS_THAT_HIDE = 2


class CommentActs(Ledger):
    """What people do with comments."""

    @act
    def post_comment(
        self,
        username: str,
        place: Place,
        content: str,
        parent_id: int | None = None,
        commentee_id: int | None = None,
    ) -> Comment:
        """Post a comment; its message goes to the commentee and to the owner of the place.

        :raises RejectedError: if the site rejects the text.
        :raises RefusedError: if there is no such place or no such comment to answer.
        """
        author = self._actor(username)
        self._see_place(author, place)
        parent = self._parent(place, parent_id)
        self._check(author, place, content)
        comment = Comment(
            id=next(self.world.comment_ids),
            place=place,
            author=author,
            content=content,
            created=self.now,
            parent=parent,
            commentee=self._commentee(parent, commentee_id),
        )
        author.recent_comments.append((self.now, content))
        self.world.add_comment(comment)
        self._tell_of_comment(comment)
        what = "replied" if parent is not None else "commented"
        self._note(author.username, what, str(place), content)
        return comment

    @act
    def delete_comment(self, username: str, comment_id: int) -> None:
        """Delete a comment with its replies and the messages that told of them.

        :raises RefusedError: if there is none, or it is not the user's to delete.
        """
        user, comment = self._actor(username), self._comment(comment_id)
        if not may_delete_comment(self.world, user, comment):
            raise RefusedError(403, "this comment is another's")
        self._remove(comment)
        self._note(user.username, "deleted a comment", str(comment.place), comment.content)

    @act
    def report_comment(self, username: str, comment_id: int) -> None:
        """Report a comment; two others, or one on their own ground, make it vanish."""
        user, comment = self._actor(username), self._comment(comment_id)
        if comment.reporters is None:
            comment.reporters = set()
        if user is not comment.author:
            comment.reporters.add(user.key)
        enough = len(comment.reporters) >= REPORTS_THAT_HIDE
        if enough or owns_place(self.world, user, comment.place):
            self._remove(comment)
        self._note(user.username, "reported a comment", str(comment.place), comment.content)

    @act
    def toggle_comments(self, username: str, place: Place) -> bool:
        """Turn comments off where they were on, or on; tell whether they are on now.

        :raises RefusedError: if the place is another's.
        """
        user = self._actor(username)
        if not self.world.place_exists(place):
            raise RefusedError(404, f"there is no {place}")
        where = self._ground(place)
        hosts = where.host is user if isinstance(where, Studio) else True
        if not (owns_place(self.world, user, place) and hosts):
            raise RefusedError(403, "this place is another's")
        if isinstance(where, Studio) and user.muted_until > self.now:
            raise MutedError(user, self.now)
        where.comments_allowed = not where.comments_allowed
        state = "on" if where.comments_allowed else "off"
        self._note(user.username, f"turned comments {state}", str(place))
        return where.comments_allowed

    def _see_place(self, reader: User, place: Place) -> None:
        if not self.world.place_exists(place):
            raise RefusedError(404, f"there is no {place}")
        where = self._ground(place)
        if isinstance(where, Project) and not where.visible_to(reader):
            raise RefusedError(404, f"there is no {place}")

    def _check(self, author: User, place: Place, content: str) -> None:
        try:
            check_comment(self.world, author, place, content, now=self.now, limits=self.limits)
        except RejectedError as rejection:
            if rejection.offense is not None:
                self._count_against(author, rejection.offense)
            raise RejectedError(rejection.reason, author, self.now, rejection.offense) from None

    def _count_against(self, author: User, kind: str) -> None:
        """Count an offence, which mutes, and longer each time."""
        author.offenses[:] = [one for one in author.offenses if one.expires > self.now]
        author.offenses.append(Offense(self.now, self.now + OFFENSE_SECONDS, kind))
        author.muted_until = self.now + MUTE_SECONDS * len(author.offenses)

    def _remove(self, comment: Comment) -> None:
        for gone in (comment, *comment.replies.values()):
            self._untell_of_comment(gone)
        self.world.remove_comment(comment)

    def _remove_comments(self, place: Place) -> None:
        for top in list(self.world.threads.get(place, {}).values()):
            self._remove(top)
        self.world.threads.pop(place, None)

    def _comment(self, comment_id: int) -> Comment:
        comment = self.world.comments.get(comment_id)
        if comment is None:
            raise RefusedError(404, f"there is no comment {comment_id}")
        return comment

    def _parent(self, place: Place, parent_id: int | None) -> Comment | None:
        """Return the top comment that a reply goes under; there are two levels only."""
        if parent_id is None:
            return None
        parent = self.world.comments.get(parent_id)
        if parent is None or parent.place != place:
            raise RefusedError(404, f"there is no comment {parent_id} in {place}")
        return parent.parent or parent

    def _commentee(self, parent: Comment | None, commentee_id: int | None) -> User | None:
        if parent is None:
            return None
        people = [parent.author, *(reply.author for reply in parent.replies.values())]
        return next((user for user in people if user.id == commentee_id), parent.author)

    def _readers(self, comment: Comment) -> list[User]:
        """Return who gets a message of a comment: the owner of the place, and who is answered."""
        readers = [] if comment.commentee is None else [comment.commentee]
        where = self._ground(comment.place)
        if isinstance(where, User):
            readers.append(where)
        elif isinstance(where, Project):
            readers.append(where.author)
        unique = {reader.key: reader for reader in readers if reader is not comment.author}
        return list(unique.values())

    def _tell_of_comment(self, comment: Comment) -> None:
        where = self._ground(comment.place)
        row = self._row(
            comment.author,
            "addcomment",
            comment_type=COMMENT_TYPES[comment.place.kind],
            comment_obj_id=where.id,
            comment_obj_title=where.username if isinstance(where, User) else where.title,
            comment_id=comment.id,
            comment_fragment=comment.content[:FRAGMENT_LENGTH],
            commentee_username=comment.commentee and comment.commentee.username,
        )
        comment.author.deeds.append(row)
        for reader in self._readers(comment):
            self._send(reader, row)

    def _untell_of_comment(self, comment: Comment) -> None:
        def is_meant(row: Row) -> bool:
            return row.get("comment_id") == comment.id

        comment.author.deeds[:] = [row for row in comment.author.deeds if not is_meant(row)]
        for reader in self._readers(comment):
            self._take_back(reader, is_meant)

    def _ground(self, place: Place) -> User | Project | Studio:
        if place.kind == "profile":
            return self.world.users[place.key]
        things = self.world.projects if place.kind == "project" else self.world.studios
        return things[int(place.key)]

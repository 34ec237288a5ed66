# Made from scratchbot/aio/user.py by `make sync`: change that file, not this one.
"""Users."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scratchbot import wire
from scratchbot.checks import check_choice, check_comment, check_id
from scratchbot.site import Site
from scratchbot.sync.opening import ask
from scratchbot.sync.pages import Pages
from scratchbot.sync.project import Project
from scratchbot.wire import projects, users
from scratchbot.wire.projects import ProjectData
from scratchbot.wire.users import ReportedField, UserData

if TYPE_CHECKING:
    from scratchbot.sync.profile import UserProfile
    from scratchbot.sync.profile_comments import ProfileComment
    from scratchbot.sync.studio import Studio


@dataclass(frozen=True, kw_only=True)
class User(UserData):
    """A user of the site."""

    _site: Site = field(repr=False, compare=False)

    @property
    def profile(self) -> "UserProfile":
        """What the user says of themselves."""
        from scratchbot.sync.profile import UserProfile

        profile = vars(self).get("_profile")
        if profile is None:
            data = wire.profiles.profile(self.raw)
            profile = UserProfile(**vars(data), user=self, _site=self._site)
            vars(self)["_profile"] = profile
        return profile

    @property
    def _username(self) -> str:
        return self._site.account.username or ""

    @property
    def projects(self) -> Pages[Project]:
        """The shared projects, in the site's order, read as they are needed."""
        return Pages(
            self._site,
            lambda size, start: projects.get_user_projects(self.username, size, start),
            self._project,
        )

    def get_projects(self, all: bool = False, limit: int = 20, offset: int = 0) -> list[Project]:
        """Return the shared projects, in the site's order.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the first to leave out.
        """
        return self.projects.collect(all, limit, offset)

    @property
    def favorites(self) -> Pages[Project]:
        """The favourites, newest first, read as they are needed."""
        return Pages(
            self._site,
            lambda size, start: projects.get_favorites(self.username, size, start),
            self._project,
        )

    def get_favorites(self, all: bool = False, limit: int = 20, offset: int = 0) -> list[Project]:
        """Return the favourites, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return self.favorites.collect(all, limit, offset)

    def _project(self, data: ProjectData) -> Project:
        return Project(**vars(data), _site=self._site)

    @property
    def curating(self) -> "Pages[Studio]":
        """The studios that the user curates or manages, newest first, read as they are needed."""
        from scratchbot.sync.studio import Studio

        return Pages(
            self._site,
            lambda size, start: wire.studios.get_curating(self.username, size, start),
            lambda data: Studio(**vars(data), _site=self._site),
        )

    def get_curating(self, all: bool = False, limit: int = 20, offset: int = 0) -> "list[Studio]":
        """Return the studios that the user curates or manages, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return self.curating.collect(all, limit, offset)

    @property
    def followers(self) -> "Pages[User]":
        """Those who follow the user, newest first, read as they are needed."""
        return Pages(
            self._site,
            lambda size, start: users.get_followers(self.username, size, start),
            self._user,
        )

    def get_followers(self, all: bool = False, limit: int = 20, offset: int = 0) -> "list[User]":
        """Return those who follow the user, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return self.followers.collect(all, limit, offset)

    @property
    def following(self) -> "Pages[User]":
        """Those whom the user follows, newest first, read as they are needed."""
        return Pages(
            self._site,
            lambda size, start: users.get_following(self.username, size, start),
            self._user,
        )

    def get_following(self, all: bool = False, limit: int = 20, offset: int = 0) -> "list[User]":
        """Return those whom the user follows, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return self.following.collect(all, limit, offset)

    def _user(self, data: UserData) -> "User":
        return User(**vars(data), _site=self._site)

    def get_message_count(self) -> int:
        """Return how many messages the user has not read."""
        return ask(self._site, users.get_message_count(self.username))

    def post_comment(
        self, content: str, parent_id: int | str = "", commentee_id: int | str = ""
    ) -> "ProfileComment":
        """Post a comment on the user's profile and return it.

        :param parent_id: the top comment that it answers, if it is a reply.
        :param commentee_id: the user whom it answers, if it is a reply.
        :raises CommentRejectedError: if the site refuses the text.
        """
        from scratchbot.sync.profile_comments import ProfileComment

        request = wire.profile_comments.post_comment(
            self.username,
            check_comment(content),
            check_id(parent_id) if parent_id else None,
            check_id(commentee_id) if commentee_id else None,
        )
        return ProfileComment.of(ask(self._site, request), self._site)

    def delete_comment(self, comment_id: int | str) -> None:
        """Delete a comment from the user's profile."""
        request = wire.profile_comments.delete_comment(self.username, check_id(comment_id))
        ask(self._site, request)

    def report_comment(self, comment_id: int | str) -> None:
        """Report a comment on the user's profile to the Scratch Team."""
        request = wire.profile_comments.report_comment(self.username, check_id(comment_id))
        ask(self._site, request)

    def report(self, field: ReportedField) -> None:
        """Report the user to the Scratch Team.

        :param field: what is wrong: ``"username"``, ``"icon"``, ``"description"`` or
            ``"working_on"``.
        """
        check_choice("field", field, ReportedField)
        ask(self._site, users.report(self.username, field))

    def toggle_commenting(self) -> None:
        """Turn comments on one's own profile off where they were on, or on."""
        allowed = ask(self._site, wire.profile_comments.allows_comments(self.username))
        ask(self._site, wire.profile_comments.toggle_commenting(self.username, to=not allowed))

    def follow(self) -> dict[str, Any]:
        """Follow the user, and return what the site answers; it wants this from people only."""
        return ask(self._site, users.follow(self.username, self._username))

    def unfollow(self) -> dict[str, Any]:
        """Stop following the user, and return what the site answers."""
        return ask(self._site, users.unfollow(self.username, self._username))

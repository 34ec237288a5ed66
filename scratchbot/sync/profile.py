# Made from scratchbot/aio/profile.py by `make sync`: change that file, not this one.
"""Profiles: what users say of themselves."""

import mimetypes
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scratchbot.checks import HasId, check_choice, id_of
from scratchbot.site import Site
from scratchbot.sync.opening import ask, contents
from scratchbot.sync.renewing import Renewing
from scratchbot.wire import profiles
from scratchbot.wire.profiles import Label, ProfileData
from scratchbot.wire.projects import IncompleteProject
from scratchbot.wire.request import File

if TYPE_CHECKING:
    from scratchbot.sync.user import User


@dataclass(frozen=True, kw_only=True)
class UserProfile(ProfileData, Renewing):
    """A user's profile."""

    user: "User" = field(repr=False, compare=False)
    _site: Site = field(repr=False, compare=False)

    def set_bio(self, content: str) -> None:
        """Change the text “About me” of one's own profile."""
        ask(self._site, profiles.edit(self.username, "bio", content))
        self._renew(bio=content)

    def set_status(self, content: str) -> None:
        """Change the text “What I'm working on” of one's own profile."""
        ask(self._site, profiles.edit(self.username, "status", content))
        self._renew(status=content)

    def set_avatar(self, filename: str) -> None:
        """Change the picture of one's own profile.

        :param filename: the path of a picture.
        :raises InputError: if there is no such file.
        """
        kind = mimetypes.guess_type(filename)[0] or "image/png"
        picture = File(Path(filename).name, kind, contents(filename))
        ask(self._site, profiles.set_avatar(self.username, picture))

    def get_featured_project(self) -> IncompleteProject | None:
        """Return the project that the profile shows first, ``None`` where there is none."""
        return ask(self._site, profiles.get_featured_project(self.username))

    def set_featured_project(self, label: Label, project: HasId | int | str) -> None:
        """Choose the project that one's own profile shows first.

        :param label: the words above it: ``"featured_project"``, ``"featured_tutorial"``,
            ``"work_in_progress"``, ``"remix_this"``, ``"my_favorite_things"`` or
            ``"why_i_scratch"``.
        """
        check_choice("label", label, Label)
        request = profiles.set_featured_project(self.username, label, id_of(project))
        ask(self._site, request)

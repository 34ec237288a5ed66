"""Profiles: what users say of themselves."""

import mimetypes
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scratchbot.aio.opening import ask, contents
from scratchbot.aio.renewing import AsyncRenewing
from scratchbot.checks import HasId, check_choice, id_of
from scratchbot.site import AsyncSite
from scratchbot.wire import profiles
from scratchbot.wire.profiles import Label, ProfileData
from scratchbot.wire.projects import IncompleteProject
from scratchbot.wire.request import File

if TYPE_CHECKING:
    from scratchbot.aio.user import AsyncUser


@dataclass(frozen=True, kw_only=True)
class AsyncUserProfile(ProfileData, AsyncRenewing):
    """A user's profile."""

    user: "AsyncUser" = field(repr=False, compare=False)
    _site: AsyncSite = field(repr=False, compare=False)

    async def set_bio(self, content: str) -> None:
        """Change the text “About me” of one's own profile."""
        await ask(self._site, profiles.edit(self.username, "bio", content))
        self._renew(bio=content)

    async def set_status(self, content: str) -> None:
        """Change the text “What I'm working on” of one's own profile."""
        await ask(self._site, profiles.edit(self.username, "status", content))
        self._renew(status=content)

    async def set_avatar(self, filename: str) -> None:
        """Change the picture of one's own profile.

        :param filename: the path of a picture.
        :raises InputError: if there is no such file.
        """
        kind = mimetypes.guess_type(filename)[0] or "image/png"
        picture = File(Path(filename).name, kind, await contents(filename))
        await ask(self._site, profiles.set_avatar(self.username, picture))

    async def get_featured_project(self) -> IncompleteProject | None:
        """Return the project that the profile shows first, ``None`` where there is none."""
        return await ask(self._site, profiles.get_featured_project(self.username))

    async def set_featured_project(self, label: Label, project: HasId | int | str) -> None:
        """Choose the project that one's own profile shows first.

        :param label: the words above it: ``"featured_project"``, ``"featured_tutorial"``,
            ``"work_in_progress"``, ``"remix_this"``, ``"my_favorite_things"`` or
            ``"why_i_scratch"``.
        """
        check_choice("label", label, Label)
        request = profiles.set_featured_project(self.username, label, id_of(project))
        await ask(self._site, request)

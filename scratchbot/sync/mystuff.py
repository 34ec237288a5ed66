# Made from scratchbot/aio/mystuff.py by `make sync`: change that file, not this one.
"""What belongs to the account: its projects, studios, trash, assets and backpack."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scratchbot import wire
from scratchbot.checks import FileOrData, check_choice
from scratchbot.errors import InputError
from scratchbot.sync.opening import Opening, contents
from scratchbot.sync.pages import NumberedPages, Pages
from scratchbot.sync.project import Project

if TYPE_CHECKING:
    from scratchbot.sync.backpack import BackpackItem
    from scratchbot.sync.studio import Studio
    from scratchbot.wire.backpack import BackpackItemData, ItemType, Mime
    from scratchbot.wire.mystuff import ProjectFilter, ProjectSort, StudioSort
    from scratchbot.wire.projects import ProjectData


class MyStuff(Opening):
    """The part of the session that tends what belongs to the account."""

    def create_project(self, project: Mapping[str, Any] | str) -> int:
        """Make a project, which nobody else sees until it is shared, and return its number.

        :param project: what a ``project.json`` holds, or its text.
        """
        return self._ask(wire.files.create_project(project))

    def create_studio(self) -> int:
        """Make a studio and return its number.

        :raises ForbiddenError: if the account is a New Scratcher's.
        :raises RateLimitedError: if it made many just now.
        """
        return self._ask(wire.mystuff.create_studio())

    def empty_trash(self, password: str) -> None:
        """Delete for good what is in the trash.

        :param password: the account's own, which the site asks for.
        """
        self._ask(wire.mystuff.empty_trash(password))

    def own_projects(
        self, sort: "ProjectSort" = "", filter: "ProjectFilter" = "all"
    ) -> NumberedPages[Project]:
        """Give one's own projects, read as they are needed.

        :param sort: as for :meth:`get_own_projects`; so is ``filter``.
        """
        check_choice("sort", sort, wire.mystuff.ProjectSort)
        check_choice("filter", filter, wire.mystuff.ProjectFilter)
        return NumberedPages(
            self._site,
            lambda page: wire.mystuff.get_own_projects(filter, sort, page),
            self._own_project,
        )

    def _own_project(self, data: "ProjectData") -> Project:
        """Return a project with its author in full: the page of one's own does not say it."""
        me = self._site.account.user
        if me is not None and me.id == data.author.id:
            data = replace(data, author=wire.users.incomplete_user(me.raw))
        return Project(**vars(data), _site=self._site)

    def get_own_projects(
        self,
        all: bool = False,
        sort: "ProjectSort" = "",
        filter: "ProjectFilter" = "all",
        page: int = 1,
    ) -> list[Project]:
        """Return one's own projects, in descending order.

        :param all: whether to return all of them, and not only one page of 40.
        :param sort: ``""`` for when they were changed last, ``"view_count"``, ``"love_count"``,
            ``"remixers_count"`` or ``"title"``.
        :param filter: ``"all"``, ``"shared"``, ``"notshared"`` or ``"trashed"``.
        :param page: 1 for the first page.
        """
        return self.own_projects(sort, filter).collect(all, page)

    def own_studios(self, sort: "StudioSort" = "") -> "NumberedPages[Studio]":
        """Give the studios that one hosts or tends, read as they are needed.

        :param sort: as for :meth:`get_own_studios`.
        """
        from scratchbot.sync.studio import Studio

        check_choice("sort", sort, wire.mystuff.StudioSort)
        return NumberedPages(
            self._site,
            lambda page: wire.mystuff.get_own_studios(sort, page),
            lambda data: Studio(**vars(data), _site=self._site),
        )

    def get_own_studios(
        self, all: bool = False, sort: "StudioSort" = "", page: int = 1
    ) -> "list[Studio]":
        """Return the studios that one hosts or tends, in descending order.

        They have a ``curator_count``, but no ``follower_count`` and no ``manager_count``.

        :param all: whether to return all of them, and not only one page of 40.
        :param sort: ``""`` for when they were changed last, ``"projecters_count"`` or ``"title"``.
        :param page: 1 for the first page.
        """
        return self.own_studios(sort).collect(all, page)

    def upload_asset(self, asset: FileOrData, file_ext: str | None = None) -> None:
        """Upload a picture or a sound that a project is made of.

        :param asset: the asset, or the path of its file.
        :param file_ext: its kind, such as ``"png"``; a file's is the ending of its name.
        :raises InputError: if the kind is missing, or there is no such file.
        """
        import hashlib

        ending = file_ext or ("" if isinstance(asset, bytes) else Path(asset).suffix)
        if not ending.strip("."):
            raise InputError("say the kind of the asset: file_ext='png', 'svg', 'wav' or the like")
        data = contents(asset)
        name = f"{hashlib.md5(data, usedforsecurity=False).hexdigest()}.{ending.lstrip('.')}"
        self._ask(wire.files.upload_asset(name, data))

    def get_asset(self, name: str) -> bytes:
        """Return an asset.

        :param name: its ``md5ext``, as a project's code has it, such as ``"cd21….svg"``.
        :raises NotFoundError: if there is none.
        """
        return self._ask(wire.files.get_asset(name))

    @property
    def backpack(self) -> "Pages[BackpackItem]":
        """What is in the backpack, newest first, read as it is needed."""
        username = self._site.account.username or ""
        return Pages(
            self._site,
            lambda size, start: wire.backpack.get_backpack(username, size, start),
            self._item,
        )

    def get_backpack(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[BackpackItem]":
        """Return what is in the backpack, newest first.

        :param all: whether to return everything, and not only ``limit`` items.
        :param offset: how many of the newest to leave out.
        """
        return self.backpack.collect(all, limit, offset)

    def add_to_backpack(
        self,
        item_type: "ItemType",
        body: bytes | str,
        mime_type: "Mime",
        name: str,
        thumbnail: bytes | str,
    ) -> "BackpackItem":
        """Put something into the backpack and return it.

        :param item_type: ``"script"``, ``"costume"``, ``"sound"`` or ``"sprite"``.
        :param body: what it holds, as base64.
        :param mime_type: ``"application/json"`` for a script, ``"application/zip"`` for a sprite,
            ``"image/svg+xml"`` or ``"image/png"`` for a costume, ``"audio/mp3"`` or
            ``"audio/x-wav"`` for a sound.
        :param name: the name; ``"code"`` for a script.
        :param thumbnail: a picture of it, as base64.
        :raises InputError: if the body is no base64.
        """
        check_choice("item_type", item_type, wire.backpack.ItemType)
        check_choice("mime_type", mime_type, wire.backpack.Mime)
        request = wire.backpack.add(
            self._site.account.username or "",
            item_type=item_type,
            mime=mime_type,
            name=name,
            body=_text(body),
            thumbnail=_text(thumbnail),
        )
        return self._item(self._ask(request))

    def _item(self, data: "BackpackItemData") -> "BackpackItem":
        from scratchbot.sync.backpack import BackpackItem

        return BackpackItem(**vars(data), _site=self._site)


def _text(base64: bytes | str) -> str:
    return base64.decode("ascii") if isinstance(base64, bytes) else base64

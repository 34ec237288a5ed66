"""What everybody can find on the site: news, the front page, projects, studios, statistics."""

from typing import TYPE_CHECKING

from scratchbot import wire
from scratchbot.aio.opening import AsyncOpening
from scratchbot.aio.pages import AsyncPages
from scratchbot.aio.project import AsyncProject
from scratchbot.checks import check_choice

if TYPE_CHECKING:
    from scratchbot.aio.studio import AsyncStudio
    from scratchbot.wire.explore import ExploreMode, SearchMode
    from scratchbot.wire.frontpage import FrontPage, News
    from scratchbot.wire.projects import ProjectData
    from scratchbot.wire.statistics import Statistics
    from scratchbot.wire.studios import StudioData


class AsyncExploring(AsyncOpening):
    """The part of the session that finds things."""

    @property
    def news(self) -> "AsyncPages[News]":
        """The headlines, newest first, read as they are needed."""
        return AsyncPages(self._site, wire.frontpage.get_news, lambda news: news)

    async def get_news(self, all: bool = False, limit: int = 20, offset: int = 0) -> "list[News]":
        """Return the headlines, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return await self.news.collect(all, limit, offset)

    async def explore_projects(
        self, mode: "ExploreMode" = "trending", query: str = "*", language: str = "en"
    ) -> list[AsyncProject]:
        """Return projects to explore.

        :param mode: ``"trending"``, ``"popular"`` or ``"recent"``.
        :param query: words to look for.
        :param language: an ISO 639-1 code.
        """
        check_choice("mode", mode, wire.explore.ExploreMode)
        return self._projects(
            await self._ask(wire.explore.get_projects("explore", mode, query, language))
        )

    async def explore_studios(
        self, mode: "ExploreMode" = "trending", query: str = "*"
    ) -> "list[AsyncStudio]":
        """Return studios to explore.

        :param mode: ``"trending"``, ``"popular"`` or ``"recent"``.
        :param query: words to look for.
        """
        check_choice("mode", mode, wire.explore.ExploreMode)
        return self._studios(await self._ask(wire.explore.get_studios("explore", mode, query)))

    async def search_projects(
        self, mode: "SearchMode" = "popular", query: str = "*", language: str = "en"
    ) -> list[AsyncProject]:
        """Return the projects that a search finds.

        :param mode: ``"trending"`` or ``"popular"``.
        :param query: words to look for.
        :param language: an ISO 639-1 code.
        """
        check_choice("mode", mode, wire.explore.SearchMode)
        return self._projects(
            await self._ask(wire.explore.get_projects("search", mode, query, language))
        )

    async def search_studios(
        self, mode: "SearchMode" = "popular", query: str = "*"
    ) -> "list[AsyncStudio]":
        """Return the studios that a search finds.

        :param mode: ``"trending"`` or ``"popular"``.
        :param query: words to look for.
        """
        check_choice("mode", mode, wire.explore.SearchMode)
        return self._studios(await self._ask(wire.explore.get_studios("search", mode, query)))

    async def get_front_page(self) -> "FrontPage":
        """Return what the front page shows.

        It has ``featured_projects``, ``featured_studios``, ``top_loved``, ``top_remixed``,
        ``newest``, ``scratch_design_studio`` and ``curated``, which are lists; ``curator``, a
        name; and ``current_sds``, a studio.
        """
        return await self._ask(wire.frontpage.get_front_page())

    async def get_statistics(self) -> "Statistics":
        """Return the site's statistics: ``overall``, ``last_month`` and ``over_time``."""
        return {
            "overall": await self._ask(wire.statistics.get_overall()),
            "last_month": await self._ask(wire.statistics.get_last_month()),
            "over_time": await self._ask(wire.statistics.get_over_time()),
        }

    def _projects(self, found: "list[ProjectData]") -> list[AsyncProject]:
        return [AsyncProject(**vars(data), _site=self._site) for data in found]

    def _studios(self, found: "list[StudioData]") -> "list[AsyncStudio]":
        from scratchbot.aio.studio import AsyncStudio

        return [AsyncStudio(**vars(data), _site=self._site) for data in found]

# Made from scratchbot/aio/exploring.py by `make sync`: change that file, not this one.
"""What everybody can find on the site: news, the front page, projects, studios, statistics."""

from typing import TYPE_CHECKING

from scratchbot import wire
from scratchbot.checks import check_choice
from scratchbot.sync.opening import Opening
from scratchbot.sync.pages import Pages
from scratchbot.sync.project import Project

if TYPE_CHECKING:
    from scratchbot.sync.studio import Studio
    from scratchbot.wire.explore import ExploreMode, SearchMode
    from scratchbot.wire.frontpage import FrontPage, News
    from scratchbot.wire.projects import ProjectData
    from scratchbot.wire.statistics import Statistics
    from scratchbot.wire.studios import StudioData


class Exploring(Opening):
    """The part of the session that finds things."""

    @property
    def news(self) -> "Pages[News]":
        """The headlines, newest first, read as they are needed."""
        return Pages(self._site, wire.frontpage.get_news, lambda news: news)

    def get_news(self, all: bool = False, limit: int = 20, offset: int = 0) -> "list[News]":
        """Return the headlines, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return self.news.collect(all, limit, offset)

    def explore_projects(
        self, mode: "ExploreMode" = "trending", query: str = "*", language: str = "en"
    ) -> list[Project]:
        """Return projects to explore.

        :param mode: ``"trending"``, ``"popular"`` or ``"recent"``.
        :param query: words to look for.
        :param language: an ISO 639-1 code.
        """
        check_choice("mode", mode, wire.explore.ExploreMode)
        return self._projects(
            self._ask(wire.explore.get_projects("explore", mode, query, language))
        )

    def explore_studios(self, mode: "ExploreMode" = "trending", query: str = "*") -> "list[Studio]":
        """Return studios to explore.

        :param mode: ``"trending"``, ``"popular"`` or ``"recent"``.
        :param query: words to look for.
        """
        check_choice("mode", mode, wire.explore.ExploreMode)
        return self._studios(self._ask(wire.explore.get_studios("explore", mode, query)))

    def search_projects(
        self, mode: "SearchMode" = "popular", query: str = "*", language: str = "en"
    ) -> list[Project]:
        """Return the projects that a search finds.

        :param mode: ``"trending"`` or ``"popular"``.
        :param query: words to look for.
        :param language: an ISO 639-1 code.
        """
        check_choice("mode", mode, wire.explore.SearchMode)
        return self._projects(self._ask(wire.explore.get_projects("search", mode, query, language)))

    def search_studios(self, mode: "SearchMode" = "popular", query: str = "*") -> "list[Studio]":
        """Return the studios that a search finds.

        :param mode: ``"trending"`` or ``"popular"``.
        :param query: words to look for.
        """
        check_choice("mode", mode, wire.explore.SearchMode)
        return self._studios(self._ask(wire.explore.get_studios("search", mode, query)))

    def get_front_page(self) -> "FrontPage":
        """Return what the front page shows.

        It has ``featured_projects``, ``featured_studios``, ``top_loved``, ``top_remixed``,
        ``newest``, ``scratch_design_studio`` and ``curated``, which are lists; ``curator``, a
        name; and ``current_sds``, a studio.
        """
        return self._ask(wire.frontpage.get_front_page())

    def get_statistics(self) -> "Statistics":
        """Return the site's statistics: ``overall``, ``last_month`` and ``over_time``."""
        return {
            "overall": self._ask(wire.statistics.get_overall()),
            "last_month": self._ask(wire.statistics.get_last_month()),
            "over_time": self._ask(wire.statistics.get_over_time()),
        }

    def _projects(self, found: "list[ProjectData]") -> list[Project]:
        return [Project(**vars(data), _site=self._site) for data in found]

    def _studios(self, found: "list[StudioData]") -> "list[Studio]":
        from scratchbot.sync.studio import Studio

        return [Studio(**vars(data), _site=self._site) for data in found]

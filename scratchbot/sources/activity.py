"""The following feed, and what happens in a studio."""

from collections.abc import Sequence

from scratchbot.aio.opening import ask
from scratchbot.events import ActivityEvent
from scratchbot.site import AsyncSite
from scratchbot.sources.paging import read_back
from scratchbot.sources.rows import row_fields
from scratchbot.sources.seen import Item, Seen
from scratchbot.sources.source import Reading
from scratchbot.wire.fields import time
from scratchbot.wire.messages import Activity, get_activity, get_studio_activity
from scratchbot.wire.request import MAX_PAGE


class FollowingFeed:
    """What the people do whom the bot's account follows."""

    studio_id = None

    def __init__(self, site: AsyncSite) -> None:
        self._site = site

    async def page(self, offset: int) -> Sequence[Activity]:
        """Return a page, newest first, after leaving out ``offset`` rows."""
        username = self._site.account.username or ""
        return await ask(self._site, get_activity(username, MAX_PAGE, offset))


class StudioFeed:
    """What happens in a studio."""

    def __init__(self, site: AsyncSite, studio_id: int) -> None:
        self.studio_id = studio_id
        self._site = site
        self._until: str | None = None

    async def page(self, offset: int) -> Sequence[Activity]:
        """Return a page, newest first; the site pages by time and gives the last row again."""
        until = self._until if offset else None
        page = await ask(self._site, get_studio_activity(self.studio_id, MAX_PAGE, until))
        self._until = page[-1].created_timestamp if page else None
        return page


class ActivitySource:
    """Sees new rows of a feed."""

    def __init__(self, name: str, feed: FollowingFeed | StudioFeed) -> None:
        self.name = name
        self._feed = feed

    async def read(self, cursor: str | None) -> Reading:
        """Return the activity since the last reading."""
        seen = Seen.from_json(cursor) if cursor is not None else None
        found = await read_back(seen, self._feed.page, _item, MAX_PAGE)
        if seen is None:
            return Reading([], Seen.mark(map(_item, found)).to_json())
        fresh = [row for row in found if not seen.knows(_item(row))]
        return Reading(
            [self._event(row) for row in reversed(fresh)],
            seen.add(map(_item, fresh)).to_json(),
        )

    def _event(self, row: Activity) -> ActivityEvent:
        return ActivityEvent(
            id=f"{self.name}:{row.id}",
            name=f"activity.{row.type}",
            at=time(row.created_timestamp),
            source=self.name,
            studio_id=self._feed.studio_id,
            **row_fields(row, ActivityEvent),
        )


def _item(row: Activity) -> Item:
    return Item(row.id, time(row.created_timestamp))

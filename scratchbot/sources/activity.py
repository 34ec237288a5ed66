"""The following feed, and what happens in a studio."""

import json
from collections.abc import Sequence

from scratchbot.aio.opening import ask
from scratchbot.events import ActivityEvent
from scratchbot.site import AsyncSite
from scratchbot.sources.listings import Listing, OffsetListing, TimedListing
from scratchbot.sources.paging import Beginning, oldest_first, read_list
from scratchbot.sources.progress import Progress
from scratchbot.sources.rows import row_fields
from scratchbot.sources.seen import Item
from scratchbot.sources.source import Reading, trouble_of
from scratchbot.wire.fields import time
from scratchbot.wire.messages import Activity, get_activity, get_studio_activity
from scratchbot.wire.request import MAX_PAGE


class ActivitySource:
    """Sees new rows of a feed.

    :param studio_id: the studio whose activity it is; none for the following feed.
    """

    def __init__(
        self,
        name: str,
        site: AsyncSite,
        studio_id: int | None = None,
        beginning: Beginning | None = None,
    ) -> None:
        self.name = name
        self._studio_id = studio_id
        self._listing = _following(site) if studio_id is None else _studio(site, studio_id)
        self._beginning = beginning or Beginning()

    async def read(self, cursor: str | None) -> Reading:
        """Return the activity since the last reading."""
        progress = Progress.from_state(json.loads(cursor)) if cursor is not None else None
        found = await read_list(self._listing, progress, self._beginning)
        rows = oldest_first(found.fresh, _item)
        return Reading(
            [self._event(row) for row in rows],
            json.dumps(found.progress.state()),
            trouble_of(self.name, [found.trouble] if found.trouble else []),
        )

    def _event(self, row: Activity) -> ActivityEvent:
        return ActivityEvent(
            id=f"{self.name}:{row.id}",
            name=f"activity.{row.type}",
            at=time(row.created_timestamp),
            source=self.name,
            studio_id=self._studio_id,
            **row_fields(row, ActivityEvent),
        )


def _item(row: Activity) -> Item:
    return Item(row.id, time(row.created_timestamp))


def _following(site: AsyncSite) -> Listing[Activity]:
    """Return what the people do whom the bot's account follows."""

    async def page(offset: int) -> Sequence[Activity]:
        return await ask(site, get_activity(site.account.username or "", MAX_PAGE, offset))

    return OffsetListing(page, _item, MAX_PAGE)


def _studio(site: AsyncSite, studio_id: int) -> Listing[Activity]:
    """Return what happens in a studio."""

    async def page(until: str | None) -> Sequence[Activity]:
        return await ask(site, get_studio_activity(studio_id, MAX_PAGE, until))

    return TimedListing(page, _item, lambda row: row.created_timestamp, MAX_PAGE)

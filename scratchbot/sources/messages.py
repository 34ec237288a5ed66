"""The messages of the bot's own account."""

import json

from scratchbot.aio.opening import ask
from scratchbot.events import Event, MessageEvent
from scratchbot.site import AsyncSite
from scratchbot.sources.listings import OffsetListing
from scratchbot.sources.lookup import CommentLookup
from scratchbot.sources.paging import Beginning, oldest_first, read_list
from scratchbot.sources.progress import Progress
from scratchbot.sources.rows import row_fields
from scratchbot.sources.seen import Item
from scratchbot.sources.source import Reading, trouble_of
from scratchbot.wire.fields import time
from scratchbot.wire.messages import Message, get_messages
from scratchbot.wire.request import MAX_PAGE


class MessageSource:
    """Sees new messages, and the comments that messages tell of."""

    def __init__(self, name: str, site: AsyncSite, beginning: Beginning | None = None) -> None:
        self.name = name
        self._site = site
        self._comments = CommentLookup(site)
        self._listing = OffsetListing(self._page, _item, MAX_PAGE)
        self._beginning = beginning or Beginning()

    async def read(self, cursor: str | None) -> Reading:
        """Return the messages that came since the last reading."""
        progress = Progress.from_state(json.loads(cursor)) if cursor is not None else None
        found = await read_list(self._listing, progress, self._beginning)
        events: list[Event] = []
        for message in oldest_first(found.fresh, _item):
            events.append(self._event(message))
            if message.type == "addcomment":
                comment = await self._comments.find(message, self.name)
                events.extend([comment] if comment is not None else [])
        return Reading(
            events,
            json.dumps(found.progress.state()),
            trouble_of(self.name, [found.trouble] if found.trouble else []),
        )

    async def _page(self, offset: int) -> list[Message]:
        username = self._site.account.username or ""
        return await ask(self._site, get_messages(username, MAX_PAGE, offset, ""))

    def _event(self, message: Message) -> MessageEvent:
        return MessageEvent(
            id=f"message:{message.id}",
            name=f"message.{message.type}",
            at=time(message.created_timestamp),
            source=self.name,
            **row_fields(message, MessageEvent),
        )


def _item(message: Message) -> Item:
    return Item(message.id, time(message.created_timestamp))

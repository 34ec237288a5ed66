"""The messages of the bot's own account."""

from scratchbot.aio.opening import ask
from scratchbot.events import Event, MessageEvent
from scratchbot.site import AsyncSite
from scratchbot.sources.lookup import CommentLookup
from scratchbot.sources.paging import read_back
from scratchbot.sources.rows import row_fields
from scratchbot.sources.seen import Item, Seen
from scratchbot.sources.source import Reading
from scratchbot.wire.fields import time
from scratchbot.wire.messages import Message, get_messages
from scratchbot.wire.request import MAX_PAGE


class MessageSource:
    """Sees new messages, and the comments that messages tell of."""

    def __init__(self, name: str, site: AsyncSite) -> None:
        self.name = name
        self._site = site
        self._comments = CommentLookup(site)

    async def read(self, cursor: str | None) -> Reading:
        """Return the messages that came since the last reading."""
        seen = Seen.from_json(cursor) if cursor is not None else None
        found = await read_back(seen, self._page, _item, MAX_PAGE)
        if seen is None:
            return Reading([], Seen.mark(map(_item, found)).to_json())
        fresh = [message for message in found if not seen.knows(_item(message))]
        events: list[Event] = []
        for message in reversed(fresh):
            events.append(self._event(message))
            if message.type == "addcomment":
                comment = await self._comments.find(message, self.name)
                events.extend([comment] if comment is not None else [])
        return Reading(events, seen.add(map(_item, fresh)).to_json())

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

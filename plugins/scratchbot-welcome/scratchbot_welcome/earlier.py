"""Who wrote in a place before the bot came."""

from collections.abc import AsyncIterable

from scratchbot import AsyncProfileComment, AsyncScratchSession
from scratchbot.aio.comments import AsyncComment
from scratchbot.errors import NotFoundError
from scratchbot.events import CommentEvent


async def earlier_authors(session: AsyncScratchSession, event: CommentEvent, most: int) -> set[str]:
    """Return who began threads in a place before a comment was written.

    :param event: the comment.
    :param most: how many of the place's newest threads are looked at.
    """
    authors: set[str] = set()
    if most == 0:
        return authors
    try:
        count = 0
        async for comment in await _comments(session, event):
            if comment.id < event.comment_id:
                authors.add(comment.author)
            count += 1
            if count == most:
                break
    except NotFoundError:  # The place is gone, and with it whom to answer.
        return authors
    return authors


async def _comments(
    session: AsyncScratchSession, event: CommentEvent
) -> AsyncIterable[AsyncComment] | AsyncIterable[AsyncProfileComment]:
    match event.where:
        case "project":
            return (await session.get_project(event.target)).comments
        case "studio":
            return (await session.get_studio(event.target)).comments
        case "profile":
            return session.scraping.profile_comments(event.target)

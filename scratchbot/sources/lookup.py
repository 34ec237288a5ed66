"""Finding the comment that a message tells of."""

from collections import OrderedDict

from scratchbot.aio.opening import ask
from scratchbot.errors import ForbiddenError, NotFoundError
from scratchbot.events import CommentEvent
from scratchbot.site import AsyncSite
from scratchbot.sources.boards import Comment
from scratchbot.sources.comments import comment_event
from scratchbot.wire import comments, profile_comments, projects
from scratchbot.wire.comments import Ground
from scratchbot.wire.messages import Message

PAGES_OF_A_PROFILE = 3
REMEMBERED_OWNERS = 1_000

PROJECT, PROFILE, STUDIO = 0, 1, 2


class CommentLookup:
    """Completes what a message says of a comment, which is only its beginning."""

    def __init__(self, site: AsyncSite) -> None:
        self._site = site
        self._owners: OrderedDict[int, str] = OrderedDict()

    async def find(self, message: Message, source: str) -> CommentEvent | None:
        """Return the comment's event; ``None`` if the comment cannot be read (any more)."""
        number, place = message.comment_id, message.comment_obj_id
        if number is None or place is None:
            return None
        try:
            if message.comment_type == PROFILE:
                username = message.comment_obj_title or ""
                found = await self._on_profile(username, number)
                if found is None:
                    return None
                return comment_event(found, "profile", username, source)
            if message.comment_type not in (PROJECT, STUDIO):
                return None
            ground = await self._ground(message.comment_type, place)
            comment = await ask(self._site, comments.get_comment(ground, number))
        except (NotFoundError, ForbiddenError):
            return None
        return comment_event(comment, ground.kind, str(place), source)

    async def _ground(self, kind: int, place: int) -> Ground:
        if kind == STUDIO:
            return Ground("studio", place)
        if place not in self._owners:
            project = await ask(self._site, projects.get_project(place))
            self._owners[place] = project.author.username
            if len(self._owners) > REMEMBERED_OWNERS:
                self._owners.popitem(last=False)
        return Ground("project", place, self._owners[place])

    async def _on_profile(self, username: str, number: int) -> Comment | None:
        for page in range(1, PAGES_OF_A_PROFILE + 1):
            threads = await ask(self._site, profile_comments.get_comments(username, page))
            for top in threads:
                for comment in (top, *top.replies):
                    if comment.id == number:
                        return comment
            if not threads:
                break
        return None

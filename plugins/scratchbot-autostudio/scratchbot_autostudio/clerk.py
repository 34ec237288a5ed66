"""Deciding what becomes of projects: one event after the other."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from scratchbot import AsyncProject, AsyncScratchSession
from scratchbot.aio.store import AsyncStore
from scratchbot.aio.studio import AsyncStudio
from scratchbot.errors import (
    BlockedError,
    ConflictError,
    ForbiddenError,
    MannersError,
    NotFoundError,
    PermissionDeniedError,
)
from scratchbot.events import ActivityEvent, CommentEvent, Event
from scratchbot.handlers import Emit
from scratchbot.wire.fields import time
from scratchbot_autostudio.catalogue import Catalogue, Day, State
from scratchbot_autostudio.links import linked_projects, named_project
from scratchbot_autostudio.matching import misfit
from scratchbot_autostudio.settings import Settings
from scratchbot_autostudio.words import APPROVE, WAITING, Order, command_in

MOST_LINKS = 3
"""So many links of one comment are heeded."""
MOST_LISTED = 20
"""So many waiting projects are named in one answer."""
MOST_STUDIOS = 400
"""So many of the studios that a project is in are looked at."""
RECENT_PROJECTS = 100
"""So many of a user's projects are looked at."""
RECENT_ACTIVITY = 40
"""So many lines of the studio's activity are looked at before a project is added: what happened in
the last seconds may not have been heard of."""

_KNOWN: dict[State, str] = {
    "waiting": "waits for a manager already",
    "added": "is in the studio already",
    "rejected": "was turned down before",
    "removed": "was removed from the studio before",
}


class Clerk:
    """Deals with one event.

    A run that fails happens again, and others come before it then: each step leads to the same
    also after the project was added, or after what that brought about was heard of.

    :param studio_id: the studio.
    """

    def __init__(
        self,
        event: Event,
        session: AsyncScratchSession,
        store: AsyncStore,
        settings: Settings,
        *,
        studio_id: int,
        emit: Emit,
        log: Any,
    ) -> None:
        self._event = event
        self._session = session
        self._settings = settings
        self._studio_id = studio_id
        self._emit = emit
        self._log = log
        self._catalogue = Catalogue(store)
        self._day = Day(store, event.at)

    async def work(self) -> None:
        """Do what follows from the event."""
        await self._day.begin()
        match self._event:
            case CommentEvent() as comment:
                order = command_in(comment.content)
                await (self._hear(comment) if order is None else self._obey(comment, order))
            case ActivityEvent(project_id=int(project)) as activity:
                await self._note(activity, project)
            case _:
                await self._look()

    async def _hear(self, event: CommentEvent) -> None:
        """Deal with a comment that links to projects."""
        if self._settings.blocks(event.author) or not await self._may_ask(event.author):
            return
        said = [await self._ask(each) for each in linked_projects(event.content, MOST_LINKS)]
        await self._say(event, " ".join(said))

    async def _obey(self, event: CommentEvent, order: Order) -> None:
        """Deal with a command."""
        if not self._settings.approves(event.author):
            await self._tell_once(event)
            return
        project = named_project(order.argument)
        if order.command == WAITING:
            await self._say(event, await self._list())
        elif project is None:
            await self._say(event, f"Write it like this: {order.command} 104")
        elif await self._catalogue.state(project) != "waiting":
            await self._say(event, await self._explain(project))
        elif order.command == APPROVE:
            await self._say(event, await self._add(project))
        else:
            await self._catalogue.put(project, "rejected")
            await self._say(event, f"{project} is turned down, and will not be asked for again.")

    async def _tell_once(self, event: CommentEvent) -> None:
        """Tell somebody who may not decide that managers do.

        There is one event for each person, in whose run it is said.
        """
        author = event.author.lower()
        own = f"{event.source}:told:{author}"
        if await self._catalogue.was_told(author):
            return
        if event.id != own:
            await self._emit(replace(event, id=own))
            return
        await self._catalogue.tell(author)
        if await self._may_ask(author):
            said = f"Sorry @{event.author}, only this studio's managers decide that."
            await self._say(event, said)

    async def _note(self, event: ActivityEvent, project: int) -> None:
        """Remember what happened in the studio, or take a new project of a user."""
        if event.type == "addprojecttostudio":
            await self._catalogue.put(project, "added")
            is_own = event.actor.lower() == (self._session.username or "").lower()
            if is_own and not await self._day.is_over():
                await self._day.note_added(project)
        elif event.type == "removeprojectstudio":
            await self._catalogue.put(project, "removed")
        else:
            await self._ask(project)

    async def _look(self) -> None:
        """Take new projects of the users, if it is time to look."""
        looked = await self._catalogue.looked()
        pause = timedelta(minutes=self._settings.every_minutes)
        if looked is not None and self._event.at - looked < pause:
            return
        await self._catalogue.look(self._event.at)
        for name in self._settings.users:
            since = await self._catalogue.since(name, self._event.at)
            try:
                user = await self._session.get_user(name)
            except NotFoundError:
                self._log.warning("user_unknown", user=name)
                continue
            for project in await user.get_projects(limit=RECENT_PROJECTS):
                if project.shared_timestamp and time(project.shared_timestamp) >= since:
                    await self._ask(project.id)

    async def _ask(self, project: int) -> str:
        """Deal with a project that is to be added, and return what becomes of it, in a sentence."""
        if await self._catalogue.state(project) is not None:
            return await self._explain(project)
        try:
            found = await self._session.get_project(project)
        except NotFoundError:
            return f"{project} is not shared."
        why = misfit(found, self._settings)
        return f"{project} {why}." if why is not None else await self._accept(found)

    async def _accept(self, project: AsyncProject) -> str:
        """Write down or add a project that fits."""
        if self._settings.approval == "none":
            return await self._add(project.id)
        if await self._is_inside(project):
            await self._catalogue.put(project.id, "added")
            return await self._explain(project.id)
        if len(await self._catalogue.waiting()) >= self._settings.most_waiting:
            return f"{project.id} fits, but too many wait already: ask again another day."
        await self._catalogue.put(project.id, "waiting")
        return f"{project.id} waits for a manager."

    async def _add(self, project: int) -> str:
        """Add a project, and return what became of it."""
        if await self._day.added() >= self._settings.most_a_day:
            return f"{project} has to wait: enough was added today. Say it again tomorrow."
        studio = await self._session.get_studio(self._studio_id)
        if await _was_removed(studio, project):
            await self._catalogue.put(project, "removed")
            return await self._explain(project)
        try:
            await studio.add_project(project)
        except ConflictError:
            await self._catalogue.put(project, "added")
            return await self._explain(project)
        except NotFoundError:
            await self._catalogue.put(project, None)
            return f"{project} is not shared any more."
        except BlockedError:
            raise
        except ForbiddenError:
            self._log.warning("studio_closed", studio=self._studio_id)
            return f"I may not add {project}: a manager has to make me a curator of this studio."
        await self._catalogue.put(project, "added")
        await self._day.note_added(project)
        return f"{project} is in the studio now."

    async def _is_inside(self, project: AsyncProject) -> bool:
        """Tell whether a project is in the studio, as far as can be seen."""
        studios = await project.get_studios(limit=MOST_STUDIOS)
        return self._studio_id in [studio.id for studio in studios]

    async def _explain(self, project: int) -> str:
        """Say why a project is left as it is."""
        state = await self._catalogue.state(project)
        return f"{project} {_KNOWN[state] if state is not None else 'does not wait here'}."

    async def _list(self) -> str:
        """Say what waits."""
        waiting = await self._catalogue.waiting()
        if not waiting:
            return "Nothing waits."
        more = len(waiting) - MOST_LISTED
        listed = ", ".join(map(str, waiting[:MOST_LISTED]))
        return f"{len(waiting)} wait: {listed}" + (f" and {more} more." if more > 0 else ".")

    async def _may_ask(self, name: str) -> bool:
        """Count a comment of somebody; tell whether it is dealt with."""
        most = self._settings
        return await self._day.take(
            {"answers": most.answers_a_day, f"of {name.lower()}": most.asks_a_day}
        )

    async def _say(self, event: CommentEvent, text: str) -> None:
        """Answer, unless that is better not done: what was decided is kept all the same."""
        try:
            await self._session.reply(event, text)
        except (MannersError, NotFoundError, PermissionDeniedError) as error:
            self._log.info("answer_withheld", why=type(error).__name__)


async def _was_removed(studio: AsyncStudio, project: int) -> bool:
    """Tell whether a project was taken out of a studio just now."""
    for row in await studio.get_activity(limit=RECENT_ACTIVITY):
        if row.project_id == project:
            return row.type == "removeprojectstudio"
    return False

"""The plugin: what is heard, and that it is dealt with one after the other."""

import inspect
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

from scratchbot import AsyncScratchSession, Bot, Plugin
from scratchbot.aio.store import AsyncStore
from scratchbot.commands import WHOLE_NUMBER, Argument, Command
from scratchbot.errors import SettingsError
from scratchbot.events import ActivityEvent, CommentEvent, Event, ScheduleEvent
from scratchbot.filters import as_filter
from scratchbot.handlers import CommentCall, Emit, Function
from scratchbot.policy import Policy
from scratchbot.watch import StudioActivity, StudioComments
from scratchbot_autostudio.clerk import Clerk
from scratchbot_autostudio.links import linked_projects
from scratchbot_autostudio.settings import Settings
from scratchbot_autostudio.words import APPROVE, REJECT, WAITING, command_in

BACKFILL = 400
"""So many lines of the studio's activity from before the bot came tell what was removed."""
LONGEST_LOOK = 600.0
"""Seconds that a look at the projects of many users may take."""

_HEARD = ("addprojecttostudio", "removeprojectstudio", "shareproject")
_PROJECT = Argument("project", WHOLE_NUMBER, required=True)


class PassedCall(CommentCall):
    """A command that is dealt with where links are, in the order in which people write.

    Its words are not read before it is known who says it: strangers are not taught its use.
    """

    def parse(self, event: Event) -> Mapping[str, object]:
        """Return no arguments."""
        return {}


class AutoStudio(Plugin):
    """Adds projects to a studio: those that people ask for there, and new ones of some users.

    What is heard comes from several sources, and is passed on as events of one source, so that what
    becomes of one project is known before the next is dealt with.

    :param studio_id: the studio; without it the settings name one, and the bot watches it.
    """

    def __init__(self, studio_id: int | None = None, *, name: str = "autostudio") -> None:
        super().__init__(name, Settings, {"comment.reply", "studio.curate"})
        self._studio_id = studio_id
        self._lane = name
        if studio_id is not None:
            self.watch(StudioComments(studio_id), StudioActivity(studio_id, backfill=BACKFILL))
        self.lifespan(self.check)
        self._add(self.hear_comment, "comment.studio", {}, Policy())
        heard = as_filter(lambda event: event.source != self._lane and event.type in _HEARD)
        self._add(self.hear_activity, "activity", {}, Policy(), filters=(heard,))
        self._command(self.approve, APPROVE, _PROJECT)
        self._command(self.reject, REJECT, _PROJECT)
        self._command(self.list_waiting, WAITING)
        self.every(minutes=10)(self.tick)
        self._add(self.decide, "*", {"source": self._lane}, Policy(timeout=LONGEST_LOOK))

    async def check(self, bot: Bot, config: Settings) -> AsyncIterator[None]:
        """Refuse to start with settings that leave nothing to do."""
        studio, table = self._studio(config), f"[plugins.{self.name}]"
        if studio is None:
            raise SettingsError(f"{table} names no studio: write studio = and its number")
        if config.approval == "manager" and not config.approvers:
            raise SettingsError(
                f'{table} names nobody who approves: write approvers = ["NAME"], or '
                'approval = "none" to add what fits at once'
            )
        watched = {watch.name for router in bot.routers for watch in router.watches}
        if not {f"studio-comments:{studio}", f"studio-activity:{studio}"} <= watched:
            raise SettingsError(
                f"the bot does not watch the studio that {table} names: write "
                f"bot.watch(StudioComments({studio}), StudioActivity({studio}, "
                f"backfill={BACKFILL}))"
            )
        yield

    async def hear_comment(self, event: CommentEvent, config: Settings, emit: Emit) -> None:
        """Pass on a comment that links to projects, or that is a command."""
        is_asking = config.comments and linked_projects(event.content, 1)
        is_meant = is_asking or command_in(event.content) is not None
        if is_meant and event.studio_id == self._studio(config):
            await emit(replace(event, id=self._id(event), name="comment", source=self._lane))

    async def hear_activity(self, event: ActivityEvent, config: Settings, emit: Emit) -> None:
        """Pass on what happened to the studio's projects, and what the named users share."""
        of_studio = event.studio_id is not None and event.studio_id == self._studio(config)
        if of_studio or (event.type == "shareproject" and config.follows(event.actor)):
            await emit(replace(event, id=self._id(event), name="activity", source=self._lane))

    async def approve(self) -> None:
        """Add a project that waits (for managers)."""

    async def reject(self) -> None:
        """Turn down a project that waits (for managers)."""

    async def list_waiting(self) -> None:
        """List the projects that wait (for managers)."""

    async def tick(self, event: ScheduleEvent, emit: Emit) -> None:
        """Pass on that time goes by."""
        await emit(Event(id=self._id(event), name="tick", at=event.at, source=self._lane))

    async def decide(
        self,
        event: Event,
        session: AsyncScratchSession,
        store: AsyncStore,
        config: Settings,
        *,
        emit: Emit,
        log: Any,
    ) -> None:
        """Deal with what was passed on."""
        studio = self._studio(config)
        if studio is not None:
            clerk = Clerk(event, session, store, config, studio_id=studio, emit=emit, log=log)
            await clerk.work()

    def _command(self, function: Function, word: str, *arguments: Argument) -> None:
        """Register a command that comments of studios alone can call.

        What is passed on is a plain ``comment``, and calls nothing again.
        """
        command = Command(word, arguments, about=inspect.getdoc(function) or "")
        self._add(function, "comment.studio", {}, Policy(), calls=lambda _: PassedCall(command))

    def _id(self, event: Event) -> str:
        return f"{self._lane}:{event.id}"

    def _studio(self, config: Settings) -> int | None:
        return config.studio or self._studio_id

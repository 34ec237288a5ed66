"""The way to the site as one run of one handler may use it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scratchbot.clock import Clock
from scratchbot.engines.engine import Engine, Run
from scratchbot.errors import (
    CommentRejectedError,
    MannersError,
    PermissionDeniedError,
    ScratchbotError,
)
from scratchbot.events import CommentEvent, PluginEvent
from scratchbot.grants import Grants
from scratchbot.handlers import Handler
from scratchbot.runtime.calls import outside
from scratchbot.runtime.manners import Counted, Manners
from scratchbot.runtime.observer import Observer
from scratchbot.runtime.outbox import Outbox, Places, is_surely_undone
from scratchbot.runtime.retries import passes
from scratchbot.runtime.standing import Standing
from scratchbot.site import Account, AsyncSite
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.request import Act, Answer, Request

MOST_REJECTED = 2
"""Comments of one run that the site may reject: one, and another attempt."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the guards of all runs share.

    :param places: what acts take turns on.
    :param standing: whether the account may act at all.
    :param manners: what good manners forbid.
    :param grants: what each plugin may do.
    :param watched: gives the places that the owner lets the bot watch; a lifespan can add some.
    :param observer: is told of each act that was sent or shown.
    :param is_dry: whether acts are only shown.
    """

    site: AsyncSite
    engine: Engine
    clock: Clock
    places: Places
    standing: Standing
    manners: Manners
    grants: Mapping[str, Grants]
    watched: Callable[[], Collection[str]]
    observer: Observer
    is_dry: bool


class Guard:
    """Stands between a handler's session and the site, and sees every act before it is sent."""

    _rejections = 0
    _is_closed = False

    def __init__(self, desk: Desk, handler: Handler, run: Run) -> None:
        self._desk = desk
        self._handler = handler
        self._run = run

    @cached_property
    def _outbox(self) -> Outbox:
        desk = self._desk
        return Outbox(self._run, desk.site, desk.engine, desk.clock, places=desk.places)

    @property
    def account(self) -> Account:
        """Who is logged in, without the secrets."""
        return self._desk.site.account.without_secrets()

    def close(self) -> None:
        """Let nothing pass any more: the run is over, whatever it left behind."""
        self._is_closed = True

    async def exchange(self, request: Request[Any]) -> Answer:
        """Send a request, unless it is an act that is not allowed or only to be shown."""
        self._check_open()
        act = request.act
        if act is None:
            with outside():
                return await self._desk.site.exchange(request)
        self._check_allowed(act)
        if self._desk.is_dry:
            await self._check_manners(act)
            self._desk.manners.said(act, self._run.event, self._handler.name)
            self._acted(act, rehearsed=True)
            return Answer(status=200, body=act.rehearsed)
        with outside(), self._desk.standing.acting():
            answer, was_sent = await self._carry(request, act)
        if was_sent:
            self._desk.manners.said(act, self._run.event, self._handler.name)
            self._acted(act)
        return answer

    async def change_cloud(self, change: CloudChange) -> None:
        """Change a cloud variable, unless that is not allowed or only to be shown."""
        self._check_open()
        self._check_allowed(change.act)
        if self._desk.is_dry:
            self._acted(change.act, rehearsed=True)
            return
        with outside(), self._desk.standing.acting():
            was_sent = await self._outbox.change_cloud(change)
        if was_sent:
            self._acted(change.act)

    async def read_cloud(self, project_id: int | str, name: str, host: str) -> str:
        """Return the value of a cloud variable."""
        with outside():
            return await self._desk.site.read_cloud(project_id, name, host)

    async def _carry(self, request: Request[Any], act: Act) -> tuple[Answer, bool]:
        counted: Counted | None = None

        async def check(act: Act) -> None:
            nonlocal counted
            counted = await self._check_manners(act)

        try:
            return await self._outbox.carry(request, act, check)
        except ScratchbotError as error:
            if counted is not None and is_surely_undone(error):
                self._desk.manners.unsaid(counted)
            if isinstance(error, CommentRejectedError) and not passes(error):
                self._rejections += 1
                self._desk.manners.rejected(act, self._run.event)
            raise

    async def _check_manners(self, act: Act) -> Counted | None:
        """Let what was not sent yet pass, and count it.

        :raises MannersError: if it is better not sent.
        """
        if self._rejections >= MOST_REJECTED:
            raise MannersError(
                f"the site rejected {self._rejections} comments of this run: say nothing more"
            )
        return await self._desk.manners.check(act, self._run.event, self._handler.name)

    def _acted(self, act: Act, *, rehearsed: bool = False) -> None:
        self._desk.observer.acted(self._run, act, rehearsed=rehearsed)

    def _check_open(self) -> None:
        if self._is_closed:
            raise ScratchbotError(
                "this handler's run is over: await all that it starts before it returns"
            )

    def _check_allowed(self, act: Act) -> None:
        grants = self._desk.grants[self._handler.plugin]
        refusal = grants.refusal(act, self._desk.site.account.username)
        if refusal is None and "social" not in grants.permissions and self._is_unasked(act):
            refusal = (
                f"may not write on {act.ground} unasked: the site wants that from people only; "
                "write where somebody spoke, watch the place, or let the bot's owner allow it with "
                "the permission 'social' in scratchbot.toml"
            )
        if refusal is not None:
            raise PermissionDeniedError(f"{self._handler.plugin!r} {refusal}")

    def _is_unasked(self, act: Act) -> bool:
        """Tell whether an act talks where nobody asked it to, and the owner did not either.

        On somebody's profile a bot begins to talk only if it was spoken to there; elsewhere it is
        enough that its owner lets it watch the place. What a plugin has told itself is its own
        business: it comes of something that was heard.
        """
        event, own = self._run.event, f"profile:{self._desk.site.account.username}"
        if act.kind not in ("comment.post", "comment.reply") or isinstance(event, PluginEvent):
            return False
        ground, place = act.ground.lower(), None
        if isinstance(event, CommentEvent):
            place = f"{event.where}:{event.target}".lower()
        if ground in (own.lower(), place):
            return False
        if act.kind == "comment.post" and ground.startswith("profile:"):
            return True
        grounds = self._desk.grants[self._handler.plugin].grounds
        return ground not in self._desk.watched() and grounds is None

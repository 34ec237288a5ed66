"""The plugin: who is heard of, and where they are welcomed."""

from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from scratchbot import AsyncScratchSession, Bot, Plugin
from scratchbot.aio.profile_comments import AsyncProfileComment
from scratchbot.aio.store import AsyncStore
from scratchbot.errors import MannersError, NotFoundError
from scratchbot.events import (
    COMMENT_PLACES,
    ActivityEvent,
    CommentEvent,
    Event,
    MessageEvent,
    ScheduleEvent,
)
from scratchbot.handlers import Emit
from scratchbot.policy import Policy
from scratchbot.watch import ListWatch
from scratchbot.wire.fields import time
from scratchbot_welcome.earlier import earlier_authors
from scratchbot_welcome.followers import Followers
from scratchbot_welcome.settings import Settings
from scratchbot_welcome.texts import fill, listed
from scratchbot_welcome.visitors import Visitors

T = TypeVar("T")


class Welcome(Plugin):
    """Welcomes first comments, new curators and new followers, each person once.

    :param watches: where to welcome: ``ProjectComments``, ``StudioComments``, ``ProfileComments``;
        ``StudioActivity`` for curators, ``Messages`` for followers. Without any, wherever the bot
        watches.
    """

    def __init__(self, *watches: ListWatch, name: str = "welcome") -> None:
        super().__init__(name, Settings, {"comment.reply", "comment.post"})
        self.watch(*watches)
        hear = self.hear_comment
        for place in COMMENT_PLACES:
            self._add(hear, f"comment.{place}", {}, Policy())
        self._add(self.answer, "comment", {"name": "comment"}, Policy())
        self._add(self.hear_curator, "activity.becomecurator", {}, Policy())
        self._add(self.welcome_curator, "activity", {"name": "activity"}, Policy())
        self._add(self.count_follower, "message.followuser", {}, Policy())
        self.every(hours=1)(self.plan_greeting)
        self._add(self.greet_followers, "*", {"name": "greeting"}, Policy())

    async def hear_comment(
        self, event: CommentEvent, store: AsyncStore, config: Settings, bot: Bot, emit: Emit
    ) -> None:
        """Pass on a comment of somebody who may be new in a place.

        There is one such event for a person and a place, however many comments are heard at once:
        the first one is kept. So none is answered while another waits to be answered again.
        """
        place = f"{event.where}-comments:{event.target.lower()}"
        if not config.comments or not self._serves(place, bot):
            return
        if not await Visitors(store, place).knows(event.author):
            source, person = f"{self.name}:{place}", event.author.lower()
            await emit(replace(event, id=f"{source}:{person}", name="comment", source=source))

    async def answer(
        self,
        event: CommentEvent,
        store: AsyncStore,
        session: AsyncScratchSession,
        config: Settings,
        *,
        log: Any,
    ) -> None:
        """Answer somebody's first comment in a place."""
        visitors = Visitors(store, f"{event.where}-comments:{event.target.lower()}")
        if not await visitors.are_known():
            await visitors.open(await earlier_authors(session, event, config.look_back))
        turn = await visitors.receive(event.author, event.at, config.most_a_day)
        if turn is not None:
            values = {"name": event.author, "place": f"this {event.where}"}
            await _say(session.reply(event, fill(config.comment_texts, turn, **values)), log)

    async def hear_curator(
        self, event: ActivityEvent, store: AsyncStore, config: Settings, bot: Bot, emit: Emit
    ) -> None:
        """Pass on somebody who curates a studio that is watched, as :meth:`hear_comment` does."""
        if not config.curators or not self._serves(event.source, bot):
            return
        if not await Visitors(store, event.source).knows(event.actor):
            source, person = f"{self.name}:{event.source}", event.actor.lower()
            await emit(replace(event, id=f"{source}:{person}", name="activity", source=source))

    async def welcome_curator(
        self,
        event: ActivityEvent,
        store: AsyncStore,
        session: AsyncScratchSession,
        config: Settings,
        *,
        log: Any,
    ) -> None:
        """Welcome a new curator in the studio, unless that is the bot.

        What the people do whom the bot follows is no studio's activity, and has no such studio.
        """
        if event.studio_id is None or event.actor.lower() == (session.username or "").lower():
            return
        visitors = Visitors(store, f"studio-activity:{event.studio_id}")
        turn = await visitors.receive(event.actor, event.at, config.most_a_day)
        if turn is not None:
            studio = await session.get_studio(event.studio_id)
            text = fill(config.curator_texts, turn, name=event.actor, place="this studio")
            await _say(studio.post_comment(text), log)

    async def count_follower(
        self, event: MessageEvent, store: AsyncStore, config: Settings, bot: Bot
    ) -> None:
        """Count a new follower."""
        if config.followers and self._serves(event.source, bot):
            await Followers(store).add(event.actor)

    async def plan_greeting(
        self, event: ScheduleEvent, store: AsyncStore, config: Settings, emit: Emit
    ) -> None:
        """Decide which followers are greeted, or pass on what an hour ago was decided.

        There is one event for a greeting: however often its run happens again, it says the same.
        """
        followers = Followers(store)
        plan = await followers.due()
        if plan is not None:
            source = f"{self.name}:greeting"
            turn = Event(id=f"{source}:{plan.turn}", name="greeting", at=event.at, source=source)
            await emit(turn)
        elif config.followers:
            await followers.plan(event.at)

    async def greet_followers(
        self,
        event: Event,
        store: AsyncStore,
        session: AsyncScratchSession,
        config: Settings,
        *,
        log: Any,
    ) -> None:
        """Greet new followers on the bot's own profile."""
        followers = Followers(store)
        plan = await followers.due()
        if plan is None:
            return
        names = await followers.names(plan)
        said = await _say(_greet(session, config, plan.turn, names), log)
        at = event.at if said is None else max(event.at, time(said.created_timestamp))
        await followers.greeted(plan, at)

    def _serves(self, watched: str, bot: Bot) -> bool:
        """Tell whether something that was seen is to be heeded.

        :param watched: the name of the watch that it belongs to.
        """
        everything = [watch for router in bot.routers for watch in router.watches]
        return watched in {watch.name for watch in self.watches or everything}


async def _greet(
    session: AsyncScratchSession, config: Settings, turn: int, names: Sequence[str]
) -> AsyncProfileComment:
    """Greet followers together, without those who asked to be left alone.

    :raises MannersError: if nobody is left, or it is better not said for another reason.
    """
    own, others = await session.get_user(session.username or ""), [*names]
    while True:
        values = {"names": listed(others[: config.most_names], len(others))}
        text = fill(config.follower_texts, turn, count=str(len(others)), **values)
        try:
            return await own.post_comment(text)
        except MannersError as error:
            left = [name for name in others if name.lower() not in error.left_alone]
            if left in ([], others):
                raise
            others = left


async def _say(saying: Coroutine[Any, Any, T], log: Any) -> T | None:
    """Say something, unless it is better not said or what it answers is gone.

    The person counts as welcomed all the same: a later welcome would come out of nowhere.
    """
    try:
        return await saying
    except (MannersError, NotFoundError) as error:
        log.info("welcome_withheld", why=type(error).__name__)
        return None

"""The plugin: who is heard of, and where they are welcomed."""

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Self

from scratchbot import AsyncScratchSession, Bot, Plugin
from scratchbot.aio.store import AsyncStore
from scratchbot.errors import MannersError, NotFoundError
from scratchbot.events import (
    COMMENT_PLACES,
    ActivityEvent,
    CommentEvent,
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
        self._add(self.welcome_curator, "activity.becomecurator", {}, Policy())
        self._add(self.count_follower, "message.followuser", {}, Policy())
        self.every(hours=1)(self.greet_followers)

    def named(self, name: str) -> Self:
        """Return the same plugin under another name, with settings and a store of its own."""
        own = [watch for watch in self.watches if isinstance(watch, ListWatch)]
        return type(self)(*own, name=name)

    async def hear_comment(
        self, event: CommentEvent, store: AsyncStore, config: Settings, bot: Bot, emit: Emit
    ) -> None:
        """Pass on the comments of people who may be new.

        A comment can come by two ways at once, the place's own and the bot's messages. What is
        passed on has one source for each place, so that it is dealt with one after the other.
        """
        place = f"{event.where}-comments:{event.target.lower()}"
        if not config.comments or not self._serves(place, bot):
            return
        if await _visitors(store, event).knows(event.author):
            return
        source = f"{self.name}:{place}"
        await emit(replace(event, id=f"{self.name}:{event.id}", name="comment", source=source))

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
        visitors = _visitors(store, event)
        if not await visitors.are_known():
            await visitors.open(await earlier_authors(session, event, config.look_back))
        turn = await visitors.receive(event.author, event.at, config.most_a_day)
        if turn is None:
            return
        values = {"name": event.author, "place": f"this {event.where}"}
        await _say(session.reply(event, fill(config.comment_texts, turn, **values)), log)

    async def welcome_curator(
        self,
        event: ActivityEvent,
        store: AsyncStore,
        session: AsyncScratchSession,
        config: Settings,
        *,
        bot: Bot,
        log: Any,
    ) -> None:
        """Welcome a new curator in the studio, if it is one that is watched."""
        if not config.curators or event.studio_id is None or not self._serves(event.source, bot):
            return
        if event.actor.lower() == (session.username or "").lower():
            return
        visitors = Visitors(store, f"curator:{event.studio_id}")
        turn = await visitors.receive(event.actor, event.at, config.most_a_day)
        if turn is None:
            return
        studio = await session.get_studio(event.studio_id)
        text = fill(config.curator_texts, turn, name=event.actor, place="this studio")
        await _say(studio.post_comment(text), log)

    async def count_follower(
        self, event: MessageEvent, store: AsyncStore, config: Settings, bot: Bot
    ) -> None:
        """Count a new follower."""
        if config.followers and self._serves(event.source, bot):
            await Followers(store).add(event.actor)

    async def greet_followers(
        self,
        event: ScheduleEvent,
        store: AsyncStore,
        session: AsyncScratchSession,
        config: Settings,
    ) -> None:
        """Greet the new followers on the bot's own profile, or decide who is greeted next time.

        Who is greeted is decided by one run and said by the next: however often that happens again,
        it says the same.
        """
        followers = Followers(store)
        greeting = await followers.greeting()
        if not config.followers:
            return
        if greeting.until is None:
            if await followers.count() > greeting.greeted and not greeting.is_soon(event.at):
                await followers.plan(greeting)
            return
        count = greeting.until - greeting.greeted
        names = await followers.names(greeting.greeted, min(count, config.most_names))
        values = {"names": listed(names, count), "count": str(count)}
        own = await session.get_user(session.username or "")
        said = await own.post_comment(fill(config.follower_texts, greeting.turn, **values))
        await followers.keep(greeting.said(max(event.at, time(said.created_timestamp))))

    def _serves(self, watched: str, bot: Bot) -> bool:
        """Tell whether something that was seen is to be heeded.

        :param watched: the name of the watch that it belongs to.
        """
        everything = [watch for router in bot.routers for watch in router.watches]
        return watched in {watch.name for watch in self.watches or everything}


def _visitors(store: AsyncStore, event: CommentEvent) -> Visitors:
    return Visitors(store, f"comment:{event.where}:{event.target.lower()}")


async def _say(saying: Coroutine[Any, Any, object], log: Any) -> None:
    """Say something, unless it is better not said or what it answers is gone.

    The person counts as welcomed all the same: a later welcome would come out of nowhere.
    """
    try:
        await saying
    except (MannersError, NotFoundError) as error:
        log.info("welcome_withheld", why=type(error).__name__)

"""The plugin: comments are judged one after the other, and what is done is written down."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from scratchbot import AsyncScratchSession, Plugin
from scratchbot.aio.store import AsyncStore
from scratchbot.events import CommentEvent, ScheduleEvent
from scratchbot.filters import filter as condition
from scratchbot.handlers import Emit
from scratchbot.watch import ProfileComments, ProjectComments, StudioComments
from scratchbot_moderation.acting import ORDER, act
from scratchbot_moderation.audit import MOST_ENTRIES, Audit, Entry, summarize
from scratchbot_moderation.detection import Detector, Finding, Heard, mark
from scratchbot_moderation.memory import Memory, Person, Strike
from scratchbot_moderation.settings import Action, Rule, Settings

PERMISSIONS = ("comment.reply", "comment.delete", "comment.report")

_LANE = "moderation"
"""The source of all comments that are judged: those of one source are judged in order."""
_DAY_SECONDS = 86_400.0

_is_in_lane = condition(lambda event: event.source == _LANE)


class Moderation(Plugin):
    """Looks at comments and does what the owner says about those that break a rule.

    It takes handlers of one's own, as every plugin does; :class:`Audit` reads what was done.

    :param places: whose comments to look at; without any, all that the bot hears.
    :param name: what ``[plugins.NAME]`` calls it.
    """

    def __init__(
        self, *places: ProjectComments | StudioComments | ProfileComments, name: str = "moderation"
    ) -> None:
        super().__init__(name, Settings, PERMISSIONS)
        self.watch(*places)
        self.lifespan(self.prepare)
        self.on("comment", ~_is_in_lane)(self.hear)
        self.on("comment", _is_in_lane)(self.judge)
        self.cron("0 0 * * *")(self.summary)

    async def prepare(self, config: Settings) -> AsyncIterator[Detector]:
        """Make what judges comments, once."""
        yield Detector(config)

    async def hear(self, event: CommentEvent, emit: Emit, config: Settings) -> None:
        """Let a comment be judged after those that came before it, wherever they were written."""
        own = {watch.name for watch in self.watches}
        trusted = {name.lower() for name in config.trusted}
        if (not own or event.source in own) and event.author.lower() not in trusted:
            await emit(replace(event, id=f"{self.name}:{event.id}", source=_LANE))

    async def judge(
        self,
        event: CommentEvent,
        session: AsyncScratchSession,
        store: AsyncStore,
        *,
        config: Settings,
        state: Detector,
        log: Any,
    ) -> None:
        """Judge a comment, do what follows, and write it down."""
        memory = Memory(store)
        recent, at = await memory.recent(), event.at.timestamp()
        person = await memory.person(event.author) or Person(since=at)
        if event.id in {*(each.id for each in recent), *(each.id for each in person.strikes)}:
            return
        heard = Heard(
            id=event.id,
            at=at,
            author=event.author.lower(),
            mark=mark(event.content),
            is_new=person.since > at - config.raids.new_days * _DAY_SECONDS,
        )
        findings = state.judge(event.content, heard, recent)
        if findings:
            strike = Strike(event.id, at, is_dry=not config.act)
            person = person.struck(strike, at - config.strike_days * _DAY_SECONDS)
            strikes = person.count(with_dry=not config.act)
            entry = await self._follow(event, findings, strikes, session, config=config, log=log)
            await Audit(store).add(entry)
            log.info(
                "rule_broken",
                rules=list(entry.rules),
                place=entry.place,
                comment=entry.comment_id,
                strikes=strikes,
                **entry.outcomes,
            )
        await memory.keep(event.author, person)
        await memory.remember(recent, heard, config.memory_seconds)

    async def summary(self, event: ScheduleEvent, store: AsyncStore, log: Any) -> None:
        """Log what was done in the day that is over."""
        first = event.at - timedelta(days=1)
        entries = await Audit(store).last(MOST_ENTRIES)
        day = [each for each in entries if first <= datetime.fromisoformat(each.at) < event.at]
        log.info("moderation_summary", comments=len(day), **summarize(day))

    async def _follow(
        self,
        event: CommentEvent,
        findings: tuple[Finding, ...],
        strikes: int,
        session: AsyncScratchSession,
        *,
        config: Settings,
        log: Any,
    ) -> Entry:
        """Do what follows when a comment breaks rules, unless this is a dry run."""
        rules = [config.rule(finding.rule) for finding in findings]
        actions = {action for rule in rules for action in rule.step(strikes)}
        if config.act:
            outcomes = await act(session, event, actions, _warning(rules, strikes), log)
        else:
            outcomes = {action: "would" for action in ORDER if action in actions}
        return Entry(
            at=event.at.isoformat(timespec="seconds"),
            author=event.author,
            place=f"{event.where}:{event.target}",
            comment_id=event.comment_id,
            rules={finding.rule: finding.why for finding in findings},
            strikes=strikes,
            outcomes=outcomes,
        )


def _warning(rules: list[Rule], strikes: int) -> str:
    """Return what the first rule says that warns at this strike."""
    warn: Action = "warn"
    return next((rule.warning for rule in rules if warn in rule.step(strikes)), "")

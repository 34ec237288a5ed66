"""Judging a comment: which rules it breaks. Nothing here asks or does anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from scratchbot_moderation.folding import LONGEST, fold
from scratchbot_moderation.links import find_link
from scratchbot_moderation.settings import RuleName, Settings
from scratchbot_moderation.words import WordList, skeleton


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What is remembered of a comment for a while.

    :param id: the id of its event.
    :param at: when it was written, in seconds since 1970.
    :param author: in small letters.
    :param mark: equal for texts that say the same; the text cannot be had from it.
    :param is_new: whether its author was new.
    """

    id: str
    at: float
    author: str
    mark: str
    is_new: bool


@dataclass(frozen=True)
class Finding:
    """A rule that a comment breaks.

    :param why: what of it, in a few words; never what somebody wrote.
    """

    rule: RuleName
    why: str


class Detector:
    """Judges comments by the owner's rules."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._words = WordList(settings.words.forbidden, settings.words.innocent)
        self._allowed = frozenset(each.lower() for each in settings.links.allowed)

    def judge(self, text: str, heard: Heard, recent: Sequence[Heard]) -> tuple[Finding, ...]:
        """Return the rules that a comment breaks, in the order of the settings.

        :param recent: what was heard before.
        """
        return tuple(
            Finding(rule, why)
            for rule, why in self._reasons(text, heard, recent)
            if why is not None and self._settings.rule(rule).enabled
        )

    def _reasons(
        self, text: str, heard: Heard, recent: Sequence[Heard]
    ) -> Iterator[tuple[RuleName, str | None]]:
        yield "words", self._words.find(text)
        yield "links", find_link(text, self._allowed)
        yield "spam", self._spam(heard, recent)
        yield "floods", self._flood(heard, recent)
        yield "raids", self._raid(text, heard, recent)
        yield "capitals", self._capitals(text)

    def _spam(self, heard: Heard, recent: Sequence[Heard]) -> str | None:
        rule = self._settings.spam
        same = [each for each in _since(heard, recent, rule.minutes) if each.mark == heard.mark]
        times = 1 + sum(each.author == heard.author for each in same)
        return f"{times} times" if times >= rule.times else None

    def _flood(self, heard: Heard, recent: Sequence[Heard]) -> str | None:
        rule = self._settings.floods
        own = (each.author == heard.author for each in _since(heard, recent, rule.minutes))
        comments = 1 + sum(own)
        return f"{comments} comments" if comments >= rule.comments else None

    def _raid(self, text: str, heard: Heard, recent: Sequence[Heard]) -> str | None:
        rule = self._settings.raids
        if not heard.is_new or len(skeleton(text)) < rule.letters:
            return None
        same = [each for each in _since(heard, recent, rule.minutes) if each.mark == heard.mark]
        people = {heard.author, *(each.author for each in same if each.is_new)}
        return f"{len(people)} people" if len(people) >= rule.people else None

    def _capitals(self, text: str) -> str | None:
        rule = self._settings.capitals
        letters = [each for each in text[:LONGEST] if each.isupper() or each.islower()]
        if len(letters) < rule.letters:
            return None
        share = sum(each.isupper() for each in letters) / len(letters)
        return f"{share:.0%} capitals" if share >= rule.share else None


def mark(text: str) -> str:
    """Return what is equal for texts that say the same, disguises aside."""
    said = skeleton(text) or "".join(fold(text).split())
    return blake2b(said.encode(errors="replace"), digest_size=8).hexdigest()


def _since(heard: Heard, recent: Sequence[Heard], minutes: float) -> list[Heard]:
    """Return what was heard in the minutes before a comment."""
    first = heard.at - 60 * minutes
    return [each for each in recent if first < each.at <= heard.at]

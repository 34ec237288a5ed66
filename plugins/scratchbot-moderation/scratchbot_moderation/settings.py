"""What the owner says: which rules there are, and what follows when one is broken."""

from dataclasses import dataclass, field
from typing import Literal

from scratchbot.checks import check_username
from scratchbot.errors import InputError
from scratchbot_moderation.links import is_domain
from scratchbot_moderation.words import WordList

Action = Literal["warn", "delete", "report"]
RuleName = Literal["words", "links", "spam", "floods", "raids", "capitals"]
Steps = tuple[tuple[Action, ...], ...]

LONGEST_WARNING = 450
"""Characters: the name of who is warned stands before it, and a comment holds 500."""


@dataclass(frozen=True)
class Rule:
    """A rule, and what follows when somebody breaks it.

    :param enabled: whether the rule holds.
    :param steps: what is done at the first strike, at the second and so on, of ``warn``, ``delete``
        and ``report``; the last step holds for all later strikes; an empty one does nothing.
    :param warning: what ``warn`` replies, at most 450 characters.
    """

    enabled: bool = True
    steps: Steps = (("warn",), ("delete",))
    warning: str = "please follow the rules of this place."

    def __post_init__(self) -> None:
        if not self.steps:
            raise InputError('steps is empty: write [["warn"], ["delete"]], or enabled = false')
        if not 0 < len(self.warning.strip()) <= LONGEST_WARNING:
            raise InputError(f"warning must have 1 to {LONGEST_WARNING} characters")

    def step(self, strikes: int) -> tuple[Action, ...]:
        """Return what is done about a strike.

        :param strikes: how many there are with it, 1 or more.
        """
        return self.steps[min(strikes, len(self.steps)) - 1]


@dataclass(frozen=True)
class WordRule(Rule):
    """Words that must not be written, whole and in simple disguises.

    :param forbidden: words and phrases.
    :param innocent: words that are never taken for a disguise, such as names.
    """

    warning: str = "please keep it friendly: that word is not welcome here."
    forbidden: tuple[str, ...] = ()
    innocent: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        WordList(self.forbidden)


@dataclass(frozen=True)
class LinkRule(Rule):
    """Links that lead elsewhere than to allowed domains, and all short links and chat sites.

    :param allowed: domains, with all that is below them.
    """

    warning: str = "please post no links here but those to Scratch."
    allowed: tuple[str, ...] = ("scratch.mit.edu", "scratch-wiki.info")

    def __post_init__(self) -> None:
        super().__post_init__()
        for domain in self.allowed:
            if not is_domain(domain):
                raise InputError(
                    f"allowed: {domain!r} is no domain: write it alone, such as 'scratch.mit.edu'"
                )


@dataclass(frozen=True)
class SpamRule(Rule):
    """The same text by one person again and again.

    :param times: so often is spam.
    :param minutes: within so many minutes.
    """

    warning: str = "please do not post the same again and again."
    times: int = 3
    minutes: float = 10

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_crowd("times", self.times, self.minutes)


@dataclass(frozen=True)
class FloodRule(Rule):
    """Many comments by one person.

    :param comments: so many are a flood.
    :param minutes: within so many minutes.
    """

    warning: str = "please slow down a little: that are many comments in a short time."
    comments: int = 8
    minutes: float = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_crowd("comments", self.comments, self.minutes)


@dataclass(frozen=True)
class RaidRule(Rule):
    """Many new people who say the same.

    :param people: so many are a raid.
    :param minutes: within so many minutes.
    :param new_days: who was first heard so many days ago is new no longer.
    :param letters: texts with fewer letters, such as "hi", are no raid.
    """

    steps: Steps = (("delete",),)
    people: int = 5
    minutes: float = 10
    new_days: float = 3
    letters: int = 8

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_crowd("people", self.people, self.minutes)


@dataclass(frozen=True)
class CapitalsRule(Rule):
    """Mostly capitals, in all but short comments.

    :param letters: comments with fewer letters may be all capitals.
    :param share: so much of the letters, from 0 to 1, is too much.
    """

    steps: Steps = (("warn",),)
    warning: str = "please do not write in capitals: it reads like shouting."
    letters: int = 20
    share: float = 0.7

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.letters < 1 or not 0 < self.share <= 1:
            raise InputError("capitals: letters must be 1 or more, and share above 0, up to 1")


@dataclass(frozen=True)
class Settings:
    """The table ``[plugins.moderation]``.

    :param act: whether something is done; else it is only written down what would be.
    :param trusted: the names of people whose comments are not looked at.
    :param strike_days: days after which a strike is forgotten.
    :param words: words that must not be written: forbidden, innocent.
    :param links: links that must not be posted: allowed.
    :param spam: the same text by one person: times, minutes.
    :param floods: many comments by one person: comments, minutes.
    :param raids: many new people who say the same: people, minutes, new_days, letters.
    :param capitals: mostly capitals: letters, share.
    """

    act: bool = False
    trusted: tuple[str, ...] = ()
    strike_days: float = 14
    words: WordRule = field(default_factory=WordRule)
    links: LinkRule = field(default_factory=LinkRule)
    spam: SpamRule = field(default_factory=SpamRule)
    floods: FloodRule = field(default_factory=FloodRule)
    raids: RaidRule = field(default_factory=RaidRule)
    capitals: CapitalsRule = field(default_factory=CapitalsRule)

    def __post_init__(self) -> None:
        if not self.strike_days > 0:
            raise InputError(f"strike_days is {self.strike_days}: give a number above 0")
        for name in self.trusted:
            check_username(name)

    def rule(self, name: RuleName) -> Rule:
        """Return a rule by its name."""
        rule: Rule = getattr(self, name)
        return rule

    @property
    def memory_seconds(self) -> float:
        """How long back the rules look."""
        return 60 * max(self.spam.minutes, self.floods.minutes, self.raids.minutes)


def _check_crowd(name: str, most: int, minutes: float) -> None:
    if most < 2 or not minutes > 0:
        raise InputError(f"{name} must be 2 or more, and minutes above 0")

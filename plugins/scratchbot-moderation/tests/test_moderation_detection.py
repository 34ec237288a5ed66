"""Judging a comment, with what was heard before."""

import time
from collections.abc import Collection
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchbot_moderation.detection import Detector, Finding, Heard, mark
from scratchbot_moderation.settings import (
    CapitalsRule,
    FloodRule,
    LinkRule,
    RaidRule,
    RuleName,
    Settings,
    SpamRule,
    WordRule,
)

SETTINGS = Settings(
    words=WordRule(forbidden=("meanie",)),
    spam=SpamRule(times=3, minutes=10),
    floods=FloodRule(comments=4, minutes=1),
    raids=RaidRule(people=3, minutes=10, letters=8),
    capitals=CapitalsRule(letters=10, share=0.7),
)
DETECTOR = Detector(SETTINGS)
SLOW = 120.0
"""Seconds between comments that are no flood."""


def told(
    *comments: tuple[str, str],
    seconds: float = SLOW,
    known: Collection[str] = (),
    by: Detector = DETECTOR,
) -> list[RuleName]:
    """Return the rules that the last of some comments breaks, each by an author with a text.

    :param known: authors who are not new.
    """
    findings: tuple[Finding, ...] = ()
    recent: list[Heard] = []
    for number, (author, text) in enumerate(comments):
        heard = Heard(
            id=str(number),
            at=number * seconds,
            author=author,
            mark=mark(text),
            is_new=author not in known,
        )
        findings = by.judge(text, heard, recent)
        recent.append(heard)
    return [finding.rule for finding in findings]


def test_the_same_text_by_one_person_is_spam() -> None:
    texts = ["Follow me now", "follow  ME n0w!!", "f.o.l.l.o.w me now"]
    assert told(*(("eve", text) for text in texts[:2])) == []
    assert told(*(("eve", text) for text in texts)) == ["spam"]
    assert told(("eve", texts[0]), ("bob", texts[0]), ("eve", texts[0])) == []
    assert told(*(("eve", text) for text in texts), seconds=400) == []


def test_different_texts_by_one_person_are_no_spam() -> None:
    assert told(*(("eve", text) for text in ("one", "two", "three", "four"))) == []
    assert told(*(("eve", sign) for sign in "🐱🐶🐭")) == []


def test_many_comments_by_one_person_are_a_flood() -> None:
    comments = [("eve", text) for text in ("a cat", "a dog", "a mouse", "a bird")]
    assert told(*comments, seconds=10) == ["floods"]
    assert told(*comments[:3], seconds=10) == []
    assert told(*comments, seconds=25) == []


def test_new_people_who_say_the_same_are_a_raid() -> None:
    people = [(name, "This game is stolen!") for name in ("eve", "mallory", "trudy")]
    assert told(*people) == ["raids"]
    assert told(*people, known=["eve"]) == []
    assert (
        told(
            *people[:2], ("bob", people[0][1]), people[2], ("alice", people[0][1]), known=["alice"]
        )
        == []
    )
    assert told(*people[:2], people[0]) == []
    assert told(*((name, "hi") for name, _ in people)) == []


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("GIVE ME THE CODE NOW", ["capitals"]),
        ("GIVE me the code now", []),
        ("WOW COOL", []),
        ("1234567890 !!!!!!!!!!", []),
        ("MEANIE, SEE EVIL.COM NOW", ["words", "links", "capitals"]),
    ],
)
def test_a_comment_breaks_each_rule_by_itself(text: str, rules: list[str]) -> None:
    assert told(("eve", text)) == rules


def test_a_rule_that_is_turned_off_is_never_broken() -> None:
    off = replace(
        SETTINGS, words=replace(SETTINGS.words, enabled=False), links=LinkRule(enabled=False)
    )
    assert told(("eve", "meanie, see evil.com"), by=Detector(off)) == []


@settings(deadline=None)
@given(st.text(max_size=3_000), st.lists(st.text("ab ", max_size=5), max_size=30))
def test_any_text_is_judged_without_an_error(text: str, before: list[str]) -> None:
    told(*(("eve", each) for each in before), ("eve", text))


@given(st.lists(st.sampled_from(["cat", "maze", "nice", "level", "class", "Hello"]), max_size=60))
def test_no_rule_fires_on_an_allowed_text(text: list[str]) -> None:
    assert told(("eve", " ".join(text))) == []


@pytest.mark.parametrize("part", ["a", "a.", "(dot)", "http://", "@", " .", "A ", "\u202e", "a@b."])
def test_the_longest_text_is_judged_in_bounded_time(part: str) -> None:
    began = time.process_time()
    told(("eve", part * 100_000))
    assert time.process_time() - began < 1


@given(st.text(max_size=600))
def test_a_mark_does_not_hold_the_text(text: str) -> None:
    assert len(mark(text)) == 16
    assert mark(text) == mark(f" {text}\u200b ")

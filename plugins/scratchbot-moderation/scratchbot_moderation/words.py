"""Finding forbidden words, whole and in simple disguises, and not inside innocent words."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import groupby
from typing import NamedTuple

from scratchbot.errors import InputError
from scratchbot_moderation.folding import fold, squeeze

_STANDS_FOR = {
    "a": "4@",
    "b": "8",
    "e": "3€",
    "g": "69",
    "i": "1!|",
    "l": "1!|",
    "o": "0",
    "s": "5$",
    "t": "7+",
    "z": "2",
}
_ANY = "*"
_SYMBOLS = "@$!|+*€"
_DIGITS = "0123456789"
_SKELETON = str.maketrans(
    {sign: letter for letter, signs in _STANDS_FOR.items() for sign in signs}
    | dict.fromkeys("l1!|", "i")
    | {_ANY: None}
)
_PIECE = re.compile(r"(?:[^\W_]|[@$!|+*€])+")
_SOFT = frozenset('-_~^`"·•=')
"""What stands between letters without parting words; an apostrophe makes other words of them."""
_APOSTROPHES = frozenset("'’")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af]")
"""Scripts that write words without spaces, or whose words are one letter long."""

_ONE_LETTER_WORDS = frozenset("aiouryk")
_LONGEST_SPELLED = 40
_MOST_MASKED = 20
_SHORT_WORD = 4
_CAPITAL_I = re.compile("(?<=[a-z])I")


class Piece(NamedTuple):
    """A part of a text without spaces or punctuation.

    :param gap: what parts it from the one before.
    """

    text: str
    gap: str

    @property
    def is_joined(self) -> bool:
        """Whether it may be the same word as the one before."""
        return bool(self.gap) and set(self.gap) <= _SOFT

    @property
    def is_short_form(self) -> bool:
        """Whether it belongs to the one before as in *he'll*."""
        return self.gap in _APOSTROPHES and len(self.text) > 1

    @property
    def is_letter(self) -> bool:
        """Whether it is one letter, written once or stretched."""
        return len(self.text) != 2 and len(set(self.text)) == 1


class _Word(NamedTuple):
    """A forbidden word, as the runs of its letters."""

    text: str
    runs: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, text: str) -> "_Word":
        return cls(text, tuple((letter, len(list(run))) for letter, run in groupby(text)))

    def is_spelled(self, candidate: str) -> bool:
        """Tell whether a candidate is the word, in a disguise or not."""
        if candidate == self.text:
            return True
        if not any(each.isalpha() for each in candidate):
            return False
        ends = {0}
        for letter, count in self.runs:
            ends = {end for start in ends for end in self._ends(candidate, start, letter, count)}
        return len(candidate) in ends

    def _ends(self, candidate: str, start: int, letter: str, count: int) -> Iterator[int]:
        """Yield where a run of a letter can end; of short words, what is doubled is another."""
        allowed = letter + _STANDS_FOR.get(letter, "") + _ANY
        length = 0
        while start + length < len(candidate) and candidate[start + length] in allowed:
            length += 1
            is_stretched = length > count and (length > 2 or len(self.text) > _SHORT_WORD)
            if length == count or is_stretched:
                yield start + length


class WordList:
    """Words and phrases to be found in texts.

    :param forbidden: what is to be found.
    :param innocent: words that are never taken for one of them.
    :raises InputError: if one of the forbidden has too little to be found by.
    """

    def __init__(self, forbidden: Collection[str], innocent: Collection[str] = ()) -> None:
        self._innocent = frozenset(
            piece.text for word in innocent for piece in pieces(fold(word))
        ) - {""}
        self._words: defaultdict[str, list[tuple[_Word, str]]] = defaultdict(list)
        self._phrases: defaultdict[str, list[tuple[list[_Word], str]]] = defaultdict(list)
        self._literals: list[tuple[str, str]] = []
        for given in forbidden:
            self._add(given)

    def find(self, text: str) -> str | None:
        """Return the first of the forbidden that a text holds, as the owner has written it."""
        folded = fold(_CAPITAL_I.sub("|", text))
        found = pieces(folded)
        joined = "".join(piece.text for piece in found)
        for literal, given in self._literals:
            if literal in folded or literal in joined:
                return given
        return self._find_word(found) or self._find_phrase(found)

    def _add(self, given: str) -> None:
        folded = fold(given)
        words = [piece.text for piece in pieces(folded)]
        literal = "".join(words) or "".join(folded.split())
        if not words or _UNSPACED.search(literal):
            if not literal:
                raise InputError(f"forbidden: {given!r} holds nothing that can be found: remove it")
            self._literals.append((literal, given))
            return
        if len(literal) < 2:
            raise InputError(f"forbidden: {given!r} is too short: give 2 letters or more")
        self._words[_skeleton(literal)].append((_Word.of(literal), given))
        if len(words) > 1:
            self._phrases[_skeleton(words[0])].append(([_Word.of(each) for each in words], given))

    def _find_word(self, found: list[Piece]) -> str | None:
        masked = 0
        for candidate in _candidates(found):
            if candidate in self._innocent:
                continue
            for word, given in self._words.get(_skeleton(candidate), ()):
                if word.is_spelled(candidate):
                    return given
            if _is_masked(candidate) and masked < _MOST_MASKED:
                masked += 1
                given_masked = self._find_masked(candidate)
                if given_masked is not None:
                    return given_masked
        return None

    def _find_masked(self, candidate: str) -> str | None:
        for words in self._words.values():
            for word, given in words:
                if len(word.text) >= _SHORT_WORD and word.is_spelled(candidate):
                    return given
        return None

    def _find_phrase(self, found: list[Piece]) -> str | None:
        for place, first in enumerate(found):
            for start in {_skeleton(each) for each in _variants(first.text)}:
                for words, given in self._phrases.get(start, ()):
                    part = found[place : place + len(words)]
                    if len(part) == len(words) and all(map(self._is_one, words, part)):
                        return given
        return None

    def _is_one(self, word: _Word, piece: Piece) -> bool:
        return any(word.is_spelled(each) for each in _variants(piece.text))


def pieces(folded: str) -> list[Piece]:
    """Return the pieces of a folded text."""
    found: list[Piece] = []
    end = 0
    for match in _PIECE.finditer(folded):
        found.append(Piece(match.group(), folded[end : match.start()] if found else ""))
        end = match.end()
    return found


def skeleton(text: str) -> str:
    """Return what texts have in common that say the same in different disguises."""
    return _skeleton("".join(piece.text.strip(_SYMBOLS) for piece in pieces(fold(text))))


def _skeleton(text: str) -> str:
    return squeeze(text.translate(_SKELETON))


def _candidates(found: list[Piece]) -> Iterator[str]:
    """Yield whatever in a text may be one word."""
    for piece in found:
        yield from _variants(piece.text)
    for joined in _joined(found):
        yield from _variants(joined)
    yield from _spelled(found)


def _variants(piece: str) -> set[str]:
    """Return a piece with and without the signs around it, which may stand for letters."""
    begun = {piece, piece.lstrip(_SYMBOLS), piece.lstrip(_SYMBOLS + _DIGITS)}
    return {
        end
        for each in begun
        for end in (each, each.rstrip("!|+*"), each.rstrip(_SYMBOLS + _DIGITS))
        if end
    }


def _joined(found: list[Piece]) -> Iterator[str]:
    """Yield what only hyphens and their like part."""
    chain: list[str] = []
    for piece in (*found, Piece("", "")):
        if not piece.is_joined:
            if len(chain) > 1:
                yield "".join(chain)
            chain = []
        chain.append(piece.text)


def _spelled(found: list[Piece]) -> Iterator[str]:
    """Yield what is written letter by letter, between what is not."""
    chain: list[Piece] = []
    for piece in (*found, Piece("end", "")):
        if (len(piece.text) <= 2 or piece.is_letter) and not piece.is_short_form:
            chain.append(piece)
            continue
        for first in range(len(chain) - 1):
            if first == 0 or _parts(chain[first - 1]):
                yield from _spelled_from(chain, first)
        chain = []


def _spelled_from(chain: list[Piece], first: int) -> Iterator[str]:
    spelled, letters = chain[first].text, int(chain[first].is_letter)
    for last in range(first + 1, min(len(chain), first + _LONGEST_SPELLED)):
        spelled += chain[last].text
        letters += chain[last].is_letter
        is_end = last + 1 == len(chain) or _parts(chain[last + 1])
        if is_end and 2 * letters >= last - first + 1 and len(spelled) > 2:
            yield spelled


def _parts(piece: Piece) -> bool:
    """Tell whether a piece is no letter of a longer word that is written letter by letter."""
    return not piece.is_letter or piece.text in _ONE_LETTER_WORDS or not piece.text.isalpha()


def _is_masked(candidate: str) -> bool:
    """Tell whether stars stand for some letters of a candidate."""
    stars = candidate.count(_ANY)
    return 0 < stars < len(candidate) - stars and candidate[0] != _ANY

"""Texts without what only changes how they look: accents, capitals, letters that look alike."""

import unicodedata
from itertools import groupby

LONGEST = 1_000
"""Characters of a text that are looked at; the site takes 500."""

_LOOKALIKES = {
    "a": "аαɑᴀ",
    "b": "вβʙьƅ",
    "c": "сϲᴄ",
    "d": "ԁᴅđɗ",
    "e": "еεᴇəҽє",
    "f": "ꜰƒ",
    "g": "ɡɢց",
    "h": "нһʜħհ",
    "i": "іιıɪ",
    "j": "јᴊ",
    "k": "кκᴋ",
    "l": "ӏłʟ",
    "m": "мᴍ",
    "n": "пηɴո",
    "o": "оοøᴏօσ",
    "p": "рρᴘ",
    "q": "ԛ",
    "r": "гʀ",
    "s": "ѕꜱʂ",
    "t": "тτᴛŧ",
    "u": "υᴜսц",
    "v": "νѵᴠ",
    "w": "ԝωᴡшщ",
    "x": "хχ",
    "y": "уγʏү",
    "z": "ᴢƶ",
}
_ENCLOSED = (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
"""Where the letters A to Z begin, in squares, in circles and as flags are made of them."""

_TABLE: dict[int, str | None] = {
    **{ord(like): letter for letter, likes in _LOOKALIKES.items() for like in likes},
    **{start + place: chr(97 + place) for start in _ENCLOSED for place in range(26)},
    **dict.fromkeys((0x115F, 0x1160, 0x3164, 0xFFA0)),  # letters that show nothing
}
_INVISIBLE = {"Mn", "Me", "Cf"}


def fold(text: str) -> str:
    """Return a text in small plain letters, of at most :data:`LONGEST` characters of the text.

    Letters of other alphabets become the Latin ones that they look like; marks on letters and
    characters that show nothing are left out.
    """
    plain = unicodedata.normalize("NFKD", text[:LONGEST])
    seen = "".join(each for each in plain if unicodedata.category(each) not in _INVISIBLE)
    return seen.casefold().translate(_TABLE)


def squeeze(text: str) -> str:
    """Return a text with each run of a character written once."""
    return "".join(character for character, _ in groupby(text))

"""Emoji: codes such as ``_meow_`` that become pictures in the site's answers."""

import html
import re

STATIC = "//cdn.scratch.mit.edu/scratchr2/static/__0123456789abcdef0123456789abcdef__"
_FACES = {
    "_:)_": "cat",
    "_:D_": "aww-cat",
    "_B)_": "cool-cat",
    "_:P_": "tongue-out-cat",
    "_;P_": "wink-cat",
    "_:'P_": "lol-cat",
    "_P:_": "upside-down-cat",
    "_:3_": "huh-cat",
    "_<3_": "love-it-cat",
    "_**_": "fav-it-cat",
    "_:))_": "rainbow-cat",
    "_:D<_": "pizza-cat",
}
_WORDS = (
    "meow gobo 10mil waffle taco sushi apple broccoli pizza candycorn map camera suitcase compass "
    "binoculars cupcake pride blm"
)
_PICTURES = {**_FACES, **{f"_{word}_": word for word in _WORDS.split()}}
_CODE = re.compile("|".join(re.escape(code) for code in sorted(_PICTURES, key=len, reverse=True)))


def api_text(text: str) -> str:
    """Return a comment as the API gives it: escaped, apostrophes by their name, with pictures."""
    return _with_pictures(text, '<img src="/images/emoji/{0}.png" class="emoji" alt="{0} emoji">')


def page_text(text: str) -> str:
    """Return a comment as the old pages give it: escaped, with pictures that have no words."""
    picture = f'<img src="{STATIC}/images/easter_eggs/{{0}}.png" class="easter-egg">'
    return _with_pictures(text, picture)


def escape(text: str) -> str:
    """Return text as the API gives it: HTML-escaped, apostrophes by their name."""
    return html.escape(text, quote=False).replace('"', "&quot;").replace("'", "&apos;")


def _with_pictures(text: str, picture: str) -> str:
    done, shown = 0, ""
    for code in _CODE.finditer(text):
        shown += escape(text[done : code.start()]) + picture.format(_PICTURES[code.group()])
        done = code.end()
    return shown + escape(text[done:])

"""Emoji: the site shows codes such as ``_meow_`` as pictures; here they are codes again."""

import re
from pathlib import PurePosixPath

_FACES = {
    "cat": "_:)_",
    "aww-cat": "_:D_",
    "cool-cat": "_B)_",
    "tongue-out-cat": "_:P_",
    "wink-cat": "_;P_",
    "lol-cat": "_:'P_",
    "upside-down-cat": "_P:_",
    "huh-cat": "_:3_",
    "love-it-cat": "_<3_",
    "fav-it-cat": "_**_",
    "rainbow-cat": "_:))_",
    "pizza-cat": "_:D<_",
}
"""The codes that are not the picture's name between underscores."""

_PICTURE = re.compile(r'<img\b[^>]*\bsrc="([^"]*)"[^>]*>')


def code(source: str) -> str:
    """Return the code of the emoji whose picture has this address."""
    name = PurePosixPath(source).stem
    return _FACES.get(name, f"_{name}_") if name else ""


def plain_text(content: str) -> str:
    """Return what a person typed, out of the HTML that the API makes of it."""
    if "&" not in content and "<" not in content:
        return content
    from html import escape, unescape

    return unescape(_PICTURE.sub(lambda found: escape(code(found[1])), content))

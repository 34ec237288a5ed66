"""From the forums' BBCode to the HTML that the site makes of it."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

_TOKEN = re.compile(r"\[(/?)(\w+)(?:=([^\[\]]*))?\]")
_ADDRESS = re.compile(r"https?://[^\s\[\]]+")
_SPANS = {
    "b": "bb-bold",
    "i": "bb-italic",
    "u": "bb-underline",
    "s": "bb-strikethrough",
    "big": "bb-big",
    "small": "bb-small",
}


def _span(name: str) -> Callable[[str, str], str | None]:
    return lambda _, inner: f'<span class="{name}">{inner}</span>'


def _color(color: str, inner: str) -> str | None:
    is_color = re.fullmatch(r"#?\w+", color) is not None
    return f'<span style="color:{color}">{inner}</span>' if is_color else None


def _link(address: str, inner: str) -> str | None:
    target = address or inner
    return f'<a href="{target}">{inner}</a>' if _ADDRESS.fullmatch(target) else None


def _picture(_: str, inner: str) -> str | None:
    return f'<img src="{inner}"/>' if _ADDRESS.fullmatch(inner) else None


def _quote(author: str, inner: str) -> str | None:
    said = f'<p class="bb-quote-author">{author} wrote:</p>' if author else ""
    return f"<blockquote>{said}{inner}</blockquote>"


_TAGS: dict[str, Callable[[str, str], str | None]] = {
    **{tag: _span(name) for tag, name in _SPANS.items()},
    "color": _color,
    "url": _link,
    "img": _picture,
    "quote": _quote,
    "center": lambda _, inner: f'<div style="text-align:center;">{inner}</div>',
    "code": lambda _, inner: f'<div class="code"><pre>{inner}</pre></div>',
    "scratchblocks": lambda _, inner: f'<pre class="blocks">{inner}</pre>',
}
"""What becomes of each tag, given its value and what stands within; None where it is none."""


@dataclass
class _Open:
    """A tag that was opened, and what has come since."""

    tag: str
    value: str
    written: str
    parts: list[str] = field(default_factory=list)


def to_html(source: str) -> str:
    """Return BBCode as HTML; what is no BBCode stands as text."""
    text, done = html.escape(source), 0
    waiting = [_Open("", "", "")]
    for token in _TOKEN.finditer(text):
        waiting[-1].parts.append(text[done : token.start()])
        done = token.end()
        closes, tag, value = token[1] == "/", token[2].lower(), token[3] or ""
        if tag not in _TAGS or (closes and tag != waiting[-1].tag):
            waiting[-1].parts.append(token[0])
        elif closes:
            _close(waiting, token[0])
        else:
            waiting.append(_Open(tag, value, token[0]))
    waiting[-1].parts.append(text[done:])
    shown = "".join(part for one in waiting for part in (one.written, *one.parts))
    return shown.replace("\r\n", "\n").replace("\n", "<br />\n")


def _close(waiting: list[_Open], written: str) -> None:
    """Put what the innermost open tag makes of its inside into the one around it."""
    closed = waiting.pop()
    inner = "".join(closed.parts)
    made = _TAGS[closed.tag](closed.value, inner)
    waiting[-1].parts.append(f"{closed.written}{inner}{written}" if made is None else made)

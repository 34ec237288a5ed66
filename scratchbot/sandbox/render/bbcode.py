"""From the forums' BBCode to the HTML that the site makes of it."""

import html
import re

_SPANS = {
    "b": "bb-bold",
    "i": "bb-italic",
    "u": "bb-underline",
    "s": "bb-strikethrough",
    "big": "bb-big",
    "small": "bb-small",
}
_RULES: list[tuple[re.Pattern[str], str]] = [
    *(
        (re.compile(rf"\[{tag}\](.*?)\[/{tag}\]", re.DOTALL), rf'<span class="{name}">\1</span>')
        for tag, name in _SPANS.items()
    ),
    (
        re.compile(r"\[color=(\#?\w+)\](.*?)\[/color\]", re.DOTALL),
        r'<span style="color:\1">\2</span>',
    ),
    (re.compile(r"\[url=(https?://[^\s\]]+)\](.*?)\[/url\]", re.DOTALL), r'<a href="\1">\2</a>'),
    (re.compile(r"\[url\](https?://[^\s\[]+)\[/url\]"), r'<a href="\1">\1</a>'),
    (re.compile(r"\[img\](https?://[^\s\[]+)\[/img\]"), r'<img src="\1"/>'),
    (
        re.compile(r"\[center\](.*?)\[/center\]", re.DOTALL),
        r'<div style="text-align:center;">\1</div>',
    ),
    (
        re.compile(r"\[quote=([^\]]+)\](.*?)\[/quote\]", re.DOTALL),
        r'<blockquote><p class="bb-quote-author">\1 wrote:</p>\2</blockquote>',
    ),
    (re.compile(r"\[quote\](.*?)\[/quote\]", re.DOTALL), r"<blockquote>\1</blockquote>"),
    (re.compile(r"\[code\](.*?)\[/code\]", re.DOTALL), r'<div class="code"><pre>\1</pre></div>'),
    (
        re.compile(r"\[scratchblocks\](.*?)\[/scratchblocks\]", re.DOTALL),
        r'<pre class="blocks">\1</pre>',
    ),
]


def to_html(source: str) -> str:
    """Return BBCode as HTML; what is no BBCode stands as text."""
    text = html.escape(source)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text.replace("\r\n", "\n").replace("\n", "<br />\n")

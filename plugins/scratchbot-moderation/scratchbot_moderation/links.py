"""Finding links, also those that are written so that they do not look like one."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Literal

from scratchbot_moderation.folding import LONGEST, fold

LinkKind = Literal["chat site", "short link", "other domain"]

CHAT_SITES = frozenset(
    """
    chatango.com dsc.gg discord.com discord.gg discord.me discordapp.com disboard.org element.io
    guilded.com guilded.gg kik.com kik.me line.me matrix.to messenger.com meet.google.com
    minnit.chat omegle.com revolt.chat rvlt.gg signal.group signal.me skype.com slack.com
    snapchat.com t.me teams.microsoft.com telegram.me telegram.org tlk.io wa.me whatsapp.com zoom.us
    """.split()  # noqa: SIM905 # one on each line would fill pages
)
SHORT_LINKS = frozenset(
    """
    2no.co adf.ly bc.vc bit.ly bl.ink buff.ly clck.ru cutt.ly da.gd gg.gg goo.gl grabify.link
    iplogger.org is.gd lnkd.in ow.ly qr.ae rb.gy rebrand.ly shorte.st shorturl.at soo.gd surl.li
    t.co t.ly tiny.cc tinyurl.com tr.im urlz.fr v.gd
    """.split()  # noqa: SIM905 # one on each line would fill pages
)
_ENDINGS = frozenset(
    """
    ai biz br cc cf cn co com cz edu eu ga gd gg gl gov gr hu info io jp kr ly ml net nl org pl pw
    ro ru tk tr tv ua uk ws xyz
    """.split()  # noqa: SIM905 # one on each line would fill pages
)
_ENDINGS_THAT_ARE_WORDS = frozenset(
    """
    am app at au be ca ch chat cloud club de dev es fm fr fun game games id in is it la link live me
    my no online page pt se shop site so space store tech to top us vip website world
    """.split()  # noqa: SIM905 # one on each line would fill pages
)
"""Their domains are links where a path follows: else a sentence begins without a space."""

_SCHEME = re.compile(r"h(?:tt|xx)ps?:[/\\]*")
_DOT = re.compile(r" ?[(\[{<] ?(?:dot|point|\.) ?[)\]}>] ?| dot | \. ")
_DOT_AFTER_SPACE = re.compile(r" \. ?")
_OUTSIDE = re.compile(r"[\s<>\"()\[\]{}|,;]+")
_END_OF_HOST = re.compile(r"[/\\?#]")
_NAMES = re.compile(r"[\w.'’-]+")
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]+")


def find_link(text: str, allowed: Collection[str]) -> LinkKind | None:
    """Return of what kind a text's first link is that leads elsewhere than to allowed domains.

    :param allowed: domains in small letters, each with all that is below it.
    """
    text = text[:LONGEST].replace("。", ".")
    # What only looks like an allowed domain is not one: both are judged, as written and as seen.
    for version in (_plain(text), fold(text)):
        written = _DOT.sub(".", " ".join(version.split()))
        for host in _hosts(written):
            if not _is_below(host, allowed):
                return _kind(fold(host)) or "other domain"
        for host in _hosts(_DOT_AFTER_SPACE.sub(".", written)):
            kind = _kind(host)
            if kind is not None and not _is_below(host, allowed):
                return kind
    return None


def is_domain(text: str) -> bool:
    """Tell whether a text is a domain, and no whole address or pattern."""
    return _HOST.fullmatch(text) is not None


def _plain(text: str) -> str:
    """Return a text as a browser's address line takes it."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(each for each in plain if unicodedata.category(each) != "Cf").lower()


def _hosts(text: str) -> Iterator[str]:
    for part in _OUTSIDE.split(text):
        before, *links = _SCHEME.split(part)
        for link in links:
            authority = _END_OF_HOST.split(link, maxsplit=1)[0]
            host = authority.rpartition("@")[2].partition(":")[0].strip(".")
            if host:
                yield host
        yield from _bare_hosts(before)


def _bare_hosts(part: str) -> Iterator[str]:
    """Yield the hosts that are written without ``https:``."""
    *before_paths, last = _END_OF_HOST.split(part)
    for written, has_path in (*((each, True) for each in before_paths), (last, False)):
        found = [name for name in _names(written) if _is_host(name, has_path=has_path)]
        yield from found
        if found:
            return


def _names(written: str) -> Iterator[str]:
    for match in _NAMES.findall(written):
        for name in re.split(r"\.{2,}", match):
            yield name.strip(".-'’")


def _is_host(name: str, *, has_path: bool) -> bool:
    if _HOST.fullmatch(name) is None:
        return False
    ending = name.rpartition(".")[2]
    return (
        ending in _ENDINGS
        or name.startswith("www.")
        or _kind(name) is not None
        or (has_path and ending in _ENDINGS_THAT_ARE_WORDS)
    )


def _kind(host: str) -> LinkKind | None:
    if _is_below(host, CHAT_SITES):
        return "chat site"
    return "short link" if _is_below(host, SHORT_LINKS) else None


def _is_below(host: str, domains: Collection[str]) -> bool:
    labels = host.split(".")
    return any(".".join(labels[start:]) in domains for start in range(len(labels)))

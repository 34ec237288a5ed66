"""Whether the site answers, how fast, and by which clock."""

import asyncio
from urllib.parse import urlsplit

from scratchbot.cli.doctor.finding import Finding
from scratchbot.cli.doctor.subject import Subject
from scratchbot.errors import SiteDownError, UnexpectedAnswerError
from scratchbot.wire.accounts import session_status
from scratchbot.wire.request import SITE, Answer, site_time

LIMIT = 10.0
"""Seconds that the site has for its first answer."""
SLOW_SECONDS = 2.0
OFF_SECONDS = 60.0
"""How far the clocks may be apart before mutes, sessions and times of day are told wrong."""


async def check_site(subject: Subject) -> list[Finding]:
    """Ask the site who is logged in, as a bot does first."""
    began = subject.clock.monotonic()
    try:
        async with asyncio.timeout(LIMIT):
            answer = await subject.client.exchange(session_status())
    except TimeoutError:
        return [_stranger(subject, f"nothing within {LIMIT:.0f} seconds")]
    except SiteDownError as error:
        if error.arrived and subject.settings.network.endpoint is not None:
            return [_stranger(subject, "nothing that can be read")]
        return [Finding("site", "failed", str(error), _bring_back(subject))]
    took = subject.clock.monotonic() - began
    if answer.status >= 400 or not _is_scratch(answer):
        return [_stranger(subject, f"a {answer.status} that is not as Scratch's")]
    return [_speed(took), *_clock(answer)]


def _is_scratch(answer: Answer) -> bool:
    try:
        return "flags" in answer.row()
    except UnexpectedAnswerError:
        return False


def _stranger(subject: Subject, answers: str) -> Finding:
    endpoint = subject.settings.network.endpoint
    if endpoint is None:
        advice = "look at it in a browser, and try again later"
        return Finding("site", "failed", f"{SITE} answers {answers}", advice)
    port = urlsplit(endpoint).port
    return Finding(
        "port",
        "failed",
        f"{endpoint} answers {answers}: another program has port {port}",
        "start the sandbox with `scratchbot sandbox --port 0`, and set SCRATCHBOT_ENDPOINT to the "
        "address that it prints; or unset it, for the real Scratch",
    )


def _bring_back(subject: Subject) -> str:
    if subject.settings.network.endpoint is None:
        return "check this machine's network, proxy and firewall; open the site in a browser"
    return (
        "start the sandbox there with `scratchbot sandbox --port "
        f"{urlsplit(subject.settings.network.endpoint).port}`, or unset SCRATCHBOT_ENDPOINT"
    )


def _speed(took: float) -> Finding:
    if took < SLOW_SECONDS:
        return Finding("site", "ok", f"answers in {took * 1000:.0f} ms")
    what = f"answers only after {took:.1f} seconds: the bot will be late"
    return Finding("site", "warning", what, "check this machine's network, or try again later")


def _clock(answer: Answer) -> list[Finding]:
    told = site_time(answer)
    if told is None or answer.at is None:
        return []
    seconds = (answer.at - told).total_seconds()
    if abs(seconds) < OFF_SECONDS:
        return [Finding("clock", "ok", "agrees with the site's")]
    side = "ahead of" if seconds > 0 else "behind"
    what = f"this machine is {abs(seconds) / 60:.0f} minutes {side} the site"
    advice = "set this machine's clock, and let it be kept right: `timedatectl set-ntp true`"
    return [Finding("clock", "failed", what, advice)]

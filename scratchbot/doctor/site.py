"""Looking at the site: whether it answers, what time it has, and what it makes of the account."""

from collections.abc import AsyncIterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from scratchbot.aio.opening import ask
from scratchbot.client import Client
from scratchbot.clock import Clock
from scratchbot.doctor.finding import Finding
from scratchbot.errors import BlockedError, ScratchbotError, SiteError, WrongCredentialsError
from scratchbot.settings import Settings
from scratchbot.site import AsyncSite
from scratchbot.wire.accounts import AccountStatus, get_account_status, session_status

SLOW_SECONDS = 5.0
MOST_SKEW = 300.0
"""Seconds that the clocks may differ; what caches between them add is less."""
_CONTACT = "is it down? Look at https://scratch.mit.edu in a browser, and at this machine's network"


async def look_at_site(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Look at the site with the credentials of a run."""
    client = Client(settings.credentials, settings.network, clock)
    visitor = Client(type(settings.credentials)(), settings.network, clock)
    try:
        answers = False
        async for finding in _reach(visitor, settings, clock):
            answers = answers or finding.about == "clock"
            yield finding
        if answers:
            async for finding in _account(client, settings, clock.now()):
                yield finding
    finally:
        await visitor.close()
        await client.close()


async def _reach(site: AsyncSite, settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    where, began = settings.network.endpoint or "scratch.mit.edu", clock.monotonic()
    request = session_status()
    try:
        answer = await site.exchange(request)
        request.result(answer)
    except SiteError as error:
        endpoint = "is that the address of a sandbox? `scratchbot sandbox` says its own"
        yield Finding(
            about="site",
            state="failed",
            said=f"{where} does not answer as Scratch does ({error})",
            advice=endpoint if settings.network.endpoint else _CONTACT,
        )
        return
    took = clock.monotonic() - began
    if took > SLOW_SECONDS:
        yield Finding(
            about="site",
            state="warning",
            said=f"{where} took {took:.0f} s to answer",
            advice="wait until it is quicker: a bot works meanwhile, and answers late",
        )
    else:
        yield Finding(about="site", said=f"{where} answers within {max(took, 0.1):.1f} s")
    yield _skew(answer.headers.get("date"), clock.now())


def _skew(date: str | None, now: datetime) -> Finding:
    try:
        seconds = (now - parsedate_to_datetime(date or "")).total_seconds()
    except ValueError:
        return Finding(about="clock", said="the site tells no time to compare with")
    if abs(seconds) <= MOST_SKEW:
        return Finding(about="clock", said="it agrees with the site's")
    way = "ahead of" if seconds > 0 else "behind"
    return Finding(
        about="clock",
        state="failed",
        said=f"it is {abs(seconds) / 60:.0f} minutes {way} the site's",
        advice="set this machine's clock, and let it be kept right (timedatectl set-ntp true)",
    )


async def _account(client: Client, settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    if not settings.credentials.given:
        yield Finding(
            about="log-in",
            state="warning",
            said="there is nothing to log in with: only what is public can be read",
            advice="write `scratchbot login`, or set SCRATCHBOT_USERNAME and SCRATCHBOT_PASSWORD",
        )
        return
    try:
        await client.log_in()
        status = await ask(client, get_account_status())
    except ScratchbotError as error:
        yield Finding(about="log-in", state="failed", said=str(error), advice=_login_advice(error))
        return
    yield Finding(about="log-in", said=f"as {status.username}")
    for finding in _standing(status, now):
        yield finding


def _login_advice(error: ScratchbotError) -> str:
    if isinstance(error, BlockedError):
        return "log in in a browser, and do what the site asks for"
    if isinstance(error, WrongCredentialsError):
        return "write `scratchbot login`, with the right password or a browser's new session id"
    return "try again in some minutes"


def _standing(status: AccountStatus, now: datetime) -> list[Finding]:
    """Tell what keeps an account from acting."""
    found = []
    if status.mute is not None and status.mute.ends > now:
        said = f"it is muted until {status.mute.ends:%Y-%m-%d %H:%M} UTC"
        advice = "wait until then, and see what its last comments were: the next mute is longer"
        found.append(Finding(about="account", state="failed", said=said, advice=advice))
    if status.banned or status.must_reset_password or status.must_complete_registration:
        said, advice = "the site lets it do nothing", "log in in a browser, and do what it asks for"
        found.append(Finding(about="account", state="failed", said=said, advice=advice))
    if status.email_unconfirmed:
        said, advice = "its e-mail address is not confirmed", "open the link that the site has sent"
        found.append(Finding(about="account", state="warning", said=said, advice=advice))
    return found or [Finding(about="account", said="it may act")]

"""Whether the account can log in, and may act."""

from collections.abc import Iterator
from datetime import timedelta

from scratchbot.cli.doctor.finding import Finding
from scratchbot.cli.doctor.subject import Subject
from scratchbot.errors import ScratchbotError
from scratchbot.runtime.daemon import needs_login
from scratchbot.wire.accounts import AccountStatus, get_account_status, session_expiry

SOON = timedelta(days=3)
"""How long before its end a session is warned of."""
_BROWSER = "log in to Scratch in a browser and do what it asks for"


async def check_log_in(subject: Subject) -> list[Finding]:
    """Log in as the bot would."""
    given = subject.settings.credentials
    if not given.given:
        return [_without_login(subject)]
    try:
        await subject.client.log_in()
    except ScratchbotError as error:
        return [Finding("log-in", "failed", str(error), _log_in_advice(subject))]
    way = "the kept session" if subject.is_kept else "what the environment gives"
    done = Finding("log-in", "ok", f"as {subject.client.account.username}, with {way}")
    return [done, *_session(subject)]


def _session(subject: Subject) -> Iterator[Finding]:
    """Say when the session ends; with a password, the bot opens another one by itself."""
    given = subject.settings.credentials
    ends = session_expiry(given.session_id or "")
    if given.password or ends is None:
        return
    what = f"it probably ends on {ends:%Y-%m-%d}"
    if ends - subject.clock.now() > SOON:
        yield Finding("session", "ok", what)
    else:
        advice = _new_session(subject) + ", then start the bot anew"
        yield Finding("session", "warning", what, advice)


def _without_login(subject: Subject) -> Finding:
    routers = () if subject.bot is None else subject.bot.routers
    needy = [watch for router in routers for watch in router.watches if needs_login(watch)]
    advice = "run `scratchbot login`"
    if subject.settings.credentials.password:
        what = "there is a password, but it is not said whose"
        advice = "set SCRATCHBOT_USERNAME, or write username under [bot] in scratchbot.toml"
        return Finding("log-in", "failed", what, advice)
    if needy:
        what = f"none, and the bot watches {type(needy[0]).__name__}, which needs one"
        return Finding("log-in", "failed", what, advice)
    what = "none: only what is public can be read"
    return Finding("log-in", "warning", what, f"to let the bot act, {advice}")


def _log_in_advice(subject: Subject) -> str:
    if subject.settings.credentials.password:
        return (
            "set SCRATCHBOT_PASSWORD to the account's password, or unset it and run "
            "`scratchbot login`"
        )
    return _new_session(subject)


def _new_session(subject: Subject) -> str:
    if subject.is_kept:
        return "run `scratchbot login`"
    return "unset SCRATCHBOT_SESSION_ID and SCRATCHBOT_TOKEN, and run `scratchbot login`"


async def check_account(subject: Subject) -> list[Finding]:
    """Ask the site whether the account may act."""
    request = get_account_status()
    status = request.result(await subject.client.exchange(request))
    troubles = list(_troubles(status))
    return troubles or [Finding("account", "ok", f"{status.username} may act")]


def _troubles(status: AccountStatus) -> Iterator[Finding]:
    if status.banned:
        yield Finding("account", "failed", "it is banned", "appeal in a browser, as the site says")
    if status.mute is not None:
        ends = f"{status.mute.ends:%Y-%m-%d %H:%M} UTC"
        advice = f"wait until {ends}, and change what the bot says: the next mute is longer"
        yield Finding("account", "failed", f"it is muted until {ends}", advice)
    if status.email_unconfirmed:
        what = "its e-mail address is not confirmed: the site takes no comments from it"
        yield Finding("account", "failed", what, "follow the link in the e-mail from Scratch")
    wanted = {
        "a new password": status.must_reset_password,
        "its registration finished": status.must_complete_registration,
        "another network": status.vpn_required,
    }
    for thing, is_wanted in wanted.items():
        if is_wanted:
            yield Finding("account", "failed", f"the site wants {thing}", _BROWSER)
    if not (status.scratcher or status.educator or status.student or status.team):
        what = "it is a New Scratcher's: the site takes no cloud variables from it"
        yield Finding("account", "warning", what, "use it for a while, and accept the invitation")

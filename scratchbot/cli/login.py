"""``scratchbot login``."""

import argparse
import asyncio
import getpass
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scratchbot.client import Client
from scratchbot.errors import InputError, ScratchbotError, SettingsError
from scratchbot.kept import KeptSession, KeptSessions, site_of
from scratchbot.settings import FILE_NAME, Credentials, Settings, read_settings
from scratchbot.terminal import printable
from scratchbot.wire.accounts import session_begun

LASTS = timedelta(days=14)
"""How long a session of the site is good for (see ``docs/protocol.md``)."""


def login(options: argparse.Namespace) -> int:
    """Keep a session for the bots of this user, show what is kept, or forget it."""
    try:
        settings = read_settings(os.environ, Path(FILE_NAME))
        kept = KeptSessions.of_user(os.environ)
        if options.show:
            return _show(settings, kept, options)
        if options.forget:
            return _forget(settings, kept, options)
        _tell(_log_in(settings, kept, options), as_json=options.json)
    except ScratchbotError as error:
        sys.stderr.write(f"scratchbot: {printable(str(error))}\n")
        return 1
    except (EOFError, KeyboardInterrupt):
        sys.stderr.write("\nscratchbot: nothing was kept\n")
        return 1
    return 0


def _log_in(settings: Settings, kept: KeptSessions, options: argparse.Namespace) -> KeptSession:
    given = _ask(settings.credentials, options)
    username, session_id = asyncio.run(_session(settings, given))
    begun = session_begun(session_id)
    expires = begun + LASTS if begun is not None else None
    if expires is None and given.password:
        expires = datetime.now(UTC) + LASTS
    return kept.keep(site_of(settings), username, session_id, expires)


def _ask(known: Credentials, options: argparse.Namespace) -> Credentials:
    """Return what to log in with: what is known, and what a person types."""
    username = options.username or known.username
    if options.session_id:
        session_id = known.session_id or _secret("Session id (the cookie scratchsessionsid): ")
        return Credentials(username=username, session_id=session_id.strip().strip('"'))
    if not username and not sys.stdin.isatty():
        raise InputError("give --username, or write username under [bot] in scratchbot.toml")
    username = username or input("Scratch account: ").strip()
    return Credentials(username=username, password=known.password or _secret("Password: "))


def _secret(question: str) -> str:
    """Return what is typed without showing it, or the next line of a pipe."""
    answer = getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline().strip("\r\n")
    if not answer:
        raise InputError("nothing was given to log in with")
    return answer


async def _session(settings: Settings, given: Credentials) -> tuple[str, str]:
    """Let the site say whose session it is, and return both."""
    client = Client(given, settings.network)
    try:
        await client.log_in()
        account = client.account
        if account.username is None or account.session_id is None:
            raise InputError("the site does not say whose session this is: try again later")
        if given.username and account.username.lower() != given.username.lower():
            raise InputError(
                f"this is a session of {account.username}, not of {given.username}: "
                "log in as the right one in the browser, or leave --username out"
            )
        return account.username, account.session_id
    finally:
        await client.close()


def _show(settings: Settings, kept: KeptSessions, options: argparse.Namespace) -> int:
    found = kept.all(site_of(settings))
    for each in found:
        _tell(each, as_json=options.json)
    if not found and not options.json:
        print("No session is kept. `scratchbot login` keeps one.")
    return 0


def _forget(settings: Settings, kept: KeptSessions, options: argparse.Namespace) -> int:
    names = [each.username for each in kept.all(site_of(settings))]
    username = options.username or settings.credentials.username
    if username is None and len(names) == 1:
        username = names[0]
    if username is None:
        raise SettingsError("give --username: " + (" or ".join(names) or "no session is kept"))
    if not kept.forget(site_of(settings), username):
        raise SettingsError(f"no session of {username} is kept")
    print(json.dumps({"forgotten": username}) if options.json else f"{username} is forgotten.")
    return 0


def _tell(kept: KeptSession, *, as_json: bool) -> None:
    expires = kept.expires
    if as_json:
        row = {"username": kept.username, "place": kept.place}
        print(json.dumps(row | {"expires": expires and expires.isoformat()}))
        return
    ends = "it is not known when it ends" if expires is None else f"until {expires:%Y-%m-%d}"
    print(printable(f"Logged in as {kept.username}, {ends}. The session is kept in {kept.place}."))

"""``scratchbot login``."""

import argparse
import asyncio
import getpass
import json
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from scratchbot.client import Client
from scratchbot.errors import (
    InputError,
    NotLoggedInError,
    ScratchbotError,
    SiteDownError,
    SiteError,
    WrongCredentialsError,
)
from scratchbot.kept.sessions import KeptSession, KeptSessions
from scratchbot.settings import FILE_NAME, Credentials, Network, Settings, read_settings
from scratchbot.site import Account
from scratchbot.terminal import printable
from scratchbot.wire.accounts import session_expiry


def login(options: argparse.Namespace) -> int:
    """Log in and keep the session, or show or forget what is kept."""
    try:
        settings = read_settings(os.environ, Path(FILE_NAME))
        kept = KeptSessions.of(settings)
        username = _username(options.username or settings.credentials.username)
        if options.show:
            _show(kept, username, as_json=options.json)
        elif options.forget:
            _forget(kept, username, as_json=options.json)
        else:
            _log_in(kept, settings, username, options)
    except ScratchbotError as error:
        sys.stderr.write(f"scratchbot: {printable(str(error))}\n")
        return 1
    except (EOFError, KeyboardInterrupt):
        sys.stderr.write("\nscratchbot: nothing was kept\n")
        return 1
    return 0


def _username(given: str | None) -> str | None:
    from scratchbot.checks import check_username

    return None if given is None else check_username(given)


def _log_in(
    kept: KeptSessions, settings: Settings, username: str | None, options: argparse.Namespace
) -> None:
    if options.session_id:
        credentials = Credentials(username=username, session_id=_ask_session_id())
    else:
        username = username or _ask_username()
        password = settings.credentials.password or _ask(f"Password of {username}: ")
        credentials = Credentials(username=username, password=password)
    account = asyncio.run(_open_session(credentials, settings.network))
    if not account.username or not account.session_id:
        raise NotLoggedInError("the site does not say whose session this is: log in again")
    if username is not None and username.lower() != account.username.lower():
        raise InputError(
            f"this is a session of {account.username}, and not of {username}: "
            "copy the right one, or name the right account"
        )
    session = kept.keep(account.username, account.session_id, session_expiry(account.session_id))
    if options.json:
        print(_row(session))
        return
    print(f"Logged in as {session.username}. The session is kept in {session.place}.")
    print(_expiry(session))


async def _open_session(credentials: Credentials, network: Network) -> Account:
    """Log in and return whose session it is.

    :raises SiteError: if the site does not let this happen; the message names the other way.
    """
    client = Client(credentials, network)
    try:
        await client.log_in()
    except SiteDownError:
        raise
    except SiteError as error:
        if credentials.password is None:
            raise
        raise WrongCredentialsError(
            f"{error}; `scratchbot login --session-id` takes a session from a browser"
        ) from None
    finally:
        await client.close()
    return client.account


def _ask_username() -> str:
    if not sys.stdin.isatty():
        raise InputError("whose password is it? Give --username")
    return _username(input("User name: ").strip()) or ""


def _ask_session_id() -> str:
    told = _ask("The value of the browser's cookie scratchsessionsid: ")
    told = told.removeprefix("scratchsessionsid=").strip('"')
    if not re.fullmatch(r"[\w.:=-]+", told, re.ASCII):
        raise InputError("this is no session id: copy the whole value of the cookie, and only that")
    return told


def _ask(question: str) -> str:
    """Return a secret, which is not shown; one line where nobody sits at a terminal."""
    told = getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not told:
        raise InputError("nothing was given: log in again, and type it or pipe it in")
    return told


def _show(kept: KeptSessions, username: str | None, *, as_json: bool) -> None:
    for session in _found(kept, username):
        if as_json:
            print(_row(session))
        else:
            print(f"{session.username}: kept in {session.place}. {_expiry(session)}")


def _forget(kept: KeptSessions, username: str | None, *, as_json: bool) -> None:
    found = _found(kept, username)
    if len(found) > 1:
        names = ", ".join(session.username for session in found)
        raise InputError(f"which of {names}? Give --username")
    kept.forget(found[0])
    print(_row(found[0]) if as_json else f"The session of {found[0].username} is forgotten.")


def _found(kept: KeptSessions, username: str | None) -> list[KeptSession]:
    """Return the kept sessions, or the one of an account.

    :raises NotLoggedInError: if there is none.
    """
    named = kept.all() if username is None else [kept.find(username)]
    found = [session for session in named if session is not None]
    if not found:
        whose = "" if username is None else f" of {username}"
        raise NotLoggedInError(f"no session{whose} is kept: run `scratchbot login`")
    return found


def _expiry(session: KeptSession) -> str:
    if session.expires is None:
        return "It is not known when it expires."
    verb = "has probably expired" if session.expires < datetime.now(UTC) else "probably expires"
    return f"It {verb} on {session.expires:%Y-%m-%d}."


def _row(session: KeptSession) -> str:
    expires = None if session.expires is None else session.expires.isoformat()
    return json.dumps({"username": session.username, "kept_in": session.place, "expires": expires})

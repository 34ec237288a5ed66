"""All checks, in order, each with a limit to its time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random

from scratchbot.bot import Bot
from scratchbot.cli.doctor.account import check_account, check_log_in
from scratchbot.cli.doctor.finding import Finding
from scratchbot.cli.doctor.plugins import check_plugins
from scratchbot.cli.doctor.setup import (
    check_app,
    check_kept_session,
    check_python,
    check_secrets,
    check_settings,
)
from scratchbot.cli.doctor.site import check_site
from scratchbot.cli.doctor.store import check_store
from scratchbot.cli.doctor.subject import Machine, Subject
from scratchbot.client import Client
from scratchbot.errors import ScratchbotError, one_line

LIMIT = 20.0
"""Seconds that a check may take."""

Check = Callable[[Subject], Awaitable[list[Finding]]]


async def examine(machine: Machine) -> AsyncIterator[Finding]:
    """Yield what each check finds; what cannot be checked for a failure before is left out."""
    yield check_python(machine)
    finding, settings = check_settings(machine)
    yield finding
    bot: Bot | None = None
    if machine.app is not None:
        loaded = await _load(machine.app)
        yield loaded[0]
        bot = loaded[1]
    if settings is None:
        return
    for finding in check_secrets(machine):
        yield finding
    troubles, used = check_kept_session(settings)
    for finding in troubles:
        yield finding
    client = Client(used.credentials, used.network, machine.clock, Random())
    subject = Subject(
        settings=used, is_kept=used is not settings, bot=bot, client=client, clock=machine.clock
    )
    try:
        for check in (check_store, check_plugins):
            for finding in await limited(check, subject):
                yield finding
        for check in (check_site, check_log_in, check_account):
            found = await limited(check, subject)
            for finding in found:
                yield finding
            is_over = check is check_log_in and not client.account.logged_in
            if is_over or (check is check_site and found[0].state == "failed"):
                break
    finally:
        await client.close()


async def _load(app: str) -> tuple[Finding, Bot | None]:
    try:
        async with asyncio.timeout(LIMIT):
            return await check_app(app)
    except TimeoutError:
        advice = 'put bot.run() under if __name__ == "__main__":'
        return Finding(
            "bot", "failed", f"{app} is still not loaded after {LIMIT:.0f} s", advice
        ), None


async def limited(check: Check, subject: Subject, limit: float = LIMIT) -> list[Finding]:
    """Return what a check finds; one that fails itself, or does not end, is a finding too."""
    name = check.__name__.removeprefix("check_").replace("_", "-")
    try:
        async with asyncio.timeout(limit):
            return await check(subject)
    except TimeoutError:
        what = f"there was no answer within {limit:.0f} seconds"
        return [Finding(name, "failed", what, "check the network and the disk, and try again")]
    except ScratchbotError as error:
        return [Finding(name, "failed", str(error), "do what this says, and try again")]
    except Exception as error:
        advice = "this is a mistake in scratchbot: please report it"
        return [Finding(name, "failed", f"the check itself failed: {one_line(error)}", advice)]

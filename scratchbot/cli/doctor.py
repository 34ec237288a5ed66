"""``scratchbot doctor``."""

import argparse
import asyncio
import dataclasses
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from scratchbot.bot import Bot
from scratchbot.cli.app import load_app
from scratchbot.cli.output import print_line
from scratchbot.clock import Clock, SystemClock
from scratchbot.doctor.finding import Finding
from scratchbot.doctor.machine import look_at_port, look_at_python, look_at_store
from scratchbot.doctor.plugins import look_at_plugins
from scratchbot.doctor.site import look_at_site
from scratchbot.errors import ScratchbotError
from scratchbot.kept import KeptSessions, with_kept_session
from scratchbot.settings import FILE_NAME, Settings, read_settings

STYLES = {"ok": "green", "warning": "yellow", "failed": "bold red"}


def doctor(options: argparse.Namespace) -> int:
    """Look at all that a bot needs, and say how to mend what is wrong.

    :returns: 1 if anything is.
    """
    looking = _show(options, os.environ, SystemClock(), sys.version_info[:3])
    return asyncio.run(looking)


async def _show(
    options: argparse.Namespace,
    environment: Mapping[str, str],
    clock: Clock,
    version: tuple[int, ...],
) -> int:
    status = 0
    async for finding in examine(options, environment, clock, version):
        if finding.state == "failed":
            status = 1
        if options.json:
            print(json.dumps(dataclasses.asdict(finding)))
            continue
        print_line(f"{finding.state:<7}  {finding.about}: {finding.said}", STYLES[finding.state])
        if finding.advice:
            print_line(f"         → {finding.advice}")
    return status


async def examine(
    options: argparse.Namespace,
    environment: Mapping[str, str],
    clock: Clock,
    version: tuple[int, ...],
) -> AsyncIterator[Finding]:
    """Look at one thing after the other.

    :param version: that of Python.
    """
    yield look_at_python(version)
    yield look_at_port(options.port)
    try:
        settings = _settings(options, environment, clock)
    except ScratchbotError as error:
        advice = "mend what it names; docs/settings.md tells all that can be set"
        yield Finding(about="settings", state="failed", said=str(error), advice=advice)
        return
    yield Finding(about="settings", said=_source(settings))
    for finding in look_at_store(settings.store):
        yield finding
    async for finding in look_at_site(settings, clock):
        yield finding
    try:
        bot = load_app(options.app) if options.app else Bot("doctor")
    except ScratchbotError as error:
        advice = "mend the program; `scratchbot run` says the same"
        yield Finding(about="bot", state="failed", said=str(error), advice=advice)
        return
    for finding in look_at_plugins(bot, settings):
        yield finding


def _settings(
    options: argparse.Namespace, environment: Mapping[str, str], clock: Clock
) -> Settings:
    store = Path(options.store) if options.store else None
    settings = read_settings(environment, Path(FILE_NAME), store=store)
    return with_kept_session(settings, KeptSessions.of_user(environment), clock.now())


def _source(settings: Settings) -> str:
    return f"{settings.file} and the environment" if Path(settings.file).exists() else "environment"

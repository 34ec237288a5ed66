"""``scratchbot doctor``."""

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path

from scratchbot.cli.doctor.examination import examine
from scratchbot.cli.doctor.finding import as_json, lines
from scratchbot.cli.doctor.subject import Machine
from scratchbot.cli.output import print_line
from scratchbot.clock import SystemClock
from scratchbot.logs import set_up_logs

STYLES = {"ok": "green", "warning": "yellow", "failed": "bold red"}


def doctor(options: argparse.Namespace) -> int:
    """Check all that a bot needs; the exit status is 1 if something failed."""
    set_up_logs(logging.CRITICAL)
    machine = Machine(
        environment=os.environ,
        folder=Path(),
        python=tuple(sys.version_info[:3]),
        clock=SystemClock(),
        app=options.app,
        store=Path(options.store) if options.store else None,
    )
    return asyncio.run(_tell(machine, json=options.json))


async def _tell(machine: Machine, *, json: bool) -> int:
    has_failed = False
    async for finding in examine(machine):
        has_failed = has_failed or finding.state == "failed"
        if json:
            print(as_json(finding), flush=True)
            continue
        for line, style in zip(lines(finding), (STYLES[finding.state], ""), strict=False):
            print_line(line, style, further=" " * 9)
        sys.stdout.flush()
    return 1 if has_failed else 0

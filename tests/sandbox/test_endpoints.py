"""Every endpoint that three independent clients use has a route."""

from pathlib import Path

import pytest

from tests.sandbox.site import serving

LISTED = (Path(__file__).parent / "endpoints.txt").read_text("utf-8").splitlines()
FILLED = {
    "api.scratch.mit.edu/studios/{}/activity": "26135902",
    "scratch.mit.edu/site-api/comments/user/{}/{}": ("alice", "add"),
    "scratch.mit.edu/site-api/galleries/{}": "all",
    "scratch.mit.edu/site-api/projects/{}": "all",
    "scratch.mit.edu/discuss/{}": "31",
    "scratch.mit.edu/discuss/{}/topic/add": "31",
}
NEVER_ALIVE = {"GET assets.scratch.mit.edu"}
"""Clients put a file's name behind it."""


def filled(pattern: str) -> str:
    """Return an address for a pattern; a number fits wherever a route wants one."""
    values = FILLED.get(pattern, "104")
    if isinstance(values, str):
        return pattern.replace("{}", values)
    for value in values:
        pattern = pattern.replace("{}", value, 1)
    return pattern


@pytest.mark.asyncio
async def test_every_endpoint_that_clients_use_is_there() -> None:
    missing = []
    async with serving(limits=False) as site:
        for line in LISTED:
            method, _, pattern = line.partition(" ")
            host, slash, path = filled(pattern).partition("/")
            status, text, answer = await site.ask(method, host, slash + path or "/")
            if status in (301, 308):
                location = answer.headers["Location"]
                status, text, answer = await site.ask(method, host, location)
            routed = answer.headers.get("X-Sandbox-Reason") != "no such page"
            if "ResourceNotFound" in text or status == 405 or not routed:
                missing.append(line)
    assert set(missing) <= NEVER_ALIVE

"""Heavy libraries are imported when they are first used."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("name", ["ScratchSession", "AsyncScratchSession"])
def test_importing_the_session_imports_no_library(name: str) -> None:
    code = f"import sys; from scratchbot import {name}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"aiohttp", "apscheduler", "bs4", "html", "structlog", "websockets"}
    assert not heavy & set(loaded)

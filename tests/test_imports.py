"""Heavy libraries, and the site's formats, are imported when they are first used."""

import subprocess
import sys

import pytest

from scratchbot import wire
from tests.wire.exchanges import every_request


@pytest.mark.parametrize("name", ["ScratchSession", "AsyncScratchSession"])
def test_importing_the_session_imports_no_library(name: str) -> None:
    heavy = {"aiohttp", "apscheduler", "bs4", "html", "structlog", "websockets"}
    assert not heavy & loaded(f"from scratchbot import {name}")


@pytest.mark.parametrize("name", ["ScratchSession", "AsyncScratchSession"])
def test_importing_the_session_imports_the_formats_of_few_things(name: str) -> None:
    modules = loaded(f"from scratchbot import {name}")
    formats = {each for each in wire.__all__ if f"scratchbot.wire.{each}" in modules}
    assert formats == {"comments", "projects", "users"}


def test_every_format_with_requests_is_imported_when_it_is_first_used() -> None:
    assert set(wire.__all__) == {request.partition(".")[0] for request in every_request()}
    assert "scratchbot.wire.forums" in loaded("from scratchbot import wire; wire.forums.post")
    assert not hasattr(wire, "forum")


def loaded(statements: str) -> set[str]:
    """Return the modules that some code brings into a new interpreter."""
    program = (
        f"import sys; before = {{*sys.modules}}; {statements}; print(*{{*sys.modules}} - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())

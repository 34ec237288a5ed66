"""Fixtures that many tests share."""

import os
from collections.abc import Iterator

import pytest

from tests.scratch import Scratch

for name in [name for name in os.environ if name.startswith("SCRATCHBOT_")]:
    del os.environ[name]


@pytest.fixture
def scratch() -> Iterator[Scratch]:
    """Give a sandbox with the default world, its limits off."""
    local = Scratch()
    yield local
    local.close()


@pytest.fixture
def endpoint(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> str:
    """Point every session at the sandbox."""
    monkeypatch.setenv("SCRATCHBOT_ENDPOINT", scratch.address)
    monkeypatch.setenv("SCRATCHBOT_LIMITS", "off")
    return scratch.address

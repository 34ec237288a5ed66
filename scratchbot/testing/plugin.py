"""The pytest plugin; what it needs is imported when a test first asks for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from scratchbot.testing.scratch import Scratch


@pytest.fixture
def scratch() -> "Iterator[Scratch]":
    """Give a Scratch of its own to a test: the default world, without rate limits."""
    from scratchbot.testing.scratch import Scratch

    local = Scratch()
    try:
        yield local
    finally:
        local.close()

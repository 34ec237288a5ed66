"""The official VM and storage, as the editor uses them: load a project, change it, save it."""

import pytest

from scratchbot.testing import Scratch
from scratchbot.testing.plugin import scratch
from tests.interop.conftest import CACHE, HERE, answer, node

pytestmark = [pytest.mark.asyncio, pytest.mark.interop]

__all__ = ["scratch"]


async def test_the_official_vm_loads_a_project_and_saves_it_with_a_new_picture(
    scratch: Scratch,
) -> None:
    home, port = CACHE / "node", scratch.address.rpartition(":")[2]
    load = (node(), HERE / "node" / "load.mjs", home, port, "105", "scratchcat", "hunter2")
    told = await answer(*load)
    assert told["pictures"] == told["costumes"] == 2
    assert told["uploaded"] in scratch.world.assets
    stage = scratch.world.projects[105].code["targets"][0]
    assert stage["variables"]["mark"] == ["saved by the VM", 0]

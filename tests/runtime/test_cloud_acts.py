"""What becomes of a cloud variable's set when nobody knows whether it reached the server."""

import asyncio

import pytest

from scratchbot.errors import SiteDownError
from scratchbot.site import AsyncSite
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD
from tests.runtime.acting import Actor, Through, acting
from tests.scratch import Scratch, until

pytestmark = pytest.mark.asyncio

TURBOWARP = "clouddata.turbowarp.org"


class Lost(Through):
    """A way to the site on which nobody hears what becomes of a set."""

    def __init__(self, site: AsyncSite, *, sends: bool, arrived: bool = True) -> None:
        super().__init__(site)
        self._sends = sends
        self._arrived = arrived

    async def change_cloud(self, change: CloudChange) -> None:
        if self._sends:
            await super().change_cloud(change)
        raise SiteDownError("the socket broke", arrived=self._arrived)


def setting(value: str, host: str = SCRATCH_CLOUD) -> CloudChange:
    return CloudChange(project_id=104, host=host, method="set", name="foo", value=value)


async def lose(
    actor: Actor, change: CloudChange, *, sends: bool, arrived: bool = True, again: int = 0
) -> None:
    site = Lost(actor.client, sends=sends, arrived=arrived)
    with pytest.raises(SiteDownError):
        await actor.outbox(site=site, again=again).change_cloud(change)


async def set_again(actor: Actor, change: CloudChange) -> bool:
    """Return whether a set of a run that happens again was sent."""
    return await actor.outbox(again=1).change_cloud(change)


def history(scratch: Scratch) -> list[str | None]:
    """Return what the variable was set to, in order."""
    log = scratch.world.projects[104].cloud_log
    return [row["value"] for row in log if row["name"] == "☁ foo"]


async def test_a_set_that_the_variable_still_shows_is_not_sent_again(scratch: Scratch) -> None:
    async with acting(scratch, "alice") as actor:
        await lose(actor, setting("5"), sends=True)
        await until(lambda: scratch.cloud(104, "foo") == "5")
        assert not await set_again(actor, setting("5"))
        assert not await set_again(actor, setting("6"))
    assert history(scratch)[-1:] == ["5"]


async def test_a_set_that_did_not_reach_the_server_is_sent_again(scratch: Scratch) -> None:
    async with acting(scratch, "alice") as actor:
        await lose(actor, setting("5"), sends=False)
        assert await set_again(actor, setting("5"))
        await until(lambda: scratch.cloud(104, "foo") == "5")


@pytest.mark.parametrize("sends", [True, False])
async def test_a_set_does_not_undo_what_was_set_since(sends: bool, scratch: Scratch) -> None:
    async with acting(scratch, "alice") as actor:
        await lose(actor, setting("5"), sends=sends)
        await until(lambda: not sends or scratch.cloud(104, "foo") == "5")
        scratch.acts.set_cloud("bob", 104, "☁ foo", "7")
        assert not await set_again(actor, setting("5"))
    assert history(scratch)[-1:] == ["7"]


async def test_a_set_undoes_what_was_set_before_or_to_another_variable(scratch: Scratch) -> None:
    scratch.acts.set_cloud("bob", 104, "☁ foo", "7")
    await asyncio.sleep(0.002)  # the log has whole milliseconds
    async with acting(scratch, "alice") as actor:
        await lose(actor, setting("5"), sends=False)
        scratch.acts.set_cloud("bob", 104, "☁ ping", "7")
        assert await set_again(actor, setting("5"))
        await until(lambda: scratch.cloud(104, "foo") == "5")


async def test_where_the_log_is_broken_a_set_is_sent_again(scratch: Scratch) -> None:
    async with acting(scratch, "alice") as actor:
        await lose(actor, setting("5"), sends=False)
        scratch.acts.set_cloud("bob", 104, "☁ foo", "7")
        scratch.weather(host=SCRATCH_CLOUD, path="/logs", status=503)
        assert await set_again(actor, setting("5"))
        await until(lambda: scratch.cloud(104, "foo") == "5")


async def test_where_there_is_no_log_a_set_is_sent_again_unless_the_variable_shows_it(
    scratch: Scratch,
) -> None:
    async with acting(scratch, "alice") as actor:
        await lose(actor, setting("5", TURBOWARP), sends=True)
        assert not await set_again(actor, setting("5", TURBOWARP))
        await lose(actor, setting("6", TURBOWARP), sends=False)
        scratch.acts.set_cloud("bob", 104, "☁ foo", "7")  # on Scratch's own server
        assert await set_again(actor, setting("6", TURBOWARP))


async def test_a_set_that_surely_was_not_sent_is_sent_whatever_was_set_since(
    scratch: Scratch,
) -> None:
    async with acting(scratch, "alice") as actor:
        await lose(actor, setting("5"), sends=False, arrived=False)
        scratch.acts.set_cloud("bob", 104, "☁ foo", "7")
        assert await set_again(actor, setting("5"))
        await until(lambda: scratch.cloud(104, "foo") == "5")


async def test_what_is_set_again_is_what_is_to_be_set_now(scratch: Scratch) -> None:
    async with acting(scratch, "alice") as actor:
        await lose(actor, setting("5", TURBOWARP), sends=False)
        await lose(actor, setting("6", TURBOWARP), sends=True, again=1)
        assert not await set_again(actor, setting("7", TURBOWARP))

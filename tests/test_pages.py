"""Lists are asked for side by side, and not for more than there can be."""

import asyncio
import json
from typing import Any, cast

import pytest

from scratchbot.aio.pages import AsyncPages
from scratchbot.errors import SiteDownError
from scratchbot.portal import BlockingSite, ThreadPortal
from scratchbot.site import SIDE_BY_SIDE, AsyncSite
from scratchbot.sync.pages import Pages
from scratchbot.wire.request import API, Answer, Request, page_query


class Numbers:
    """A site whose only list is that of the numbers below ``length``.

    :param first_takes: turns of the loop that the answer with the first page takes.
    """

    def __init__(self, length: int, first_status: int = 200, first_takes: int = 1) -> None:
        self.length, self.first_status, self.first_takes = length, first_status, first_takes
        self.asked = self.on_their_way = self.most = self.asked_before_first = 0

    async def exchange(self, request: Request[Any]) -> Answer:
        limit, offset = (int(request.query[name]) for name in ("limit", "offset"))
        self.asked += 1
        self.on_their_way += 1
        self.most = max(self.most, self.on_their_way)
        for _ in range(self.first_takes if offset == 0 else 1):
            await asyncio.sleep(0)
        if offset == 0:
            self.asked_before_first = self.asked
        self.on_their_way -= 1
        there = list(range(self.length))[offset : offset + limit]
        status = self.first_status if offset == 0 else 200
        return Answer(status=status, body=json.dumps(there).encode())

    def pages(self) -> AsyncPages[str]:
        return AsyncPages(cast("AsyncSite", self), _page, str)

    def read_blocking(self, limit: int) -> list[str]:
        """Read as a synchronous session does."""
        portal = ThreadPortal(_nothing)
        try:
            site = BlockingSite(cast("AsyncSite", self), portal)
            return Pages(site, _page, str).collect(all=False, limit=limit, offset=0)
        finally:
            portal.close()


async def _nothing() -> None:
    pass


def _page(limit: int, offset: int) -> Request[list[int]]:
    return Request(
        method="GET",
        host=API,
        path="/numbers",
        query=page_query(limit, offset),
        read=lambda answer: cast("list[int]", answer.json()),
        about="numbers",
    )


@pytest.mark.asyncio
async def test_pages_come_in_order_however_many_are_on_their_way() -> None:
    site = Numbers(2_010)
    assert await site.pages().collect(all=False, limit=2_000, offset=5) == [
        str(number) for number in range(5, 2_005)
    ]
    assert (site.asked, site.most) == (50, SIDE_BY_SIDE)


@pytest.mark.asyncio
@pytest.mark.parametrize("form", ["sync", "async"])
async def test_a_late_page_does_not_hold_the_others_back(form: str) -> None:
    site = Numbers(2_000, first_takes=1_000)
    if form == "sync":
        found = await asyncio.to_thread(site.read_blocking, 2_000)
    else:
        found = await site.pages().collect(all=False, limit=2_000, offset=0)
    assert found == [str(number) for number in range(2_000)]
    assert (site.asked_before_first, site.most) == (50, SIDE_BY_SIDE)


@pytest.mark.asyncio
async def test_all_of_a_long_list_is_read() -> None:
    site = Numbers(6_007)
    assert len(await site.pages().collect(all=True, limit=0, offset=0)) == 6_007
    assert site.most == SIDE_BY_SIDE


@pytest.mark.asyncio
async def test_no_more_is_asked_for_once_the_list_has_ended() -> None:
    site = Numbers(70)
    assert len(await site.pages().collect(all=False, limit=100_000, offset=0)) == 70
    assert site.asked <= SIDE_BY_SIDE + 1
    site = Numbers(7)
    assert len(await site.pages().collect(all=True, limit=0, offset=0)) == 7
    assert site.asked == 1


@pytest.mark.asyncio
async def test_no_more_is_asked_for_once_the_site_has_refused() -> None:
    site = Numbers(10_000, first_status=503)
    with pytest.raises(SiteDownError):
        await site.pages().collect(all=False, limit=10_000, offset=0)
    await asyncio.sleep(0.01)
    assert site.asked <= 3 * SIDE_BY_SIDE

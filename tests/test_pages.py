"""Lists are asked for side by side, and not for more than there can be."""

import asyncio
import json
from typing import Any, cast

import pytest

from scratchbot.aio.pages import AsyncPages
from scratchbot.errors import SiteDownError
from scratchbot.site import SIDE_BY_SIDE, AsyncSite
from scratchbot.wire.request import API, Answer, Request, page_query


class Numbers:
    """A site whose only list is that of the numbers below ``length``."""

    def __init__(self, length: int, first_status: int = 200) -> None:
        self.length, self.first_status = length, first_status
        self.asked = self.on_their_way = self.most = 0

    async def exchange(self, request: Request[Any]) -> Answer:
        limit, offset = (int(request.query[name]) for name in ("limit", "offset"))
        self.asked += 1
        self.on_their_way += 1
        self.most = max(self.most, self.on_their_way)
        await asyncio.sleep(0)
        self.on_their_way -= 1
        there = list(range(self.length))[offset : offset + limit]
        status = self.first_status if offset == 0 else 200
        return Answer(status=status, body=json.dumps(there).encode())

    def pages(self) -> AsyncPages[str]:
        return AsyncPages(cast("AsyncSite", self), _page, str)


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

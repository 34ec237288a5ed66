"""Connections to cloud variables."""

import asyncio

import pytest

from scratchbot import AsyncScratchSession

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("endpoint")]


async def test_connect_returns_when_the_connection_is_closed() -> None:
    async with AsyncScratchSession("alice", "wonderland") as session:
        connection = await session.create_cloud_connection(104)
        connecting = asyncio.create_task(connection.connect())
        await asyncio.sleep(0)
        assert not connecting.done()
        await connection.close()
        await asyncio.wait_for(connecting, 5)

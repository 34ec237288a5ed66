"""How the connection to a cloud server is opened."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, cast
from urllib.parse import urlsplit

from websockets.asyncio.client import connect

from scratchbot.cloud.bursts import BurstConnection
from scratchbot.settings import Network
from scratchbot.site import Account
from scratchbot.version import VERSION
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD, CloudHost
from scratchbot.wire.request import SITE

CLOSED_WITHIN = 2.0
MAX_FRAME = 4 * 1024 * 1024


def connecting(
    host: CloudHost, network: Network, account: Account, every: float, headers: Mapping[str, str]
) -> AbstractAsyncContextManager[BurstConnection]:
    """Return what opens a connection.

    :param every: seconds from one check that the other side is there to the next, and that it has
        to answer.
    :param headers: what is sent besides the usual.
    """
    sent = {"Origin": f"https://{SITE}", "User-Agent": _agent(network, account)}
    if host.address == SCRATCH_CLOUD and account.session_id:
        sent["Cookie"] = f'scratchsessionsid="{account.session_id}"'
    sent.update(headers)
    address = host.address if "://" in host.address else f"wss://{host.address}/"
    target: dict[str, Any] = {}
    if network.endpoint is not None and "://" not in host.address:
        parts = urlsplit(network.endpoint)
        address, target = f"ws://{host.address}/", {"host": parts.hostname, "port": parts.port}
    opening = connect(
        address,
        create_connection=BurstConnection,
        user_agent_header=sent.pop("User-Agent"),
        additional_headers=sent,
        compression=None,  # lines are short, and its buffers are most of a connection's memory
        ping_interval=every,
        ping_timeout=every,
        close_timeout=CLOSED_WITHIN,
        max_size=MAX_FRAME,
        proxy=None if target else True,
        **target,
    )
    return cast(AbstractAsyncContextManager[BurstConnection], opening)


def _agent(network: Network, account: Account) -> str:
    """Return who the bot is, and how its owner can be reached: cloud servers want to know."""
    contact = network.contact
    if contact is None and account.username:
        contact = f"https://{SITE}/users/{account.username}/"
    return f"scratchbot/{VERSION}" + (f" ({contact})" if contact else "")

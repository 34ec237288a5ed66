"""Sends what a client sends to Scratch to the sandbox instead, in the transports it uses.

The clients themselves stay as they are: only ``requests``, ``aiohttp`` and ``websocket`` are told
where Scratch is. The host that was meant stays in the ``Host`` header; any other host is refused.
"""

import importlib.util
import os
import socket
from urllib.parse import urlsplit

PORT = int(os.environ.get("SANDBOX_PORT", "0"))
HERE = ("127.0.0.1", "localhost")


def redirected(url: str) -> tuple[str, str]:
    """Return the address on this machine that stands for a URL, and the host that it names."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host == "127.0.0.1":
        return url, parts.netloc
    if host != "scratch.mit.edu" and not host.endswith(".scratch.mit.edu"):
        raise OSError(f"a test may not reach {host}")
    scheme = "ws" if parts.scheme.startswith("ws") else "http"
    query = f"?{parts.query}" if parts.query else ""
    return f"{scheme}://127.0.0.1:{PORT}{parts.path or '/'}{query}", host


def redirect_requests() -> None:
    """Redirect ``requests``."""
    from requests.adapters import HTTPAdapter

    send = HTTPAdapter.send

    def to_sandbox(self, request, *args, **kwargs):
        asked = request.url
        request.url, request.headers["Host"] = redirected(asked)
        response = send(self, request, *args, **{**kwargs, "proxies": None})
        response.url = asked
        return response

    HTTPAdapter.send = to_sandbox


def redirect_aiohttp() -> None:
    """Redirect ``aiohttp``."""
    from aiohttp import ClientSession

    request = ClientSession._request

    async def to_sandbox(self, method, url, **kwargs):
        target, host = redirected(str(url))
        headers = {**(kwargs.pop("headers", None) or {}), "Host": host}
        return await request(self, method, target, headers=headers, **kwargs)

    ClientSession._request = to_sandbox


def redirect_websocket() -> None:
    """Redirect ``websocket-client``."""
    from websocket import WebSocket

    connect = WebSocket.connect

    def to_sandbox(self, url, **options):
        target, host = redirected(url)
        return connect(self, target, **{**options, "host": host})

    WebSocket.connect = to_sandbox


def refuse_the_world() -> None:
    """Let no socket of this program reach further than this machine."""
    connect, getaddrinfo = socket.socket.connect, socket.getaddrinfo

    def connect_here(self, address):
        if isinstance(address, tuple) and address[0] not in HERE:
            raise OSError(f"a test may not reach {address[0]}")
        return connect(self, address)

    def look_up_here(host, *args, **kwargs):
        if host not in (*HERE, None):
            raise OSError(f"a test may not look up {host}")
        return getaddrinfo(host, *args, **kwargs)

    socket.socket.connect, socket.getaddrinfo = connect_here, look_up_here


refuse_the_world()

for name, redirect in (
    ("requests", redirect_requests),
    ("aiohttp", redirect_aiohttp),
    ("websocket", redirect_websocket),
):
    if importlib.util.find_spec(name) is not None:
        redirect()

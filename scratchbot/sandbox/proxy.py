"""An HTTPS proxy in front of the sandbox: Scratch's hosts end there, and no others exist for it.

The certificates are signed by an authority that is made at start and forgotten at the end.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from scratchbot.sandbox.hosts import HOSTS

CHUNK = 1 << 16
HTTPS = 443
LOOPBACK = "127.0.0.1"
"""Stands in the certificate too, for relays that take a program here that heeds no proxy."""
_HEAD_LIMIT = 1 << 14


class ProxyError(Exception):
    """The proxy cannot start; the message says what to do."""


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs, and the file that holds the certificate of its authority."""

    address: str
    authority: Path


@asynccontextmanager
async def proxy(sandbox: str, port: int = 0) -> AsyncIterator[Proxy]:
    """Run a proxy to a sandbox inside an ``async with`` block, on this machine only.

    :param sandbox: the sandbox's address.
    :param port: 0 takes a free one.
    :raises ProxyError: if the library that makes certificates is missing.
    :raises OSError: if the port is in use.
    """
    with TemporaryDirectory(prefix="scratchbot-proxy-") as folder:
        authority = Path(folder) / "authority.pem"
        context = _certificates(authority)
        host, _, sandbox_port = sandbox.rpartition("//")[2].rpartition(":")
        tunnel = _Tunnel(host.strip("[]"), int(sandbox_port), context)
        server = await asyncio.start_server(tunnel.serve, LOOPBACK, port, limit=_HEAD_LIMIT)
        used = server.sockets[0].getsockname()[1]
        try:
            yield Proxy(f"http://{LOOPBACK}:{used}", authority)
        finally:
            server.close()
            await tunnel.close()


def _certificates(authority: Path) -> ssl.SSLContext:
    """Make an authority, write its certificate, and return what proves us to be Scratch."""
    try:
        import trustme
    except ModuleNotFoundError:
        raise ProxyError("the proxy needs trustme: pip install 'scratchbot[proxy]'") from None
    made = trustme.CA()
    made.cert_pem.write_to_path(str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert(*HOSTS, LOOPBACK).configure_cert(context)
    return context


class _Tunnel:
    """Answers ``CONNECT`` and carries bytes to the sandbox and back."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        self._host = host
        self._port = port
        self._context = context
        self._open: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """End all connections."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of a client."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._connect(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client has gone, or speaks no HTTP
        finally:
            await _end(writer)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, _, rest = head.partition(b" ")
        host, _, port = rest.split(b" ", 1)[0].decode("latin-1").rpartition(":")
        if method != b"CONNECT":
            return await _refuse(writer, 405, "this proxy only answers CONNECT")
        if host.lower() not in HOSTS:
            return await _refuse(writer, 403, f"{host} is no host of Scratch: not through here")
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()
        if port == str(HTTPS):
            await writer.start_tls(self._context)
        return await self._carry(reader, writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(self._host, self._port)
        asking = asyncio.create_task(_pipe(reader, inner_writer))
        answering = asyncio.create_task(_pipe(inner_reader, writer))
        try:
            await asyncio.wait([asking, answering], return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                writer.close()
                await writer.wait_closed()
        finally:
            asking.cancel()
            answering.cancel()
            await _end(inner_writer)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()


async def _end(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def _refuse(writer: asyncio.StreamWriter, status: int, why: str) -> None:
    text = f"{why}\n".encode()
    head = f"HTTP/1.1 {status} Refused\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + text)
    await writer.drain()

"""Taking all that a server has said by now at once."""

import asyncio
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.client import ClientProtocol
from websockets.frames import BINARY, CONT, TEXT, Frame
from websockets.protocol import Event

MOST = 100
"""Messages that are taken at once, and that may wait: then no more are read from the network."""


class BurstConnection(ClientConnection):
    """A connection whose messages are not received one by one.

    A server can say hundreds of short lines at a time, and asking for each takes as long as reading
    it; see ``docs/decisions/0017-messages-are-taken-in-bursts.md``.
    """

    def __init__(self, protocol: ClientProtocol, **options: Any) -> None:
        super().__init__(protocol, **options)
        self._messages: list[bytes] = []
        self._begun = bytearray()
        self._come = asyncio.Event()
        self._is_held = False
        self._was_held = False
        self._is_text = False
        self._is_broken = False

    async def take(self) -> list[bytes]:
        """Wait until a message is there, and return those that are, oldest first.

        :raises websockets.exceptions.ConnectionClosed: if none will come any more.
        """
        while not self._messages:
            if self.connection_lost_waiter.done():
                raise self.protocol.close_exc
            self._come.clear()
            await self._come.wait()
        messages, self._messages = self._messages[:MOST], self._messages[MOST:]
        if self._is_held and len(self._messages) < MOST:
            self._is_held = False
            self.transport.resume_reading()
        return messages

    def process_event(self, event: Event) -> None:
        """Hear of a frame; the ones that carry no data are no concern of ours."""
        if not isinstance(event, Frame) or event.opcode not in _DATA:
            super().process_event(event)
            return
        if event.opcode is not CONT:
            self._is_text = event.opcode is TEXT
        if self._begun or not event.fin:
            self._begun += event.data
            if event.fin:
                self._put(bytes(self._begun))
                self._begun.clear()
        else:
            self._put(bytes(event.data))

    def _put(self, message: bytes) -> None:
        if self._is_text and not _is_unicode(message):
            self._is_broken = True
            self.transport.abort()  # The protocol (RFC 6455, 8.1) wants the connection to fail.
        if self._is_broken:
            return
        self._messages.append(message)
        if len(self._messages) == 1:
            self._come.set()
        elif len(self._messages) >= MOST and not self._is_held:
            self._is_held = self._was_held = True
            self.transport.pause_reading()

    async def keepalive(self) -> None:
        """Break off when the other side does not answer in time, unless we do not listen."""
        while self.ping_interval is not None:
            await asyncio.sleep(self.ping_interval)
            pong = asyncio.ensure_future(await self.ping())
            while not (await asyncio.wait([pong], timeout=self.ping_timeout))[0]:
                if not self._was_held:
                    self.transport.abort()
                    return
                self._was_held = self._is_held

    def connection_lost(self, exc: Exception | None) -> None:
        """Hear from the event loop that the connection is gone."""
        super().connection_lost(exc)
        self._come.set()


_DATA = (TEXT, BINARY, CONT)


def _is_unicode(message: bytes) -> bool:
    try:
        message.decode()
    except UnicodeDecodeError:
        return False
    return True

"""A cloud server that says much and hears nothing: COUNT LINES RATE DIGITS.

It greets whoever comes with ten variables, waits a while, and then sets them in turn, COUNT times,
LINES to a frame: at a RATE of 0 as fast as they are taken, each to the number of its set; else RATE
frames a second, to the nanoseconds of this machine's clock when they are sent. Values have DIGITS
at least. Prints its address.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterable

from websockets.asyncio.server import ServerConnection, serve
from websockets.frames import Frame, Opcode

VARIABLES = [f"☁ variable {number}" for number in range(10)]
QUIET = 1.5
"""Seconds from the greeting on; clients have ways of their own to tell it from what comes later."""
CHUNK = 64 * 1024


class CloudServer:
    """Says the same to each connection.

    :param rate: frames a second, or 0.
    """

    def __init__(self, count: int, lines: int, rate: float, digits: int) -> None:
        self._firsts = range(1, count + 1, lines)
        self._lines = lines
        self._rate = rate
        self._digits = digits
        self._poured = b"" if rate else b"".join(map(self._frame, self._firsts))

    async def talk(self, connection: ServerConnection) -> None:
        """Greet, wait, set, and stay until the other side leaves."""
        await connection.recv()
        await connection.send(self._text((name, 0) for name in VARIABLES))
        await asyncio.sleep(QUIET)
        await (self._pace(connection) if self._rate else self._pour(connection))
        await connection.wait_closed()

    async def _pour(self, connection: ServerConnection) -> None:
        # The frames are made already: a server that makes each would be slower than its clients.
        for first in range(0, len(self._poured), CHUNK):
            connection.transport.write(self._poured[first : first + CHUNK])
            await connection.drain()

    async def _pace(self, connection: ServerConnection) -> None:
        began = time.perf_counter()
        for sent, first in enumerate(self._firsts):
            await asyncio.sleep(max(0.0, began + sent / self._rate - time.perf_counter()))
            now = time.monotonic_ns()
            await connection.send(self._text((name, now) for name, _ in self._sets(first)))

    def _frame(self, first: int) -> bytes:
        text = self._text(self._sets(first))
        return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)

    def _sets(self, first: int) -> Iterable[tuple[str, int]]:
        """Return the variables of a frame, and the numbers of their sets."""
        last = min(first + self._lines, self._firsts.stop)
        return ((VARIABLES[number % len(VARIABLES)], number) for number in range(first, last))

    def _text(self, sets: Iterable[tuple[str, int]]) -> str:
        return "".join(self._line(name, str(value)) for name, value in sets)

    def _line(self, name: str, value: str) -> str:
        packet = {"method": "set", "name": name, "value": value.zfill(self._digits)}
        return json.dumps(packet, ensure_ascii=False) + "\n"


async def main(count: str, lines: str, rate: str, digits: str) -> None:
    """Serve until the process is ended."""
    server = CloudServer(int(count), int(lines), float(rate), int(digits))
    async with serve(server.talk, "127.0.0.1", 0, compression=None, ping_interval=None) as serving:
        port = next(iter(serving.sockets)).getsockname()[1]
        print(f"127.0.0.1:{port}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

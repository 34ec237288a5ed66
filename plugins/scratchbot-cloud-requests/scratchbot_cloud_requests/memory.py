"""What a cloud's traffic leaves in the plugin's store."""

from scratchbot.aio.store import AsyncStore
from scratchbot_cloud_requests.wire import Piece

MOST_SEEN = 35
MOST_OPEN = 50
MOST_PIECES = 400
MOST_KEPT = 15


class Requests:
    """The requests of a cloud that arrive in pieces, and those that have arrived.

    :param cloud: the watch that hears them.
    """

    def __init__(self, store: AsyncStore, cloud: str) -> None:
        self._store = store
        self._key = f"requests:{cloud}"

    async def take(self, piece: Piece) -> str | None:
        """Return the digits of the request that a piece completes.

        One that has arrived before is passed over: a server can fall back to an older value.
        """
        kept = await self._store.get(self._key, {"seen": [], "open": {}})
        seen: list[str] = kept["seen"]
        waiting: dict[str, int] = kept["open"]
        key = piece.request_id
        if key in seen:
            return None
        digits = None
        if not piece.is_last and waiting.get(key, 0) < MOST_PIECES:
            await self._keep(piece, waiting)
        else:
            digits = await self._together(key, waiting.pop(key, 0)) + piece.digits
            seen[:] = [key, *seen][:MOST_SEEN]
        await self._store.set(self._key, kept)
        return digits if piece.is_last else None

    async def _keep(self, piece: Piece, waiting: dict[str, int]) -> None:
        number = waiting.get(piece.request_id, 0)
        await self._store.set(f"{self._key}:{piece.request_id}:{number}", piece.digits)
        waiting[piece.request_id] = number + 1
        if len(waiting) > MOST_OPEN:
            oldest = next(iter(waiting))
            await self._together(oldest, waiting.pop(oldest))

    async def _together(self, request_id: str, count: int) -> str:
        """Return the pieces of a request, which are forgotten."""
        keys = [f"{self._key}:{request_id}:{number}" for number in range(count)]
        pieces: list[str] = [await self._store.get(key, "") for key in keys]
        for key in keys:
            await self._store.delete(key)
        return "".join(pieces)


class Answers:
    """The newest answers of a cloud that had several packets, in case one has not arrived.

    :param cloud: the watch that hears the project.
    """

    def __init__(self, store: AsyncStore, cloud: str) -> None:
        self._store = store
        self._key = f"answers:{cloud}"

    async def keep(self, request_id: str, packets: list[str]) -> None:
        """Remember an answer, and forget the oldest one."""
        if len(packets) == 1:
            return
        kept: list[str] = await self._store.get(self._key, [])
        kept = [request_id, *(one for one in kept if one != request_id)]
        await self._store.set(f"{self._key}:{request_id}", packets)
        for old in kept[MOST_KEPT:]:
            await self._store.delete(f"{self._key}:{old}")
        await self._store.set(self._key, kept[:MOST_KEPT])

    async def packet(self, request_id: str, place: int) -> str | None:
        """Return a packet of an answer, None where there is none."""
        packets: list[str] = await self._store.get(f"{self._key}:{request_id}", [])
        return packets[place] if place < len(packets) else None

"""For tests: a project with the sprite, played by somebody."""

from collections.abc import Collection
from random import Random
from typing import Any

from scratchbot import Bot
from scratchbot.encoding import decode, encode
from scratchbot.testing import Scratch
from scratchbot_cloud_requests.wire import FROM_HOST, SEPARATOR, TO_HOST

PIECE = 245
"""Digits that the sprite puts into one value."""

_SIGN = "☁ "
_LAST = ("2222", "3222")


class Sprite:
    """The sprite of a project on the local Scratch, as one player's browser runs it.

    :param random: where request ids come from; those of two players must differ.
    """

    def __init__(
        self, scratch: Scratch, project_id: int, username: str, random: Random | None = None
    ) -> None:
        self._scratch = scratch
        self._project = scratch.world.projects[project_id]
        self._player = scratch.user(username)
        self._random = random or Random(username)
        self._heard = 0
        for name in (TO_HOST, *(f"{FROM_HOST}{number}" for number in range(1, 10))):
            if _SIGN + name not in self._project.cloud:
                self._player.set_cloud(project_id, name, "0")

    async def ask(
        self, bot: Bot, request: str, *arguments: object, lost: Collection[int] = ()
    ) -> list[str] | None:
        """Ask for something and return the answer's lines, None if there is none.

        :param lost: which packets of the answer do not arrive when they come first, from 0.
        """
        request_id = self.begin(request, *arguments)
        got = await self._packets(bot, request_id)
        got = {place: packet for place, packet in got.items() if place not in lost}
        while got and (missing := [place for place in range(max(got)) if place not in got]):
            self._set(f"{missing[0]}.{request_id}9")
            again = await self._packets(bot, request_id)
            if not again:
                return None
            got[missing[0]] = again[missing[0]]
        return _lines([got[place] for place in sorted(got)]) if got else None

    def begin(self, request: str, *arguments: object) -> str:
        """Ask for something, and return the request's id without waiting for an answer."""
        digits = encode(SEPARATOR.join([request, *map(str, arguments)]))
        request_id = f"{self._random.randint(10001, 99999)}0"
        pieces = [digits[at : at + PIECE] for at in range(0, len(digits), PIECE)] or [""]
        for piece in pieces[:-1]:
            self._set(f"-{piece}.{request_id}")
        self._set(f"{pieces[-1]}.{request_id}")
        return request_id

    def answers(self) -> list[tuple[str, str]]:
        """Return what was set in variables for answers, in order: names and values."""
        named = [(row["name"].removeprefix(_SIGN), row["value"]) for row in self._log()]
        return [pair for pair in named if pair[0].startswith(FROM_HOST) and pair[1] != "0"]

    def _set(self, value: str) -> None:
        self._heard = len(self.answers())
        self._player.set_cloud(self._project.id, TO_HOST, value)

    async def _packets(self, bot: Bot, request_id: str) -> dict[int, str]:
        """Return the packets that come of an answer, by their place."""
        await self._scratch.settled(bot)
        found: dict[int, str] = {}
        for _, value in self.answers()[self._heard :]:
            digits, _, tail = value.partition(".")
            end = tail.removeprefix(request_id)
            if tail.startswith(request_id):
                place = max(found, default=-1) + 1 if end in _LAST else int(end[:3]) - 1
                found[place] = f"{digits}.{end}"
        return found

    def _log(self) -> list[dict[str, Any]]:
        return self._scratch.do(lambda: list(self._project.cloud_log))


def _lines(packets: list[str]) -> list[str]:
    digits = "".join(packet.partition(".")[0] for packet in packets)
    if packets[-1].endswith(_LAST[1]):
        return [digits]
    return decode(digits).removesuffix("\n").split("\n") if digits else []

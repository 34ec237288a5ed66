"""The account's backpack."""

from dataclasses import dataclass, field

from scratchbot.aio.opening import ask
from scratchbot.site import AsyncSite
from scratchbot.wire import backpack
from scratchbot.wire.backpack import BackpackItemData


@dataclass(frozen=True, kw_only=True)
class AsyncBackpackItem(BackpackItemData):
    """Something in the account's backpack."""

    _site: AsyncSite = field(repr=False, compare=False)

    async def delete(self) -> None:
        """Take the item out of the backpack."""
        username = self._site.account.username or ""
        await ask(self._site, backpack.delete(username, self.id))

    async def get_body(self) -> bytes:
        """Return what the item holds: the script, picture, sound or sprite."""
        return await ask(self._site, backpack.read_file(self.body_URL))

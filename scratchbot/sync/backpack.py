# Made from scratchbot/aio/backpack.py by `make sync`: change that file, not this one.
"""The account's backpack."""

from dataclasses import dataclass, field

from scratchbot.site import Site
from scratchbot.sync.opening import ask
from scratchbot.wire import backpack
from scratchbot.wire.backpack import BackpackItemData


@dataclass(frozen=True, kw_only=True)
class BackpackItem(BackpackItemData):
    """Something in the account's backpack."""

    _site: Site = field(repr=False, compare=False)

    def delete(self) -> None:
        """Take the item out of the backpack."""
        username = self._site.account.username or ""
        ask(self._site, backpack.delete(username, self.id))

    def get_body(self) -> bytes:
        """Return what the item holds: the script, picture, sound or sprite."""
        return ask(self._site, backpack.read_file(self.body_URL))

"""Cloud servers, and what each is like."""

import re
from dataclasses import dataclass

from scratchbot.checks import check_id
from scratchbot.errors import InputError
from scratchbot.wire.request import CLOUD

SCRATCH_CLOUD = CLOUD
LONGEST_PROJECT = 256
TURBOWARP_CLOUD = "clouddata.turbowarp.org"

_SHORT = {"scratch": SCRATCH_CLOUD, "turbowarp": TURBOWARP_CLOUD}
_ADDRESS = re.compile(r"(wss?://)?[A-Za-z0-9.-]+(:[0-9]{1,5})?(/\S*)?|wss?://\[[0-9a-fA-F:]+\]\S*")


@dataclass(frozen=True, kw_only=True)
class CloudHost:
    """A cloud server, and what it is like.

    :param address: a host name, reached by ``wss``, or a ``ws://`` or ``wss://`` address.
    :param needs_login: whether only accounts that are logged in may play.
    :param keeps_log: whether it tells who did what; see :mod:`scratchbot.wire.cloudlog`.
    :param makes_by_setting: whether setting a variable that is not there makes it.
    :param greets_at_once: whether it names all variables in the first frame, as TurboWarp's does.
    :param longest_value: characters that a variable holds.
    :param most_variables: how many a project has at most, where that is known.
    """

    address: str
    needs_login: bool = False
    keeps_log: bool = False
    makes_by_setting: bool = True
    greets_at_once: bool = False
    longest_value: int = 100_000
    most_variables: int | None = None

    def check_project(self, project_id: int | str) -> int | str:
        """Return a project as the server knows it: Scratch's by number, others' by any text.

        :raises InputError: if it can be none.
        """
        if self.needs_login or re.fullmatch(r"[0-9]+", str(project_id)):
            return check_id(project_id)
        if isinstance(project_id, str) and 0 < len(project_id) <= LONGEST_PROJECT:
            return project_id
        raise InputError(
            f"{project_id!r} is no project: give its number, or on a server that is not Scratch's "
            f"a text of at most {LONGEST_PROJECT} characters"
        )


_SCRATCH = CloudHost(
    address=SCRATCH_CLOUD,
    needs_login=True,
    keeps_log=True,
    makes_by_setting=False,
    longest_value=256,
    most_variables=10,
)


def find_host(name: str) -> CloudHost:
    """Return a cloud server by its address, or by the short names ``scratch`` and ``turbowarp``.

    Servers of other people are taken to be like TurboWarp's.

    :raises InputError: if it can be no server's address.
    """
    if not isinstance(name, str) or not _ADDRESS.fullmatch(name):
        raise InputError(
            f"host={name!r}: give 'scratch', 'turbowarp', a host name, or an address that begins "
            "with ws:// or wss://"
        )
    address = _SHORT.get(name.lower(), name)
    bare = address.lower().removeprefix("wss://").rstrip("/").removesuffix(":443")
    if bare == SCRATCH_CLOUD:
        return _SCRATCH
    if bare == TURBOWARP_CLOUD:
        return CloudHost(address=bare, greets_at_once=True)
    return CloudHost(address=address)

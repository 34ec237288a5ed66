"""What is played on a cloud server."""

from typing import NamedTuple

from scratchbot.wire.cloudhosts import CloudHost


class Game(NamedTuple):
    """What is played, and under which name."""

    project_id: int | str
    host: CloudHost
    username: str

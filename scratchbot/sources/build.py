"""From the watches that an author wrote down to the sources that serve them."""

from scratchbot.client import Client
from scratchbot.errors import RegistrationError
from scratchbot.sources.activity import ActivitySource
from scratchbot.sources.boards import GroundBoard, ProfileBoard
from scratchbot.sources.cloud import CloudSource
from scratchbot.sources.comments import CommentSource
from scratchbot.sources.messages import MessageSource
from scratchbot.sources.paging import Beginning
from scratchbot.sources.source import PolledSource
from scratchbot.watch import (
    Activity,
    Cloud,
    ListWatch,
    Messages,
    ProfileComments,
    ProjectComments,
    StudioActivity,
    StudioComments,
    Watch,
)
from scratchbot.wire.cloud import CHECK_EVERY
from scratchbot.wire.comments import Ground


def build_source(watch: Watch, client: Client) -> PolledSource | CloudSource:
    """Return the source that serves a watch.

    :raises RegistrationError: if the watch is of a kind of its own.
    """
    beginning = _beginning(watch)
    match watch:
        case Messages():
            return MessageSource(watch.name, client, beginning)
        case Activity():
            return ActivitySource(watch.name, client, beginning=beginning)
        case ProjectComments():
            board = GroundBoard(Ground("project", watch.project_id))
            return CommentSource(watch.name, board, client, beginning)
        case StudioComments():
            board = GroundBoard(Ground("studio", watch.studio_id))
            return CommentSource(watch.name, board, client, beginning)
        case ProfileComments():
            return CommentSource(watch.name, ProfileBoard(watch.username), client, beginning)
        case StudioActivity():
            return ActivitySource(watch.name, client, watch.studio_id, beginning)
        case Cloud():
            socket = client.socket(watch.project_id, watch.host, watch.every or CHECK_EVERY)
            return CloudSource(watch.name, socket, watch.delivery)
        case _:
            raise RegistrationError(f"{watch!r} is no watch that scratchbot knows")


def _beginning(watch: Watch) -> Beginning:
    return Beginning(watch.since, watch.backfill) if isinstance(watch, ListWatch) else Beginning()

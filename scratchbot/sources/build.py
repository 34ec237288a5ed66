"""From the watches that an author wrote down to the sources that serve them."""

from scratchbot.client import Client
from scratchbot.clock import Clock
from scratchbot.errors import RegistrationError
from scratchbot.sources.activity import ActivitySource, FollowingFeed, StudioFeed
from scratchbot.sources.cloud import CloudSource
from scratchbot.sources.comments import CommentSource, GroundBoard, ProfileBoard
from scratchbot.sources.messages import MessageSource
from scratchbot.sources.source import PolledSource
from scratchbot.watch import (
    Activity,
    Cloud,
    Messages,
    ProfileComments,
    ProjectComments,
    StudioActivity,
    StudioComments,
    Watch,
)
from scratchbot.wire.cloud import CHECK_EVERY
from scratchbot.wire.comments import Ground


def build_source(watch: Watch, client: Client, clock: Clock) -> PolledSource | CloudSource:
    """Return the source that serves a watch.

    :raises RegistrationError: if the watch is of a kind of its own.
    """
    match watch:
        case Messages():
            return MessageSource(watch.name, client)
        case Activity():
            return ActivitySource(watch.name, FollowingFeed(client))
        case ProjectComments():
            board = GroundBoard(Ground("project", watch.project_id))
            return CommentSource(watch.name, board, client)
        case StudioComments():
            board = GroundBoard(Ground("studio", watch.studio_id))
            return CommentSource(watch.name, board, client)
        case ProfileComments():
            return CommentSource(watch.name, ProfileBoard(watch.username), client)
        case StudioActivity():
            return ActivitySource(watch.name, StudioFeed(client, watch.studio_id))
        case Cloud():
            socket = client.socket(watch.project_id, watch.host, watch.every or CHECK_EVERY)
            return CloudSource(watch.name, socket, clock)
        case _:
            raise RegistrationError(f"{watch!r} is no watch that scratchbot knows")

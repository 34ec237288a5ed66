"""An event-driven bot framework for Scratch."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchbot.aio.backpack import AsyncBackpackItem
    from scratchbot.aio.cloud import AsyncCloudConnection
    from scratchbot.aio.comments import AsyncProjectComment, AsyncStudioComment
    from scratchbot.aio.forums import AsyncForumSession
    from scratchbot.aio.profile import AsyncUserProfile
    from scratchbot.aio.profile_comments import AsyncProfileComment
    from scratchbot.aio.project import AsyncProject
    from scratchbot.aio.scraping import AsyncScrapingSession
    from scratchbot.aio.session import AsyncScratchSession
    from scratchbot.aio.studio import AsyncStudio
    from scratchbot.aio.user import AsyncUser
    from scratchbot.bot import Bot
    from scratchbot.plugins import Plugin
    from scratchbot.sync.backpack import BackpackItem
    from scratchbot.sync.cloud import CloudConnection
    from scratchbot.sync.comments import ProjectComment, StudioComment
    from scratchbot.sync.forums import ForumSession
    from scratchbot.sync.profile import UserProfile
    from scratchbot.sync.profile_comments import ProfileComment
    from scratchbot.sync.project import Project
    from scratchbot.sync.scraping import ScrapingSession
    from scratchbot.sync.session import ScratchSession
    from scratchbot.sync.studio import Studio
    from scratchbot.sync.user import User
    from scratchbot.wire.cloud import CloudVariable
    from scratchbot.wire.forums import ForumPost
    from scratchbot.wire.frontpage import News
    from scratchbot.wire.messages import Activity, Message
    from scratchbot.wire.projects import IncompleteProject
    from scratchbot.wire.remixtree import RemixtreeProject
    from scratchbot.wire.studios import IncompleteStudio
    from scratchbot.wire.users import IncompleteUser

__all__ = [
    "Activity",
    "AsyncBackpackItem",
    "AsyncCloudConnection",
    "AsyncForumSession",
    "AsyncProfileComment",
    "AsyncProject",
    "AsyncProjectComment",
    "AsyncScrapingSession",
    "AsyncScratchSession",
    "AsyncStudio",
    "AsyncStudioComment",
    "AsyncUser",
    "AsyncUserProfile",
    "BackpackItem",
    "Bot",
    "CloudConnection",
    "CloudVariable",
    "ForumPost",
    "ForumSession",
    "IncompleteProject",
    "IncompleteStudio",
    "IncompleteUser",
    "Message",
    "News",
    "Plugin",
    "ProfileComment",
    "Project",
    "ProjectComment",
    "RemixtreeProject",
    "ScrapingSession",
    "ScratchSession",
    "Studio",
    "StudioComment",
    "User",
    "UserProfile",
]

_TWINS = {
    "BackpackItem": "backpack",
    "CloudConnection": "cloud",
    "ForumSession": "forums",
    "ProfileComment": "profile_comments",
    "Project": "project",
    "ProjectComment": "comments",
    "ScrapingSession": "scraping",
    "ScratchSession": "session",
    "Studio": "studio",
    "StudioComment": "comments",
    "User": "user",
    "UserProfile": "profile",
}
_HOMES = {
    "Bot": "bot",
    "Plugin": "plugins",
    **{name: f"sync.{home}" for name, home in _TWINS.items()},
    **{f"Async{name}": f"aio.{home}" for name, home in _TWINS.items()},
    "Activity": "wire.messages",
    "CloudVariable": "wire.cloud",
    "ForumPost": "wire.forums",
    "IncompleteProject": "wire.projects",
    "IncompleteStudio": "wire.studios",
    "IncompleteUser": "wire.users",
    "Message": "wire.messages",
    "News": "wire.frontpage",
    "RemixtreeProject": "wire.remixtree",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that importing the package is quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'scratchbot' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"scratchbot.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Name what can be imported, for completion."""
    return sorted({*globals(), *__all__})

"""The site's formats; each is imported when it is first used, as few programs need many."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchbot.wire import (
        accounts,
        backpack,
        classrooms,
        cloudlog,
        comments,
        explore,
        files,
        forums,
        frontpage,
        members,
        messages,
        mystuff,
        pages,
        profile_comments,
        profiles,
        projects,
        remixtree,
        settings,
        statistics,
        studios,
        users,
    )

__all__ = [
    "accounts",
    "backpack",
    "classrooms",
    "cloudlog",
    "comments",
    "explore",
    "files",
    "forums",
    "frontpage",
    "members",
    "messages",
    "mystuff",
    "pages",
    "profile_comments",
    "profiles",
    "projects",
    "remixtree",
    "settings",
    "statistics",
    "studios",
    "users",
]


def __getattr__(name: str) -> object:
    """Import a format when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return import_module(f"{__name__}.{name}")

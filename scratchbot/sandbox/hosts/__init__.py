"""The site's hosts: a folder for each of the two large ones, a module per area."""

from scratchbot.sandbox.hosts import cloud, files
from scratchbot.sandbox.hosts.api import classrooms as api_classrooms
from scratchbot.sandbox.hosts.api import comments as api_comments
from scratchbot.sandbox.hosts.api import explore, frontpage, users
from scratchbot.sandbox.hosts.api import projects as api_projects
from scratchbot.sandbox.hosts.api import studios as api_studios
from scratchbot.sandbox.hosts.context import Context, Route
from scratchbot.sandbox.hosts.site import (
    accounts,
    classrooms,
    comments,
    forums,
    messages,
    pages,
    profiles,
    projects,
    settings,
    statistics,
    studios,
)

TURBOWARP_CLOUD = "clouddata.turbowarp.org"
HOSTS = (
    "scratch.mit.edu",
    *(
        f"{name}.scratch.mit.edu"
        for name in (
            "api",
            "clouddata",
            "projects",
            "assets",
            "backpack",
            "uploads",
            "cdn2",
            "resources",
            "translate-service",
            "synthesis-service",
        )
    ),
    TURBOWARP_CLOUD,
)
"""The hosts that the sandbox stands in for."""

_API = (users, api_projects, api_studios, api_comments, explore, frontpage, api_classrooms)
_SITE = (
    accounts,
    settings,
    comments,
    profiles,
    messages,
    projects,
    studios,
    statistics,
    classrooms,
    forums,
    pages,
)


def routes(site: Context) -> dict[str, list[Route]]:
    """Return the routes of every host."""
    return {
        "scratch.mit.edu": [route for module in _SITE for route in module.ROUTES],
        "api.scratch.mit.edu": [route for module in _API for route in module.ROUTES],
        "clouddata.scratch.mit.edu": cloud.scratch_routes(site),
        TURBOWARP_CLOUD: cloud.turbowarp_routes(site),
        "projects.scratch.mit.edu": files.PROJECTS,
        "assets.scratch.mit.edu": files.ASSETS,
        "backpack.scratch.mit.edu": files.BACKPACK,
        "uploads.scratch.mit.edu": files.PICTURES,
        "cdn2.scratch.mit.edu": files.PICTURES,
        "resources.scratch.mit.edu": files.RESOURCES,
        "translate-service.scratch.mit.edu": files.TRANSLATE,
        "synthesis-service.scratch.mit.edu": files.SYNTHESIS,
    }


def is_scratch(host: str) -> bool:
    """Tell whether a host, in small letters, is one that the sandbox stands in for."""
    return host in HOSTS

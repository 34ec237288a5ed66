"""Statistics, counted from the world, and who the Scratch Team are."""

import json
from collections import Counter

from aiohttp import web

from scratchbot.sandbox.hosts.context import Route, context
from scratchbot.sandbox.world import Row, World

COLORS = ("#ff7f0e", "#2ca02c", "#1f77b4")
AGES = range(4, 81)
VIEWS_A_VISIT = 7


async def get_daily(request: web.Request) -> web.Response:
    """Give how much there is of everything."""
    world, counts = context(request).world, context(request).world.comment_counts
    return web.json_response(
        {
            "PROJECT_COUNT": len(world.projects),
            "USER_COUNT": len(world.users),
            "STUDIO_COUNT": len(world.studios),
            "COMMENT_COUNT": sum(counts.values()),
            "PROJECT_COMMENT_COUNT": counts["project"],
            "PROFILE_COMMENT_COUNT": counts["profile"],
            "STUDIO_COMMENT_COUNT": counts["studio"],
            "_TS": context(request).clock(),
        }
    )


async def get_traffic(request: web.Request) -> web.Response:
    """Give last month's traffic, whose numbers are texts."""
    views = sum(project.views for project in context(request).world.projects.values())
    return web.json_response(
        {
            "_TS": context(request).clock(),
            "pageviews": str(views),
            "users": str(len(context(request).world.users)),
            "sessions": str(views // VIEWS_A_VISIT),
        }
    )


async def get_monthly(request: web.Request) -> web.Response:
    """Give what happened over time, and where people come from."""
    world = context(request).world
    growth, zero = world.growth, Counter[int]()
    comments = {kind: growth[kind] for kind in ("project", "studio", "profile")}
    return web.json_response(
        {
            "_TS": context(request).clock(),
            "comment_data": [
                _graph(f"{kind.title()} Comments", months, color)
                for (kind, months), color in zip(comments.items(), COLORS, strict=True)
            ],
            "activity_data": [
                _graph("New Projects", growth["original"] + growth["remix"], COLORS[0]),
                _graph("New Users", growth["user"], COLORS[1]),
            ],
            "active_user_data": [
                _graph("Project Creators", growth["original"], COLORS[0]),
                _graph("Comment Creators", sum(comments.values(), zero), COLORS[1]),
            ],
            "project_data": [
                _graph("Original Projects", growth["original"], COLORS[0]),
                _graph("Remix Projects", growth["remix"], COLORS[1]),
            ],
            "age_distribution_data": [
                {
                    "key": "Registration age of Scratchers",
                    "values": [{"x": age, "y": 0} for age in AGES],
                }
            ],
            "country_distribution": _countries(world),
        }
    )


def _graph(key: str, months: Counter[int], color: str) -> Row:
    values = [{"x": at * 1000, "y": number} for at, number in sorted(months.items()) if number]
    return {"values": values, "key": key, "color": color}


def _countries(world: World) -> dict[str, int]:
    living = Counter(user.country for user in world.users.values() if user.country)
    return dict(Counter(world.countries) + living)


async def get_credits(request: web.Request) -> web.Response:
    """Give the script in which clients look for the Scratch Team's members."""
    team = [user for user in context(request).world.users.values() if user.is_team]
    rows = [{"userName": user.username, "userId": user.id, "name": user.username} for user in team]
    listed = json.dumps(rows, separators=(",", ":")).replace("'", "\\'")
    return web.Response(text=f"var team=JSON.parse('{listed}');", content_type="text/javascript")


ROUTES: list[Route] = [
    ("GET", "/js/credits.bundle.js", get_credits),
    ("GET", "/statistics/data/daily", get_daily),
    ("GET", "/statistics/data/monthly-ga", get_traffic),
    ("GET", "/statistics/data/monthly", get_monthly),
]

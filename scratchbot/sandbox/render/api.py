"""The new API's JSON, key for key."""

import hashlib
import hmac
import secrets

from scratchbot.sandbox.render.emoji import api_text, escape
from scratchbot.sandbox.times import site_time
from scratchbot.sandbox.world import (
    BackpackItem,
    Classroom,
    Comment,
    Place,
    Project,
    Row,
    Studio,
    User,
    World,
)

_SECRET = secrets.token_bytes(32)

CDN = "https://cdn2.scratch.mit.edu/get_image"
AVATAR_SIZES = ("90x90", "60x60", "55x55", "50x50", "32x32")
CLASSROOM_SIZES = ("250x150", "170x100", "150x85", "75x55")
PROJECT_SIZES = ("282x218", "216x163", "200x200", "144x108", "135x102", "100x80")


def avatars(user: User) -> Row:
    """Return the pictures of a user, by their sizes."""
    return {size: f"{CDN}/user/{user.id}_{size}.png?v=" for size in AVATAR_SIZES}


def user(one: User) -> Row:
    """Return a user as ``/users/{name}`` gives it."""
    return {
        "id": one.id,
        "username": one.username,
        "scratchteam": one.is_team,
        "history": {"joined": site_time(one.joined)},
        "profile": {
            "id": one.id + 1_000_000,
            "images": avatars(one),
            "status": one.status,
            "bio": one.bio,
            "country": None if one.removed else one.country,
        },
    }


def _author(one: User) -> Row:
    """Return a project's author, of whom the site tells little that is true."""
    return {
        "id": one.id,
        "username": one.username,
        "scratchteam": False,
        "history": {"joined": "1900-01-01T00:00:00.000Z"},
        "profile": {"id": None, "images": avatars(one)},
    }


def project(one: Project, *, listed: bool = False) -> Row:
    """Return a project as ``/projects/{id}`` gives it, or as lists do."""
    row: Row = {
        "id": one.id,
        "title": one.title,
        "description": one.description,
        "instructions": one.instructions,
        "visibility": "notvisible" if one.state == "trashed" else "visible",
        "public": one.is_shared,
        "comments_allowed": one.comments_allowed,
        "is_published": one.is_shared,
        "author": _author(one.author),
        "image": f"{CDN}/project/{one.id}_480x360.png",
        "images": {
            size: f"{CDN}/project/{one.id}_{size}.png?v={int(one.modified)}"
            for size in PROJECT_SIZES
        },
        "history": {
            "created": site_time(one.created),
            "modified": site_time(one.modified),
            "shared": None if one.shared is None else site_time(one.shared),
        },
        "stats": {
            "views": one.views,
            "loves": one.love_count,
            "favorites": len(one.favorites),
            "remixes": 0 if listed else len(one.shared_remixes),
        },
        "remix": {
            "parent": one.parent and one.parent.id,
            "root": one.parent and one.root.id,
        },
    }
    if not listed:
        row["project_token"] = project_token(one)
    return row


def project_token(one: Project) -> str:
    """Return what opens a project's code: another one after each change and each sharing."""
    said = f"{one.id}:{one.modified}:{one.state}:{one.shared}".encode()
    return f"{int(one.modified)}_{hmac.new(_SECRET, said, hashlib.sha512).hexdigest()}"


def studio(one: Studio, world: World) -> Row:
    """Return a studio as ``/studios/{id}`` gives it; two of its counts stop at 100."""
    comments = world.threads.get(Place("studio", str(one.id)), {})
    return {
        "id": one.id,
        "title": one.title,
        "host": one.host.id,
        "description": one.description,
        "visibility": "visible",
        "public": True,
        "open_to_all": one.open_to_all,
        "comments_allowed": one.comments_allowed,
        "image": f"{CDN}/gallery/{one.id}_170x100.png",
        "history": {"created": site_time(one.created), "modified": site_time(one.modified)},
        "stats": {
            "comments": min(100, len(comments)),
            "followers": len(one.followers),
            "managers": len(one.managers),
            "projects": min(100, len(one.projects)),
        },
    }


def comment(one: Comment) -> Row:
    """Return a comment as the API gives it."""
    return {
        "id": one.id,
        "parent_id": one.parent and one.parent.id,
        "commentee_id": one.commentee and one.commentee.id,
        "content": api_text(one.content),
        "datetime_created": site_time(one.created),
        "datetime_modified": site_time(one.created),
        "visibility": "visible",
        "author": {
            "id": one.author.id,
            "username": one.author.username,
            "scratchteam": one.author.is_team,
            "image": f"{CDN}/user/{one.author.id}_60x60.png",
        },
        "reply_count": len(one.replies),
    }


def message(row: Row) -> Row:
    """Return a message as the API gives it: the fragment of a comment is escaped."""
    if "comment_fragment" not in row:
        return row
    return {**row, "comment_fragment": escape(row["comment_fragment"])}


def studio_project(one: Project, adder: User) -> Row:
    """Return a project as a studio's list gives it."""
    return {
        "id": one.id,
        "actor_id": adder.id,
        "creator_id": one.author.id,
        "title": one.title,
        "image": f"{CDN}/project/{one.id}_480x360.png",
        "username": one.author.username,
        "avatar": avatars(one.author),
    }


def classroom(one: Classroom) -> Row:
    """Return a class as ``/classrooms/{id}`` gives it."""
    return {
        "id": one.id,
        "title": one.title,
        "description": one.description,
        "status": one.status,
        "date_start": site_time(one.created),
        "date_end": None if one.closed is None else site_time(one.closed),
        "images": {size: f"{CDN}/classroom/{one.id}_{size}.png?v=" for size in CLASSROOM_SIZES},
        "educator": user(one.educator),
    }


def backpack_item(one: BackpackItem) -> Row:
    """Return an item as the backpack's host gives it."""
    return {
        "type": one.type,
        "mime": one.mime,
        "name": one.name,
        "body": one.body,
        "thumbnail": one.thumbnail,
        "id": one.id,
    }

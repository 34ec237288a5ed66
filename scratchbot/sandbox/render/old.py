"""The old API's JSON: models with fields, the team with a star, some numbers as text."""

from typing import Any

from scratchbot.sandbox.times import old_site_time
from scratchbot.sandbox.world import Classroom, Project, Row, Studio, User, World

UPLOADS = "//uploads.scratch.mit.edu"
CDN = "//cdn2.scratch.mit.edu/get_image"
FEATURED_LABELS = {
    None: "Featured Project",
    0: "Featured Tutorial",
    1: "Work In Progress",
    2: "Remix this!",
    3: "My Favorite Things",
    4: "Why I Scratch",
}


def starred(one: User) -> str:
    """Return a name as the old site shows it."""
    return f"{one.username}*" if one.is_team else one.username


def owner(one: User) -> Row:
    """Return a user as the old API gives it within other things."""
    return {
        "username": one.username,
        "pk": one.id,
        "thumbnail_url": f"{UPLOADS}/users/avatars/{one.id}.png",
        "admin": one.is_team,
    }


def project(one: Project, comments: int) -> Row:
    """Return a project as ``/site-api/projects/`` gives it."""
    fields = {
        "view_count": one.views,
        "favorite_count": len(one.favorites),
        "remixers_count": len({remix.author.key for remix in one.shared_remixes}),
        "creator": owner(one.author),
        "title": one.title,
        "isPublished": one.is_shared,
        "datetime_created": old_site_time(one.created),
        "thumbnail_url": f"{UPLOADS}/projects/thumbnails/{one.id}.png",
        "visibility": "trshbyusr" if one.state == "trashed" else "visible",
        "love_count": one.love_count,
        "datetime_modified": old_site_time(one.modified),
        "uncached_thumbnail_url": f"{CDN}/project/{one.id}_100x80.png",
        "thumbnail": f"{one.id}.png",
        "datetime_shared": None if one.shared is None else old_site_time(one.shared),
        "commenters_count": comments,
    }
    return {"fields": fields, "model": "projects.project", "pk": one.id}


def studio(one: Studio, comments: int) -> Row:
    """Return a studio as ``/site-api/galleries/`` gives it."""
    fields = {
        "curators_count": len(one.curators) + len(one.managers),
        "projecters_count": len(one.projects),
        "title": one.title,
        "datetime_created": old_site_time(one.created),
        "thumbnail_url": f"{UPLOADS}/galleries/thumbnails/{one.id}.png",
        "commenters_count": comments,
        "datetime_modified": old_site_time(one.modified),
        "owner": owner(one.host),
    }
    return {"fields": fields, "model": "galleries.gallery", "pk": one.id}


def profile(one: User) -> Row:
    """Return a profile as ``/site-api/users/all/{name}/`` gives it."""
    featured = one.featured if one.featured is not None and one.featured.is_shared else None
    return {
        "featured_project_label_name": FEATURED_LABELS[one.featured_label],
        "featured_project_data": featured and _featured(featured),
        "featured_project": featured and featured.id,
        "thumbnail_url": f"{UPLOADS}/users/avatars/{one.id}.png",
        "user": {"username": starred(one), "pk": one.id},
        "featured_project_label_id": one.featured_label,
        "id": one.id + 1_000_000,
    }


def _featured(one: Project) -> Row:
    return {
        "creator": one.author.username,
        "thumbnail_url": f"{UPLOADS}/projects/thumbnails/{one.id}.png",
        "id": one.id,
        "datetime_modified": old_site_time(one.modified),
        "title": one.title,
    }


def classroom(one: Classroom) -> Row:
    """Return a class as ``/site-api/classrooms/all/`` gives it."""
    fields = {
        "datetime_created": old_site_time(one.created),
        "gallery_count": len(one.studios),
        "student_count": len(one.students),
        "thumbnail_url": f"{CDN}/classroom/{one.id}_250x150.png",
        "title": one.title,
        "token": one.token,
        "unread_alert_count": 0,
        "visibility": "visible" if one.closed is None else "closed",
        "commenters_count": 0,
        "educator_profile": profile(one.educator),
    }
    return {"fields": fields, "model": "classrooms.classroom", "pk": one.id}


def classroom_page(one: Classroom) -> Row:
    """Return one's own class as ``/site-api/classrooms/all/{id}/`` gives it."""
    return {
        "id": one.id,
        "title": one.title,
        "description": one.description,
        "status": one.status,
        "token": one.token,
        "datetime_created": old_site_time(one.created),
        "gallery_count": len(one.studios),
        "student_count": len(one.students),
        "thumbnail_url": f"{CDN}/classroom/{one.id}_250x150.png",
        "unread_alert_count": 0,
        "educator": {"username": one.educator.username, "pk": one.educator.id},
    }


def student(one: User) -> Row:
    """Return a student as an educator's list gives it."""
    fields = {
        "educator_can_unban": False,
        "is_banned": one.banned,
        "thumbnail_url": f"{UPLOADS}/users/avatars/{one.id}.png",
        "user": owner(one),
    }
    return {"fields": fields, "model": "students.student", "pk": one.id}


_NUMERIC_TYPES = {
    "followuser": 0,
    "followstudio": 1,
    "loveproject": 2,
    "favoriteproject": 3,
    "addprojecttostudio": 7,
    "becomecurator": 9,
    "shareproject": 10,
    "remixproject": 11,
    "createstudio": 13,
    "updatestudio": 15,
    "removeprojectstudio": 19,
    "becomeownerstudio": 22,
    "editprofile": 25,
    "addcomment": 27,
}
_COMMENT_FIELDS = (
    "comment_type",
    "comment_fragment",
    "comment_id",
    "comment_obj_id",
    "comment_obj_title",
    "commentee_username",
)


def activity(world: World, row: Row) -> Row | None:
    """Return a deed as the feed of a class gives it, None for what that feed does not tell."""
    number = _NUMERIC_TYPES.get(row["type"])
    if number is None:
        return None
    actor = world.users[row["actor_username"].lower()]
    told: Row = {
        "type": number,
        "actor": owner(actor),
        "datetime_created": row["datetime_created"].removesuffix(".000Z"),
    }
    return {**told, **_activity_fields(world, row)}


def _activity_fields(world: World, row: Row) -> Row:
    fields: dict[str, Any] = {}
    project = world.projects.get(row.get("project_id", 0))
    if row["type"] == "followuser":
        fields["followed_username"] = row["followed_username"]
        fields["followed_user"] = owner(world.users[row["followed_username"].lower()])
    if "gallery_id" in row:
        fields["gallery"] = row["gallery_id"]
        fields["gallery_title"] = row.get("gallery_title", row.get("title"))
        fields["title"] = fields["gallery_title"]
    if project is not None:
        fields["project"] = project.id
        fields["project_title"] = fields["title"] = project.title
        fields["recipient"] = fields["project_creator"] = owner(project.author)
    if row["type"] == "shareproject":
        fields["is_reshare"] = False
    if row["type"] == "editprofile":
        fields["changed_fields"] = row["changed_fields"]
    if row["type"] == "addcomment":
        fields.update({key: row[key] for key in _COMMENT_FIELDS})
        answered = world.user(row["commentee_username"] or "")
        fields["recipient"] = answered and owner(answered)
    if "parent_id" in row:
        fields["parent"], fields["parent_title"] = row["parent_id"], row["parent_title"]
    if "recipient_username" in row:
        fields["recipient_username"] = row["recipient_username"]
        fields["actor_username"] = row["actor_username"]
        fields["recipient"] = owner(world.users[row["recipient_username"].lower()])
    return fields

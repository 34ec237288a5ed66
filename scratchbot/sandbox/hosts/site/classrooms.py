"""Classrooms: their pages, and what educators do with them."""

import csv
import io
import itertools

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    Route,
    body,
    context,
    form,
    html,
    number,
    numbered_page,
    old_site_login,
    optional_id,
    page,
    said,
)
from scratchbot.sandbox.hosts.site.accounts import set_session
from scratchbot.sandbox.hosts.site.projects import comment_count, logged_in
from scratchbot.sandbox.render import old
from scratchbot.sandbox.render.html import (
    activity,
    classroom_page,
    list_page,
    studio_item,
    user_item,
)
from scratchbot.sandbox.rules import RefusedError, is_public
from scratchbot.sandbox.times import old_site_time
from scratchbot.sandbox.world import Classroom, Row


def _classroom(request: web.Request) -> Classroom:
    found = context(request).world.classrooms.get(number(request.match_info["classroom_id"]))
    if found is None:
        raise RefusedError(404, "no such class")
    return found


def _own(request: web.Request) -> Classroom:
    classroom = _classroom(request)
    if classroom.educator is not logged_in(request):
        raise RefusedError(403, "another's")
    return classroom


async def get_page(request: web.Request) -> web.Response:
    """Give the page of a class."""
    return html(classroom_page(_classroom(request)))


async def get_students_page(request: web.Request) -> web.Response:
    """Give a page of the students of a class."""
    room = _classroom(request)
    shown = [user_item(one) for one in numbered_page(request, room.students.values())]
    return html(list_page(room.title, "Students", len(room.students), shown))


async def get_studios_page(request: web.Request) -> web.Response:
    """Give a page of the studios of a class."""
    room = _classroom(request)
    shown = [studio_item(one) for one in numbered_page(request, room.studios.values())]
    return html(list_page(room.title, "Class Studios", len(room.studios), shown))


async def get_own(request: web.Request) -> web.Response:
    """Give the educator's own classes, open or ended."""
    user = logged_in(request)
    ended = request.match_info["state"] == "closed"
    rooms = [
        room
        for room in context(request).world.classrooms.values()
        if room.educator is user and (room.closed is not None) is ended
    ]
    return web.json_response([old.classroom(one) for one in numbered_page(request, rooms)])


async def get_classroom(request: web.Request) -> web.Response:
    """Give one of the educator's own classes."""
    return web.json_response(old.classroom_page(_own(request)))


async def edit_classroom(request: web.Request) -> web.Response:
    """Change the texts of a class, or open it again."""
    user, asked, acts = old_site_login(request), await body(request), context(request).acts
    room = _classroom(request)
    if asked.get("visibility") == "visible":
        acts.close_classroom(user.username, room.id, closed=False)
    fields = {name: asked[name] for name in ("title", "description", "status") if name in asked}
    acts.edit_classroom(user.username, room.id, **fields)
    return web.json_response(old.classroom_page(room))


async def set_thumbnail(request: web.Request) -> web.Response:
    """Change the picture of a class."""
    user, room, asked = old_site_login(request), _classroom(request), await form(request)
    image = asked.get("file")
    if isinstance(image, bytes):
        context(request).acts.set_classroom_thumbnail(user.username, room.id, image)
    return web.json_response(old.classroom_page(room))


async def close_classroom(request: web.Request) -> web.Response:
    """End a class."""
    user, room = old_site_login(request), _classroom(request)
    context(request).acts.close_classroom(user.username, room.id)
    return web.json_response({"success": True})


async def create_classroom(request: web.Request) -> web.Response:
    """Open a class."""
    user, asked = old_site_login(request), await form(request)
    title, about = str(asked.get("title", "")), str(asked.get("description", ""))
    room = context(request).acts.create_classroom(user.username, title, about)
    made = {"success": True, "msg": "", "id": room.id, "title": room.title}
    return web.json_response([made])


async def create_studio(request: web.Request) -> web.Response:
    """Make a studio of a class."""
    user, asked = old_site_login(request), await form(request)
    studio = context(request).acts.create_class_studio(
        user.username,
        optional_id(asked.get("classroom_id")) or 0,
        str(asked.get("title", "")),
        str(asked.get("description", "")),
    )
    made = {
        "success": True,
        "msg": "The studio has been created.",
        "gallery_id": studio.id,
        "gallery_title": studio.title,
    }
    return web.json_response([made])


async def get_registration_link(request: web.Request) -> web.Response:
    """Give the link by which students sign up."""
    room, now = _own(request), context(request).clock()
    if request.method == "POST":
        context(request).acts.renew_class_token(old_site_login(request).username, room.id)
    link = f"https://scratch.mit.edu/signup/{room.token}/"
    expires = old_site_time(now + LINK_SECONDS)
    told = {"success": True, "reg_link": link, "expires_at": expires, "error": ""}
    return web.json_response(told)


async def register_student(request: web.Request) -> web.Response:
    """Make the account of a student, and log it in."""
    asked = await form(request)
    user = context(request).acts.join_classroom(
        str(asked.get("username", "")),
        str(asked.get("password", "")),
        str(asked.get("classroom_token", "")),
    )
    answer = web.json_response([{"success": True, "username": user.username, "msg": ""}])
    set_session(answer, context(request).sessions.open(user, context(request).clock()))
    return answer


async def upload_students(request: web.Request) -> web.Response:
    """Make the accounts of many students: a name and a password a line."""
    asked = await form(request)
    old_site_login(request, asked.get("csrfmiddlewaretoken"))
    room, acts = _own(request), context(request).acts
    try:
        lines = list(csv.reader(io.StringIO(said(asked.get("csv_file")))))
    except csv.Error:
        raise RefusedError(400, "csv_file") from None
    for line in lines:
        if len(line) == NAME_AND_PASSWORD:
            acts.join_classroom(line[0], line[1], room.token)
    return web.json_response({"success": True})


async def complete_registration(request: web.Request) -> web.Response:
    """Take what a new student tells about themselves, and their own password."""
    asked = await form(request)
    user = old_site_login(request, asked.get("csrfmiddlewaretoken"))
    if user.role != "student":
        raise RefusedError(403, "only students complete their registration")
    acts = context(request).acts
    if "country" in asked:
        acts.change_account(user.username, country=said(asked["country"]))
    password = said(asked.get("password", asked.get("new_password1")))
    if password:
        acts.change_password(user.username, user.password, password)
    if request.path.rstrip("/").endswith("update_registration"):
        return web.json_response({"success": True})
    return web.Response(status=302, headers={"Location": "https://scratch.mit.edu/"})


async def get_students_of(request: web.Request) -> web.Response:
    """Give all students of the educator's own classes."""
    user = logged_in(request)
    rooms = context(request).world.classrooms.values()
    students = [one for r in rooms if r.educator is user for one in r.students.values()]
    return web.json_response([old.student(one) for one in numbered_page(request, students)])


async def reset_password(request: web.Request) -> web.Response:
    """Give a student of one's own class another password."""
    user, asked = old_site_login(request), await form(request)
    password = str(asked.get("new_password1", "scratch-me"))
    acts = context(request).acts
    student = acts.reset_student_password(user.username, request.match_info["username"], password)
    return web.json_response({"success": True, "user": old.owner(student)})


async def get_students(request: web.Request) -> web.Response:
    """Give the students of one's own class."""
    students = numbered_page(request, _own(request).students.values())
    return web.json_response([old.student(one) for one in students])


async def get_studios(request: web.Request) -> web.Response:
    """Give the studios of one's own class."""
    studios = numbered_page(request, _own(request).studios.values())
    world = context(request).world
    return web.json_response([old.studio(one, comment_count(world, one)) for one in studios])


async def get_alerts(request: web.Request) -> web.Response:
    """Give what the educator is alerted of: nothing, since nobody moderates here."""
    logged_in(request)
    return web.json_response([])


async def get_public_activity(request: web.Request) -> web.Response:
    """Give what the students of a class did, as HTML."""
    room = _classroom(request)
    rows = sorted(_deeds(request, room), key=lambda row: int(row["id"]), reverse=True)
    return html(activity(page(request, rows), context(request).clock()))


async def get_activity(request: web.Request) -> web.Response:
    """Give what one student of one's own class did, or all."""
    room, name = _own(request), request.match_info["username"]
    world = context(request).world
    rows = sorted(_deeds(request, room), key=lambda row: int(row["id"]), reverse=True)
    told = [
        old.activity(world, row) for row in rows if name == "all" or row["actor_username"] == name
    ]
    return web.json_response(numbered_page(request, [row for row in told if row is not None]))


def _deeds(request: web.Request, room: Classroom) -> list[Row]:
    world = context(request).world
    deeds = itertools.chain.from_iterable(student.deeds for student in room.students.values())
    return [row for row in deeds if is_public(world, row)]


_API = "/site-api/classrooms"
LINK_SECONDS = 7 * 24 * 3600.0
NAME_AND_PASSWORD = 2

ROUTES: list[Route] = [
    ("GET", "/classes/{classroom_id:\\d+}", get_page),
    ("GET", "/classes/{classroom_id:\\d+}/students", get_students_page),
    ("GET", "/classes/{classroom_id:\\d+}/studios", get_studios_page),
    ("POST", "/classes/create_classroom", create_classroom),
    ("POST", "/classes/create_classroom_gallery", create_studio),
    ("POST", "/classes/register_new_student", register_student),
    ("POST", "/classes/{classroom_id:\\d+}/student_upload", upload_students),
    ("POST", "/classes/student_update_registration", complete_registration),
    ("POST", "/classes/student_password_reset", complete_registration),
    ("POST", "/classes/student_password_change/{username}", reset_password),
    ("GET", f"{_API}/students/of/{{username}}", get_students_of),
    ("POST", f"{_API}/reset_student_password/{{username}}", reset_password),
    ("GET", f"{_API}/{{state:all|closed}}", get_own),
    ("GET", f"{_API}/all/{{classroom_id:\\d+}}", get_classroom),
    ("PUT", f"{_API}/all/{{classroom_id:\\d+}}", edit_classroom),
    ("POST", f"{_API}/all/{{classroom_id:\\d+}}", set_thumbnail),
    ("POST", f"{_API}/close_classroom/{{classroom_id:\\d+}}", close_classroom),
    ("GET", f"{_API}/generate_registration_link/{{classroom_id:\\d+}}", get_registration_link),
    ("POST", f"{_API}/generate_registration_link/{{classroom_id:\\d+}}", get_registration_link),
    ("GET", f"{_API}/students/{{classroom_id:\\d+}}", get_students),
    ("GET", f"{_API}/studios/{{classroom_id:\\d+}}", get_studios),
    ("GET", f"{_API}/alerts", get_alerts),
    ("GET", f"{_API}/alerts/{{classroom_id:\\d+}}", get_alerts),
    ("GET", f"{_API}/activity/public/{{classroom_id:\\d+}}", get_public_activity),
    ("GET", f"{_API}/activity/{{classroom_id:\\d+}}/{{username}}", get_activity),
]

"""The same calls for every library that has the session's surface.

``python calls.py LIBRARY`` makes them with ``LIBRARY.ScratchSession`` and prints what each gave.
It runs in the clients' own environments too, so it imports nothing of this project.
"""

import asyncio
import base64
import html
import importlib
import json
import os
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from telling import told  # type: ignore[import-not-found]

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TEXT = base64.b64encode(PNG).decode()
CODE = {"targets": [{"isStage": True, "name": "Stage"}], "meta": {"semver": "3.0.0"}}
PATIENCE = 5.0

Look = Callable[["There"], Any]
CALLS: list[tuple[str, Look, Look | None]] = []


class There:
    """Who is logged in, and where the sandbox is.

    :param session: makes a session of the library.
    """

    def __init__(self, session: Callable[..., Any], sandbox: str) -> None:
        self.session = session
        self.sandbox = sandbox
        self.nobody = session()
        self.cat = session("scratchcat", "hunter2")
        self.alice = session("alice", "wonderland")
        self.chary = session("Za-Chary", "za-chary")
        self.made: dict[str, Any] = {}

    def close(self) -> None:
        """Close what can be closed; some libraries' things cannot."""
        for each in (*self.made.values(), self.nobody, self.cat, self.alice, self.chary):
            if hasattr(each, "close"):
                each.close()

    def site(self, host: str, path: str) -> Any:
        """Ask the sandbox as somebody who has nothing to do with the library."""
        request = urllib.request.Request(f"{self.sandbox}{path}", headers={"Host": host})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request) as answer:
            return json.loads(answer.read())

    def api(self, path: str) -> Any:
        """Ask the sandbox's API."""
        return self.site("api.scratch.mit.edu", path)


def call(name: str, effect: Look | None = None) -> Callable[[Look], Look]:
    """Register a call by the member that it uses.

    :param effect: looks at what the call did, without the library.
    """

    def add(function: Look) -> Look:
        CALLS.append((name, function, effect))
        return function

    return add


def perform(there: There, function: Look, effect: Look | None) -> dict[str, Any]:
    """Make a call and return what it gave, or what it raised, and its effect."""
    try:
        found: dict[str, Any] = {"gives": told(function(there))}
    except Exception as error:
        found = {"raises": type(error).__name__}
    if effect is not None:
        found["effect"] = told(effect(there))
    return found


def shape(value: Any) -> Any:
    """Return the shape of something that is another each time, or large."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    return type(value).__name__


def until(condition: Callable[[], object]) -> bool:
    """Wait until a condition holds, for some seconds at most."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def raised(work: Callable[[], object]) -> str:
    """Return what kind of error something raises."""
    try:
        work()
    except Exception as error:
        return type(error).__name__
    return "nothing"


def stats(project: int) -> Look:
    return lambda there: there.api(f"/projects/{project}")["stats"]


def project(*keys: str) -> Look:
    return lambda there: {key: there.api("/projects/105")[key] for key in keys}


def studio(*keys: str) -> Look:
    return lambda there: {key: there.api("/studios/26135902")[key] for key in keys}


def newest(path: str) -> Look:
    def look(there: There) -> Any:
        rows = there.api(path)
        row = rows[0] if rows else {}
        return {key: row.get(key) for key in ("content", "parent_id", "commentee_id")}

    return look


def profile(key: str) -> Look:
    return lambda there: there.api("/users/scratchcat")["profile"][key]


# What is read: the session and what everybody finds

call("ScratchSession.__init__")(
    lambda t: [t.session("bob", "builder").user, raised(lambda: t.session("bob", "wrong"))]
)
call("ScratchSession.username")(lambda t: [t.cat.username, t.nobody.username])
call("ScratchSession.session_id")(lambda t: [bool(t.cat.session_id), t.nobody.session_id])
call("ScratchSession.token")(lambda t: [bool(t.cat.token), t.nobody.token])
call("ScratchSession.csrf_token")(lambda t: [bool(t.cat.csrf_token), t.nobody.csrf_token])
call("ScratchSession.logged_in")(lambda t: [t.cat.logged_in, t.nobody.logged_in])
call("ScratchSession.user")(lambda t: [t.cat.user, t.nobody.user])
call("ScratchSession.forums")(lambda t: type(t.cat.forums).__name__)
call("ScratchSession.scraping")(lambda t: type(t.cat.scraping).__name__)
call("ScratchSession.get_user")(
    lambda t: [t.cat.get_user("griffpatch"), t.nobody.get_user("ceebee")]
)
call("ScratchSession.get_project")(
    lambda t: [
        t.cat.get_project(104),
        t.nobody.get_project("60917032"),
        t.cat.get_project(700000002),
    ]
)
call("ScratchSession.get_studio")(
    lambda t: [t.cat.get_studio(26135902), t.nobody.get_studio("31000001")]
)
call("ScratchSession.get_news")(
    lambda t: [t.nobody.get_news(), t.nobody.get_news(limit=1, offset=1)]
)
call("ScratchSession.get_messages")(
    lambda t: [
        t.cat.get_messages(all=True),
        t.cat.get_messages(limit=40, offset=10, filter="comments"),
        t.cat.get_messages(filter="projects"),
        t.cat.get_messages(filter="studios"),
        t.cat.get_messages(filter="forums"),
    ]
)
call("ScratchSession.explore_projects")(
    lambda t: [
        t.nobody.explore_projects(),
        t.nobody.explore_projects("popular"),
        t.nobody.explore_projects(mode="recent", query="maze", language="de"),
    ]
)
call("ScratchSession.explore_studios")(
    lambda t: [t.nobody.explore_studios(), t.nobody.explore_studios(mode="recent", query="maze")]
)
call("ScratchSession.search_projects")(
    lambda t: [
        t.nobody.search_projects(query="appel"),
        t.nobody.search_projects("trending", "maze"),
    ]
)
call("ScratchSession.search_studios")(lambda t: t.nobody.search_studios(query="design"))
call("ScratchSession.get_front_page")(lambda t: t.nobody.get_front_page())
call("ScratchSession.get_activity")(lambda t: [t.cat.get_activity(), t.cat.get_activity(40, 1)])
call("ScratchSession.get_own_projects")(
    lambda t: [
        t.cat.get_own_projects(),
        t.cat.get_own_projects(all=True, sort="love_count", filter="shared"),
        t.cat.get_own_projects(filter="notshared"),
        t.session("bob", "builder").get_own_projects(filter="trashed"),
    ]
)
call("ScratchSession.get_own_studios")(
    lambda t: [t.chary.get_own_studios(), t.cat.get_own_studios(all=True, sort="title")]
)
call("ScratchSession.get_statistics")(lambda t: shape(t.nobody.get_statistics()))
call("ScratchSession.is_valid_username")(
    lambda t: [t.nobody.is_valid_username("somebody-new"), t.nobody.is_valid_username("alice")]
)
call("ScratchSession.check_password")(
    lambda t: [t.cat.check_password("hunter2"), t.cat.check_password("wrong")]
)
call("ScratchSession.get_backpack")(lambda t: t.cat.get_backpack())

# Users and profiles

call("User.get_projects")(
    lambda t: [
        t.nobody.get_user("scratchcat").get_projects(),
        t.nobody.get_user("scratchcat").get_projects(limit=1, offset=1),
        t.nobody.get_user("bob").get_projects(all=True),
    ]
)
call("User.get_curating")(lambda t: t.nobody.get_user("demo-bot").get_curating(all=True))
call("User.get_favorites")(lambda t: t.nobody.get_user("bob").get_favorites())
call("User.get_followers")(lambda t: t.nobody.get_user("alice").get_followers())
call("User.get_following")(lambda t: t.nobody.get_user("scratchcat").get_following(all=True))
call("User.get_message_count")(lambda t: t.nobody.get_user("scratchcat").get_message_count())
call("User.profile")(lambda t: t.nobody.get_user("griffpatch").profile)
call("UserProfile.get_featured_project")(
    lambda t: t.nobody.get_user("scratchcat").profile.get_featured_project()
)

# Projects

call("Project.get_comments")(
    lambda t: [
        t.nobody.get_project(104).get_comments(),
        t.nobody.get_project(105).get_comments(all=True),
        t.nobody.get_project(104).get_comments(limit=2, offset=1),
    ]
)
call("Project.get_comment")(
    lambda t: t.nobody.get_project(104).get_comment(t.nobody.get_project(104).get_comments()[0].id)
)
call("ProjectComment.get_replies")(
    lambda t: [each.get_replies() for each in t.nobody.get_project(104).get_comments()]
)
call("Project.get_remixes")(lambda t: t.nobody.get_project(105).get_remixes())
call("Project.get_studios")(lambda t: t.nobody.get_project(60917032).get_studios())
call("Project.get_remixtree")(
    lambda t: sorted(t.nobody.get_project(105).get_remixtree(), key=lambda each: int(each.id))
)
call("Project.get_cloud_logs")(lambda t: t.cat.get_project(104).get_cloud_logs())
call("Project.get_scripts")(lambda t: t.cat.get_project(104).get_scripts())
call("Project.get_visibility")(lambda t: t.cat.get_project(104).get_visibility())

# Studios

call("Studio.get_projects")(
    lambda t: [
        t.nobody.get_studio(31000001).get_projects(),
        t.nobody.get_studio(26135902).get_projects(limit=1),
    ]
)
call("Studio.get_curators")(lambda t: t.nobody.get_studio(26135902).get_curators())
call("Studio.get_managers")(lambda t: t.nobody.get_studio(26135902).get_managers())
call("Studio.get_comments")(lambda t: t.nobody.get_studio(26135902).get_comments())
call("StudioComment.get_replies")(
    lambda t: t.nobody.get_studio(26135902).get_comments()[0].get_replies()
)
call("Studio.get_activity")(lambda t: t.nobody.get_studio(26135902).get_activity())
call("Studio.get_roles")(lambda t: t.cat.get_studio(26135902).get_roles())

# Forums and pages

call("ForumSession.get_latest_topic_posts")(
    lambda t: t.nobody.forums.get_latest_topic_posts(700002)
)
call("ForumSession.get_latest_category_posts")(
    lambda t: t.nobody.forums.get_latest_category_posts(7)
)


@call("ForumSession.get_post_source")
def _(there: There) -> Any:
    posts = there.nobody.forums.get_latest_topic_posts(700002)
    return [there.nobody.forums.get_post_source(post.id) for post in posts]


@call("ScrapingSession.get_signature")
def _(there: There) -> Any:
    posts = there.nobody.forums.get_latest_topic_posts(700002)
    (own,) = [post.id for post in posts if post.author == "scratchcat"]
    scraping = there.nobody.scraping
    return [scraping.get_signature(own), scraping.get_signature(own, as_html=True)]


for _name, _user in (
    ("get_follower_count", "alice"),
    ("get_following_count", "scratchcat"),
    ("get_favorited_count", "bob"),
    ("get_followed_studios_count", "alice"),
    ("get_curated_studios_count", "demo-bot"),
    ("get_shared_projects_count", "griffpatch"),
):
    call(f"ScrapingSession.{_name}")(
        lambda t, name=_name, user=_user: getattr(t.nobody.scraping, name)(user)  # type: ignore[misc]
    )
call("ScrapingSession.get_profile_comments")(
    lambda t: [
        t.nobody.scraping.get_profile_comments("ceebee"),
        t.nobody.scraping.get_profile_comments(t.nobody.get_user("scratchcat"), all=True),
        t.nobody.scraping.get_profile_comments("griffpatch"),
    ]
)

# What is done: projects

call("Project.love", stats(105))(lambda t: t.alice.get_project(105).love())
call("Project.unlove", stats(105))(lambda t: t.alice.get_project(105).unlove())
call("Project.favorite", stats(105))(lambda t: t.alice.get_project(105).favorite())
call("Project.unfavorite", stats(105))(lambda t: t.alice.get_project(105).unfavorite())
call("Project.view", stats(105))(lambda t: t.alice.get_project(105).view())

COMMENTS = "/users/scratchcat/projects/104/comments"


@call("Project.post_comment", newest(COMMENTS))
def _(there: There) -> Any:
    posted = there.made["comment"] = there.cat.get_project(104).post_comment(
        "side & <side> _meow_ 🎈"
    )
    return posted


@call("ProjectComment.reply", lambda t: t.api(f"{COMMENTS}/{t.made['comment'].id}/replies"))
def _(there: There) -> Any:
    return there.cat.get_project(104).get_comment(there.made["comment"].id).reply("an answer")


@call("ProjectComment.delete", newest(COMMENTS))
def _(there: There) -> Any:
    return there.cat.get_project(104).get_comments()[0].delete()


@call("ProjectComment.report", newest("/users/griffpatch/projects/60917032/comments"))
def _(there: There) -> Any:
    there.cat.get_project(60917032).post_comment("to be reported")
    return there.alice.get_project(60917032).get_comments()[0].report()


call("Project.set_title", project("title"))(lambda t: t.cat.get_project(105).set_title("A maze"))
call("Project.set_instructions", project("instructions"))(
    lambda t: t.cat.get_project(105).set_instructions("Find & go")
)
call("Project.set_description", project("description"))(
    lambda t: t.cat.get_project(105).set_description("Thanks")
)
call("Project.turn_off_commenting", project("comments_allowed"))(
    lambda t: t.cat.get_project(105).turn_off_commenting()
)
call("Project.turn_on_commenting", project("comments_allowed"))(
    lambda t: t.cat.get_project(105).turn_on_commenting()
)


@call("Project.toggle_commenting", project("comments_allowed"))
def _(there: There) -> Any:
    project = there.cat.get_project(105)
    return [project.toggle_commenting(), project.comments_allowed]


@call("Project.share", lambda t: t.api("/projects/700000003")["public"])
def _(there: There) -> Any:
    project = there.cat.get_project(700000003)
    return [project.share(), project.public]


@call("Project.unshare")
def _(there: There) -> Any:
    project = there.cat.get_project(700000003)
    return [project.unshare(), project.public, there.cat.get_project(700000003).public]


call("Project.delete")(
    lambda t: [
        t.cat.get_project(700000003).delete(),
        [each.id for each in t.cat.get_own_projects(filter="trashed")],
    ]
)
call("Project.restore_deleted")(
    lambda t: [
        t.cat.get_project(700000003).restore_deleted(),
        [each.id for each in t.cat.get_own_projects(filter="notshared")],
    ]
)
call("Project.report")(lambda t: t.alice.get_project(60917032).report("0", "just a test"))
call("Project.set_thumbnail")(lambda t: t.cat.get_project(104).set_thumbnail(PNG))


@call("ScratchSession.create_project")
def _(there: There) -> Any:
    made = there.made["project"] = there.cat.create_project(CODE)
    project = there.cat.get_project(made)
    return [type(made).__name__, project.title, project.public, project.author.username]


@call("Project.save")
def _(there: There) -> Any:
    project = there.cat.get_project(there.made["project"])
    return project.save(json.dumps({**CODE, "saved": True}))


@call("ScratchSession.empty_trash")
def _(there: There) -> Any:
    there.cat.get_project(there.made["project"]).delete()
    return [there.cat.empty_trash("hunter2"), there.cat.get_own_projects(filter="trashed")]


# What is done: users


@call("ProfileComment.replies")
def _(there: There) -> Any:
    thread = there.cat.scraping.get_profile_comments("ceebee")[0]
    there.cat.get_user("ceebee").post_comment("a reply", thread.id, thread.author_id)
    return there.cat.scraping.get_profile_comments("ceebee")[0]


@call("User.post_comment")
def _(there: There) -> Any:
    return there.cat.get_user("bob").post_comment("on a profile & more")


@call("ProfileComment.report")
def _(there: There) -> Any:
    return there.alice.scraping.get_profile_comments("scratchcat")[0].report()


@call("User.report_comment")
def _(there: There) -> Any:
    found = there.nobody.scraping.get_profile_comments("ceebee")[-1]
    return there.alice.get_user("ceebee").report_comment(found.id)


@call("User.delete_comment")
def _(there: There) -> Any:
    there.alice.get_user("alice").post_comment("to be deleted")
    found = there.alice.scraping.get_profile_comments("alice")[0]
    return there.alice.get_user("alice").delete_comment(found.id)


call("User.report")(lambda t: t.alice.get_user("bob").report("username"))
call("User.follow", lambda t: [u["username"] for u in t.api("/users/Za-Chary/followers")])(
    lambda t: t.alice.get_user("Za-Chary").follow()
)
call("User.unfollow", lambda t: t.api("/users/Za-Chary/followers"))(
    lambda t: t.alice.get_user("Za-Chary").unfollow()
)


@call("User.toggle_commenting")
def _(there: There) -> Any:
    there.cat.get_user("scratchcat").toggle_commenting()
    refused = raised(lambda: there.alice.get_user("scratchcat").post_comment("closed?"))
    there.cat.get_user("scratchcat").toggle_commenting()
    return refused


@call("UserProfile.set_bio", profile("bio"))
def _(there: There) -> Any:
    return [there.cat.user.profile.set_bio("A cat & more"), there.cat.user.profile.bio]


@call("UserProfile.set_status", profile("status"))
def _(there: There) -> Any:
    return [there.cat.user.profile.set_status("Sleeping"), there.cat.user.profile.status]


@call("UserProfile.set_avatar")
def _(there: There) -> Any:
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(PNG)
        file.flush()
        return there.cat.user.profile.set_avatar(file.name)


@call("UserProfile.set_featured_project")
def _(there: There) -> Any:
    there.cat.user.profile.set_featured_project("remix_this", 105)
    return there.cat.user.profile.get_featured_project()


# What is done: studios


def roles(kind: str) -> Look:
    return lambda there: [each["username"] for each in there.api(f"/studios/26135902/{kind}")]


def studio_projects(there: There) -> Any:
    return [each["id"] for each in there.api("/studios/26135902/projects")]


call("Studio.add_project", studio_projects)(lambda t: t.cat.get_studio(26135902).add_project(105))
call("Studio.remove_project", studio_projects)(
    lambda t: t.cat.get_studio(26135902).remove_project(105)
)
call("Studio.follow", studio("stats"))(lambda t: t.alice.get_studio(26135902).follow())
call("Studio.unfollow", studio("stats"))(lambda t: t.alice.get_studio(26135902).unfollow())
call("Studio.open_to_public", studio("open_to_all"))(
    lambda t: t.chary.get_studio(26135902).open_to_public()
)
call("Studio.close_to_public", studio("open_to_all"))(
    lambda t: t.chary.get_studio(26135902).close_to_public()
)


@call("Studio.toggle_commenting", studio("comments_allowed"))
def _(there: There) -> Any:
    studio = there.chary.get_studio(26135902)
    return [studio.toggle_commenting(), there.chary.get_studio(26135902).toggle_commenting()]


STUDIO_COMMENTS = "/studios/26135902/comments"


def has_comment(text: str) -> Look:
    return lambda there: html.escape(text) in [row["content"] for row in there.api(STUDIO_COMMENTS)]


call("Studio.post_comment", newest(STUDIO_COMMENTS))(
    lambda t: t.cat.get_studio(26135902).post_comment("in & out")
)
call("Studio.get_comment")(
    lambda t: t.nobody.get_studio(26135902).get_comment(
        t.nobody.get_studio(26135902).get_comments()[0].id
    )
)
call("StudioComment.reply", newest(STUDIO_COMMENTS))(
    lambda t: t.cat.get_studio(26135902).get_comments()[0].reply("an answer")
)
call("StudioComment.report", newest(STUDIO_COMMENTS))(
    lambda t: t.alice.get_studio(26135902).get_comments()[-1].report()
)
call("StudioComment.delete", has_comment("in & out"))(
    lambda t: t.cat.get_studio(26135902).get_comments()[0].delete()
)


@call("Studio.delete_comment", has_comment("to be deleted"))
def _(there: There) -> Any:
    raised(lambda: there.cat.get_studio(26135902).post_comment("to be deleted"))
    studio = there.cat.get_studio(26135902)
    return studio.delete_comment(studio.get_comments()[0].id)


@call("Studio.report_comment")
def _(there: There) -> Any:
    raised(lambda: there.cat.get_studio(26135902).post_comment("to be reported"))
    studio = there.alice.get_studio(26135902)
    return studio.report_comment(studio.get_comments()[0].id)


call("Studio.invite_curator")(lambda t: t.chary.get_studio(26135902).invite_curator("griffpatch"))
call("Studio.accept_curator", roles("curators"))(
    lambda t: t.session("bob", "builder").get_studio(26135902).accept_curator("bob")
)
call("Studio.promote_curator", roles("managers"))(
    lambda t: t.chary.get_studio(26135902).promote_curator("alice")
)
call("Studio.set_title", studio("title"))(lambda t: t.chary.get_studio(26135902).set_title("Games"))
call("Studio.set_description", studio("description"))(
    lambda t: t.chary.get_studio(26135902).set_description("All kinds & more")
)
call("Studio.set_thumbnail")(lambda t: t.chary.get_studio(26135902).set_thumbnail(PNG))
call("Studio.transfer_host", lambda t: t.api("/studios/26135902")["host"])(
    lambda t: t.chary.get_studio(26135902).transfer_host("scratchcat", "za-chary")
)


@call("ScratchSession.create_studio")
def _(there: There) -> Any:
    made = there.chary.create_studio()
    return [type(made).__name__, there.chary.get_studio(made).title]


@call("Studio.delete")
def _(there: There) -> Any:
    ceebee = there.session("ceebee", "ceebee")
    return [ceebee.get_studio(31000001).delete(), raised(lambda: there.nobody.get_studio(31000001))]


# What is done: forums

call("ForumSession.create_topic")(
    lambda t: t.alice.forums.create_topic(31, "A new topic", "with a [b]first[/b] post")
)


@call("ForumSession.post")
def _(there: There) -> Any:
    gave = there.alice.forums.post(700002, "a [i]second[/i] post")
    latest = there.alice.forums.get_latest_topic_posts(700002)[0]
    return [gave, latest, there.alice.forums.get_post_source(latest.id)]


@call("ForumSession.edit_post")
def _(there: There) -> Any:
    latest = there.alice.forums.get_latest_topic_posts(700002)[0]
    gave = there.alice.forums.edit_post(latest.id, "edited & <b>")
    return [gave, there.alice.forums.get_post_source(latest.id)]


call("ForumSession.report_post")(
    lambda t: t.alice.forums.report_post(
        t.alice.forums.get_latest_topic_posts(700002)[0].id, "test"
    )
)
call("ForumSession.follow_topic")(lambda t: t.alice.forums.follow_topic(700002))
call("ForumSession.unfollow_topic")(lambda t: t.alice.forums.unfollow_topic(700002))


@call("ForumSession.change_signature")
def _(there: There) -> Any:
    gave = there.alice.forums.change_signature("I am [b]alice[/b].")
    latest = there.alice.forums.get_latest_topic_posts(700002)[0]
    return [gave, there.alice.scraping.get_signature(latest.id)]


# What is done: the account

call("ScratchSession.upload_asset")(lambda t: t.cat.upload_asset(b"<svg/>", "svg"))
call("ScratchSession.change_country", profile("country"))(
    lambda t: t.cat.change_country("Antarctica")
)
call("ScratchSession.change_email")(lambda t: t.alice.change_email("new@example.org", "wonderland"))
call("ScratchSession.change_email_subscription")(
    lambda t: t.cat.change_email_subscription(teacher_tips=True)
)


@call("ScratchSession.add_to_backpack")
def _(there: There) -> Any:
    return type(there.cat.add_to_backpack("costume", TEXT, "image/png", "cat", TEXT)).__name__


@call("BackpackItem.delete")
def _(there: There) -> Any:
    (item,) = there.cat.get_backpack()
    fields = told(item)
    fields["fields"]["id"] = type(item.id).__name__
    item.delete()
    return [fields, there.cat.get_backpack(all=True)]


@call("ScratchSession.change_password")
def _(there: There) -> Any:
    there.session("demo-bot", "beepboop").change_password("beepboop", "a-new-one")
    return there.session("demo-bot", "a-new-one").logged_in


@call("ScratchSession.logout")
def _(there: There) -> Any:
    return there.session("griffpatch", "realpassword").logout()


@call("ScrapingSession.get_user_activity")
def _(there: There) -> Any:
    griffpatch = there.session("griffpatch", "realpassword")
    griffpatch.get_project(105).love()
    griffpatch.get_user("bob").follow()
    return there.nobody.scraping.get_user_activity("griffpatch", max=2)


@call("ProfileComment.reply")
def _(there: There) -> Any:
    return there.cat.scraping.get_profile_comments("bob")[0].reply("an answer")


@call("ProfileComment.delete")
def _(there: There) -> Any:
    return there.session("bob", "builder").scraping.get_profile_comments("bob")[0].delete()


# Cloud variables

KEYS = ("handshake", "connect", "outgoing", "change", "set", "create", "delete")


def listen(connection: Any) -> list[Any]:
    """Write down what a connection tells."""
    heard: list[Any] = []
    for key in KEYS:
        connection.on(key, lambda *what, key=key: heard.append([key, *(told(w) for w in what)]))
    return heard


def has(heard: list[Any], key: str) -> bool:
    return any(each[0] == key for each in heard)


def pause() -> None:
    time.sleep(0.15)  # one client sends no change sooner than 0.1 s after the last


@call("ScratchSession.create_cloud_connection")
def _(there: There) -> Any:
    made = there.made["cloud"] = there.cat.create_cloud_connection(104)
    there.made["heard"] = listen(made)
    return [type(made).__name__, made.project_id, made.cloud_host]


call("CloudConnection.project_id")(lambda t: t.made["cloud"].project_id)
call("CloudConnection.cloud_host")(lambda t: t.made["cloud"].cloud_host)
call("CloudConnection.get_cloud_variable")(
    lambda t: [
        t.made["cloud"].get_cloud_variable("foo"),
        t.made["cloud"].get_cloud_variable("☁ ping"),
        raised(lambda: t.made["cloud"].get_cloud_variable("no such")),
    ]
)


def since(there: There, work: Callable[[], object], key: str) -> Any:
    """Return what is heard while something is done."""
    heard = there.made["heard"]
    heard.clear()
    pause()
    work()
    until(lambda: has(heard, key))
    pause()
    return list(heard)


def logs(there: There) -> Any:
    row = there.site("clouddata.scratch.mit.edu", "/logs?projectid=104&limit=1")[0]
    return {key: row[key] for key in ("user", "verb", "name", "value")}


@call("CloudConnection.set_cloud_variable", logs)
def _(there: There) -> Any:
    connection = there.made["cloud"]
    heard = since(there, lambda: connection.set_cloud_variable("foo", 7), "change")
    return [heard, connection.get_cloud_variable("foo")]


@call("CloudConnection.create_cloud_variable", logs)
def _(there: There) -> Any:
    connection = there.made["cloud"]
    return since(there, lambda: connection.create_cloud_variable("extra", 1), "change")


@call("CloudConnection.delete_cloud_variable", logs)
def _(there: There) -> Any:
    connection = there.made["cloud"]
    return since(there, lambda: connection.delete_cloud_variable("extra"), "delete")


@call("CloudConnection.on")
def _(there: There) -> Any:
    other = there.made["other"] = there.alice.create_cloud_connection(104)
    return since(there, lambda: other.set_cloud_variable("pong", 5), "set")


@call("CloudConnection.once")
def _(there: There) -> Any:
    connection, other, heard = there.made["cloud"], there.made["other"], []
    connection.once("set", lambda variable: heard.append(str(variable.value)))
    since(there, lambda: other.set_cloud_variable("pong", 6), "set")
    since(there, lambda: other.set_cloud_variable("pong", 7), "set")
    return heard


@call("CloudConnection.off")
def _(there: There) -> Any:
    connection, other = there.made["cloud"], there.made["other"]
    heard: list[str] = []

    def listener(variable: Any) -> None:
        heard.append(str(variable.value))

    connection.on("set", listener)
    connection.off("set", listener)
    since(there, lambda: other.set_cloud_variable("pong", 8), "set")
    return heard


@call("CloudConnection.listeners")
def _(there: There) -> Any:
    found = there.made["cloud"].listeners("set")
    return [type(found).__name__, len(found), callable(found[0])]


async def _async_cloud(there: There) -> Any:
    connection = there.cat.create_cloud_connection(104, is_async=True)
    heard = listen(connection)
    connecting = asyncio.create_task(connection.connect())

    async def until_heard(key: str) -> None:
        for _ in range(int(PATIENCE / 0.02)):
            if has(heard, key):
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.15)

    await until_heard("connect")
    kind = type(connection).__name__
    said: dict[str, Any] = {"class": kind, "project_id": connection.project_id}
    said["cloud_host"] = connection.cloud_host
    said["value"] = connection.get_cloud_variable("ping")
    there.made["async"] = said
    said["connect"] = list(heard)
    steps: tuple[tuple[str, Callable[[], Any], str], ...] = (
        ("set", lambda: connection.set_cloud_variable("ping", 9), "change"),
        ("create", lambda: connection.create_cloud_variable("more", 2), "create"),
        ("delete", lambda: connection.delete_cloud_variable("more"), "delete"),
    )
    for name, work, key in steps:
        heard.clear()
        await work()
        await until_heard(key)
        said[name] = list(heard)
    heard.clear()
    await asyncio.to_thread(there.made["other"].set_cloud_variable, "pong", 11)
    await until_heard("set")
    said["heard"] = list(heard)
    found = connection.listeners("set")
    said["listeners"] = [type(found).__name__, callable(found[0])]
    counts: list[str] = []

    async def listener(variable: Any) -> None:
        counts.append(str(variable.value))

    connection.once("set", listener)
    silent: list[Any] = []
    listening = silent.append
    connection.on("set", listening)
    connection.off("set", listening)
    for value in (12, 13):
        heard.clear()
        await asyncio.to_thread(there.made["other"].set_cloud_variable, "pong", value)
        await until_heard("set")
    said["once"], said["off"] = counts, silent
    connecting.cancel()
    if hasattr(connection, "close"):
        await connection.close()
    return said


@call("AsyncCloudConnection.connect", logs)
def _(there: There) -> Any:
    return asyncio.run(_async_cloud(there))["connect"]


for _member, _part in (
    ("project_id", "project_id"),
    ("cloud_host", "cloud_host"),
    ("get_cloud_variable", "value"),
    ("set_cloud_variable", "set"),
    ("create_cloud_variable", "create"),
    ("delete_cloud_variable", "delete"),
    ("on", "heard"),
    ("once", "once"),
    ("off", "off"),
    ("listeners", "listeners"),
):
    call(f"AsyncCloudConnection.{_member}")(lambda t, part=_part: t.made["async"][part])  # type: ignore[misc]


@call("AsyncCloudConnection.run")
def _(there: There) -> Any:
    connection = there.cat.create_cloud_connection(104, is_async=True)
    loops: list[Any] = []
    connection.on("connect", lambda: loops.append(asyncio.get_running_loop()))
    running = threading.Thread(target=connection.run, daemon=True)
    running.start()
    connected = until(lambda: loops)
    value = connection.get_cloud_variable("ping")
    if hasattr(connection, "close"):
        asyncio.run_coroutine_threadsafe(connection.close(), loops[0])
        running.join(PATIENCE)
    return [connected, value]


def main(library: str) -> None:
    """Make all calls and print what they gave."""
    there = There(importlib.import_module(library).ScratchSession, os.environ["SANDBOX"])
    for name, function, effect in CALLS:
        row = {"call": name, **perform(there, function, effect)}
        sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()
    os._exit(0)  # the cloud listeners of some libraries never end


if __name__ == "__main__":
    main(sys.argv[1])

"""Every public method of scratchattach that talks to Scratch."""

import asyncio
import base64
import hashlib
import itertools
import json
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import scratchattach as sa
from checks import act, api, check, leave_out, page, picture, public_methods, run, site
from scratchattach.cloud import _base, cloud
from scratchattach.other import other_apis
from scratchattach.site import (
    activity,
    backpack_asset,
    classroom,
    comment,
    forum,
    project,
    session,
    studio,
    user,
)
from scratchattach.utils import exceptions
from scratchattach.utils.requests import requests as http

sys.stdout, real = sys.stderr, sys.stdout  # it prints advice
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
JSON = "reads every answer as JSON, also where the site answers with a page, once the act is done"
cat = sa.login("scratchcat", "hunter2")
cat.update()
bob = sa.login("bob", "builder")
chary = sa.login("Za-Chary", "za-chary")
tess = sa.login("teacher-tess", "chalkboard")
tess.update()
me = cat.connect_linked_user()
maze = cat.connect_project(105)
cloudy = cat.connect_project(104)
games = cat.connect_studio(26135902)


def file_of(contents, ending):
    """Return the path of a new file."""
    path = Path(tempfile.mkdtemp()) / f"file{ending}"
    path.write_bytes(contents)
    return str(path)


def soon(look):
    """Look again until there is something to see: its listeners miss what comes at their start."""
    for _ in range(40):
        if found := look():
            return found
        time.sleep(0.2)
    return None


# Logging in
@check("session.login", "session.login_by_id", "session.decode_session_id")
def _():
    try:
        sa.login("alice", "wrong")
    except exceptions.LoginFailure:
        pass
    else:
        return False
    again = sa.login_by_id(cat.id)
    assert session.decode_session_id(cat.id.strip('".'))[0]["username"] == "scratchcat"
    return again.username == "scratchcat" and cat.email == "scratchcat@example.org"


@check("session.login_by_session_string", "session.login_by_io", "session.login_by_file")
def _():
    text = cat.get_session_string()
    assert sa.login_by_session_string(text).username == "scratchcat"
    return sa.login_by_file(file_of(text.encode(), ".txt")).username == "scratchcat"


check("Session.connect_linked_user", "Session.get_linked_user")(
    lambda: cat.get_linked_user().username == "scratchcat"
)
check("Session.get_session_string", "Session.get_headers", "Session.get_cookies")(
    lambda: cat.get_session_string() and cat.get_headers() and cat.get_cookies()
)


# The account
@check("Session.set_country", bug=JSON)
def _():
    cat.set_country("Antarctica")


@check("Session.get_new_email_address", bug=JSON)
def _():
    return cat.get_new_email_address()


check("Session.resend_email", bug=JSON)(lambda: cat.resend_email("hunter2"))
check("Session.become_scratcher_invite")(lambda: cat.become_scratcher_invite() == {})


@check("Session.logout")
def _():
    extra = sa.login("newcomer", "newcomer")
    try:
        extra.logout()
    except exceptions.Unauthorized:
        return False
    except json.JSONDecodeError:
        pass
    told = site(
        "scratch.mit.edu",
        "/session/",
        X_Requested_With="XMLHttpRequest",
        Cookie=f"scratchsessionsid={extra.id}",
    )
    return "user" not in told


# Messages and feeds
@check("Session.messages")
def _():
    eleventh = cat.messages(limit=40, offset=10, filter_by="comments")[0]
    return cat.messages()[0].actor_username == "griffpatch" and eleventh.comment_fragment


check("Session.admin_messages")(
    lambda: bob.admin_messages()[0]["message"].startswith("Please read")
)
check("Session.message_count")(
    lambda: cat.message_count() == api("/users/scratchcat/messages/count")["count"]
)


@check("Session.clear_messages")
def _():
    bob.clear_messages()
    return bob.message_count() == 1  # the Scratch Team's stays until it is put away


check("Session.feed", "Session.get_feed")(
    lambda: {one.type for one in cat.get_feed(limit=40)} >= {"loveproject", "followuser"}
)
check("Session.loved_by_followed_users")(
    lambda: [one.id for one in cat.loved_by_followed_users()] == [104]
)


def heard(events, name, /, **cause):
    """Run a listener of the client's, let something happen, and return what it heard."""
    found = []

    def hear(one):
        found.append(one)

    hear.__name__ = name
    events.event(hear)
    events.start(thread=True)
    time.sleep(1.5)  # it leaves out what comes at its start
    act(**cause)
    return soon(lambda: found)[0]


@check("Session.connect_message_events", "User.message_events")
def _():
    said = {"who": "Za-Chary", "act": "favorite"}
    events = cat.connect_message_events(update_interval=0.5)
    first = heard(events, "on_message", **said, place="project:105")
    assert me.message_events()
    return first.actor_username == "Za-Chary"


@check("Session.connect_filterbot")
def _():
    bot = cat.connect_filterbot(log_deletions=False)
    bot.add_filter(sa.HardFilter("a word", equals="filter me"))
    bot.start(thread=True)
    time.sleep(1.5)
    act(who="alice", act="comment", place="project:105", text="filter me")
    return soon(lambda: "filter me" not in [one.content for one in maze.comments()])


@check("ScratchCloud.events", "BaseCloud.create_event_stream")
def _():
    events = cat.connect_scratch_cloud(104).events()
    said = {"who": "alice", "act": "cloud", "place": "project:104", "name": "ping", "value": "99"}
    return str(heard(events, "on_set", **said).value) == "99"


# Exploring
check("Session.search_projects", "project.search_projects")(
    lambda: (
        [p.id for p in cat.search_projects(query="appel")]
        == [p.id for p in sa.search_projects(query="appel")]
        == [60917032]
    )
)
check("Session.explore_projects", "project.explore_projects")(
    lambda: (
        cat.explore_projects()[0].title
        == sa.explore_projects()[0].title
        == "Epic 7D platformer 2021"
    )
)
check("Session.search_studios")(
    lambda: [s.id for s in cat.search_studios(query="design")] == [31000001]
)
check("Session.explore_studios")(lambda: 26135902 in [s.id for s in cat.explore_studios()])
check("studio.search_studios")(
    lambda: [s.id for s in sa.search_studios(query="design")] == [31000001]
)
check("studio.explore_studios")(lambda: 26135902 in [s.id for s in sa.explore_studios(query="*")])


# Own things
@check("Session.create_project")
def _():
    made = cat.create_project(title="Made by scratchattach")
    return made.title == "Made by scratchattach" and made.author_name == "scratchcat"


@check("Session.create_studio")
def _():
    made = cat.create_studio(title="A new one", description="of mine")
    told = api(f"/studios/{made.id}")
    return (told["title"], told["description"]) == ("A new one", "of mine\n")


check("Session.mystuff_projects")(
    lambda: cat.mystuff_projects("shared", sort_by="love_count")[0].id == 104
)
check("Session.mystuff_studios")(
    lambda: 26135902 in [s.id for s in cat.mystuff_studios(sort_by="title", descending=False)]
)


@check("Session.upload_asset", "Session.download_asset")
def _():
    cat.upload_asset(file_of(b"<svg/>", ".svg"))
    name, folder = f"{hashlib.md5(b'<svg/>').hexdigest()}.svg", tempfile.mkdtemp()
    with http.no_error_handling():
        cat.download_asset(name, fp=folder)
    return (Path(folder) / name).read_bytes() == b"<svg/>"


def fill_backpack():
    """Put something into the backpack: this client can only take out."""
    import requests

    picture_text = base64.b64encode(PNG).decode()
    body = {"type": "costume", "mime": "image/png", "name": "cat", "body": picture_text}
    requests.post(
        "https://backpack.scratch.mit.edu/scratchcat",
        json={**body, "thumbnail": picture_text},
        headers={"X-Token": cat.xtoken},
        timeout=10,
    )
    return cat.backpack()[0]


@check("Session.backpack", "BackpackAsset.delete", "Session.delete_from_backpack")
def _():
    fill_backpack().delete()
    assert cat.backpack() == []
    cat.delete_from_backpack(fill_backpack().id)
    return cat.backpack() == []


@check(
    "BackpackAsset.data",
    "BackpackAsset.download",
    "BackpackAsset.file_ext",
    "BackpackAsset.is_json",
)
def _():
    item = fill_backpack()
    assert item.file_ext == "png"
    assert item.is_json is False
    with http.no_error_handling():
        item.download(fp=tempfile.mkdtemp())
        return item.data == PNG


# Users
check("Session.connect_user", "user.get_user")(
    lambda: cat.connect_user("griffpatch").id == sa.get_user("griffpatch").id == 1882674
)
check("Session.find_username_from_id", "Session.connect_user_by_id", bug=JSON)(
    lambda: cat.find_username_from_id(20002)
)
check("User.does_exist")(
    lambda: me.does_exist() and user.User(username="nobody-here").does_exist() is False
)
check("User.is_new_scratcher", "User.rank")(
    lambda: cat.connect_user("newcomer").is_new_scratcher() and not me.is_new_scratcher()
)
check("User.message_count")(lambda: me.message_count() == cat.message_count())
check("User.featured_data")(lambda: me.featured_data()["project"]["id"] == "104")
griffpatch = cat.connect_user("griffpatch")
check("User.follower_count", "User.follower_names", "User.followers")(
    lambda: griffpatch.follower_count() == len(griffpatch.follower_names()) == 1
)
check("User.following_count", "User.following_names", "User.following")(
    lambda: me.following_count() == len(me.following_names()) == 4
)
check("User.is_following", "User.is_followed_by")(
    lambda: me.is_following("griffpatch") and griffpatch.is_followed_by("scratchcat")
)
check("User.project_count", "User.projects")(
    lambda: griffpatch.project_count() == len(griffpatch.projects()) == 2
)
check("User.studio_count", "User.studios")(
    lambda: (
        cat.connect_user("demo-bot").studio_count()
        == len(cat.connect_user("demo-bot").studios())
        == 1
    )
)
check("User.studios_following_count")(
    lambda: cat.connect_user("alice").studios_following_count() == 1
)
check("User.loves", "User.loves_count")(
    lambda: [one.id for one in griffpatch.loves()] == [104] and griffpatch.loves_count() == 1
)
check("User.favorites", "User.favorites_count")(
    lambda: (
        [one.id for one in cat.connect_user("bob").favorites()] == [60917032]
        and cat.connect_user("bob").favorites_count() == 1
    )
)
check("User.classroom")(lambda: cat.connect_user("student-sam").classroom.id == 156)


@check("User.viewed_projects")
def _():
    import requests

    url = "https://api.scratch.mit.edu/users/griffpatch/projects/60917032/views/"
    requests.post(url, headers={"X-Token": cat.xtoken}, timeout=10)
    return [one.id for one in me.viewed_projects()] == [60917032]


@check("User.toggle_commenting")
def _():
    me.toggle_commenting()
    off = "comments-off" in page("scratch.mit.edu", "/users/scratchcat/")
    me.toggle_commenting()
    return off


@check("User.set_pfp", "User.set_bio", "User.set_wiwo")
def _():
    me.set_bio("A cat")
    me.set_wiwo("Sleeping")
    me.set_pfp(PNG)
    told = api("/users/scratchcat")["profile"]
    assert picture("user/101_90x90.png") == PNG
    return (told["bio"], told["status"]) == ("A cat", "Sleeping")


@check("User.set_featured")
def _():
    me.set_featured(105, label=2)
    return me.featured_data()["project"]["id"] == "105"


check("User.set_forum_signature", bug=JSON)(lambda: me.set_forum_signature("[b]a cat[/b]"))
check("User.post_comment", "User.reply_comment", "User.report_comment", bug=JSON)(
    lambda: griffpatch.post_comment("hello")
)


@check("User.delete_comment", bug=JSON)
def _():
    act(who="bob", place="profile:scratchcat", act="comment", text="delete me")
    me.delete_comment(comment_id=me.comments()[0].id)


@check("User.comments", "User.comment_by_id")
def _():
    (first, *_) = cat.connect_user("ceebee").comments()
    assert first.content == "Pls ban @griffpatch he is hacking my account"
    return cat.connect_user("ceebee").comment_by_id(first.id).author_name == "scratchcat"


@check("User.activity", "User.activity_html", "Activity.actor", "Activity.target")
def _():
    found = griffpatch.activity()[0]
    assert "loved" in griffpatch.activity_html()
    return found.type == "loveproject" and found.target().id == 104


@check("User.follow", "User.unfollow")
def _():
    other = cat.connect_user("Za-Chary")
    other.follow()
    assert "scratchcat" in other.follower_names()
    other.unfollow()
    return "scratchcat" not in other.follower_names()


# Projects
check("Session.connect_project", "project.get_project", "PartialProject.is_shared")(
    lambda: maze.is_shared() and sa.get_project(60917032).title == "Appel v1.4"
)
check("PartialProject.remixes")(lambda: [one.id for one in maze.remixes()] == [700000002])


@check("PartialProject.create_remix")
def _():
    remix = bob.connect_project(105).create_remix(title="maze, again")
    return remix.remix_parent == 105 and remix.title == "maze, again"


@check("PartialProject.load_description", "Project.load_description", "Project.author")
def _():
    cloudy.load_description()
    return cloudy.instructions.startswith("Comment") and cloudy.author().username == "scratchcat"


@check("Project.raw_json", "Project.get_json", "Project.body", "Project.raw_json_or_empty")
def _():
    assert cloudy.body()
    assert json.loads(cloudy.get_json()) == cloudy.raw_json() == cloudy.raw_json_or_empty()
    return cloudy.raw_json()["targets"][0]["isStage"]


@check("Project.set_json", "Project.set_body", "Project.creator_agent", "Project.download")
def _():
    code = {**maze.raw_json(), "meta": {"semver": "3.0.0", "agent": "a test"}}
    maze.set_json(code)
    assert maze.creator_agent() == "a test"
    maze.set_body(maze.body())
    folder = tempfile.mkdtemp()
    maze.download(filename="maze", dir=folder)
    return (Path(folder) / "maze.sb3").exists()


check("Project.upload_json_from", bug="calls a method that there is no longer")(
    lambda: maze.upload_json_from(104)
)
check("Project.studios")(
    lambda: [one.id for one in cat.connect_project(60917032).studios()] == [26135902]
)


@check(
    "Project.post_comment", "Project.comments", "Project.comment_by_id", "Project.delete_comment"
)
def _():
    posted = maze.post_comment("from scratchattach")
    assert maze.comments()[0].content == "from scratchattach"
    assert maze.comment_by_id(posted.id).author_name == "scratchcat"
    maze.delete_comment(comment_id=posted.id)
    return maze.comments()[0].id != posted.id


@check("Project.reply_comment", "Project.comment_replies", "Project.report_comment")
def _():
    top = maze.post_comment("a thread")
    reply = maze.reply_comment("a reply", parent_id=top.id)
    assert [one.id for one in maze.comment_replies(comment_id=top.id)] == [reply.id]
    maze.report_comment(comment_id=top.id)
    return maze.comments()[0].id != top.id


@check(
    "Comment.reply", "Comment.replies", "Comment.parent_comment", "Comment.author", "Comment.place"
)
def _():
    top = maze.post_comment("another thread")
    reply = top.reply("a reply")
    assert [one.id for one in top.replies()] == [reply.id]
    assert reply.parent_comment().id == top.id
    return top.author().username == "scratchcat" and top.place().id == 105


@check("Comment.delete", "Comment.report")
def _():
    top = maze.comments()[0]
    top.delete()
    second = maze.post_comment("to report")
    second.report()
    return not {top.id, second.id} & {one.id for one in maze.comments()}


@check("Project.love", "Project.unlove", "Project.favorite", "Project.unfavorite")
def _():
    appel = cat.connect_project(60917032)
    before = (appel.loves, appel.favorites)
    appel.love()
    appel.favorite()
    appel.update()
    assert (appel.loves, appel.favorites) == (before[0] + 1, before[1] + 1)
    appel.unlove()
    appel.unfavorite()
    appel.update()
    return (appel.loves, appel.favorites) == before


@check("Project.post_view")
def _():
    before = api("/projects/105")["stats"]["views"]
    maze.post_view()
    return api("/projects/105")["stats"]["views"] == before + 1


@check(
    *(f"Project.{name}_commenting" for name in ("turn_off", "turn_on", "toggle")),
    *(f"Project.set_{name}" for name in ("title", "instructions", "notes", "fields")),
)
def _():
    maze.turn_off_commenting()
    assert api("/projects/105")["comments_allowed"] is False
    maze.turn_on_commenting()
    maze.toggle_commenting()
    assert api("/projects/105")["comments_allowed"] is False
    maze.toggle_commenting()
    maze.set_title("A maze")
    maze.set_instructions("Find the way")
    maze.set_notes("Thanks")
    told = api("/projects/105")
    texts = (told["title"], told["instructions"], told["description"])
    return told["comments_allowed"] and texts == ("A maze", "Find the way", "Thanks")


@check("Project.share", "Project.unshare", "Project.visibility")
def _():
    draft = cat.connect_project(700000003)
    assert draft.visibility()["projectId"] == 700000003
    draft.share()
    assert api("/projects/700000003")["public"] is True
    draft.unshare()
    try:
        sa.get_project(700000003)
    except exceptions.ProjectNotFound:
        return True


@check("Project.set_thumbnail")
def _():
    cloudy.set_thumbnail(file=file_of(PNG, ".png"))
    return picture("project/104_480x360.png") == PNG


# Studios
check("Session.connect_studio", "studio.get_studio", "Studio.host")(
    lambda: games.host().username == "Za-Chary" and sa.get_studio(26135902).id == 26135902
)


@check("Studio.follow", "Studio.unfollow")
def _():
    games.follow()
    assert api("/studios/26135902")["stats"]["followers"] == 1
    games.unfollow()
    return api("/studios/26135902")["stats"]["followers"] == 0


@check("Studio.post_comment", "Studio.comments", "Studio.comment_by_id", "Studio.delete_comment")
def _():
    posted = games.post_comment("in the studio")
    assert games.comments()[0].content == "in the studio"
    assert games.comment_by_id(posted.id).author_name == "scratchcat"
    games.delete_comment(comment_id=posted.id)
    return games.comments()[0].id != posted.id


@check("Studio.reply_comment", "Studio.comment_replies", "Studio.report_comment")
def _():
    top = games.post_comment("a thread")
    reply = games.reply_comment("a reply", parent_id=top.id)
    assert [one.id for one in games.comment_replies(comment_id=top.id)] == [reply.id]
    games.report_comment(comment_id=top.id)
    return games.comments()[0].id != top.id


@check("Studio.add_project", "Studio.remove_project", "Studio.projects")
def _():
    games.add_project(104)
    assert 104 in [one.id for one in games.projects()]
    games.remove_project(104)
    return 104 not in [one.id for one in games.projects()]


check("Studio.curators", "Studio.managers")(
    lambda: (
        {one.username for one in games.curators()} == {"alice", "demo-bot"}
        and [one.username for one in games.managers()] == ["Za-Chary", "scratchcat"]
    )
)
check("Studio.your_role")(lambda: games.your_role()["manager"] is True)


@check("Studio.invite_curator", "Studio.accept_invite", "Studio.promote_curator")
def _():
    games.invite_curator("griffpatch")
    sa.login("griffpatch", "realpassword").connect_studio(26135902).accept_invite()
    assert "griffpatch" in [one.username for one in games.curators()]
    games.promote_curator("griffpatch")
    return "griffpatch" in [one.username for one in games.managers()]


@check("Studio.remove_curator", "Studio.leave", bug=JSON)
def _():
    try:
        games.remove_curator("griffpatch")
    finally:
        assert {one.username for one in games.curators()} == {"alice", "demo-bot"}


@check("Studio.open_projects", "Studio.close_projects")
def _():
    games.close_projects()
    assert api("/studios/26135902")["open_to_all"] is False
    games.open_projects()
    return api("/studios/26135902")["open_to_all"]


@check(*(f"Studio.{name}_commenting" for name in ("turn_off", "turn_on", "toggle")))
def _():
    hosted = chary.connect_studio(26135902)
    hosted.turn_off_commenting()
    assert api("/studios/26135902")["comments_allowed"] is False
    hosted.turn_on_commenting()
    hosted.toggle_commenting()
    off = api("/studios/26135902")["comments_allowed"] is False
    hosted.toggle_commenting()
    return off


check("Studio.activity")(
    lambda: {one.type for one in games.activity()} >= {"addprojecttostudio", "becomecurator"}
)


@check("Studio.set_title", "Studio.set_description", "Studio.set_fields", "Studio.set_thumbnail")
def _():
    own = chary.connect_studio(26135902)
    own.set_title("Games")
    own.set_description("All kinds")
    own.set_thumbnail(file=file_of(PNG, ".png"))
    told = api("/studios/26135902")
    assert picture("gallery/26135902_170x100.png") == PNG
    return (told["title"], told["description"]) == ("Games", "All kinds\n")


@check("Studio.transfer_ownership")
def _():
    chary.connect_studio(26135902).transfer_ownership("scratchcat", password="za-chary")
    return api("/studios/26135902")["host"] == 101


# Forums
NEEDLESS = "asks its own class for values that only the answer will bring"


@check("Session.connect_topic", "forum.get_topic", "ForumPost.topic", bug=NEEDLESS)
def _():
    with http.no_error_handling():
        return cat.connect_topic(700002)


@check("ForumTopic.posts", "ForumTopic.first_post", "ForumPost.author", bug=JSON)
def _():
    return forum.ForumTopic.from_id(700002, cat).first_post().author()


@check("Session.connect_topic_list", "forum.get_topic_list", bug=JSON)
def _():
    return cat.connect_topic_list(31)


check("ForumPost.edit", bug=JSON)(lambda: forum.ForumPost(id=7000002, _session=cat).edit("edited"))


@check("ForumTopic.from_id", "ForumTopic.posts past its error handling")
def _():
    with http.no_error_handling():
        topic = forum.ForumTopic.from_id(700002, cat, update=True)
        assert (topic.title, topic.category_name) == ("Bots that behave", "Advanced Topics")
        posts = topic.posts()
        assert [one.author_name for one in posts] == ["scratchcat", "alice"]
        assert posts[0].content == "edited"
        assert posts[0].topic_category == "Advanced Topics"
        (listed,) = cat.connect_topic_list(31)
        return (listed.title, listed.reply_count) == ("Bots that behave", 1)


# Classes
room = tess.connect_classroom(156)
check("Session.connect_classroom", "classroom.get_classroom", "Session.mystuff_classes")(
    lambda: sa.get_classroom(156).title == tess.mystuff_classes()[0].title == "Grade 5 Rotation 5"
)
check("Session.mystuff_ended_classes")(lambda: tess.mystuff_ended_classes() == [])
check("Session.classroom_alerts")(lambda: tess.classroom_alerts(156) == [])
check("Session.connect_classroom_from_token", bug="takes the token for a number")(
    lambda: tess.connect_classroom_from_token("a1b2c3d4e")
)
check("classroom.get_classroom_from_token")(
    lambda: classroom.get_classroom_from_token("a1b2c3d4e").id == 156
)
check("Session.create_class")(lambda: tess.create_class("Another").title == "Another")
check(
    *(f"Classroom.{name}" for name in ("student_count", "student_names")),
    *(f"Classroom.{name}" for name in ("class_studio_count", "class_studio_ids")),
    "Classroom.public_activity",
    bug=JSON,
)(lambda: room.student_count())


@check("Classroom.student_names past its error handling")
def _():
    with http.no_error_handling():
        assert room.student_count() == 1
        assert room.class_studio_count() == 0
        assert room.class_studio_ids() == []
        assert room.public_activity() == []
        return room.student_names() == ["student-sam"]


@check("Classroom.set_title", "Classroom.set_description", "Classroom.set_working_on")
def _():
    room.set_title("Grade 6")
    room.set_description("We program")
    room.set_working_on("Games")
    told = api("/classrooms/156")
    texts = (told["title"], told["description"], told["status"])
    return texts == ("Grade 6", "We program", "Games")


@check("Classroom.add_studio")
def _():
    room.add_studio("A class studio", "ours")
    with http.no_error_handling():
        return room.class_studio_count() == 1


@check("Classroom.register_student", "classroom.register_by_token")
def _():
    (listed, *_) = [one for one in tess.mystuff_classes() if one.id == 156]
    listed.register_student("student-two", "homework", 10, 2012, "other", "Canada")
    return api("/users/student-two")["username"] == "student-two"


check("Classroom.generate_signup_link")(lambda: "a1b2c3d4e" in room.generate_signup_link())
check("Classroom.activity")(lambda: room.activity() == [])
check("Classroom.set_thumbnail")(lambda: room.set_thumbnail(PNG))


@check("Classroom.close", "Classroom.reopen")
def _():
    room.close()
    assert len(tess.mystuff_ended_classes()) == 1
    room.reopen()
    return tess.mystuff_ended_classes() == []


# The site itself
check("other_apis.get_news")(lambda: sa.get_news()[0]["headline"] == "Wiki Wednesday!")
check(
    *("featured_data", "featured_projects", "featured_studios", "top_loved", "top_remixed"),
    *("newest_projects", "curated_projects", "design_studio_projects"),
)(
    lambda: (
        sa.top_loved()[0]["id"] == 60917032
        and sa.featured_projects()[0]["id"] == 60917032
        and sa.featured_studios()[0]["id"] == 26135902
        and sa.top_remixed()[0]["id"] == 105
        and sa.newest_projects()
        and sa.curated_projects()[0]["curator_name"] == "alice"
        and sa.design_studio_projects()[0]["gallery_id"] == 31000001
        and sa.featured_data()
    )
)
check("total_site_stats", "monthly_site_traffic", "country_counts", "age_distribution")(
    lambda: (
        sa.total_site_stats()["PROJECT_COUNT"]
        and sa.monthly_site_traffic()["pageviews"]
        and sa.country_counts()["England"] == 11
        and sa.age_distribution()
    )
)
check(
    *("monthly_comment_activity", "monthly_project_shares", "monthly_active_users"),
    "monthly_activity_trends",
)(
    lambda: (
        sa.monthly_comment_activity()
        and sa.monthly_project_shares()
        and sa.monthly_active_users()
        and sa.monthly_activity_trends()
    )
)


@check("get_csrf_token")
def _():
    with http.no_error_handling():
        return len(sa.get_csrf_token()) == 32


check("get_health", "get_total_project_count", "get_resource_urls")(
    lambda: sa.get_health() and sa.get_total_project_count() > 5 and sa.get_resource_urls() == {}
)
check("check_username", "check_password")(
    lambda: (
        sa.check_username("griffpatch") == "username exists"
        and sa.check_username("somebody-new") == "valid username"
        and sa.check_password("password") == "invalid password"
    )
)
check(
    "aprilfools_get_counter",
    "aprilfools_increment_counter",
    differs="the counter of one day is none here",
)(lambda: sa.aprilfools_get_counter() is not None and sa.aprilfools_increment_counter())
check("send_password_reset_email", bug=JSON)(lambda: sa.send_password_reset_email("alice"))
check("translate", differs="nothing is translated: the text comes back as it is")(
    lambda: sa.translate("English", "hello") == "hello"
)


@check("text2speech", differs="nothing is spoken: a silence comes back")
def _():
    with http.no_error_handling():
        return sa.text2speech("hello")[0].startswith(b"RIFF")


@check("scratch_team_members")
def _():
    with http.no_error_handling():
        return [one["userName"] for one in other_apis.scratch_team_members()] == ["ceebee"]


# Cloud variables
@check(
    *("Session.connect_cloud", "Session.connect_scratch_cloud", "BaseCloud.connect"),
    *("BaseCloud.set_var", "BaseCloud.get_var", "BaseCloud.get_all_vars", "BaseCloud.disconnect"),
    *("ScratchCloud.connect", "ScratchCloud.set_var", "ScratchCloud.set_vars"),
    *(
        "ScratchCloud.get_var",
        "ScratchCloud.get_all_vars",
        "ScratchCloud.logs",
        "BaseCloud.set_vars",
    ),
)
def _():
    connection = cat.connect_scratch_cloud(104)
    connection.set_var("foo", 42)
    connection.set_vars({"ping": 1, "pong": 2})
    assert soon(lambda: str(connection.get_var("foo", use_logs=True)) == "42")
    assert {name.removeprefix("☁ ") for name in connection.get_all_vars(use_logs=True)} >= {"foo"}
    connection.disconnect()
    return connection.logs()[0].username == "scratchcat"


@check("cloud.get_tw_cloud", "Session.connect_tw_cloud")
def _():
    first = sa.get_tw_cloud("104", purpose="a test", contact="nobody")
    second = sa.get_tw_cloud("104", purpose="a test", contact="nobody")
    first.set_var("score", 0)
    numbers = itertools.count(1)

    def heard():
        first.set_var("score", next(numbers))
        return second.get_var("score")

    return soon(heard)


leave_out(
    "asks other sites, which nothing may reach from a test",
    *("User.stats", "User.ranks", "User.ocular_status", "Project.ranks"),
    *("Project.moderation_status", "ForumPost.ocular_reactions"),
)
leave_out(
    "asks nothing of Scratch",
    *("BaseCloud.shortterm_ratelimit_hint", "BaseCloud.longterm_ratelimit_hint"),
    *("Session.connect_empty_project_pb", "Session.connect_pb_from_dict"),
    *("Session.connect_pb_from_file", "User.verify_identity", "Comment.text"),
    *(
        "ForumPost.update_function",
        "ForumPost.update_from_html",
        "PartialProject.raw_json_or_empty",
    ),
)
leave_out(
    "is part of what other methods do",
    *("Activity.update", "BackpackAsset.update", "Comment.update", "Classroom.update"),
    *("ForumTopic.update", "ForumPost.update"),
)
there = public_methods(
    session.Session,
    user.User,
    project.PartialProject,
    project.Project,
    studio.Studio,
    comment.Comment,
    activity.Activity,
    forum.ForumTopic,
    forum.ForumPost,
    classroom.Classroom,
    backpack_asset.BackpackAsset,
    _base.BaseCloud,
    cloud.ScratchCloud,
)
sys.stdout = real
print(json.dumps({"client": "scratchattach", "version": "2.2.6"}), flush=True)
asyncio.run(run(there))
sys.stdout.flush()
os._exit(0)  # its cloud listeners never end

"""Every public method of scratchclient."""

import asyncio
import base64
import hashlib
import json
import os
import sys
import tempfile
import time

from checks import (
    api,
    check,
    page,
    picture,
    public_methods,
    relay,
    run,
    site,
    wait_until,
)
from scratchclient import (
    Backpack,
    CloudConnection,
    Comment,
    Forums,
    Project,
    Scraping,
    Studio,
    User,
)
from scratchclient import ScratchExceptions as Errors
from scratchclient.ScratchSession import ScratchSession
from scratchclient.UserProfile import UserProfile

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CODE = {"targets": [{"isStage": True, "name": "Stage"}], "meta": {"semver": "3.0.0"}}
cat = ScratchSession("scratchcat", "hunter2")
alice = ScratchSession("alice", "wonderland")


@check("ScratchSession.login")
def _():
    try:
        ScratchSession("alice", "wrong")
    except Errors.InvalidCredentialsException:
        return alice.token and alice.session_id and alice.user.id == 20001


@check("ScratchSession.get_csrf_token")
def _():
    cat.get_csrf_token()
    return len(cat.csrf_token) == 32


check("ScratchSession.logout", bug="asks itself for `_client`, which it has not")(
    lambda: ScratchSession("bob", "builder").logout()
)
check("ScratchSession.check_password", bug="asks itself for `_client`, which it has not")(
    lambda: cat.check_password("hunter2")
)
check("ScratchSession.get_user")(lambda: cat.get_user("griffpatch").id == 1882674)
check("ScratchSession.get_project")(lambda: cat.get_project(60917032).title == "Appel v1.4")
check("ScratchSession.get_studio")(lambda: cat.get_studio(26135902).host == 15077600)
check("ScratchSession.get_news")(lambda: cat.get_news()[0].title == "Wiki Wednesday!")


@check("ScratchSession.get_messages")
def _():
    assert cat.get_messages(all=True)[0].actor == "griffpatch"
    eleventh = cat.get_messages(limit=40, offset=10, filter="comments")[0]
    return eleventh.comment_fragment == "thank you my friend"


check("ScratchSession.explore_projects")(
    lambda: cat.explore_projects()[0].title == "Epic 7D platformer 2021"
)
check("ScratchSession.explore_studios")(lambda: 26135902 in [s.id for s in cat.explore_studios()])
check("ScratchSession.search_projects")(
    lambda: [p.id for p in cat.search_projects(query="appel")] == [60917032]
)
check("ScratchSession.search_studios")(
    lambda: [s.id for s in cat.search_studios(query="design")] == [31000001]
)


@check("ScratchSession.get_front_page")
def _():
    front = cat.get_front_page()
    assert front["curator"] == "alice"
    assert front["current_sds"].id == 31000001
    return front["top_loved"][0].id == 60917032 and front["featured_studios"][0].id == 26135902


check("ScratchSession.get_activity")(
    lambda: {one.type for one in cat.get_activity(limit=40)} >= {"loveproject", "followuser"}
)


@check("ScratchSession.create_project", "Project.get_scripts", "Project.save")
def _():
    project = cat.get_project(cat.create_project(CODE))
    assert project.title == "Untitled"
    assert not project.public
    project.save(json.dumps({**CODE, "saved": True}))
    token = project._headers["X-Token"]
    saved = site("projects.scratch.mit.edu", f"/{project.id}", X_Token=token)
    assert saved["saved"] is True
    return project.get_scripts()["code"] == "Forbidden"


@check("ScratchSession.create_studio", bug="takes the site's object for a list of objects")
def _():
    return cat.create_studio()


@check("ScratchSession.get_own_projects", "Project.delete", "ScratchSession.empty_trash")
def _():
    project = cat.get_project(cat.create_project(CODE))
    project.delete()
    assert [p.id for p in cat.get_own_projects(sort="love_count", filter="trashed")] == [project.id]
    cat.empty_trash("hunter2")
    assert cat.get_own_projects(filter="trashed") == []
    assert {p.id for p in cat.get_own_projects(all=True)} >= {104, 105}
    return cat.get_own_projects(sort="love_count")[0].id == 104


check("ScratchSession.get_own_studios")(
    lambda: 26135902 in [s.id for s in cat.get_own_studios(all=True)]
)


@check("ScratchSession.upload_asset")
def _():
    cat.upload_asset(b"<svg/>", "svg")
    name = hashlib.md5(b"<svg/>").hexdigest()
    return page("assets.scratch.mit.edu", f"/{name}.svg") == "<svg/>"


@check("ScratchSession.change_country")
def _():
    cat.change_country("Antarctica")
    return api("/users/scratchcat")["profile"]["country"] == "Antarctica"


@check("ScratchSession.change_password")
def _():
    bob = ScratchSession("bob", "builder")
    bob.change_password("builder", "a-new-one")
    return ScratchSession("bob", "a-new-one").logged_in


@check("ScratchSession.change_email")
def _():
    alice.change_email("new@example.org", "wonderland")
    headers = {**alice._headers}
    told = site(
        "scratch.mit.edu", "/session/", **{k.replace("-", "_"): v for k, v in headers.items()}
    )
    alice.change_email("alice@example.org", "wonderland")
    return told["user"]["email"] == "new@example.org"


check("ScratchSession.change_email_subscription", bug="misspells its own parameter")(
    lambda: cat.change_email_subscription(teacher_tips=True)
)


@check(
    "ScratchSession.add_to_backpack",
    bug="looks for the `id` of the new item in what it sent, once the item is there",
)
def _():
    picture = base64.b64encode(PNG).decode()
    return cat.add_to_backpack("costume", picture, "image/png", "cat", picture)


@check("ScratchSession.get_backpack", "BackpackItem.delete")
def _():
    (item,) = cat.get_backpack()
    assert item.name == "cat"
    item.delete()
    return cat.get_backpack(all=True) == []


@check("ScratchSession.get_statistics")
def _():
    told = cat.get_statistics()
    assert told["country_distribution"]["England"] == 11
    return told["overall"]["PROJECT_COUNT"] and told["last_month"]["pageviews"]


check("ScratchSession.is_valid_username", bug="takes a dictionary for an object")(
    lambda: cat.is_valid_username("somebody-new")
)


@check("Project.love", "Project.unlove")
def _():
    project = cat.get_project(60917032)
    before = project.love_count
    assert project.love() is True
    assert cat.get_project(60917032).love_count == before + 1
    return project.unlove() is False and cat.get_project(60917032).love_count == before


@check("Project.favorite", "Project.unfavorite")
def _():
    project = cat.get_project(60917032)
    before = project.favorite_count
    assert project.favorite() is True
    assert cat.get_project(60917032).favorite_count == before + 1
    return project.unfavorite() is False and cat.get_project(60917032).favorite_count == before


check("Project.get_remixes")(
    lambda: [p.id for p in cat.get_project(105).get_remixes()] == [700000002]
)


@check(
    "Project.get_remixtree",
    differs="the site retired the tree by 2025; the sandbox still gives it",
)
def _():
    tree = cat.get_project(105).get_remixtree()
    return {int(one.id): one.parent_id for one in tree} == {105: None, 700000002: 105}


check("Project.get_studios")(
    lambda: [s.id for s in cat.get_project(60917032).get_studios()] == [26135902]
)


@check("Project.post_comment", "Project.get_comment", "Project.get_comments")
def _():
    project = cat.get_project(104)
    posted = project.post_comment("from scratchclient")
    assert project.get_comments()[0].content == "from scratchclient"
    return project.get_comment(posted.id).author == "scratchcat"


@check("ProjectComment.reply", "ProjectComment.report", "ProjectComment.delete")
def _():
    project = cat.get_project(105)
    first, second = project.post_comment("one"), project.post_comment("two")
    assert first.reply("again").parent_id == first.id
    first.delete()
    second.report()
    return not {first.id, second.id} & {one.id for one in project.get_comments(all=True)}


check("ProjectComment.get_replies", bug="uses names that it does not have")(
    lambda: cat.get_project(104).get_comments()[0].get_replies()
)
check("Project.get_cloud_logs")(lambda: isinstance(cat.get_project(104).get_cloud_logs(), list))
check(
    "Project.get_visibility", bug="asks itself for `_ensure_logged_in`, and has no `:` in the URL"
)(lambda: cat.get_project(104).get_visibility())


@check("Project.toggle_commenting", "Project.turn_off_commenting", "Project.turn_on_commenting")
def _():
    project = cat.get_project(105)
    project.turn_off_commenting()
    assert api("/projects/105")["comments_allowed"] is False
    project.turn_on_commenting()
    assert api("/projects/105")["comments_allowed"] is True
    project.toggle_commenting()
    off = api("/projects/105")["comments_allowed"] is False
    project.toggle_commenting()
    return off and api("/projects/105")["comments_allowed"]


@check("Project.report", differs="posts to where comments go: the site takes it for an empty one")
def _():
    cat.get_project(60917032).report("offensive", "just a test")


@check("Project.share", "Project.unshare")
def _():
    project = cat.get_project(700000003)
    project.share()
    assert api("/projects/700000003")["public"] is True
    project.unshare()
    return cat.get_project(700000003).public is False


@check("Project.restore_deleted")
def _():
    project = cat.get_project(700000003)
    project.delete()
    assert 700000003 in [p.id for p in cat.get_own_projects(filter="trashed")]
    project.restore_deleted()
    return 700000003 in [p.id for p in cat.get_own_projects(filter="notshared")]


@check("Project.view")
def _():
    before = api("/projects/105")["stats"]["views"]
    cat.get_project(105).view()
    return api("/projects/105")["stats"]["views"] == before + 1


@check("Project.set_thumbnail")
def _():
    cat.get_project(104).set_thumbnail(PNG)
    return picture("project/104_480x360.png") == PNG


@check("Project.set_title", "Project.set_instructions", "Project.set_description")
def _():
    project = cat.get_project(105)
    project.set_title("A maze")
    project.set_instructions("Find the way")
    project.set_description("Thanks")
    told = api("/projects/105")
    return (told["title"], told["instructions"], told["description"]) == (
        "A maze",
        "Find the way",
        "Thanks",
    )


@check("Studio.add_project", "Studio.remove_project", "Studio.get_projects")
def _():
    studio = cat.get_studio(26135902)
    studio.add_project(104)
    assert 104 in [one.id for one in studio.get_projects()]
    studio.remove_project(104)
    return 104 not in [one.id for one in studio.get_projects()]


check("Studio.get_curators")(
    lambda: {u.username for u in cat.get_studio(26135902).get_curators()} == {"alice", "demo-bot"}
)
check("Studio.get_managers")(
    lambda: (
        [u.username for u in cat.get_studio(26135902).get_managers()] == ["Za-Chary", "scratchcat"]
    )
)
check("Studio.get_roles", bug="sends no token with its question")(
    lambda: cat.get_studio(26135902).get_roles()["manager"]
)


@check("Studio.follow", "Studio.unfollow")
def _():
    studio = cat.get_studio(26135902)
    assert studio.follow()["success"]
    assert api("/studios/26135902")["stats"]["followers"] == 1
    studio.unfollow()
    return api("/studios/26135902")["stats"]["followers"] == 0


check("Studio.open_to_public", bug="is hidden by its own attribute of the same name")(
    lambda: cat.get_studio(26135902).open_to_public()
)


@check("Studio.close_to_public", bug="opens instead of closing")
def _():
    cat.get_studio(26135902).close_to_public()
    return api("/studios/26135902")["open_to_all"] is False


@check("Studio.toggle_commenting")
def _():
    studio = ScratchSession("Za-Chary", "za-chary").get_studio(26135902)
    studio.toggle_commenting()
    off = api("/studios/26135902")["comments_allowed"] is False
    studio.toggle_commenting()
    return off


check("Studio.post_comment", bug="takes the site's HTML for JSON, once the comment is there")(
    lambda: cat.get_studio(26135902).post_comment("in the studio")
)


@check("Studio.get_comments", "Studio.get_comment", "Studio.delete_comment")
def _():
    studio = cat.get_studio(26135902)
    newest = studio.get_comments()[0]
    assert newest.content == "in the studio"
    assert studio.get_comment(newest.id).id == newest.id
    studio.delete_comment(newest.id)
    return studio.get_comments()[0].id != newest.id


@check("Studio.report_comment")
def _():
    studio = cat.get_studio(26135902)
    newest = studio.get_comments()[0]
    studio.report_comment(newest.id)
    return newest.id not in [one.id for one in studio.get_comments()]


check("Studio.get_activity")(
    lambda: {one.type for one in cat.get_studio(26135902).get_activity()} >= {"addprojecttostudio"}
)


@check("Studio.invite_curator")
def _():
    cat.get_studio(26135902).invite_curator("griffpatch")
    griffpatch = ScratchSession("griffpatch", "realpassword")
    return griffpatch.get_messages()[0].type == "curatorinvite"


check("Studio.accept_curator", bug="uses a name that it does not have")(
    lambda: cat.get_studio(26135902).accept_curator()
)


@check("Studio.promote_curator")
def _():
    cat.get_studio(26135902).promote_curator("alice")
    return "alice" in [u.username for u in cat.get_studio(26135902).get_managers()]


check("Studio.transfer_host", bug="passes `body`, which requests does not know")(
    lambda: cat.get_studio(26135902).transfer_host("alice", "hunter2")
)


@check("Studio.set_title", "Studio.set_description", "Studio.set_thumbnail")
def _():
    chary = ScratchSession("Za-Chary", "za-chary")
    studio = chary.get_studio(26135902)
    studio.set_title("Games")
    studio.set_description("All kinds")
    studio.set_thumbnail(PNG)
    told = api("/studios/26135902")
    assert picture("gallery/26135902_170x100.png") == PNG
    return (told["title"], told["description"]) == ("Games", "All kinds")


check("Studio.delete", bug="has no `_json_headers`")(
    lambda: ScratchSession("Za-Chary", "za-chary").get_studio(26135902).delete()
)
check("StudioComment.reply", bug="takes the site's HTML for JSON, once the reply is there")(
    lambda: cat.get_studio(26135902).get_comments()[0].reply("yes")
)
check("StudioComment.delete", "StudioComment.report", bug="look for a project in a studio")(
    lambda: cat.get_studio(26135902).get_comments()[0].delete()
)
check("StudioComment.get_replies", bug="asks itself for `studio_id`, which it has not")(
    lambda: cat.get_studio(26135902).get_comments()[0].get_replies()
)

check("User.get_projects")(lambda: 104 in [p.id for p in cat.get_user("scratchcat").get_projects()])
check("User.get_curating")(
    lambda: [s.id for s in cat.get_user("demo-bot").get_curating(all=True)] == [26135902]
)
check("User.get_favorites")(
    lambda: [p.id for p in cat.get_user("bob").get_favorites()] == [60917032]
)
check("User.get_followers")(
    lambda: "scratchcat" in [u.username for u in cat.get_user("griffpatch").get_followers()]
)
check("User.get_following")(
    lambda: "griffpatch" in [u.username for u in cat.get_user("scratchcat").get_following(all=True)]
)
check("User.get_message_count")(lambda: cat.get_user("scratchcat").get_message_count() > 10)


@check("User.post_comment", "ScrapingSession.get_profile_comments")
def _():
    cat.get_user("bob").post_comment("on a profile")
    newest = cat.scraping.get_profile_comments("bob")[0]
    assert cat.scraping.get_profile_comments("ceebee")[0].content == (
        "Pls ban @griffpatch he is hacking my account"
    )
    assert len(cat.scraping.get_profile_comments("bob", all=True)) == 1
    return newest.content == "on a profile" and newest.author == "scratchcat"


check("User.delete_comment", "User.report_comment", bug="use a name that is not imported")(
    lambda: cat.get_user("bob").delete_comment(1)
)


check("ProfileComment.delete", "ProfileComment.report", bug="pass themselves for the action")(
    lambda: cat.scraping.get_profile_comments("scratchcat")[0].delete()
)
check("ProfileComment.reply", bug="looks for a studio on a profile")(
    lambda: cat.scraping.get_profile_comments("scratchcat")[0].reply("yes")
)
check("User.report")(lambda: cat.get_user("bob").report("username"))


@check("User.toggle_commenting")
def _():
    cat.get_user("scratchcat").toggle_commenting()
    shown = page("scratch.mit.edu", "/users/scratchcat/")
    cat.get_user("scratchcat").toggle_commenting()
    return "comments-off" in shown


@check("User.follow", "User.unfollow")
def _():
    cat.get_user("Za-Chary").follow()
    assert "scratchcat" in [u.username for u in cat.get_user("Za-Chary").get_followers()]
    cat.get_user("Za-Chary").unfollow()
    return "scratchcat" not in [u.username for u in cat.get_user("Za-Chary").get_followers()]


@check("UserProfile.set_bio", "UserProfile.set_status")
def _():
    cat.user.profile.set_bio("A cat")
    cat.user.profile.set_status("Sleeping")
    told = api("/users/scratchcat")["profile"]
    return (told["bio"], told["status"]) == ("A cat", "Sleeping")


@check("UserProfile.set_avatar")
def _():
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(PNG)
        file.flush()
        cat.user.profile.set_avatar(file.name)
    return picture("user/101_90x90.png") == PNG


check("UserProfile.get_featured_project")(lambda: cat.user.profile.get_featured_project().id == 104)
check("UserProfile.set_featured_project", bug="has no `_headers`")(
    lambda: cat.user.profile.set_featured_project("remix_this", 105)
)

forums = cat.forums


@check("ForumSession.create_topic", "ForumSession.get_latest_category_posts")
def _():
    forums.create_topic(31, "A new topic", "with a first post")
    newest = forums.get_latest_category_posts(31)[0]
    return newest.content == "with a first post" and newest.author == "scratchcat"


@check("ForumSession.post", "ForumSession.get_latest_topic_posts", "ForumSession.get_post_source")
def _():
    forums.post(700002, "a [b]bold[/b] post")
    newest = forums.get_latest_topic_posts(700002)[0]
    return forums.get_post_source(newest.id) == "a [b]bold[/b] post"


@check("ForumSession.edit_post", "ForumSession.report_post")
def _():
    newest = forums.get_latest_topic_posts(700002)[0]
    forums.edit_post(newest.id, "edited")
    forums.report_post(newest.id, "just a test")
    return forums.get_post_source(newest.id) == "edited"


@check("ForumSession.follow_topic", "ForumSession.unfollow_topic")
def _():
    alice.forums.follow_topic(700002)
    forums.post(700002, "for followers")
    assert alice.get_messages()[0].type == "forumpost"
    alice.forums.unfollow_topic(700002)
    forums.post(700002, "for nobody")
    return len(alice.get_messages(filter="forums")) == 1


@check("ForumSession.change_signature", "ScrapingSession.get_signature")
def _():
    forums.change_signature("[b]a cat[/b]")
    newest = forums.get_latest_topic_posts(700002)[0]
    assert "a cat" in cat.scraping.get_signature(newest.id, as_html=True)
    return cat.scraping.get_signature(newest.id) == "[b]a cat[/b]"


scraping = cat.scraping
check("ScrapingSession.get_follower_count")(
    lambda: scraping.get_follower_count("griffpatch") == "1"
)
check("ScrapingSession.get_following_count")(lambda: scraping.get_following_count("bob") == "1")
check("ScrapingSession.get_favorited_count")(lambda: scraping.get_favorited_count("bob") == "1")
check("ScrapingSession.get_followed_studios_count")(
    lambda: scraping.get_followed_studios_count("alice") == "1"
)
check("ScrapingSession.get_curated_studios_count")(
    lambda: scraping.get_curated_studios_count("demo-bot") == "1"
)
check("ScrapingSession.get_shared_projects_count")(
    lambda: scraping.get_shared_projects_count("griffpatch") == "2"
)


@check("ScrapingSession.get_user_activity")
def _():
    fresh = ScratchSession("Za-Chary", "za-chary")
    fresh.get_project(104).love()
    (loved,) = scraping.get_user_activity("Za-Chary", max=1)
    return (loved.type, loved.project_id) == ("loveproject", "104")


CLOUD = {
    "Host": "clouddata.scratch.mit.edu",
    "Cookie": f"scratchsessionsid={cat.session_id};",
    "Origin": "https://scratch.mit.edu",
}
RELAYED = "its own TLS socket heeds no proxy: a relay that only passes bytes on takes it there"


def newest(verb, name, value=None):
    """Tell whether the newest line of the cloud log is this one."""
    row = site("clouddata.scratch.mit.edu", "/logs?projectid=104")[0]
    return (row["user"], row["verb"], row["name"], row["value"]) == (
        "scratchcat",
        verb,
        name,
        value,
    )


def connect(host):
    """Open a connection; its socket breaks when an answer and the greeting come together."""
    for _ in range(4):
        try:
            return cat.create_cloud_connection(104, cloud_host=host, headers=CLOUD)
        except IndexError:
            time.sleep(0.1)
    return cat.create_cloud_connection(104, cloud_host=host, headers=CLOUD)


@check(
    "ScratchSession.create_cloud_connection",
    *(f"CloudConnection.{name}" for name in ("connect", "set_cloud_variable")),
    *(f"CloudConnection.{name}" for name in ("create_cloud_variable", "delete_cloud_variable")),
    note=RELAYED,
)
def _():
    host = relay("clouddata.scratch.mit.edu")
    connection = connect(host)
    assert connection.get_cloud_variable("foo") == "1391203129031"
    time.sleep(0.2)
    connection.set_cloud_variable("foo", 7)
    assert wait_until(lambda: newest("set_var", "☁ foo", "7"))
    connection.create_cloud_variable("extra", 1)
    assert wait_until(lambda: newest("create_var", "☁ extra", "1"))
    connection.delete_cloud_variable("extra")
    return wait_until(lambda: newest("del_var", "☁ extra"))


@check(
    *(f"AsyncCloudConnection.{name}" for name in ("run", "connect", "cloud_variable_loop")),
    *(f"AsyncCloudConnection.{name}" for name in ("set_cloud_variable", "create_cloud_variable")),
    "AsyncCloudConnection.delete_cloud_variable",
    note=RELAYED,
)
async def _():
    host = relay("clouddata.scratch.mit.edu")
    connection = cat.create_cloud_connection(104, True, cloud_host=host, headers=CLOUD)
    connecting = asyncio.create_task(connection.connect())
    await asyncio.sleep(0.5)
    assert connection.get_cloud_variable("foo") == "7"
    await connection.set_cloud_variable("foo", 8)
    assert await asyncio.to_thread(wait_until, lambda: newest("set_var", "☁ foo", "8"))
    await asyncio.sleep(0.2)
    await connection.create_cloud_variable("other", 1)
    assert await asyncio.to_thread(wait_until, lambda: newest("create_var", "☁ other", "1"))
    await asyncio.sleep(0.2)
    await connection.delete_cloud_variable("other")
    connecting.cancel()
    return await asyncio.to_thread(wait_until, lambda: newest("del_var", "☁ other"))


there = public_methods(
    ScratchSession,
    Project.Project,
    Studio.Studio,
    User.User,
    UserProfile,
    Comment.ProjectComment,
    Comment.StudioComment,
    Comment.ProfileComment,
    Forums.ForumSession,
    Scraping.ScrapingSession,
    Backpack.BackpackItem,
    CloudConnection.CloudConnection,
    CloudConnection.AsyncCloudConnection,
)
print(json.dumps({"client": "scratchclient", "version": "1.0.1"}), flush=True)
asyncio.run(run(there))
sys.stdout.flush()
os._exit(0)  # its cloud listener never ends

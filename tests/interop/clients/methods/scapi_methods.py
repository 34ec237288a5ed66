"""Every public method of scapi that talks to Scratch."""

import asyncio
import base64
import contextlib
import datetime
import json
import os

import scapi
from checks import act, api, check, leave_out, page, picture, public_methods, run
from scapi import exceptions
from scapi.event.cloud import CloudActivity, ScratchCloud, _BaseCloud

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
POSTED = "fails over the answer to its own comment, once the comment is there"
scapi.set_default_proxy(os.environ["HTTPS_PROXY"])


class There:
    """The sessions and things that the checks use."""


async def login(username, password):
    """Log in; sessions of one program share their headers, and so their token, unless parted."""
    session = await scapi.login(username, password)
    session.client.scratch_headers = dict(session.client.scratch_headers)
    return session


async def everything(found):
    """Return all that an asynchronous iterator gives."""
    return [one async for one in found]


async def ids(found):
    """Return the ids of all that an asynchronous iterator gives."""
    return [one.id for one in await everything(found)]


async def posted(there, place, text):
    """Post a comment and find it."""
    with contextlib.suppress(TypeError):
        await place.post_comment(text)
    (newest, *_) = await everything(place.get_comments(limit=1))
    assert newest.content == text
    return newest


@check("login", "session_login", "Session.update", "SessionStatus.update")
async def _(there):
    try:
        await scapi.login("alice", "wrong")
    except exceptions.LoginFailure:
        pass
    else:
        return False
    async with scapi.session_login(there.cat.session_id) as again:
        await again.update()
        return again.username == "scratchcat" and again.status.email == "scratchcat@example.org"


@check("Session.logout")
async def _(there):
    extra = await login("newcomer", "newcomer")
    await extra.logout()
    told = (await extra.client.get("https://scratch.mit.edu/session/")).json()
    await extra.client_close()
    return "user" not in told


@check("Session.change_account_settings", "Session.change_country")
async def _(there):
    await there.cat.change_account_settings(country="Antarctica")
    return api("/users/scratchcat")["profile"]["country"] == "Antarctica"


@check("Session.change_password")
async def _(there):
    await there.bob.change_password("builder", "another")
    try:
        await there.bob.change_password("wrong", "third-one")
    except exceptions.Forbidden:
        return await there.bob.check_password("another")


@check("Session.check_password")
async def _(there):
    right, wrong = await there.cat.check_password("hunter2"), await there.cat.check_password("x")
    return right and not wrong


@check("Session.change_email", "Session.change_subscription")
async def _(there):
    await there.bob.change_email("new@example.org", "another")
    await there.bob.change_subscription(teacher_tips=True)
    await there.bob.update()
    return there.bob.status.email == "new@example.org"


@check("Session.register_info")
async def _(there):
    await there.sam.register_info("homework-2", datetime.date(2012, 1, 1), "other", "Canada")
    return api("/users/student-sam")["profile"]["country"] == "Canada"


@check("Session.become_scratcher", "Session.get_invite_status")
async def _(there):
    assert await there.cat.get_invite_status() is None
    try:
        await there.cat.become_scratcher()
    except exceptions.Forbidden:
        return True


@check("Session.delete_account")
async def _(there):
    extra = await login("newcomer", "newcomer")
    await extra.delete_account("newcomer", delete_project=False)
    await extra.client_close()
    return True


@check("Session.create_project", "Project.edit_project")
async def _(there):
    made = await there.cat.create_project("Made by scapi")
    await made.edit_project({"targets": [], "meta": {"semver": "3.0.0"}})
    await made.update()
    return made.title == "Made by scapi"


@check("Session.create_studio", "Studio.edit", "Studio.set_thumbnail")
async def _(there):
    made = await there.cat.create_studio()
    await made.edit(title="A new one", description="of mine")
    await made.set_thumbnail(PNG)
    assert picture(f"gallery/{made.id}_170x100.png") == PNG
    told = api(f"/studios/{made.id}")
    await made.edit(trash=True)
    return (told["title"], told["description"]) == ("A new one", "of mine\n")


@check("Session.get_feed", "Session.get_messages", "Session.get_message_count")
async def _(there):
    feed = await everything(there.cat.get_feed(limit=40))
    messages = await everything(there.cat.get_messages(limit=40))
    assert messages[0].actor.username == "griffpatch"
    return feed and await there.cat.get_message_count() > 10


@check("Session.clear_message")
async def _(there):
    await there.bob.clear_message()
    return await there.bob.get_message_count() == 1  # the Scratch Team's stays


@check("Session.get_mystuff_projects", "Session.get_mystuff_studios")
async def _(there):
    assert (await ids(there.cat.get_mystuff_projects(sort="love_count")))[0] == 104
    return 26135902 in await ids(there.cat.get_mystuff_studios())


@check("Session.get_followings_loves", "Session.get_followings_project")
async def _(there):
    assert await ids(there.cat.get_followings_loves()) == [104]
    return 60917032 in await ids(there.cat.get_followings_project())


@check("Session.get_followings_studios_project")
async def _(there):
    return 105 in await ids(there.alice.get_followings_studios_project())


@check("Session.get_viewed_projects", "Project.add_view")
async def _(there):
    before = api("/projects/60917032")["stats"]["views"]
    await (await there.cat.get_project(60917032)).add_view()
    assert api("/projects/60917032")["stats"]["views"] == before + 1
    return await ids(there.cat.get_viewed_projects()) == [60917032]


@check("Session.empty_trash", "Project.old_edit")
async def _(there):
    made = await there.cat.create_project("to be thrown away")
    await made.old_edit(trash=True)
    return await there.cat.empty_trash("hunter2") == 1


@check("Session.get_backpacks", "Backpack.delete")
async def _(there):
    text = base64.b64encode(PNG).decode()
    body = {"type": "costume", "mime": "image/png", "name": "cat", "body": text, "thumbnail": text}
    await there.cat.client.post("https://backpack.scratch.mit.edu/scratchcat", json=body)
    (item,) = await everything(there.cat.get_backpacks())
    assert item.name == "cat"
    await item.delete()
    return await everything(there.cat.get_backpacks()) == []


@check("Session.upload_asset")
async def _(there):
    name = await there.cat.upload_asset(b"<svg/>", "svg")
    return page("assets.scratch.mit.edu", f"/{name}") == "<svg/>"


@check(
    "Session.get_project",
    "Session.get_studio",
    "Session.get_user",
    "get_project",
    "get_studio",
    "get_user",
)
async def _(there):
    assert (await there.cat.get_project(60917032)).title == "Appel v1.4"
    assert (await scapi.get_project(60917032)).title == "Appel v1.4"
    assert (await there.cat.get_studio(26135902)).id == (await scapi.get_studio(26135902)).id
    return (await there.cat.get_user("griffpatch")).id == (await scapi.get_user("griffpatch")).id


@check(
    "Session.explore_projects",
    "Session.search_projects",
    "Session.explore_studios",
    "Session.search_studios",
)
async def _(there):
    (first, *_) = await everything(there.cat.explore_projects())
    assert first.title == "Epic 7D platformer 2021"
    assert await ids(there.cat.search_projects("appel")) == [60917032]
    assert await ids(there.cat.search_studios("design")) == [31000001]
    return 26135902 in await ids(there.cat.explore_studios())


@check("explore_projects", "search_projects", "explore_studios", "search_studios")
async def _(there):
    (first, *_) = await everything(scapi.explore_projects(there.cat.client))
    assert first.title == "Epic 7D platformer 2021"
    assert await ids(scapi.search_projects(there.cat.client, "appel")) == [60917032]
    assert await ids(scapi.search_studios(there.cat.client, "design")) == [31000001]
    return 26135902 in await ids(scapi.explore_studios(there.cat.client))


# Users
@check("User.update", "User.load_website")
async def _(there):
    user = await there.cat.get_user("newcomer")
    await user.load_website()
    return user.exist and not user.is_scratcher and user.comments_allowed


@check("User.get_featured")
async def _(there):
    return (await there.cat.user.get_featured()).project.id == 104


@check(
    *("User.get_follower_count", "User.get_followers", "User.get_following_count"),
    *("User.get_followings", "User.get_project_count", "User.get_projects"),
    *("User.get_favorite_count", "User.get_favorites", "User.get_studio_count"),
    *("User.get_studios", "User.get_love_count", "User.get_loves"),
)
async def _(there):
    griffpatch, bob = await there.cat.get_user("griffpatch"), await there.cat.get_user("bob")
    bot = await there.cat.get_user("demo-bot")
    assert await griffpatch.get_follower_count() == len(await ids(griffpatch.get_followers())) == 1
    assert await bob.get_following_count() == len(await ids(bob.get_followings())) == 1
    assert await griffpatch.get_project_count() == len(await ids(griffpatch.get_projects())) == 2
    assert await bob.get_favorite_count() == len(await ids(bob.get_favorites())) == 1
    assert await bot.get_studio_count() == len(await ids(bot.get_studios())) == 1
    return await griffpatch.get_love_count() == len(await ids(griffpatch.get_loves())) == 1


check("User.get_message_count")(lambda there: there.cat.user.get_message_count())


@check("User.get_comments", "User.get_comments_from_old", "Comment.get_replies")
async def _(there):
    ceebee = await there.cat.get_user("ceebee")
    (first, *_) = await everything(ceebee.get_comments())
    assert await everything(first.get_replies()) == []
    return first.content == "Pls ban @griffpatch he is hacking my account"


@check("User.get_activities")
async def _(there):
    found = await everything((await there.cat.get_user("griffpatch")).get_activities(5))
    return found[0].target.id == 104


@check(
    "User.post_comment",
    "Comment.post_comment",
    "Comment.post_reply",
    "Comment.delete",
    "Comment.report",
)
async def _(there):
    user = there.cat.user
    first = await user.post_comment("on my profile")
    reply = await first.post_reply("again")
    assert (reply.content, first.content) == ("@scratchcatagain", "on my profile")
    second = await user.post_comment("to report")
    await first.delete()
    await second.report()
    found = await everything(user.get_comments())
    return not {first.id, second.id} & {one.id for one in found}


@check("User.follow", "User.unfollow")
async def _(there):
    chary = await there.cat.get_user("Za-Chary")
    await chary.follow()
    assert await chary.get_follower_count() == 1
    await chary.unfollow()
    return await chary.get_follower_count() == 0


@check("User.report")
async def _(there):
    await (await there.cat.get_user("bob")).report("username")


@check("User.edit", "User.set_icon")
async def _(there):
    await there.cat.user.edit(bio="A cat", status="Sleeping")
    told = api("/users/scratchcat")["profile"]
    return (told["bio"], told["status"]) == ("A cat", "Sleeping")


@check("User.toggle_comment")
async def _(there):
    await there.cat.user.toggle_comment()
    off = "comments-off" in page("scratch.mit.edu", "/users/scratchcat/")
    await there.cat.user.toggle_comment()
    return off


@check("User.reset_student_password")
async def _(there):
    await (await there.tess.get_user("student-sam")).reset_student_password("homework-3")
    return True


# Projects
@check("Project.update", "Project.get_remixes", "Project.get_studios")
async def _(there):
    assert await ids(there.maze.get_remixes()) == [700000002]
    return await ids((await there.cat.get_project(60917032)).get_studios()) == [26135902]


@check("Project.get_parent_project", "Project.get_root_project")
async def _(there):
    remix = await there.cat.get_project(700000002)
    return (await remix.get_parent_project()).id == (await remix.get_root_project()).id == 105


@check("Project.get_comments", "Project.get_comment_by_id", "Project.get_comments_from_old")
async def _(there):
    newest = await posted(there, there.maze, "from scapi")
    assert (await there.maze.get_comment_by_id(newest.id)).content == "from scapi"
    return (await everything(there.maze.get_comments_from_old()))[0].id == newest.id


check("Project.post_comment", "Studio.post_comment", bug=POSTED)(
    lambda there: there.maze.post_comment("this fails")
)


@check("Comment.update", "Comment.get_parent")
async def _(there):
    newest = await posted(there, there.maze, "to look at again")
    await newest.update()
    return await newest.get_parent() is None and newest.content == "to look at again"


@check("Project.edit", "Project.set_thumbnail")
async def _(there):
    await there.maze.edit(title="A maze", instructions="Find the way", comment_allowed=True)
    await there.maze.set_thumbnail(PNG)
    assert picture("project/105_480x360.png") == PNG
    told = api("/projects/105")
    return (told["title"], told["instructions"]) == ("A maze", "Find the way")


@check("Project.share", "Project.unshare", "Project.get_visibility")
async def _(there):
    draft = await there.cat.get_project(700000003)
    assert await draft.get_visibility()
    await draft.share()
    assert api("/projects/700000003")["public"]
    await draft.unshare()
    try:
        await scapi.get_project(700000003)
    except exceptions.NotFound:
        return True


@check("Project.create_remix")
async def _(there):
    remix = await (await there.bob.get_project(105)).create_remix("maze, again")
    await remix.update()
    return remix.remix_parent_id == 105 or remix.title == "maze, again"


@check(
    *("Project.is_loved", "Project.add_love", "Project.remove_love"),
    *("Project.is_favorited", "Project.add_favorite", "Project.remove_favorite"),
)
async def _(there):
    appel = await there.cat.get_project(60917032)
    await appel.add_love()
    await appel.add_favorite()
    assert await appel.is_loved()
    assert await appel.is_favorited()
    await appel.remove_love()
    await appel.remove_favorite()
    return not await appel.is_loved() and not await appel.is_favorited()


@check("Project.report")
async def _(there):
    return await (await there.cat.get_project(60917032)).report(1, "just a test")


@check(
    "Project.get_remixtree",
    "get_remixtree",
    differs="the site retired the tree by 2025; the sandbox still gives it",
)
async def _(there):
    return await there.maze.get_remixtree()


@check(
    "Project.get_cloud_logs",
    "ScratchCloud.get_logs",
    "CloudActivity.get_user",
    "CloudActivity.get_project",
)
async def _(there):
    act(who="alice", place="project:104", act="cloud", name="foo", value="7")
    (newest, *_) = await everything((await there.cat.get_project(104)).get_cloud_logs())
    assert (await newest.get_user()).username == "alice"
    assert (await everything(there.cat.cloud(104).get_logs()))[0].value == "7"
    return newest.value == "7"


# Studios
@check("Studio.update", "Studio.get_projects", "Studio.add_project", "Studio.remove_project")
async def _(there):
    await there.games.add_project(104)
    assert 104 in await ids(there.games.get_projects())
    await there.games.remove_project(104)
    return 104 not in await ids(there.games.get_projects())


@check("Studio.get_managers", "Studio.get_curators", "Studio.get_host", "Studio.get_my_role")
async def _(there):
    assert (await there.games.get_my_role()).manager
    assert (await there.games.get_host()).username == "Za-Chary"
    managers = [one.username for one in await everything(there.games.get_managers())]
    curators = [one.username for one in await everything(there.games.get_curators())]
    return (managers, curators) == (["Za-Chary", "scratchcat"], ["alice", "demo-bot"])


@check("Studio.get_comments", "Studio.get_comment_by_id", "Studio.get_comments_from_old")
async def _(there):
    newest = await posted(there, there.games, "in the studio")
    assert (await there.games.get_comment_by_id(newest.id)).content == "in the studio"
    return (await everything(there.games.get_comments_from_old()))[0].id == newest.id


@check("Studio.get_activities")
async def _(there):
    return await everything(there.games.get_activities())


@check("Studio.follow", "Studio.unfollow")
async def _(there):
    await there.games.follow()
    assert api("/studios/26135902")["stats"]["followers"] == 1
    await there.games.unfollow()
    return api("/studios/26135902")["stats"]["followers"] == 0


@check(
    "Studio.invite",
    "Studio.accept_invite",
    "Studio.promote",
    "Studio.remove_curator",
    "Studio.leave",
)
async def _(there):
    await there.games.invite("griffpatch")
    griffpatch = await login("griffpatch", "realpassword")
    own = await griffpatch.get_studio(26135902)
    await own.accept_invite()
    await there.games.promote("griffpatch")
    assert len(await everything(there.games.get_managers())) == 3
    await own.leave()
    await griffpatch.client_close()
    await there.games.remove_curator("demo-bot")
    return [one.username for one in await everything(there.games.get_curators())] == ["alice"]


@check("Studio.transfer_ownership")
async def _(there):
    chary = await login("Za-Chary", "za-chary")
    await (await chary.get_studio(26135902)).transfer_ownership("scratchcat", "za-chary")
    await chary.client_close()
    return api("/studios/26135902")["host"] == 101


@check("Studio.open_project", "Studio.close_project", "Studio.toggle_comment")
async def _(there):
    await there.games.close_project()
    assert api("/studios/26135902")["open_to_all"] is False
    await there.games.open_project()
    await there.games.toggle_comment()
    off = api("/studios/26135902")["comments_allowed"] is False
    await there.games.toggle_comment()
    return off and api("/studios/26135902")["open_to_all"]


@check("Studio.report")
async def _(there):
    await there.games.report("title")


# Classes
@check("Session.create_class", "Session.get_mystuff_classes", "Session.get_mystuff_class")
async def _(there):
    made = await there.tess.create_class("Another", "of mine")
    assert (await there.tess.get_mystuff_class(made.id)).title == "Another"
    return made.id in await ids(there.tess.get_mystuff_classes())


@check("Session.get_mystuff_students", "Session.get_my_classroom")
async def _(there):
    assert (await there.sam.get_my_classroom()).id == 156
    students = await everything(there.tess.get_mystuff_students())
    return [one.username for one in students] == ["student-sam"]


@check(
    "Session.get_classroom", "Session.get_classroom_from_token", "get_class", "get_class_from_token"
)
async def _(there):
    assert (await there.tess.get_classroom(156)).id == (await scapi.get_class(156)).id
    by_token = await there.tess.get_classroom_from_token("a1b2c3d4e")
    return (await scapi.get_class_from_token("a1b2c3d4e")).id == by_token.id == 156


@check("Classroom.update", "Classroom.edit", "Classroom.set_icon")
async def _(there):
    await there.room.edit(title="Grade 6", description="We program", status="Games")
    await there.room.set_icon(PNG)
    assert picture("classroom/156_250x150.png") == PNG
    return api("/classrooms/156")["title"] == "Grade 6"


@check(
    "Classroom.create_class_studio",
    "Classroom.get_class_studio_count",
    "Classroom.get_class_studios",
    "Studio.get_classroom_id",
    "Studio.get_classroom",
)
async def _(there):
    made = await there.room.create_class_studio("A class studio", "ours")
    assert await there.room.get_class_studio_count() == 1
    assert await ids(there.room.get_class_studios()) == [made.id]
    assert await ids(there.room.get_class_studios(use_api=True)) == [made.id]
    own = await there.tess.get_studio(made.id)
    return await own.get_classroom_id() == (await own.get_classroom()).id == 156


@check("Classroom.get_student_count", "Classroom.get_students")
async def _(there):
    names = [one.username for one in await everything(there.room.get_students())]
    same = [one.username for one in await everything(there.room.get_students(use_api=True))]
    return names == same == ["student-sam"] and await there.room.get_student_count() == 1


@check("Classroom.get_privete_activity", "Classroom.get_public_activity")
async def _(there):
    act(who="student-sam", place="project:104", act="love")
    assert len(await everything(there.room.get_public_activity())) == 1
    return len(await everything(there.room.get_privete_activity())) == 1


check(
    "Classroom.create_student_account",
    bug="uses a name that it imports for types only, once the account is there",
)(lambda there: there.room.create_student_account("student-two"))


@check("Classroom.get_token", "Classroom.create_student_accounts")
async def _(there):
    token, expires = await there.room.get_token()
    assert token
    assert expires
    await there.room.create_student_accounts({"student-three": "homework"})
    return api("/users/student-three")["username"] == "student-three"


# Forums
@check("Session.get_forum_categories", "get_forum_categories")
async def _(there):
    found = await scapi.get_forum_categories()
    (announcements,) = found["Welcome to Scratch"]
    return announcements.name == "Announcements" and await there.cat.get_forum_categories()


@check(
    "Session.get_forum_category",
    "get_forum_category",
    "ForumCategory.update",
    "ForumCategory.get_topics",
)
async def _(there):
    category = await there.cat.get_forum_category(31)
    (topic,) = await everything(category.get_topics())
    assert (await scapi.get_forum_category(31)).name == "Advanced Topics"
    return (topic.name, topic.author.username) == ("Bots that behave", "scratchcat")


@check("Session.get_forum_topic", "get_forum_topic", "ForumTopic.update", "ForumTopic.get_posts")
async def _(there):
    topic = await there.cat.get_forum_topic(700002)
    posts = await everything(topic.get_posts())
    assert (await scapi.get_forum_topic(700002)).name == topic.name == "Bots that behave"
    return [one.author.username for one in posts] == ["scratchcat", "alice"]


check("Session.get_forum_post", "get_forum_post", bug="looks for the topic's address in the post")(
    lambda there: there.cat.get_forum_post(7000002)
)


@check("ForumPost.update", "ForumPost.get_source")
async def _(there):
    topic = await there.cat.get_forum_topic(700002)
    (post, *_) = await everything(topic.get_posts())
    await post.update()
    return post.number == 1 and "answering itself" in await post.get_source()


@check("ForumTopic.follow", "ForumTopic.unfollow")
async def _(there):
    topic = await there.bob.get_forum_topic(700002)
    await topic.follow()
    await topic.unfollow()


# The site itself
@check("get_news", "get_community_featured")
async def _(there):
    (news, *_) = await everything(scapi.get_news(there.cat.client))
    featured = await scapi.get_community_featured(there.cat.client)
    return news.headline == "Wiki Wednesday!" and featured


@check("get_total_site_stats", "get_monthly_site_traffic", "get_monthly_activity")
async def _(there):
    client = there.cat.client
    assert (await scapi.get_total_site_stats(client)).project_count > 5
    return await scapi.get_monthly_site_traffic(client) and await scapi.get_monthly_activity(client)


@check("check_username", "check_password", "check_email")
async def _(there):
    client = there.cat.client
    taken = await scapi.check_username(client, "griffpatch")
    weak = await scapi.check_password(client, "password")
    return taken.name == "exist" or (taken and weak and await scapi.check_email(client, "a@b.org"))


@check(
    "translation",
    "tts",
    "get_supported_translation_language",
    differs="nothing is translated or spoken here",
)
async def _(there):
    client = there.cat.client
    assert await scapi.translation(client, "en", "hello") == "hello"
    assert await scapi.get_supported_translation_language(client)
    return (await scapi.tts(client, "en-US", "female", "hello")).startswith(b"RIFF")


check("send_password_reset_email")(
    lambda there: scapi.send_password_reset_email(there.cat.client, username="alice")
)


# Cloud variables
@check(
    *(
        f"_BaseCloud.{name}"
        for name in ("handshake", "wait_connect", "send", "get_vars", "get_var")
    ),
    *(f"_BaseCloud.{name}" for name in ("set_var", "create_var", "rename_var")),
    *(f"_BaseCloud.{name}" for name in ("delete_var", "on_connect", "on_set")),
    *("Session.cloud", "Project.cloud"),
)
async def _(there):
    first = there.cat.cloud(104)
    async with first:
        await first.wait_connect(5)
        first.set_var("ping", 5)
        first.set_var("pong", 6)
        first.create_var("extra", 1)
        for _ in range(50):
            await asyncio.sleep(0.1)
            logs = await everything(first.get_logs())
            if {one.variable for one in logs} >= {"☁ ping", "☁ pong", "☁ extra"}:
                break
        else:
            return False
        first.rename_var("extra", "other")
        first.delete_var("other")
        return first.get_vars()


check("_BaseCloud.set_vars", bug="reads pairs out of a dictionary's keys")(
    lambda there: there.cat.cloud(104).set_vars({"ping": 5})
)


async def heard(event, name, /, **cause):
    """Run a listener of the client's, let something happen, and return what it heard."""
    found = asyncio.get_running_loop().create_future()

    async def hear(one):
        if not found.done():
            found.set_result(one)

    hear.__name__ = name
    event.event(hear)
    async with event:
        await asyncio.sleep(1.5)  # it compares whole seconds with its own start
        act(**cause)
        return await asyncio.wait_for(found, 10)


@check("Project.comment_event", "Studio.comment_event", "User.comment_event")
async def _(there):
    texts = []
    for place, key in (
        (there.maze, "project:105"),
        (there.games, "studio:26135902"),
        (there.cat.user, "profile:scratchcat"),
    ):
        said = {"who": "alice", "act": "comment", "place": key, "text": f"listen, {key}"}
        texts.append((await heard(place.comment_event(1), "on_comment", **said)).content)
    return texts == [
        f"listen, {key}" for key in ("project:105", "studio:26135902", "profile:scratchcat")
    ]


@check("Session.message_event")
async def _(there):
    said = {"who": "griffpatch", "act": "favorite", "place": "project:105"}
    return (
        await heard(there.cat.message_event(1), "on_message", **said)
    ).actor.username == "griffpatch"


@check("Project.cloud_log_event", "ScratchCloud.log_event")
async def _(there):
    values = []
    project, cloud = await there.cat.get_project(104), there.cat.cloud(104)
    for listen in (project.cloud_log_event, cloud.log_event):
        said = {"who": "alice", "act": "cloud", "place": "project:104", "name": "foo"}
        told = await heard(listen(interval=0.5), "on_set", **said, value=str(len(values)))
        values.append(str(told.value))
    return values == ["0", "1"]


leave_out("only tells that its own socket has closed", "_BaseCloud.on_disconnect")
leave_out(
    "asks other sites, which nothing may reach from a test",
    *("User.get_ocular_status", "ForumPost.get_ocular_reactions"),
)
leave_out(
    "asks nothing of Scratch",
    *("_BaseCloud.queue_len", "_BaseCloud.add_cloud_symbol", "_BaseCloud.clear_queue"),
    *("CloudActivity._", "count_api_iterative"),
)


async def main():
    there = There()
    names = {"cat": ("scratchcat", "hunter2"), "bob": ("bob", "builder")}
    names |= {"alice": ("alice", "wonderland"), "tess": ("teacher-tess", "chalkboard")}
    names |= {"sam": ("student-sam", "homework")}
    for name, (username, password) in names.items():
        setattr(there, name, await login(username, password))
    there.maze = await there.cat.get_project(105)
    there.games = await there.cat.get_studio(26135902)
    there.room = await there.tess.get_classroom(156)
    methods = public_methods(
        scapi.Session,
        scapi.User,
        scapi.Project,
        scapi.Studio,
        scapi.Classroom,
        scapi.Comment,
        scapi.ForumCategory,
        scapi.ForumTopic,
        scapi.ForumPost,
        scapi.Backpack,
        _BaseCloud,
        ScratchCloud,
        CloudActivity,
    )
    print(json.dumps({"client": "scapi", "version": "3.2.4"}), flush=True)
    await run(methods, there)
    for name in names:
        await getattr(there, name).client_close()


asyncio.run(main())

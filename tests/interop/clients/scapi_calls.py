"""The calls of scapi that have the same meaning as ours."""

import asyncio
import os

import scapi
from telling_calls import did, read, thing

scapi.set_default_proxy(os.environ["HTTPS_PROXY"])


async def login(username, password):
    """Log in; sessions of one program share their headers, and so their token, unless parted."""
    session = await scapi.login(username, password)
    session.client.scratch_headers = dict(session.client.scratch_headers)
    return session


def known(name):
    """Return what tells a field, or None where the client says that it does not know it."""
    return lambda found: None if getattr(found, name) is scapi.UNKNOWN else getattr(found, name)


def project(found):
    return thing(
        "Project",
        found,
        id="id",
        title="title",
        instructions=known("instructions"),
        description=known("description"),
        public="public",
        comments_allowed="comments_allowed",
        created_timestamp="_created_at",
        last_modified_timestamp="_modified_at",
        shared_timestamp="_shared_at",
        view_count="view_count",
        love_count="love_count",
        favorite_count="favorite_count",
        remix_count="remix_count",
        parent="remix_parent_id",
        root="remix_root_id",
    )


def user(found):
    names = {"username": "username", "id": "id", "joined_timestamp": "_joined_at"}
    return thing("User", found, **names, scratchteam="scratchteam")


def studio(found, **more):
    return thing(
        "Studio",
        found,
        id="id",
        title="title",
        host="host_id",
        description="description",
        comments_allowed="comments_allowed",
        open_to_public="open_to_all",
        created_timestamp="_created_at",
        last_modified_timestamp="_modified_at",
        **more,
    )


COUNTS = {name: name for name in ("follower_count", "manager_count", "project_count")}


def comment(kind, found, **more):
    return thing(
        kind,
        found,
        id="id",
        parent_id="parent_id",
        commentee_id="commentee_id",
        content="content",
        author=lambda one: one.author.username,
        author_id=lambda one: one.author.id,
        created_timestamp="_created_at",
        **more,
    )


async def every(kind, found):
    return [kind(one) async for one in found]


async def everybody(cat):
    numbers = (104, 60917032, 700000002)
    read("ScratchSession.get_project", [project(await cat.get_project(one)) for one in numbers])
    names = ("griffpatch", "ceebee")
    read("ScratchSession.get_user", [user(await cat.get_user(one)) for one in names])
    found = await cat.get_user("griffpatch")
    profile = {"username": "username", "id": "profile_id", "bio": "bio", "status": "status"}
    read("User.profile", thing("UserProfile", found, **profile, country="country"))
    studios = [await cat.get_studio(one) for one in (26135902, 31000001)]
    read("ScratchSession.get_studio", [studio(one, **COUNTS) for one in studios])
    trending = await every(project, cat.explore_projects())
    read("ScratchSession.explore_projects", trending, [0])
    read("ScratchSession.search_projects", await every(project, cat.search_projects("appel")), [0])
    read("ScratchSession.search_studios", await every(studio, cat.search_studios("design")))
    owner = await cat.get_user("scratchcat")
    read("User.get_projects", await every(project, owner.get_projects()), [0])
    read("User.get_favorites", await every(project, (await cat.get_user("bob")).get_favorites()))
    read("User.get_followers", await every(user, (await cat.get_user("alice")).get_followers()))
    read("User.get_following", await every(user, owner.get_followings()))
    read("User.get_curating", await every(studio, (await cat.get_user("demo-bot")).get_studios()))
    read("User.get_message_count", await owner.get_message_count())
    passwords = [await cat.check_password("hunter2"), await cat.check_password("wrong")]
    read("ScratchSession.check_password", passwords)


async def comments(cat):
    cloudy, maze = await cat.get_project(104), await cat.get_project(105)
    owner = await cat.get_user("scratchcat")

    def on_project(one):
        return comment("ProjectComment", one, reply_count="reply_count")

    def in_studio(one):
        return comment("StudioComment", one, reply_count="reply_count")

    tops = [one async for one in cloudy.get_comments()]
    read("Project.get_comments", [on_project(one) for one in tops], [0])
    read("Project.get_comment", on_project(await cloudy.get_comment_by_id(tops[0].id)))
    replies = [await every(on_project, one.get_replies()) for one in tops]
    read("ProjectComment.get_replies", replies)
    read("Project.get_remixes", await every(project, maze.get_remixes()))
    appel = await cat.get_project(60917032)
    read("Project.get_studios", await every(studio, appel.get_studios()))
    games = await cat.get_studio(26135902)
    read("Studio.get_curators", await every(user, games.get_curators()))
    read("Studio.get_managers", await every(user, games.get_managers()))
    read("Studio.get_comments", await every(in_studio, games.get_comments()))
    role = await games.get_my_role()
    keys = ("manager", "curator", "invited", "following")
    read("Studio.get_roles", {key: getattr(role, key) for key in keys})
    for name, who, count in (
        ("follower", "alice", "follower"),
        ("following", "scratchcat", "following"),
        ("favorited", "bob", "favorite"),
        ("curated_studios", "demo-bot", "studio"),
        ("shared_projects", "griffpatch", "project"),
    ):
        found = await cat.get_user(who)
        gave = await getattr(found, f"get_{count}_count")()
        read(f"ScrapingSession.get_{name}_count", gave)
    on_profile = await every(lambda one: comment("ProfileComment", one), owner.get_comments())
    read("ScrapingSession.get_profile_comments", on_profile, [1])


async def act(call, work):
    try:
        await work
    except Exception as error:
        did(call, error)
    else:
        did(call)


async def acts(cat, alice, chary, bob):
    cloudy, maze = await cat.get_project(104), await cat.get_project(105)
    games = await cat.get_studio(26135902)
    loved = await alice.get_project(105)
    await act("Project.love", loved.add_love())
    await act("Project.unlove", loved.remove_love())
    await act("Project.favorite", loved.add_favorite())
    await act("Project.unfavorite", loved.remove_favorite())
    await act("Project.view", loved.add_view())
    await act("Project.post_comment", cloudy.post_comment("side & <side> _meow_ 🎈"))
    await act("Project.set_title", maze.edit(title="A maze"))
    await act("Project.set_instructions", maze.edit(instructions="Find & go"))
    await act("Project.set_description", maze.edit(description="Thanks"))
    await act("Project.turn_off_commenting", maze.edit(comment_allowed=False))
    await act("Project.turn_on_commenting", maze.edit(comment_allowed=True))
    await act("User.follow", (await alice.get_user("Za-Chary")).follow())
    await act("User.unfollow", (await alice.get_user("Za-Chary")).unfollow())
    await act("Studio.add_project", games.add_project(105))
    await act("Studio.remove_project", games.remove_project(105))
    followed = await alice.get_studio(26135902)
    await act("Studio.follow", followed.follow())
    await act("Studio.unfollow", followed.unfollow())
    hosted = await chary.get_studio(26135902)
    await act("Studio.open_to_public", hosted.open_project())
    await act("Studio.close_to_public", hosted.close_project())
    await act("Studio.post_comment", games.post_comment("in & out"))
    await act("Studio.accept_curator", (await bob.get_studio(26135902)).accept_invite())
    await act("Studio.promote_curator", hosted.promote("alice"))
    await act("Studio.set_title", hosted.edit(title="Games"))
    await act("Studio.transfer_host", hosted.transfer_ownership("scratchcat", "za-chary"))
    await act("ScratchSession.change_country", cat.change_country("Antarctica"))


async def main():
    cat, alice = await login("scratchcat", "hunter2"), await login("alice", "wonderland")
    chary, bob = await login("Za-Chary", "za-chary"), await login("bob", "builder")
    await everybody(cat)
    await comments(cat)
    await acts(cat, alice, chary, bob)


asyncio.run(main())
os._exit(0)

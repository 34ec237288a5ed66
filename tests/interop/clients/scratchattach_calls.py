"""The calls of scratchattach that have the same meaning as ours."""

import os
import sys
import warnings

warnings.simplefilter("ignore")

import scratchattach as sa
from telling_calls import did, read, thing

sys.stderr, real = sys.stdout, sys.stdout
cat, alice = sa.login("scratchcat", "hunter2"), sa.login("alice", "wonderland")
chary, bob = sa.login("Za-Chary", "za-chary"), sa.login("bob", "builder")


def project(found):
    return thing(
        "Project",
        found,
        id="id",
        title="title",
        instructions="instructions",
        description="notes",
        comments_allowed="comments_allowed",
        thumbnail_URL="thumbnail_url",
        created_timestamp="created",
        last_modified_timestamp="last_modified",
        shared_timestamp="share_date",
        view_count="views",
        love_count="loves",
        favorite_count="favorites",
        remix_count="remix_count",
        parent="remix_parent",
        root="remix_root",
    )


def user(found):
    return thing(
        "User",
        found,
        username="username",
        id="id",
        joined_timestamp="join_date",
        scratchteam="scratchteam",
    )


def profile(found):
    names = {"username": "username", "avatar_URL": "icon_url", "bio": "about_me", "status": "wiwo"}
    return thing("UserProfile", found, **names, country="country")


def studio(found, counts=True):
    names = {"follower_count": "follower_count", "manager_count": "manager_count"}
    return thing(
        "Studio",
        found,
        id="id",
        title="title",
        host="host_id",
        description="description",
        comments_allowed="comments_allowed",
        open_to_public="open_to_all",
        thumbnail_URL="image_url",
        created_timestamp="created",
        last_modified_timestamp="modified",
        **(names | {"project_count": "project_count"} if counts else {}),
    )


def comment(kind, found):
    return thing(
        kind,
        found,
        id="id",
        parent_id="parent_id",
        commentee_id="commentee_id",
        content="content",
        reply_count="reply_count",
        author="author_name",
        author_id="author_id",
        created_timestamp="datetime_created",
    )


def profile_comment(found):
    told = comment("ProfileComment", found)
    del told["fields"]["reply_count"]
    return told


def deed(kind, found, *names):
    return thing(kind, found, type="type", actor="actor_username", **{name: name for name in names})


read(
    "ScratchSession.get_project",
    [project(cat.connect_project(number)) for number in (104, 60917032, 700000002)],
)
read("ScratchSession.get_user", [user(cat.connect_user(name)) for name in ("griffpatch", "ceebee")])
read("User.profile", profile(cat.connect_user("griffpatch")))
read(
    "ScratchSession.get_studio",
    [studio(cat.connect_studio(number)) for number in (26135902, 31000001)],
)
read(
    "ScratchSession.get_messages",
    [deed("Message", one, "actor_id") for one in cat.messages(limit=40)],
    at=[0],
)
read(
    "ScratchSession.explore_projects",
    [project(one) for one in cat.explore_projects(mode="trending")],
    at=[0],
)
read(
    "ScratchSession.search_projects",
    [project(one) for one in cat.search_projects(query="appel")],
    [0],
)
read("ScratchSession.search_studios", [studio(one) for one in cat.search_studios(query="design")])
read(
    "ScratchSession.get_activity",
    [deed("Activity", one, "actor_id") for one in cat.feed(limit=5)],
    [0],
)
read("User.get_projects", [project(one) for one in cat.connect_user("scratchcat").projects()], [0])
read("User.get_favorites", [project(one) for one in cat.connect_user("bob").favorites()])
read("User.get_followers", [user(one) for one in cat.connect_user("alice").followers()])
read("User.get_following", [user(one) for one in cat.connect_user("scratchcat").following()])
read("User.get_curating", [studio(one) for one in cat.connect_user("demo-bot").studios()])
read("User.get_message_count", cat.connect_user("scratchcat").message_count())
cloudy, maze = cat.connect_project(104), cat.connect_project(105)
tops = cloudy.comments()
read("Project.get_comments", [comment("ProjectComment", one) for one in tops], [0])
read("Project.get_comment", comment("ProjectComment", cloudy.comment_by_id(tops[0].id)))
read(
    "ProjectComment.get_replies",
    [[comment("ProjectComment", one) for one in top.replies(use_cache=False)] for top in tops],
)
read("Project.get_remixes", [project(one) for one in maze.remixes()])
read("Project.get_studios", [studio(one) for one in cat.connect_project(60917032).studios()])
read("Project.get_scripts", cloudy.raw_json())
games = cat.connect_studio(26135902)
read("Studio.get_curators", [user(one) for one in games.curators()])
read("Studio.get_managers", [user(one) for one in games.managers()])
read("Studio.get_comments", [comment("StudioComment", one) for one in games.comments()])
read("Studio.get_activity", [deed("Activity", one) for one in games.activity()])
read("Studio.get_roles", games.your_role())
read("ScrapingSession.get_follower_count", cat.connect_user("alice").follower_count())
read("ScrapingSession.get_following_count", cat.connect_user("scratchcat").following_count())
read("ScrapingSession.get_favorited_count", cat.connect_user("bob").favorites_count())
read(
    "ScrapingSession.get_followed_studios_count",
    cat.connect_user("alice").studios_following_count(),
)
read("ScrapingSession.get_curated_studios_count", cat.connect_user("demo-bot").studio_count())
read("ScrapingSession.get_shared_projects_count", cat.connect_user("griffpatch").project_count())
read(
    "ScrapingSession.get_profile_comments",
    [profile_comment(one) for one in cat.connect_user("scratchcat").comments()],
    [1],
)


def act(call, work):
    try:
        work()
    except Exception as error:
        did(call, error)
    else:
        did(call)


loved = alice.connect_project(105)
act("Project.love", loved.love)
act("Project.unlove", loved.unlove)
act("Project.favorite", loved.favorite)
act("Project.unfavorite", loved.unfavorite)
act("Project.view", loved.post_view)
act("Project.post_comment", lambda: cloudy.post_comment("side & <side> _meow_ 🎈"))
act("Project.set_title", lambda: maze.set_title("A maze"))
act("Project.set_instructions", lambda: maze.set_instructions("Find & go"))
act("Project.set_description", lambda: maze.set_notes("Thanks"))
act("Project.turn_off_commenting", maze.turn_off_commenting)
act("Project.turn_on_commenting", maze.turn_on_commenting)
act("Project.toggle_commenting", cat.connect_project(105).toggle_commenting)
act("Project.share", cat.connect_project(700000003).share)
act("User.follow", alice.connect_user("Za-Chary").follow)
act("User.unfollow", alice.connect_user("Za-Chary").unfollow)
me = cat.connect_linked_user()
act("UserProfile.set_bio", lambda: me.set_bio("A cat & more"))
act("UserProfile.set_status", lambda: me.set_wiwo("Sleeping"))
act("Studio.add_project", lambda: games.add_project(105))
act("Studio.remove_project", lambda: games.remove_project(105))
act("Studio.follow", alice.connect_studio(26135902).follow)
act("Studio.unfollow", alice.connect_studio(26135902).unfollow)
hosted = chary.connect_studio(26135902)
act("Studio.open_to_public", hosted.open_projects)
act("Studio.close_to_public", hosted.close_projects)
act("Studio.post_comment", lambda: games.post_comment("in & out"))
act("Studio.accept_curator", bob.connect_studio(26135902).accept_invite)
act("Studio.promote_curator", lambda: hosted.promote_curator("alice"))
act("Studio.set_title", lambda: hosted.set_title("Games"))
act("Studio.set_description", lambda: hosted.set_description("All kinds & more"))
act("Studio.transfer_host", lambda: hosted.transfer_ownership("scratchcat", password="za-chary"))
act("ScratchSession.change_country", lambda: cat.set_country("Antarctica"))
sys.stdout.flush()
os._exit(0)

"""What a type checker knows of the session; mypy, which reads the tests too, is what fails here."""

from typing import Any, assert_type

from scratchbot import (
    Activity,
    AsyncCloudConnection,
    AsyncProfileComment,
    AsyncProject,
    AsyncProjectComment,
    AsyncScratchSession,
    AsyncStudio,
    AsyncStudioComment,
    AsyncUser,
    AsyncUserProfile,
    BackpackItem,
    CloudConnection,
    ForumPost,
    IncompleteProject,
    IncompleteUser,
    Message,
    News,
    ProfileComment,
    Project,
    ProjectComment,
    RemixtreeProject,
    ScratchSession,
    Studio,
    StudioComment,
    User,
    UserProfile,
)
from scratchbot.aio.pages import AsyncPages
from scratchbot.sync.comments import CommentThread
from scratchbot.sync.pages import Pages
from scratchbot.wire.accounts import AccountStatus, Mute
from scratchbot.wire.cloudlog import CloudLog
from scratchbot.wire.frontpage import FrontPage
from scratchbot.wire.statistics import Statistics


def synchronous(session: ScratchSession) -> None:
    assert_type(session.user, User | None)
    assert_type(session.username, str | None)
    user = session.get_user("griffpatch")
    assert_type(user, User)
    assert_type(user.id, int)
    assert_type(user.scratchteam, bool)
    assert_type(user.profile, UserProfile)
    assert_type(user.get_followers(all=True), list[User])
    assert_type(user.get_curating(), list[Studio])
    assert_type(user.followers, Pages[User])
    assert_type(user.post_comment("hi"), ProfileComment)
    project = session.get_project(104)
    assert_type(project, Project)
    assert_type(project.author, IncompleteUser)
    assert_type(project.parent, int | None)
    assert_type(project.love(), bool)
    assert_type(project.get_scripts(), dict[str, Any])
    assert_type(project.get_comments(), list[ProjectComment])
    assert_type(project.comments, Pages[ProjectComment])
    assert_type([comment for comment in project.comments], list[ProjectComment])  # noqa: C416
    assert_type(project.get_comments()[0].project, Project)
    assert_type(project.get_comments()[0].reply("hi"), ProjectComment)
    assert_type(project.get_comment_threads(), list[CommentThread[ProjectComment]])
    assert_type(project.get_cloud_logs(), list[CloudLog])
    assert_type(project.get_cloud_logs()[0]["user"], str)
    assert_type(project.get_remixtree(), list[RemixtreeProject])
    studio = session.get_studio("26135902")
    assert_type(studio, Studio)
    assert_type(studio.owner, str | None)
    assert_type(studio.get_projects(), list[IncompleteProject])
    assert_type(studio.get_activity(), list[Activity])
    assert_type(studio.get_comments(), list[StudioComment])
    assert_type(session.get_news(), list[News])
    assert_type(session.get_messages(filter="comments"), list[Message])
    assert_type(session.get_messages()[0].comment_fragment, str | None)
    assert_type(session.get_front_page(), FrontPage)
    assert_type(session.get_front_page()["curator"], str | None)
    assert_type(session.get_statistics(), Statistics)
    assert_type(session.get_account_status(), AccountStatus)
    assert_type(session.get_account_status().mute, Mute | None)
    assert_type(session.get_own_projects(), list[Project])
    assert_type(session.create_project({}), int)
    assert_type(session.get_backpack(), list[BackpackItem])
    assert_type(session.forums.get_latest_topic_posts(1), list[ForumPost])
    assert_type(session.scraping.get_profile_comments("ceebee"), list[ProfileComment])
    assert_type(session.create_cloud_connection(104), CloudConnection)
    assert_type(session.create_cloud_connection(104, True), AsyncCloudConnection)
    assert_type(session.create_cloud_connection(104).get_cloud_variable("foo"), str)


async def asynchronous(session: AsyncScratchSession) -> None:
    assert_type(session.user, AsyncUser | None)
    user = await session.get_user("griffpatch")
    assert_type(user, AsyncUser)
    assert_type(user.profile, AsyncUserProfile)
    assert_type(await user.get_projects(), list[AsyncProject])
    assert_type(await user.post_comment("hi"), AsyncProfileComment)
    project = await session.get_project(104)
    assert_type(project, AsyncProject)
    assert_type(project.comments, AsyncPages[AsyncProjectComment])
    assert_type([one async for one in project.comments], list[AsyncProjectComment])
    assert_type(await (await project.get_comment(1)).reply("hi"), AsyncProjectComment)
    studio = await session.get_studio(26135902)
    assert_type(studio, AsyncStudio)
    assert_type(await studio.get_managers(), list[AsyncUser])
    assert_type([row async for row in studio.activity], list[Activity])
    assert_type(await studio.get_comments(), list[AsyncStudioComment])
    assert_type(await session.get_messages(), list[Message])
    assert_type(await session.create_cloud_connection(104), AsyncCloudConnection)


def wrong(session: ScratchSession) -> None:
    """Each of these is an error to a type checker, which would tell of an ignore without need."""
    session.get_messages(filter="comment")  # type: ignore[arg-type]
    session.explore_projects("newest")  # type: ignore[arg-type]
    session.search_studios("recent")  # type: ignore[arg-type]
    session.get_user("bob").report("face")  # type: ignore[arg-type]
    session.get_project(104).title = "mine"  # type: ignore[misc]
    session.create_cloud_connection(104).on("changed")  # type: ignore[call-overload]


def test_the_names_that_are_checked_above_are_there() -> None:
    assert callable(synchronous)
    assert callable(asynchronous)
    assert callable(wrong)

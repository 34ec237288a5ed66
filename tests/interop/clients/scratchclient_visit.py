import contextlib

import redirect  # noqa: F401
from scratchclient import ScratchSession
from visit import FOLLOWED, LOVED, PROFILE, PROJECT, STUDIO, report, wait_for

session = ScratchSession("alice", "wonderland")
project, studio, user = (
    session.get_project(PROJECT),
    session.get_studio(STUDIO),
    session.get_user(PROFILE),
)
text = "!hello from scratchclient"
project.post_comment(text)
with contextlib.suppress(
    ValueError
):  # it takes the site's HTML for JSON, once the comment is posted
    studio.post_comment(text)
user.post_comment(text)
session.get_project(LOVED).love()
session.get_user(FOLLOWED).follow()


def answers(comment_type, place):
    """Read the answers that messages tell of: get_replies of its comments fails in the client."""
    told = [
        message.comment_id
        for message in session.get_messages(filter="comments")
        if (message.actor, message.comment_type) == ("demo-bot", comment_type)
    ]
    return [place.get_comment(number).content for number in told]


def on_profile():
    threads = session.scraping.get_profile_comments(PROFILE)
    thread = next(comment for comment in threads if comment.content == text)
    return [reply.content for reply in thread.replies]


report(
    username=session.user.username,
    project=wait_for(lambda: answers(0, project), "the answer on the project"),
    studio=wait_for(lambda: answers(2, studio), "the answer in the studio"),
    profile=wait_for(on_profile, "the answer on the profile"),
    loves=session.get_project(LOVED).love_count,
)

import warnings

import redirect  # noqa: F401

warnings.simplefilter("ignore")

import scratchattach
from scratchattach.utils.requests import requests
from visit import FOLLOWED, LOVED, PROFILE, PROJECT, STUDIO, report, wait_for

session = scratchattach.login("alice", "wonderland")
project, studio, user = (
    session.connect_project(PROJECT),
    session.connect_studio(STUDIO),
    session.connect_user(PROFILE),
)
text = "!hello from scratchattach"
on_project = project.post_comment(text)
in_studio = studio.post_comment(text)
with requests.no_error_handling():  # its check of the answer wants JSON where the site gives HTML
    user.post_comment(text)
session.connect_project(LOVED).love()
session.connect_user(FOLLOWED).follow()


def replies_on_profile():
    thread = next(comment for comment in user.comments() if comment.content == text)
    return [reply.content for reply in thread.cached_replies]


report(
    username=session.connect_linked_user().username,
    project=wait_for(
        lambda: [
            reply.content for reply in project.comment_by_id(on_project.id).replies(use_cache=False)
        ],
        "the answer on the project",
    ),
    studio=wait_for(
        lambda: [
            reply.content for reply in studio.comment_by_id(in_studio.id).replies(use_cache=False)
        ],
        "the answer in the studio",
    ),
    profile=wait_for(replies_on_profile, "the answer on the profile"),
    loves=session.connect_project(LOVED).loves,
)

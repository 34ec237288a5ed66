"""A comment, and two things to read."""

from scratchclient import ScratchSession

session = ScratchSession("ceebee", "ceebee")
session.get_user("bob").post_comment("Hello there")
print(session.get_project(104).get_comments()[1].content)
print(session.get_studio(26135902).title)
print(session.scraping.get_profile_comments("bob")[0].content)

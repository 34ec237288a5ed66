"""Looks after the account."""

from scratchclient import ScratchSession

session = ScratchSession("scratchcat", "hunter2")
print(session.logged_in, session.username, bool(session.csrf_token), session.user.id)
session.change_country("Antarctica")
print(session.get_user("scratchcat").profile.country)
session.user.profile.set_bio("A cat")
session.user.profile.set_status("Asleep")
print(session.user.profile.bio, session.user.profile.status)
session.upload_asset(b"<svg/>", "svg")
print(session.get_messages(all=True)[0].actor)
print(session.get_messages(limit=40, offset=10, filter="comments")[0].comment_fragment)
print(session.get_own_projects(sort="love_count", filter="shared")[0].id)
session.change_email_subscription(teacher_tips=True)
print(session.check_password("hunter2"), session.is_valid_username("somebody-new"))
session.logout()

"""Posts in the forums and reads what was posted."""

from scratchclient import ScratchSession

session = ScratchSession("alice", "wonderland")
session.forums.create_topic(31, "A wish", "A list of\n\n[b]wishes[/b]")
session.forums.post(700002, "I am [i]sure[/i]")
newest = session.forums.get_latest_topic_posts(700002)[0]
print(newest.author, newest.title, session.forums.get_post_source(newest.id))
session.forums.edit_post(newest.id, "I was sure")
session.forums.follow_topic(700002)
session.forums.unfollow_topic(700002)
session.forums.change_signature("Down the [i]hole[/i]")
print(session.forums.get_post_source(newest.id))
print(session.scraping.get_signature(newest.id))
print(session.forums.get_latest_category_posts(31)[0].author)

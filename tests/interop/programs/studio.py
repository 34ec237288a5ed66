"""Makes a studio, fills it, talks in it and deletes it."""

from scratchclient import ScratchSession

session = ScratchSession("scratchcat", "hunter2")
studio = session.get_studio(session.create_studio())
studio.set_title("test")
studio.set_description("a test")
for number in (104, 105):
    studio.add_project(number)
studio.remove_project(105)
print(studio.title, studio.description, [one.id for one in studio.get_projects()])
print(studio.follow()["success"], studio.unfollow()["success"])
studio.toggle_commenting()
studio.toggle_commenting()
comment = studio.post_comment("testing")
reply = comment.reply("testing again")
print(vars(comment)["content"], vars(reply)["content"])
studio.post_comment("testing once more").delete()
print([one.content for one in studio.get_comments()])
studio.delete()

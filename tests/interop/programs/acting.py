"""Makes a project, shows it, talks about it and throws it away."""

import json

from scratchclient import ScratchSession

session = ScratchSession("scratchcat", "hunter2")
code = {"targets": [{"isStage": True, "name": "Stage"}], "meta": {"semver": "3.0.0"}}

project = session.get_project(session.create_project(code))
print(project.love(), project.favorite(), project.unlove(), project.unfavorite())
project.save(json.dumps({**code, "extensions": []}))
project.toggle_commenting()
project.view()
project.set_title("test")
project.share()
project.turn_on_commenting()
project = session.get_project(project.id)
print(project.title, project.public, project.comments_allowed, project.view_count)
comment = project.post_comment("testing")
print(vars(comment)["content"], vars(comment)["parent_id"])
reply = comment.reply("testing again")
print(vars(reply)["content"], vars(reply)["parent_id"] == comment.id)
project.post_comment("bad").delete()
for each in project.get_comments(all=True):
    if "bad" in each.content:
        each.delete()
print([each.content for each in project.get_comments(all=True)])
project.unshare()
project.delete()
print([each.title for each in session.get_own_projects(filter="trashed")])
session.empty_trash("hunter2")
print(session.get_own_projects(filter="trashed"))

"""A bot made with scratchattach, not a line of it about a sandbox: it answers !hello once."""

import json

import scratchattach

session = scratchattach.login("demo-bot", "beepboop")
project = session.connect_project(104)
answered = 0
for comment in project.comments():
    if comment.content.startswith("!hello"):
        comment.reply(f"Hello, {comment.author_name}!")
        answered += 1
print(json.dumps({"answered": answered}))

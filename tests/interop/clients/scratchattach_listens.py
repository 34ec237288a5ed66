"""Prints each comment that message events tell of: LOOP PROJECT BEGAN SPEED STORE."""

import json
import sys

import redirect  # noqa: F401
import scratchattach

DEFAULT = 2
"""The seconds between two looks that scratchattach takes if it is told nothing else."""

session = scratchattach.login("demo-bot", "beepboop")
events = session.connect_message_events(update_interval=DEFAULT / float(sys.argv[4]))


@events.event
def on_message(message):
    if message.type == "addcomment":
        print(json.dumps({"comment": message.comment_id}), flush=True)


@events.event
def on_ready():
    print(json.dumps({"ready": True}), flush=True)


events.start()

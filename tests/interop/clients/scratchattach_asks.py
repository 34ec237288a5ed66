"""Asks as the sprite does, on a cloud server: ADDRESS, then requests as JSON."""

import json
import sys
import threading
import time
import warnings

import redirect  # noqa: F401
from visit import report

warnings.simplefilter("ignore")

import scratchattach
from scratchattach.utils.encoder import Encoding

cloud = scratchattach.CustomCloud(project_id=105, cloud_host=sys.argv[1], username="player")
events, heard, arrived = cloud.events(), [], threading.Event()


@events.event
def on_set(activity):
    if activity.var.startswith("FROM_HOST_"):
        heard.append(activity.value)
        if activity.value.endswith(("2222", "3222")):
            arrived.set()


events.start(thread=True)
time.sleep(1)  # the client leaves out what comes within half a second of its start
answers = []
for number, request in enumerate(json.loads(sys.argv[2])):
    heard.clear()
    arrived.clear()
    cloud.set_var("TO_HOST", f"{Encoding.encode(request)}.{12340 + number}0")
    arrived.wait(10)
    answers.append(Encoding.decode("".join(value.split(".")[0] for value in heard)))
report(answers=answers)
events.stop()

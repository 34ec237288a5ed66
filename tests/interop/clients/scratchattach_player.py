"""Plays ping and pong on a cloud server: ADDRESS ROUNDS."""

import sys
import threading
import time
import warnings

import redirect  # noqa: F401
from visit import report

warnings.simplefilter("ignore")

import scratchattach

address, rounds = sys.argv[1], int(sys.argv[2])
cloud = scratchattach.CustomCloud(project_id=104, cloud_host=address, username="player")
events, heard, arrived = cloud.events(), [], threading.Event()


@events.event
def on_set(activity):
    if activity.var == "pong":
        heard.append(int(activity.value))
        arrived.set()


events.start(thread=True)
time.sleep(1)  # the client leaves out what comes within half a second of its start
for number in range(1, rounds + 1):
    arrived.clear()
    cloud.set_var("ping", number)
    arrived.wait(10)
report(heard=heard)
events.stop()

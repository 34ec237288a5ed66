"""Plays ping and pong on a cloud server whatever becomes of it: ADDRESS."""

import sys
import threading
import time
import warnings

import redirect  # noqa: F401

warnings.simplefilter("ignore")

import scratchattach

cloud = scratchattach.CustomCloud(project_id=104, cloud_host=sys.argv[1], username="player")
events, arrived, heard = cloud.events(), threading.Event(), set()


@events.event
def on_set(activity):
    if activity.var == "pong":
        heard.add(int(activity.value))
        arrived.set()


events.start(thread=True)
time.sleep(1)  # the client leaves out what comes within half a second of its start
number, lost = 0, 0
while True:
    number += 1
    arrived.clear()
    try:
        cloud.set_var("ping", number)
        is_lost = not (arrived.wait(1) and number in heard)
    except Exception:
        is_lost = True
    if is_lost:
        time.sleep(0.2)
        lost += 1
    else:
        print("heard", len(heard), flush=True)
        if lost and all(one in heard for one in range(number - 9, number + 1)):
            print("went on", flush=True)
            break

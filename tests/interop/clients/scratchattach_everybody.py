import os
import time
import warnings

warnings.simplefilter("ignore")

import scratchattach
from everybody import PROJECT, Play

play = Play()
cloud = scratchattach.login(play.username, play.password).connect_cloud(PROJECT)
events = cloud.events()


@events.event
def on_set(activity):
    play.hear(activity.var, activity.value)


events.start(thread=True)
time.sleep(1)  # the client leaves out what comes within half a second of its start
play.play(lambda number: cloud.set_var(play.own, number))
os._exit(0)  # its cloud listeners never end

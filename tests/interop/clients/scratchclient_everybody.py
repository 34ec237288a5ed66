import os
import threading

from everybody import PROJECT, Play
from scratchclient import ScratchSession

play = Play()
session = ScratchSession(play.username, play.password)
connection = None


def connect(_=None):
    """Connect; the client stops listening when two lines come in one frame."""
    global connection
    connection = session.create_cloud_connection(PROJECT)
    connection.on("set", lambda variable: play.hear(variable.name, variable.value))
    for variable in connection._cloudvariables:
        play.hear(variable.name, variable.value)


threading.excepthook = connect
connect()
play.play(lambda number: connection.set_cloud_variable(play.own, number))
os._exit(0)  # its cloud listeners never end

"""Answers a number that stands for a name with how many follow who has it."""

from scratchclient import ScratchSession

LETTERS = " abcdefghijklmnopqrstuvwxyz1234567890-_"

session = ScratchSession("demo-bot", "beepboop")
connection = session.create_cloud_connection(104)


def decoded(number):
    return "".join(LETTERS[int(number[at : at + 2])] for at in range(0, len(number), 2))


@connection.on("set")
def on_set(variable):
    print("heard", variable.value, flush=True)
    if variable.name == "ping":
        name = decoded(variable.value[1:])
        followers = int(session.scraping.get_follower_count(name))
        following = int(session.scraping.get_following_count(name))
        connection.set_cloud_variable("pong", f"{followers}00{following}")
        print("answered", name, followers, following, flush=True)


print("ready", flush=True)

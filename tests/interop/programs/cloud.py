"""Sets a cloud variable, reads another, and listens."""

from scratchclient import ScratchSession

session = ScratchSession("scratchcat", "hunter2")
connection = session.create_cloud_connection(104)


@connection.on("set")
def on_set(variable):
    print("set", variable.name.removeprefix("☁ "), variable.value, flush=True)


@connection.on("change")
def on_change(variable):
    print("changed to", variable.value, flush=True)


print(connection.get_cloud_variable("foo"), flush=True)
connection.set_cloud_variable("foo", 5000)
print(connection.get_cloud_variable("foo"), flush=True)

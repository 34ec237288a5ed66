"""Listens with coroutine functions, and sets from one of them."""

from scratchclient import ScratchSession

session = ScratchSession("scratchcat", "hunter2")
connection = session.create_cloud_connection(104, is_async=True)


@connection.on("connect")
async def on_connect():
    print("connected", connection.get_cloud_variable("foo"), flush=True)


@connection.on("set")
async def on_set(variable):
    print("set", variable.value, flush=True)
    await connection.set_cloud_variable("pong", variable.value)


connection.run()

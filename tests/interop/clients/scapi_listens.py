"""Prints each comment that an event tells of: LOOP PROJECT BEGAN SPEED STORE."""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime

import redirect  # noqa: F401
import scapi

DEFAULT = 30
"""The seconds between two looks that scapi takes if it is told nothing else."""


async def main(loop, project, began, speed):
    async with scapi.login("demo-bot", "beepboop") as session:
        interval = DEFAULT / speed
        if loop == "MessageEvent":
            event = session.message_event(interval)
        else:
            event = (await session.get_project(project)).comment_event(interval)
        # It goes on from what its own clock says, and here the clock is fast.
        event.lastest_time = datetime.fromtimestamp(began + (time.time() - began) * speed, UTC)

        @event.event
        async def on_message(message):
            if message.action is scapi.ActivityAction.Comment:
                print(json.dumps({"comment": message.target.id}), flush=True)

        @event.event
        async def on_comment(comment):
            print(json.dumps({"comment": comment.id}), flush=True)

        running = event.run()
        print(json.dumps({"ready": True}), flush=True)
        await running


asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])))

"""Answers a project that asks with the Cloud Requests sprite how many messages somebody has.

It needs the package scratchbot-cloud-requests. In the project, the sprite's block that sends the
request "messages" with a user's name brings the number into the list "response".
"""

from scratchbot import AsyncScratchSession, Bot
from scratchbot.watch import Cloud
from scratchbot_cloud_requests import CloudRequests

bot = Bot("messages")
requests = CloudRequests(Cloud(104))
bot.include(requests)


@requests.on("messages", concurrency=10)
async def messages(username: str, session: AsyncScratchSession) -> int:
    """Say how many messages somebody has not read."""
    user = await session.get_user(username)
    return await user.get_message_count()

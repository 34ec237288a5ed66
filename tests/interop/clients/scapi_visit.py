import asyncio
import contextlib
import time

import redirect  # noqa: F401
import scapi
from visit import FOLLOWED, LOVED, PATIENCE, PROFILE, PROJECT, STUDIO, report


async def answers(look):
    """Look until there are answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = [reply.content async for reply in look()]
        if found:
            return found
        await asyncio.sleep(0.2)
    raise SystemExit("waited in vain for an answer")


async def posted(place, text):
    """Post a comment and find it: the client fails over the site's answer to its own post."""
    with contextlib.suppress(TypeError):
        await place.post_comment(text)
    async for comment in place.get_comments():
        if comment.content == text:
            return comment
    raise SystemExit("the comment is not there")


async def main():
    async with scapi.login("alice", "wonderland") as session:
        project = await session.get_project(PROJECT)
        studio = await session.get_studio(STUDIO)
        user = await session.get_user(PROFILE)
        text = "!hello from scapi"
        on_project = await posted(project, text)
        in_studio = await posted(studio, text)
        on_profile = await user.post_comment(text)
        loved = await session.get_project(LOVED)
        await loved.add_love()
        await (await session.get_user(FOLLOWED)).follow()

        async def on_the_profile():
            async for comment in user.get_comments():
                if comment.id == on_profile.id:
                    async for reply in comment.get_replies():
                        yield reply

        found = {
            "project": await answers(on_project.get_replies),
            "studio": await answers(in_studio.get_replies),
            "profile": await answers(on_the_profile),
        }
        await loved.update()
        report(
            username=session.username,
            loves=loved.love_count,
            **found,
        )


asyncio.run(main())

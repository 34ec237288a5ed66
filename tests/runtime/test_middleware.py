"""Middlewares, cooldowns and quotas, help, and commands as people use them."""

from pathlib import Path
from typing import Any, Literal

import pytest

from scratchbot import AsyncProject, AsyncScratchSession, AsyncUser, Bot, Plugin, Project
from scratchbot.errors import RegistrationError
from scratchbot.events import CommentEvent
from scratchbot.filters import by, starts_with
from scratchbot.limits import cooldown, quota
from scratchbot.router import CallNext
from scratchbot.watch import ProjectComments
from tests.scratch import Scratch

pytestmark = pytest.mark.asyncio


def bot_at_104(*, help: str | None = "!help") -> Bot:  # the bot calls it so
    bot = Bot("bot", help=help)
    bot.watch(ProjectComments(104))
    return bot


async def answers(scratch: Scratch, bot: Bot, *texts: str, name: str = "alice") -> list[list[str]]:
    posted = []
    for text in texts:
        posted.append(scratch.user(name).comment(104, text))
        await scratch.settled(bot)
    return [comment.replies for comment in posted]


async def test_middlewares_stand_around_handlers_the_bot_s_outermost(scratch: Scratch) -> None:
    bot, steps = bot_at_104(), []
    plugin = Plugin("inner", permissions=["comment.reply"])

    @bot.middleware
    async def outer(event: CommentEvent, call_next: CallNext) -> object:
        steps.append("outer in")
        returned = await call_next(event)
        steps.append(f"outer out: {returned}")
        return returned

    @plugin.middleware
    async def inner(event: CommentEvent, call_next: CallNext) -> object:
        if event.author == "bob":
            return None
        steps.append("inner in")
        return f"{await call_next(event)}!"

    @plugin.command("!hi")
    def hi() -> str:
        steps.append("handler")
        return "Hi"

    bot.include(plugin)
    async with scratch.running(bot):
        assert await answers(scratch, bot, "!hi") == [["Hi!"]]
        assert steps == ["outer in", "inner in", "handler", "outer out: Hi!"]
        assert await answers(scratch, bot, "!hi", name="bob") == [[]]


async def test_a_middleware_that_fails_is_the_run_s_failure_and_is_tried_again(
    scratch: Scratch,
) -> None:
    bot, tries = bot_at_104(), []

    @bot.middleware
    async def flaky(event: CommentEvent, call_next: CallNext) -> object:
        tries.append(event.id)
        if len(tries) == 1:
            raise OSError("not now")
        return await call_next(event)

    @bot.on("comment")
    async def greet(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, "Hi")

    async with scratch.running(bot):
        asked = scratch.user("alice").comment(104, "hi")
        with pytest.raises(AssertionError, match="OSError: not now"):
            await scratch.settled(bot)
        scratch.jump(minutes=1)
        await scratch.settled(bot)
    assert asked.replies == ["Hi"]


async def test_filters_choose_the_events(scratch: Scratch) -> None:
    bot = bot_at_104()

    @bot.on("comment", starts_with("hey") & ~by("bob"))
    async def greet(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, "Hi")

    async with scratch.running(bot):
        assert await answers(scratch, bot, "HEY you", "oh hey") == [["Hi"], []]
        assert await answers(scratch, bot, "hey", name="bob") == [[]]


async def test_a_filter_that_fails_is_the_run_s_failure(scratch: Scratch) -> None:
    bot = bot_at_104()

    @bot.on("comment", lambda event: event.nonsense, retries=0)
    async def greet(event: CommentEvent) -> None: ...

    async with scratch.running(bot):
        scratch.user("alice").comment(104, "hi")
        with pytest.raises(AssertionError, match=r"AttributeError: .*nonsense"):
            await scratch.settled(bot)


async def test_a_cooldown_lets_each_person_through_once_in_its_time(
    scratch: Scratch, tmp_path: Path
) -> None:
    def make() -> Bot:
        bot = bot_at_104()

        @bot.command("!roll")
        @cooldown(minutes=10, say="Wait a bit, please.")
        async def roll() -> str:
            return "4"

        return bot

    bot, store = make(), tmp_path / "bot.db"
    async with scratch.running(bot, store=store):
        assert await answers(scratch, bot, "!roll", "!roll", "!roll") == [
            ["4"],
            ["Wait a bit, please."],
            [],
        ]
        assert await answers(scratch, bot, "!roll", name="bob") == [["4"]]
    bot = make()
    async with scratch.running(bot, store=store):
        assert await answers(scratch, bot, "!roll") == [["Wait a bit, please."]]
        scratch.jump(minutes=11)
        assert await answers(scratch, bot, "!roll") == [["4"]]


async def test_wrong_use_of_a_command_uses_up_no_cooldown(scratch: Scratch, tmp_path: Path) -> None:
    def make() -> Bot:
        bot = bot_at_104()

        @bot.command("!title")
        @cooldown(minutes=10)
        async def title(project: AsyncProject) -> str:
            return project.title

        return bot

    bot, store = make(), tmp_path / "bot.db"
    usage = "Write it like this: !title <project>"
    async with scratch.running(bot, store=store):
        assert await answers(scratch, bot, "!title") == [[usage]]
        assert await answers(scratch, bot, "!title 9999") == [[]]
    bot = make()
    async with scratch.running(bot, store=store):
        asked = await answers(scratch, bot, "!title 104", "!title 104")
    assert [len(answer) for answer in asked] == [1, 0]


async def test_a_quota_counts_places_or_all(scratch: Scratch) -> None:
    bot = bot_at_104()

    @bot.command("!place")
    @quota(2, hours=1, per="place")
    async def place() -> str:
        return "here"

    @bot.command("!all")
    @quota(1, hours=1, per="bot")
    async def everybody() -> str:
        return "once"

    async with scratch.running(bot):
        assert await answers(scratch, bot, "!place", "!all") == [["here"], ["once"]]
        assert await answers(scratch, bot, "!place", "!all", "!place", name="bob") == [
            ["here"],
            [],
            [],
        ]


async def test_a_limit_above_the_registration_or_without_a_time_is_refused() -> None:
    bot = bot_at_104()

    with pytest.raises(RegistrationError, match=r"below @bot\.on.*test_middleware\.py:\d+"):

        @cooldown(minutes=1)
        @bot.on("comment")
        async def late(event: CommentEvent) -> None: ...

    per: Any = "x"
    for wrong in (cooldown, lambda: quota(0, hours=1), lambda: cooldown(hours=1, per=per)):
        with pytest.raises(RegistrationError, match=r"test_middleware\.py:\d+"):
            wrong()  # type: ignore[no-untyped-call] # one is typed, the lambdas are not


async def test_a_middleware_whose_parameters_are_the_other_way_round_is_refused() -> None:
    async def swapped(call_next: CallNext, event: CommentEvent) -> Any:
        return await call_next(event)

    with pytest.raises(RegistrationError, match=r"in this order.*test_middleware\.py:\d+"):
        bot_at_104().middleware(swapped)  # type: ignore[type-var]


def helpful() -> Bot:
    bot = bot_at_104()

    @bot.command("!score")
    async def score(player: AsyncUser, top: int | None = None) -> str:
        """Tell the score of a player.

        Nobody reads this part in a comment.
        """
        return f"{player.username} {top}"

    @bot.command("!team")
    async def team(colour: Literal["red", "blue"]) -> str:
        return colour

    @bot.command("!title")
    def title(project: Project) -> str:
        """Tell a project's title."""
        return project.title

    return bot


async def test_help_lists_the_commands_and_explains_each(scratch: Scratch) -> None:
    bot = helpful()
    async with scratch.running(bot):
        assert await answers(scratch, bot, "!help", "!help score", "!HELP !title", "!help x") == [
            [
                "!score <player> [top]: Tell the score of a player.\n"
                "!team <colour>\n"
                "!title <project>: Tell a project's title.\n"
                "!help <command> tells more."
            ],
            ["!score <player> [top]: Tell the score of a player."],
            ["!title <project>: Tell a project's title."],
            ["There is no command x. There are: !score, !team, !title."],
        ]


async def test_help_fits_a_comment_however_many_commands_there_are(scratch: Scratch) -> None:
    bot = bot_at_104()
    for number in range(100):

        async def command(event: CommentEvent) -> str:
            """Do something that takes a long sentence to explain to anybody who asks."""
            return ""

        command.__qualname__ = f"command{number}"
        bot.command(f"!command{number}")(command)
    async with scratch.running(bot):
        ((told,),) = await answers(scratch, bot, "!help")
    assert len(told) <= 500
    assert told.startswith("!help <command> tells more. !command0 !command1")


async def test_without_commands_or_by_its_author_s_wish_a_bot_gives_no_help(
    scratch: Scratch,
) -> None:
    for bot in (bot_at_104(), bot_at_104(help=None)):
        if bot.handlers == ():
            bot.on("comment", by("nobody"))(_nothing)
        else:
            bot.command("!x")(_nothing)
        async with scratch.running(bot):
            assert await answers(scratch, bot, "!help") == [[]]


async def _nothing(event: CommentEvent) -> None: ...


async def test_words_become_users_projects_and_choices(scratch: Scratch) -> None:
    bot = helpful()
    usage = "Write it like this: "
    async with scratch.running(bot):
        assert await answers(
            scratch,
            bot,
            "!score @griffpatch 3",
            "!score https://scratch.mit.edu/users/griffpatch/",
            "!team RED",
            "!team green",
            "!title 60917032",
            "!title https://scratch.mit.edu/projects/60917032/",
            "!title soup",
            "!score nobody-at-all",
        ) == [
            ["griffpatch 3"],
            ["griffpatch None"],
            ["red"],
            [f"colour must be red or blue. {usage}!team <colour>"],
            ["Appel v1.4"],
            ["Appel v1.4"],
            [f"project must be a project's number. {usage}!title <project>"],
            [f"There is no user nobody-at-all on Scratch. {usage}!score <player> [top]"],
        ]


async def test_wrong_use_is_explained_to_a_person_once(scratch: Scratch) -> None:
    bot = helpful()
    async with scratch.running(bot):
        said = await answers(scratch, bot, "!team", "!team", "!team")
        assert [len(one) for one in said] == [1, 0, 0]
        assert len((await answers(scratch, bot, "!team", name="bob"))[0]) == 1
        scratch.jump(hours=2)
        assert len((await answers(scratch, bot, "!team"))[0]) == 1


async def test_a_command_twice_is_refused_wherever_it_comes_from() -> None:
    bot, plugin = helpful(), Plugin("other", permissions=["comment.reply"])
    plugin.command("!SCORE")(_nothing)
    with pytest.raises(RegistrationError, match=r"'!score' is the command of .*\.py:\d+"):
        bot.command("!score")(_nothing)
    with pytest.raises(
        RegistrationError,
        match=r"'other' has a command '!score', and so has 'bot'; a bot can have it once",
    ):
        bot.include(plugin)

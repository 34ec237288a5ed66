import functools
from dataclasses import dataclass
from typing import Any

import pytest
import structlog

from scratchbot import AsyncScratchSession, Bot, Plugin, ScratchSession
from scratchbot.aio.store import AsyncStore
from scratchbot.errors import RegistrationError
from scratchbot.events import CloudSetEvent, CommentEvent, MessageEvent
from scratchbot.handlers import CommentCall


@dataclass(frozen=True)
class Config:
    greeting: str = "Hello"


def filled(router: Bot | Plugin) -> dict[str, str]:
    return dict(router.handlers[-1].parameters)


def test_parameters_are_filled_by_annotation_first_and_by_name_second() -> None:
    bot = Bot("bot")

    @bot.on("comment")
    async def handler(
        what: CommentEvent,
        site: AsyncScratchSession,
        memory: AsyncStore,
        me: Bot,
        logger: structlog.stdlib.BoundLogger,
        event: Any,
    ) -> None: ...

    assert filled(bot) == {
        "what": "event",
        "site": "session",
        "memory": "store",
        "me": "bot",
        "logger": "log",
        "event": "event",
    }


def test_a_union_of_events_is_an_event() -> None:
    bot = Bot("bot")

    @bot.on("*")
    async def handler(what: CommentEvent | MessageEvent) -> None: ...

    assert filled(bot) == {"what": "event"}


def test_a_plugin_s_config_is_filled_by_its_class() -> None:
    plugin = Plugin("greeter", config=Config)

    @plugin.on("comment")
    async def handler(event: CommentEvent, settings: Config, config: Any) -> None: ...

    assert filled(plugin) == {"event": "event", "settings": "config", "config": "config"}


def test_a_parameter_that_nothing_can_fill_is_refused_with_its_place() -> None:
    bot = Bot("bot")

    def handler(event: Any, sesion: Any) -> None: ...

    with pytest.raises(
        RegistrationError, match=r"nothing can fill .*sesion.*test_handlers\.py:\d+\)"
    ):
        bot.on("comment")(handler)


def test_a_parameter_with_a_default_may_stay_unfilled() -> None:
    bot = Bot("bot")

    @bot.on("comment")
    def handler(event: Any, times: int = 3) -> None: ...

    assert filled(bot) == {"event": "event"}


def test_an_event_class_that_can_never_come_is_refused() -> None:
    bot = Bot("bot")

    async def handler(event: CloudSetEvent) -> None: ...

    with pytest.raises(RegistrationError, match="CommentEvent, never CloudSetEvent"):
        bot.on("comment")(handler)


def test_a_plain_function_is_given_the_synchronous_session_and_no_other() -> None:
    bot = Bot("bot")

    def right(event: Any, session: ScratchSession) -> None: ...

    def wrong(event: Any, session: AsyncScratchSession) -> None: ...

    bot.on("comment")(right)
    with pytest.raises(RegistrationError, match="a plain def is given ScratchSession"):
        bot.on("comment")(wrong)


def test_filters_are_equality_on_fields() -> None:
    bot = Bot("bot")
    bot.on("comment.project", project_id=104)(lambda event: None)
    event = comment(project_id=104)
    assert bot.handlers[0].wants(event)
    assert not bot.handlers[0].wants(comment(project_id=105))


def test_one_function_can_be_registered_for_two_events_but_two_of_one_name_cannot() -> None:
    bot = Bot("bot")

    def handler(event: Any) -> None: ...

    bot.on("comment.project")(bot.on("comment.studio")(handler))
    assert [each.name.rpartition(".")[2] for each in bot.handlers] == ["handler", "project]"]

    def other() -> None: ...

    other.__qualname__ = handler.__qualname__
    with pytest.raises(RegistrationError, match="two handlers called"):
        bot.on("comment")(other)


@pytest.mark.parametrize(
    "register",
    [
        lambda bot: bot.every(),
        lambda bot: bot.cron("every day"),
        lambda bot: bot.cron("0 9 * * *", timezone="Mars/Olympus"),
        lambda bot: bot.command("two words"),
        lambda bot: bot.watch("messages"),
        lambda bot: bot.on("commend"),
    ],
)
def test_what_can_never_work_is_refused_when_it_is_registered(register: Any) -> None:
    with pytest.raises(RegistrationError):
        register(Bot("bot"))


def comment(content: str = "hi", **fields: Any) -> CommentEvent:
    from tests.test_events import AT

    return CommentEvent(
        id="comment:project:104:1",
        name="comment.project",
        at=AT,
        source="project-comments:104",
        comment_id=1,
        content=content,
        author="alice",
        where="project",
        target="104",
        **fields,
    )


def test_an_annotation_for_type_checkers_only_does_not_hide_the_others() -> None:
    bot = Bot("bot")

    async def score(event: "OnlyForTypeCheckers", session: Any, top: "int" = 3) -> str:  # type: ignore[name-defined] # noqa: F821
        return f"{top}"

    bot.command("!score")(score)
    handler = bot.handlers[0]
    assert dict(handler.parameters) == {"event": "event", "session": "session"}
    assert handler.call is not None
    assert handler.call.parse(comment(content="!score 5")) == {"top": 5}


def test_an_argument_may_bear_the_name_of_something_else() -> None:
    bot = Bot("bot")

    @bot.command("!log")
    async def write(event: CommentEvent, log: str) -> None: ...

    handler = bot.handlers[0]
    assert dict(handler.parameters) == {"event": "event"}
    assert isinstance(handler.call, CommentCall)
    assert handler.call.command.usage == "!log <log>"


def test_what_a_decorator_wraps_is_read_through_it() -> None:
    bot = Bot("bot")

    def twice(function: Any) -> Any:
        @functools.wraps(function)
        async def again(*values: Any, **named: Any) -> None:
            await function(*values, **named)

        return again

    @bot.on("comment")
    @twice
    async def handler(what: CommentEvent) -> None: ...

    assert filled(bot) == {"what": "event"}


def test_a_callable_object_is_refused_with_its_place_and_its_method_is_taken() -> None:
    class Greeter:
        async def greet(self, event: CommentEvent) -> None: ...

        __call__ = greet

    bot, greeter = Bot("bot"), Greeter()
    with pytest.raises(RegistrationError, match=r"is no function: .* \(.*test_handlers\.py:\d+\)"):
        bot.on("comment")(greeter)
    bot.on("comment")(greeter.greet)
    assert bot.handlers[0].is_async


def test_what_can_never_be_called_rightly_is_refused() -> None:
    bot = Bot("strict")

    async def yields(event: CommentEvent):  # type: ignore[no-untyped-def]
        yield event

    async def by_position(event: CommentEvent, number: int, /) -> None: ...

    async def wrong(event: int) -> None: ...

    async def words(event: CommentEvent, *words: str) -> None: ...

    async def unknown(number: "Intt") -> None: ...  # type: ignore[name-defined] # noqa: F821

    for function, said in (
        (yields, "has a yield"),
        (by_position, "leave the / out"),
        (wrong, "is no int"),
        (words, r"nothing can fill '\*words: str': name each parameter"),
        (CommentEvent, "is no function"),
    ):
        with pytest.raises(RegistrationError, match=said):
            bot.on("comment")(function)
    with pytest.raises(RegistrationError, match="'Intt' of 'number' is not known there"):
        bot.command("!number")(unknown)


def test_a_command_twice_is_refused_whichever_came_first() -> None:
    bot, plugin = Bot("one"), Plugin("two")
    bot.include(plugin)

    @plugin.command("!x")
    async def first() -> str:
        return "plugin"

    @bot.command("!x")
    async def second() -> str:
        return "bot"

    with pytest.raises(RegistrationError, match=r"'!x' is the command of one.*second and of two"):
        bot.check()


def test_a_state_that_nothing_makes_is_refused_before_the_bot_starts() -> None:
    bot = Bot("one")

    @bot.on("comment")
    async def handle(state: object) -> None: ...

    with pytest.raises(RegistrationError, match="asks for 'state', and nothing makes one"):
        bot.check()

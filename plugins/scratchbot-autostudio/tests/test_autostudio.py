"""A studio on the local Scratch, and a bot that adds projects to it."""

from pathlib import Path

import pytest

from scratchbot import Bot
from scratchbot.errors import AppError, SiteDownError
from scratchbot.events import Event
from scratchbot.router import CallNext
from scratchbot.settings import Network, Settings
from scratchbot.testing import Posted, Scratch
from scratchbot.watch import Activity, ProjectComments, StudioActivity, StudioComments
from scratchbot_autostudio import AutoStudio, plugin

pytestmark = pytest.mark.asyncio

STUDIO, MANAGER = 26135902, "Za-Chary"
PLACE = f"studio:{STUDIO}"
LINK = "https://scratch.mit.edu/projects/{}"


def studio_bot(*, studio: int = STUDIO) -> Bot:
    bot = Bot("keeper")
    bot.include(AutoStudio(studio))
    return bot


def set_to(scratch: Scratch, **table: object) -> Settings:
    network = Network(endpoint=scratch.address, limits=False)
    return Settings(
        network=network,
        plugins={"autostudio": {"approvers": [MANAGER], **table}},
        failed_plugins="stop",
    )


def at_once(scratch: Scratch, **table: object) -> Settings:
    return set_to(scratch, approval="none", **table)


def ask(scratch: Scratch, project: int, name: str = "alice") -> Posted:
    return scratch.user(name).comment(PLACE, f"please add {LINK.format(project)}")


def tell(scratch: Scratch, words: str, name: str = MANAGER) -> Posted:
    return scratch.user(name).comment(PLACE, words)


def inside(scratch: Scratch) -> set[int]:
    return set(scratch.world.studios[STUDIO].projects)


def share(scratch: Scratch, name: str, title: str = "A new maze") -> int:
    made = scratch.act("create_project", name, {}, title)
    scratch.act("share", name, made.id)
    return int(made.id)


async def settled(scratch: Scratch, bot: Bot, **time: float) -> None:
    if time:
        scratch.jump(**time)
    await scratch.settled(bot)


async def test_what_is_asked_for_waits_until_a_manager_approves_it(scratch: Scratch) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=set_to(scratch)):
        asked = ask(scratch, 104)
        await settled(scratch, bot)
        assert asked.replies == ["104 waits for a manager."]
        assert 104 not in inside(scratch)
        approved = tell(scratch, "!approve 104")
        await settled(scratch, bot)
        assert approved.replies == ["104 is in the studio now."]
        assert 104 in inside(scratch)


async def test_what_a_manager_rejects_is_remembered(scratch: Scratch, tmp_path: Path) -> None:
    bot, store = studio_bot(), tmp_path / "bot.db"
    async with scratch.running(bot, store=store, settings=set_to(scratch)):
        ask(scratch, 104)
        await settled(scratch, bot)
        rejected = tell(scratch, "!reject " + LINK.format(104))
        await settled(scratch, bot)
        assert rejected.replies == ["104 is turned down, and will not be asked for again."]
    bot = studio_bot()
    async with scratch.running(bot, store=store, settings=at_once(scratch)):
        asked = ask(scratch, 104, "bob")
        approved = tell(scratch, "!approve 104")
        await settled(scratch, bot)
    assert asked.replies == ["104 was turned down before."]
    assert approved.replies == ["104 was turned down before."]
    assert 104 not in inside(scratch)


async def test_what_waits_is_listed_for_a_manager(scratch: Scratch, tmp_path: Path) -> None:
    bot, store = studio_bot(), tmp_path / "bot.db"
    async with scratch.running(bot, store=store, settings=set_to(scratch)):
        nothing = tell(scratch, "!waiting")
        await settled(scratch, bot)
        ask(scratch, 104)
        await settled(scratch, bot)
        ask(scratch, 105)
        await settled(scratch, bot)
    bot = studio_bot()
    async with scratch.running(bot, store=store, settings=set_to(scratch)):
        listed = tell(scratch, "!waiting")
        await settled(scratch, bot)
    assert nothing.replies == ["Nothing waits."]
    assert listed.replies == ["2 wait: 104, 105."]


async def test_a_long_list_of_what_waits_fits_into_a_comment(scratch: Scratch) -> None:
    bot = studio_bot()
    numbers = [share(scratch, "bob", f"Maze {number}") for number in range(24)]
    async with scratch.running(bot, settings=set_to(scratch, asks_a_day=50)):
        for number in range(0, 24, 3):
            links = " ".join(LINK.format(each) for each in numbers[number : number + 3])
            scratch.user("alice").comment(PLACE, links)
            await settled(scratch, bot)
        listed = tell(scratch, "!waiting")
        await settled(scratch, bot)
    (said,) = listed.replies
    assert said.startswith("24 wait: ")
    assert said.endswith(" and 4 more.")


@pytest.mark.parametrize("words", ["!approve 104", "!reject 104", "!waiting", "!approve"])
async def test_only_approvers_are_heeded_and_others_are_told_once(
    scratch: Scratch, words: str
) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=set_to(scratch)):
        ask(scratch, 104)
        await settled(scratch, bot)
        first, second = tell(scratch, words, "bob"), tell(scratch, words + " !", "bob")
        await settled(scratch, bot)
        listed = tell(scratch, "!WAITING", MANAGER.lower())
        await settled(scratch, bot)
    assert [first.replies, second.replies] == [
        ["Sorry @bob, only this studio's managers decide that."],
        [],
    ]
    assert listed.replies == ["1 wait: 104."]
    assert 104 not in inside(scratch)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("!approve", "Write it like this: !approve 104"),
        ("!reject ten", "Write it like this: !reject 104"),
        ("!approve 105", "105 does not wait here."),
        ("!approve 60917032", "60917032 does not wait here."),
        ("!approve " + "9" * 400, "Write it like this: !approve 104"),
    ],
)
async def test_a_manager_who_says_it_wrongly_is_told_how(
    scratch: Scratch, words: str, said: str
) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=set_to(scratch)):
        told = tell(scratch, words)
        await settled(scratch, bot)
    assert told.replies == [said]


async def test_without_approval_what_fits_is_added_at_once(scratch: Scratch) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=at_once(scratch)):
        asked = ask(scratch, 104)
        await settled(scratch, bot)
    assert asked.replies == ["104 is in the studio now."]
    assert 104 in inside(scratch)


async def test_several_links_are_answered_together_and_only_the_first_three(
    scratch: Scratch,
) -> None:
    bot = studio_bot()
    links = " ".join(LINK.format(number) for number in (104, 105, 999, 700000002, 612345678))
    async with scratch.running(bot, settings=at_once(scratch)):
        asked = scratch.user("alice").comment(PLACE, links)
        await settled(scratch, bot)
    assert asked.replies == [
        "104 is in the studio now. 105 is in the studio now. 999 is not shared."
    ]
    assert inside(scratch) >= {104, 105}
    assert not inside(scratch) & {700000002, 612345678}


@pytest.mark.parametrize("approval", ["manager", "none"])
@pytest.mark.parametrize(
    ("project", "table", "said"),
    [
        (700000003, {}, "700000003 is not shared."),
        (700000004, {}, "700000004 is not shared."),
        (31337, {}, "31337 is not shared."),
        (105, {"minimum_loves": 13}, "105 needs 13 loves first."),
        (105, {"any_words": ["race"]}, "105 is not about what this studio collects."),
        (105, {"all_words": ["mouse", "race"]}, "105 is not about what this studio collects."),
        (105, {"no_words": ["maze"]}, "105 is about something that this studio does not collect."),
        (105, {"blocked": ["scratchcat"]}, "105 cannot be taken."),
        (60917032, {}, "60917032 is in the studio already."),
    ],
)
async def test_what_does_not_fit_is_not_added_and_the_answer_says_why(
    scratch: Scratch, approval: str, project: int, table: dict[str, object], said: str
) -> None:
    bot, before = studio_bot(), inside(scratch)
    async with scratch.running(bot, settings=set_to(scratch, approval=approval, **table)):
        asked = ask(scratch, project)
        await settled(scratch, bot)
        listed = tell(scratch, "!waiting")
        await settled(scratch, bot)
    assert asked.replies == [said]
    assert listed.replies == ["Nothing waits."]
    assert inside(scratch) == before


async def test_somebody_who_is_blocked_is_passed_over(scratch: Scratch) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=at_once(scratch, blocked=["Bob"])):
        asked = ask(scratch, 104, "bob")
        await settled(scratch, bot)
    assert asked.replies == []
    assert 104 not in inside(scratch)


async def test_a_project_is_added_once_however_often_it_is_asked_for(scratch: Scratch) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=at_once(scratch)):
        asked = [ask(scratch, 104, name) for name in ("alice", "bob", "griffpatch")]
        await settled(scratch, bot)
    assert [one.replies for one in asked] == [
        ["104 is in the studio now."],
        ["104 is in the studio already."],
        ["104 is in the studio already."],
    ]
    assert added_by_the_bot(scratch) == [104]


@pytest.mark.parametrize("remover", [MANAGER, "scratchcat"])
async def test_what_was_removed_is_not_added_again_also_after_a_restart(
    scratch: Scratch, tmp_path: Path, remover: str
) -> None:
    bot, store = studio_bot(), tmp_path / "bot.db"
    async with scratch.running(bot, store=store, settings=at_once(scratch)):
        ask(scratch, 104)
        await settled(scratch, bot)
        scratch.act("remove_project", remover, STUDIO, 104)
        await settled(scratch, bot)
        asked = ask(scratch, 104, "bob")
        await settled(scratch, bot)
        assert asked.replies == ["104 was removed from the studio before."]
    bot = studio_bot()
    async with scratch.running(bot, store=store, settings=at_once(scratch)):
        asked = ask(scratch, 104, "griffpatch")
        await settled(scratch, bot)
    assert asked.replies == ["104 was removed from the studio before."]
    assert added_by_the_bot(scratch) == [104]


async def test_what_was_removed_while_the_bot_was_off_is_not_added_again(
    scratch: Scratch, tmp_path: Path
) -> None:
    bot, store = studio_bot(), tmp_path / "bot.db"
    async with scratch.running(bot, store=store, settings=set_to(scratch)):
        ask(scratch, 104)
        await settled(scratch, bot)
    scratch.user(MANAGER).add_project(104, STUDIO)
    scratch.act("remove_project", MANAGER, STUDIO, 104)
    bot = studio_bot()
    async with scratch.running(bot, store=store, settings=set_to(scratch)):
        await settled(scratch, bot)
        approved = tell(scratch, "!approve 104")
        await settled(scratch, bot)
    assert approved.replies == ["104 was removed from the studio before."]
    assert 104 not in inside(scratch)


async def test_what_was_removed_before_the_bot_came_is_not_added(scratch: Scratch) -> None:
    scratch.user(MANAGER).add_project(104, STUDIO)
    scratch.act("remove_project", MANAGER, STUDIO, 104)
    for number in range(50):
        scratch.jump(seconds=1)
        scratch.act("edit_studio", MANAGER, STUDIO, title=f"Title {number}")
    bot = studio_bot()
    async with scratch.running(bot, settings=at_once(scratch)):
        await settled(scratch, bot)
        asked = ask(scratch, 104)
        await settled(scratch, bot)
    assert asked.replies == ["104 was removed from the studio before."]
    assert 104 not in inside(scratch)


async def test_what_was_removed_a_moment_ago_is_not_added(scratch: Scratch) -> None:
    """Nothing has told the bot yet: it looks before it adds."""
    bot = Bot("keeper")
    bot.watch(StudioComments(STUDIO), StudioActivity(STUDIO, every=3600))
    bot.include(AutoStudio(), name="autostudio")
    async with scratch.running(bot, settings=at_once(scratch, studio=STUDIO)):
        scratch.user(MANAGER).add_project(104, STUDIO)
        scratch.act("remove_project", MANAGER, STUDIO, 104)
        asked = ask(scratch, 104)
        await settled(scratch, bot)
    assert asked.replies == ["104 was removed from the studio before."]
    assert 104 not in inside(scratch)


async def test_what_a_manager_added_by_hand_waits_no_more(scratch: Scratch) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=set_to(scratch)):
        ask(scratch, 104)
        await settled(scratch, bot)
        scratch.user(MANAGER).add_project(104, STUDIO)
        await settled(scratch, bot)
        approved, listed = tell(scratch, "!approve 104"), tell(scratch, "!waiting")
        await settled(scratch, bot)
    assert approved.replies == ["104 is in the studio already."]
    assert listed.replies == ["Nothing waits."]


async def test_what_is_not_shared_any_more_is_not_added(scratch: Scratch) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=set_to(scratch)):
        ask(scratch, 104)
        await settled(scratch, bot)
        scratch.act("unshare", "scratchcat", 104)
        approved = tell(scratch, "!approve 104")
        await settled(scratch, bot)
        listed = tell(scratch, "!waiting")
        await settled(scratch, bot)
    assert approved.replies == ["104 is not shared any more."]
    assert listed.replies == ["Nothing waits."]


async def test_a_bot_that_is_no_curator_says_so_and_keeps_what_waits(scratch: Scratch) -> None:
    bot = studio_bot()
    scratch.act("open_studio", MANAGER, STUDIO, to_all=False)
    async with scratch.running(bot, username="griffpatch", settings=set_to(scratch)):
        ask(scratch, 104)
        await settled(scratch, bot)
        approved = tell(scratch, "!approve 104")
        await settled(scratch, bot)
        scratch.act("invite_curator", MANAGER, STUDIO, "griffpatch")
        scratch.act("accept_curator", "griffpatch", STUDIO)
        again = tell(scratch, "!approve 104")
        await settled(scratch, bot)
    assert approved.replies == [
        "I may not add 104: a manager has to make me a curator of this studio."
    ]
    assert again.replies == ["104 is in the studio now."]


async def test_only_so_many_are_added_a_day(scratch: Scratch) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=at_once(scratch, most_a_day=2)):
        first = [ask(scratch, number) for number in (104, 105, 700000002)]
        await settled(scratch, bot)
        assert first[2].replies == [
            "700000002 has to wait: enough was added today. Say it again tomorrow."
        ]
        assert len(added_by_the_bot(scratch)) == 2
        scratch.jump(days=1)
        ask(scratch, 700000002)
        await settled(scratch, bot)
    assert added_by_the_bot(scratch) == [104, 105, 700000002]


async def test_new_projects_of_named_users_are_taken_at_an_interval(scratch: Scratch) -> None:
    bot, old = studio_bot(), share(scratch, "bob", "An old maze")
    table = {"users": ["Bob", "nobody-at-all"], "any_words": ["maze"], "every_minutes": 30}
    async with scratch.running(bot, settings=at_once(scratch, **table)):
        await settled(scratch, bot, minutes=31)
        fresh, other = share(scratch, "bob"), share(scratch, "bob", "A race")
        await settled(scratch, bot, minutes=11)
        assert fresh not in inside(scratch)
        await settled(scratch, bot, minutes=31)
    assert added_by_the_bot(scratch) == [fresh]
    assert not inside(scratch) & {old, other}


async def test_new_projects_of_named_users_wait_too(scratch: Scratch) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=set_to(scratch, users=["bob"])):
        await settled(scratch, bot, hours=2)
        fresh = share(scratch, "bob")
        await settled(scratch, bot, hours=2)
        listed = tell(scratch, "!waiting")
        await settled(scratch, bot)
    assert listed.replies == [f"1 wait: {fresh}."]
    assert added_by_the_bot(scratch) == []


async def test_what_a_named_user_shares_is_taken_from_the_feed_at_once(scratch: Scratch) -> None:
    bot = studio_bot()
    bot.watch(Activity())
    async with scratch.running(bot, settings=at_once(scratch, users=["bob"])):
        fresh = share(scratch, "bob")
        share(scratch, "alice")
        await settled(scratch, bot)
    assert added_by_the_bot(scratch) == [fresh]


async def test_comments_can_be_switched_off(scratch: Scratch) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=at_once(scratch, comments=False)):
        asked = ask(scratch, 104)
        await settled(scratch, bot)
    assert asked.replies == []
    assert 104 not in inside(scratch)


async def test_what_is_said_elsewhere_is_passed_over(scratch: Scratch) -> None:
    bot = studio_bot()
    bot.watch(ProjectComments(104), StudioComments(31000001))
    async with scratch.running(bot, settings=at_once(scratch)):
        posted = [
            scratch.user(MANAGER).comment(place, words)
            for place in (104, "studio:31000001")
            for words in (LINK.format(105), "!approve 105", "!waiting")
        ]
        await settled(scratch, bot)
    assert [one.replies for one in posted] == [[]] * 6
    assert 105 not in inside(scratch)


async def test_a_run_that_happens_again_adds_and_answers_once(scratch: Scratch) -> None:
    bot, failed = studio_bot(), set[str]()

    @bot.middleware
    async def fail_once(event: Event, call_next: CallNext) -> object:
        returned = await call_next(event)
        if event.id not in failed:
            failed.add(event.id)
            raise SiteDownError("the site went down after all was done")
        return returned

    async with scratch.running(bot, settings=at_once(scratch, most_a_day=2)):
        commands = [tell(scratch, f"!approve {number}", "bob") for number in range(3)]
        for number in (104, 105, 700000002):
            asked = ask(scratch, number)
            for _ in range(3):
                await settled(scratch, bot)
                scratch.jump(seconds=10)
            await settled(scratch, bot)
    assert added_by_the_bot(scratch) == [104, 105]
    assert sum(len(one.replies) for one in commands) == 1
    assert asked.replies == [
        "700000002 has to wait: enough was added today. Say it again tomorrow."
    ]


@pytest.mark.parametrize(
    ("grounds", "added"), [([PLACE], True), (["studio:31000001", "profile"], False)]
)
async def test_grounds_limit_it_to_a_studio(
    scratch: Scratch, grounds: list[str], added: bool
) -> None:
    bot = studio_bot()
    settings = at_once(scratch, grounds=grounds)
    try:
        async with scratch.running(bot, settings=settings):
            ask(scratch, 104)
            await settled(scratch, bot)
    except AssertionError as error:
        assert "may not do project.add on studio:26135902" in str(error)
    assert (104 in inside(scratch)) is added


async def test_without_the_permission_to_reply_it_works_silently(scratch: Scratch) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=at_once(scratch, permissions=["studio.curate"])):
        asked = ask(scratch, 104)
        await settled(scratch, bot)
    assert asked.replies == []
    assert 104 in inside(scratch)


async def test_a_hostile_crowd_stays_within_the_limits(scratch: Scratch) -> None:
    bot = studio_bot()
    numbers = [share(scratch, "bob", f"Maze {number}") for number in range(40)]
    names = [f"vandal{number}" for number in range(60)]
    for name in names:
        scratch.act("join", name, "secret")
    table = {"most_waiting": 8, "asks_a_day": 2, "answers_a_day": 25}
    async with scratch.running(bot, settings=set_to(scratch, **table)):
        posted: list[Posted] = []
        for place, name in enumerate(names):
            number = numbers[place % len(numbers)]
            for words in (
                LINK.format(number),
                f"!approve {number}",
                "https://scratch.mit.edu/projects/" + "9" * 60,
                f"https://scratch.mit.edu.example/projects/{number}",
                " ".join(LINK.format(each) for each in numbers[:8]),
                f"!waiting {LINK.format(number)}",
            ):
                posted.append(scratch.user(name).comment(PLACE, f"{words} {' ' * place}"))
        await settled(scratch, bot)
        listed = tell(scratch, "!waiting")
        await settled(scratch, bot)
    assert listed.replies[0].startswith("8 wait: ")
    assert sum(len(one.replies) for one in posted) <= 25
    assert max(sum(len(p.replies) for p in posted if p.author == name) for name in names) <= 2
    assert added_by_the_bot(scratch) == []


@pytest.mark.parametrize(
    ("studio", "table", "error"),
    [
        (None, {}, "names no studio"),
        (STUDIO, {"approvers": []}, "names nobody who approves"),
        (STUDIO, {"studio": 31000001}, r"bot.watch\(StudioComments\(31000001\)"),
    ],
)
async def test_settings_that_leave_nothing_to_do_are_told_at_the_start(
    scratch: Scratch, studio: int | None, table: dict[str, object], error: str
) -> None:
    bot = Bot("keeper")
    bot.include(AutoStudio(studio))
    with pytest.raises(AppError, match=error):
        async with scratch.running(bot, settings=set_to(scratch, **table)):
            pass


async def test_the_installed_plugin_serves_the_studio_that_the_settings_name(
    scratch: Scratch,
) -> None:
    bot = Bot("keeper")
    bot.watch(StudioComments(STUDIO), StudioActivity(STUDIO, backfill=400))
    bot.load("autostudio")
    async with scratch.running(bot, settings=at_once(scratch, studio=STUDIO)):
        asked = ask(scratch, 104)
        await settled(scratch, bot)
    assert asked.replies == ["104 is in the studio now."]


async def test_help_lists_the_commands(scratch: Scratch) -> None:
    bot = studio_bot()
    async with scratch.running(bot, settings=set_to(scratch)):
        asked = tell(scratch, "!help", "alice")
        await settled(scratch, bot)
    assert "!approve <project>" in asked.replies[0]


async def test_it_may_curate_and_reply_and_no_more() -> None:
    assert plugin.permissions == {"comment.reply", "studio.curate"}


def added_by_the_bot(scratch: Scratch) -> list[int]:
    rows = scratch.world.studios[STUDIO].activity
    return [
        row["project_id"]
        for row in rows
        if row["type"] == "addprojecttostudio" and row["actor_username"] == "demo-bot"
    ]

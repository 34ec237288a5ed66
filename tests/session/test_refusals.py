"""Input that cannot be right is refused before anything is asked of the site."""

from pathlib import Path
from typing import Any

import pytest

from scratchbot.errors import InputError
from tests.session.conftest import Asked
from tests.session.forms import LogIn, run

pytestmark = pytest.mark.asyncio

WRONG_IDS: list[Any] = ["abc", "", "0", 0, -1, "1.5", "10\n4", "../104", "١٠٤", True, "9" * 20]
WRONG_NAMES = ["", "../x", "a b", "a/b", "ünï", "x" * 31, "a\n"]


def with_id(value: Any) -> list[str]:
    return [
        f"session.get_project({value!r})",
        f"session.get_studio({value!r})",
        f"session.get_classroom({value!r})",
        f"session.create_cloud_connection({value!r})",
        f"session.get_cloud_variable({value!r}, 'foo')",
        f"session.set_cloud_variable({value!r}, 'foo', 1)",
        f"project.get_comment({value!r})",
        f"studio.get_comment({value!r})",
        f"studio.delete_comment({value!r})",
        f"studio.report_comment({value!r})",
        f"studio.add_project({value!r})",
        f"studio.remove_project({value!r})",
        f"user.delete_comment({value!r})",
        f"user.report_comment({value!r})",
        f"user.profile.set_featured_project('remix_this', {value!r})",
        f"session.forums.post({value!r}, 'hi')",
        f"session.forums.create_topic({value!r}, 'a', 'b')",
        f"session.forums.edit_post({value!r}, 'a')",
        f"session.forums.report_post({value!r}, 'a')",
        f"session.forums.get_post_source({value!r})",
        f"session.forums.follow_topic({value!r})",
        f"session.forums.unfollow_topic({value!r})",
        f"session.forums.get_latest_topic_posts({value!r})",
        f"session.forums.get_latest_category_posts({value!r})",
        f"session.scraping.get_signature({value!r})",
    ]


def with_name(value: str) -> list[str]:
    return [
        f"session.get_user({value!r})",
        f"session.is_valid_username({value!r})",
        f"studio.invite_curator({value!r})",
        f"studio.accept_curator({value!r})",
        f"studio.promote_curator({value!r})",
        f"studio.remove_curator({value!r})",
        f"studio.transfer_host({value!r}, 'a')",
        f"session.scraping.get_follower_count({value!r})",
        f"session.scraping.get_user_activity({value!r})",
        f"session.scraping.get_profile_comments({value!r})",
        f"session.scraping.profile_comments({value!r})",
    ]


CHOICES = {
    "session.get_messages(filter='comment')": "'', 'comments', 'projects', 'studios', 'forums'",
    "session.explore_projects('new')": "'trending', 'popular', 'recent'",
    "session.explore_studios(mode='')": "'trending', 'popular', 'recent'",
    "session.search_projects('recent')": "'trending', 'popular'",
    "session.search_studios('recent')": "'trending', 'popular'",
    "session.get_own_projects(sort='loves')": "'view_count', 'love_count', 'remixers_count', 't",
    "session.get_own_projects(filter='deleted')": "'all', 'shared', 'notshared', 'trashed'",
    "session.own_projects(filter='deleted')": "'all', 'shared', 'notshared', 'trashed'",
    "session.get_own_studios(sort='x')": "'', 'projecters_count', 'title'",
    "session.own_studios('x')": "'', 'projecters_count', 'title'",
    "session.add_to_backpack('code', 'W10=', 'image/png', 'a', 'W10=')": "'script', 'costume', 's",
    "session.add_to_backpack('script', 'W10=', 'text/html', 'a', 'W10=')": "'application/zip', '",
    "user.report('face')": "'username', 'icon', 'description', 'working_on'",
    "studio.report('face')": "'title', 'description', 'thumbnail'",
    "user.profile.set_featured_project('best', 104)": "'featured_project', 'featured_tutorial', ",
}
OTHERS = {
    "session.scraping.get_profile_comments('bob', page=0)": "1 to 67",
    "session.scraping.get_profile_comments('bob', page=68)": "1 to 67",
    "session.get_own_projects(page=0)": "1 up",
    "session.get_own_studios(page=-1)": "1 up",
    "session.scraping.get_user_activity('bob', 0)": "from 1 up",
    "session.upload_asset(b'x')": "file_ext='png'",
    "session.upload_asset('missing.png')": "check the path",
    "project.set_thumbnail('missing.png')": "check the path",
    "studio.set_thumbnail('missing.png')": "check the path",
    "user.profile.set_avatar('missing.png')": "check the path",
    "user.profile.set_avatar('.')": "check the path",
    **{
        f"{place}.post_comment({text})": said
        for place in ("project", "studio", "user")
        for text, said in (
            ("''", "cannot be empty"),
            ("' \\n '", "cannot be empty"),
            ("'x' * 501", "500 characters and this one has 501"),
            ("'hi', 'abc'", "no id"),
            ("'hi', 1, 'abc'", "no id"),
        )
    },
    "comment.reply('')": "cannot be empty",
    "comment.reply('x' * 501)": "shorten it",
    "session.reply(comment, '')": "cannot be empty",
    **{
        f"session.set_cloud_variable(104, 'foo', {value})": said
        for value, said in (
            ("'abc'", "digits"),
            ("''", "digits"),
            ("'1e5'", "digits"),
            ("'1' * 257", "256 characters"),
            ("float('nan')", "digits"),
        )
    },
}


HELD = {
    "project": "session.get_project(104)",
    "studio": "session.get_studio(26135902)",
    "user": "session.get_user('alice')",
    "comment": "session.get_project(104).get_comments()[0]",
}
"""What the programs above call by a name."""


async def refused(program: str, log_in: LogIn, asked: Asked) -> InputError:
    """Return the error of a call, and make sure that the sandbox was not asked."""
    async with log_in("alice") as session:
        names: dict[str, Any] = {"session": session, "float": float}
        for name, found in HELD.items():
            if name in program:
                names[name] = await run(found, {"session": session})
        asked.now()
        with pytest.raises(InputError) as raised:
            await run(program, names, names)
        assert asked.now() == []
        assert "\n" not in str(raised.value)
        return raised.value


@pytest.mark.parametrize("program", with_id("abc"))
async def test_what_is_no_id_is_refused_everywhere(
    program: str, log_in: LogIn, asked: Asked
) -> None:
    error = await refused(program, log_in, asked)
    assert "'abc' is no id: give the number" in str(error)


@pytest.mark.parametrize("value", WRONG_IDS)
async def test_no_wrong_id_passes(value: Any, log_in: LogIn, asked: Asked) -> None:
    assert "no id" in str(await refused(f"session.get_project({value!r})", log_in, asked))


@pytest.mark.parametrize("program", with_name("a b"))
async def test_what_is_no_user_name_is_refused_everywhere(
    program: str, log_in: LogIn, asked: Asked
) -> None:
    assert "'a b' is no user name" in str(await refused(program, log_in, asked))


@pytest.mark.parametrize("value", WRONG_NAMES)
async def test_no_wrong_user_name_passes(value: str, log_in: LogIn, asked: Asked) -> None:
    assert "no user name" in str(await refused(f"session.get_user({value!r})", log_in, asked))


@pytest.mark.parametrize("program", CHOICES)
async def test_a_value_that_is_no_choice_is_refused_with_those_that_are(
    program: str, log_in: LogIn, asked: Asked
) -> None:
    assert CHOICES[program] in str(await refused(program, log_in, asked))


@pytest.mark.parametrize("program", OTHERS)
async def test_other_input_that_cannot_be_right_is_refused(
    program: str, log_in: LogIn, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert OTHERS[program] in str(await refused(program, log_in, asked))

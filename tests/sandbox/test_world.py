"""World files, and the world's own sums."""

import json
from pathlib import Path

import pytest

from scratchbot.sandbox import WorldError, load_world
from scratchbot.sandbox.times import site_time

USER = '[[users]]\nid = 1\nusername = "a"\npassword = "b"\n'
PROJECT = '[[projects]]\nid = 9\ntitle = "t"\nauthor = "a"\n'
STUDIO = '[[studios]]\nid = 7\ntitle = "t"\nhost = "a"\n'
CLASS = '[[classrooms]]\nid = 8\ntitle = "t"\neducator = "a"\ntoken = "x"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x =", "is no valid TOML"),
        ("[people]", "people is no table of a world"),
        ("users = 3", r"write \[\[users\]\]"),
        ('[[users]]\nid = 1\nusername = "a"', r"users\[1\] has no password"),
        (USER + "age = 9", r"users\[1\]\.age is unknown"),
        (USER + 'role = "king"', r"users\[1\]\.role is 'king'; use new_scratcher"),
        (USER + USER, "is there twice"),
        (
            USER + '[[projects]]\nid = 1\ntitle = "t"\nauthor = "c"',
            r"author is 'c', who is no user",
        ),
        (USER + 'follows = ["c"]', r"follows is 'c', who is no user"),
        (
            USER + '[[happened]]\nat = 2022-01-01\nwho = "a"\ndoes = "x"\non = "y"',
            r"happened\[1\]\.at is",
        ),
        (
            USER + '[[happened]]\nat = 2022-01-01T00:00:00Z\nwho = "a"\ndoes = "sleeps"\non = "y"',
            r"happened\[1\]\.does is 'sleeps'; use comments",
        ),
        (
            USER + "[[happened]]\nat = 2022-01-01T00:00:00Z\n"
            'who = "a"\ndoes = "loves"\non = "project:7"',
            r"happened\[1\]\.on is 'project:7'",
        ),
        ("rules.bad_words = [[1]]", r"rules\.bad_words is .*; give a list of texts"),
        (f"[[users]]\nid = {'9' * 5000}", "is no valid TOML"),
        (f"[[users]]\nid = {'9' * 30}", r"users\[1\] has no username"),
        (USER + f"age = {'[' * 3000}", "is no valid TOML"),
        (USER + "joined = 0001-01-01T00:00:00+14:00", r"joined is .*; give a time such as"),
        (USER + USER.replace('"a"', '"c"'), r"users\[2\]\.id 1 is there twice"),
        (USER + STUDIO + STUDIO, r"studios\[2\]\.id 7 is there twice"),
        (USER + CLASS + CLASS, r"classrooms\[2\]\.id 8 is there twice"),
        ('[countries]\nEngland = "eleven"', r"countries\.England is 'eleven'; give a whole number"),
        (USER + PROJECT + "code = { at = 2022-01-01 }", r"projects\[1\]\.code is no JSON"),
        (USER + PROJECT + 'cloud = { a = "x" }', r"projects\[1\]\.cloud\.a is 'x'; give a number"),
        (
            USER + PROJECT + 'state = "unshared"\n' + STUDIO + "projects = [9]",
            r"studios\[1\]\.projects has 9; name shared projects only",
        ),
    ],
)
def test_a_wrong_world_file_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "world.toml"
    file.write_text(text)
    with pytest.raises(WorldError, match=said) as raised:
        load_world(file)
    assert "\n" not in str(raised.value)


def test_a_missing_world_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be read"):
        load_world(tmp_path / "world.toml")


def test_what_comes_new_has_a_number_that_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    user = {"id": 30_000_001, "username": "ann", "password": "secret"}
    project = {"id": 1_200_000_000, "title": "t", "author": "ann", "shared": "2024-01-01T00:00:00Z"}
    file.write_text(json.dumps({"users": [user], "projects": [project]}))
    world = load_world(file)
    assert next(world.user_ids) == 30_000_002
    assert next(world.project_ids) == 1_200_000_001
    assert site_time(world.projects[1_200_000_000].created) == "2024-01-01T00:00:00.000Z"


def test_a_curator_who_is_a_manager_too_counts_as_a_manager(tmp_path: Path) -> None:
    file = tmp_path / "world.toml"
    file.write_text(USER + STUDIO + 'curators = ["a"]\nmanagers = ["a"]')
    studio = load_world(file).studios[7]
    assert (list(studio.managers), list(studio.curators)) == (["a"], [])

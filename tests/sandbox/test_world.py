"""World files, and the world's own sums."""

from pathlib import Path

import pytest

from scratchbot.sandbox import WorldError, load_world

USER = '[[users]]\nid = 1\nusername = "a"\npassword = "b"\n'


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

"""World files, and the world's own sums."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from scratchbot.sandbox import Place, Sandbox, WorldError, load_world
from scratchbot.sandbox.rules import RefusedError

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


USERS = st.sampled_from(["alice", "bob", "scratchcat", "griffpatch"])
PROJECTS = st.sampled_from([104, 105, 700000001])
PLACES = st.sampled_from(["project:104", "studio:26135902", "profile:alice"])


class Consistency(RuleBasedStateMachine):
    """Whatever people do, counts equal lists and no message stands without its cause."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_700_000_000.0
        self.sandbox = Sandbox(load_world(), clock=lambda: self.now, limits=False)
        self.acts, self.world = self.sandbox.acts, self.sandbox.world

    @rule(who=USERS, place=PLACES, reply=st.booleans(), data=st.data())
    def comment(self, who: str, place: str, reply: bool, data: Any) -> None:
        where, parent = Place.parse(place), None
        numbers = [c.id for c in self.world.comments.values() if c.place == where]
        if reply and numbers:
            parent = data.draw(st.sampled_from(numbers))
        self.acts.post_comment(who, where, "text", parent)

    @precondition(lambda self: self.world.comments)
    @rule(who=USERS, data=st.data())
    def delete(self, who: str, data: Any) -> None:
        number = data.draw(st.sampled_from(sorted(self.world.comments)))
        try:
            self.acts.delete_comment(who, number)
        except RefusedError as refused:
            assert refused.status == 403

    @rule(who=USERS, project=PROJECTS, verb=st.sampled_from(["love", "unlove"]))
    def opinion(self, who: str, project: int, verb: str) -> None:
        getattr(self.acts, verb)(who, project)

    @rule(who=USERS, project=PROJECTS, verb=st.sampled_from(["favorite", "unfavorite"]))
    def favorite(self, who: str, project: int, verb: str) -> None:
        getattr(self.acts, verb)(who, project)

    @rule(who=USERS, whom=USERS, verb=st.sampled_from(["follow", "unfollow"]))
    def follow(self, who: str, whom: str, verb: str) -> None:
        getattr(self.acts, verb)(who, whom)

    @rule(who=USERS)
    def read_messages(self, who: str) -> None:
        self.acts.clear_messages(who)

    @invariant()
    def follows_stand_on_both_sides(self) -> None:
        for user in self.world.users.values():
            assert all(user.key in other.followers for other in user.following.values())
            assert all(user.key in other.following for other in user.followers.values())

    @invariant()
    def no_message_is_without_its_cause(self) -> None:
        for user in self.world.users.values():
            assert 0 <= user.unread <= len(user.messages)
            for row in user.messages:
                actor = self.world.users[row["actor_username"].lower()]
                match row["type"]:
                    case "addcomment":
                        assert row["comment_id"] in self.world.comments
                    case "loveproject":
                        assert actor.key in self.world.projects[row["project_id"]].loves
                    case "favoriteproject":
                        assert actor.key in self.world.projects[row["project_id"]].favorites
                    case "followuser":
                        assert actor.key in user.followers

    @invariant()
    def every_comment_stands_in_its_place(self) -> None:
        standing = {
            comment.id
            for tops in self.world.threads.values()
            for top in tops.values()
            for comment in (top, *top.replies.values())
        }
        assert standing == set(self.world.comments)


Consistency.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestConsistency = Consistency.TestCase

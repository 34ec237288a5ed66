"""Whatever people do, the world's sums agree, and every message has its cause."""

import contextlib
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from scratchbot.sandbox import Place, Sandbox, load_world
from scratchbot.sandbox.render import api, old
from scratchbot.sandbox.rules import RefusedError, RejectedError, is_public

USERS = st.sampled_from(["alice", "bob", "scratchcat", "griffpatch", "Za-Chary"])
PROJECTS = st.sampled_from([104, 105, 700000001, 700000002, 700000003])
STUDIOS = st.sampled_from([26135902, 31000001])
PLACES = st.sampled_from(["project:104", "project:105", "studio:26135902", "profile:alice"])


class Consistency(RuleBasedStateMachine):
    """People who do what they like; what the site refuses changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_700_000_000.0
        self.sandbox = Sandbox(load_world(), clock=self.clock, limits=False)
        self.acts, self.world = self.sandbox.acts, self.sandbox.world

    def clock(self) -> float:
        self.now += 1
        return self.now

    def do(self, name: str, *values: Any, **named: Any) -> None:
        with contextlib.suppress(RefusedError, RejectedError):
            getattr(self.acts, name)(*values, **named)

    @rule(who=USERS, place=PLACES, reply=st.booleans(), data=st.data())
    def comment(self, who: str, place: str, reply: bool, data: Any) -> None:
        where, parent = Place.parse(place), None
        numbers = [c.id for c in self.world.comments.values() if c.place == where]
        if reply and numbers:
            parent = data.draw(st.sampled_from(numbers))
        self.do("post_comment", who, where, "text", parent)

    @precondition(lambda self: self.world.comments)
    @rule(who=USERS, verb=st.sampled_from(["delete_comment", "report_comment"]), data=st.data())
    def unwanted(self, who: str, verb: str, data: Any) -> None:
        self.do(verb, who, data.draw(st.sampled_from(sorted(self.world.comments))))

    @rule(
        who=USERS,
        project=PROJECTS,
        verb=st.sampled_from(["love", "unlove", "favorite", "unfavorite", "view"]),
    )
    def opinion(self, who: str, project: int, verb: str) -> None:
        self.do(verb, who, project)

    @rule(
        who=USERS,
        project=PROJECTS,
        verb=st.sampled_from(["share", "unshare", "trash", "restore"]),
    )
    def project(self, who: str, project: int, verb: str) -> None:
        self.do(verb, who, project)

    @rule(who=USERS, parent=PROJECTS)
    def remix(self, who: str, parent: int) -> None:
        self.do("create_project", who, {}, "a remix", parent)
        self.do("share", who, max(self.world.projects))

    @rule(who=USERS)
    def empty_trash(self, who: str) -> None:
        self.do("empty_trash", who, self.world.users[who.lower()].password)

    @rule(who=USERS, whom=USERS, verb=st.sampled_from(["follow", "unfollow"]))
    def follow(self, who: str, whom: str, verb: str) -> None:
        self.do(verb, who, whom)

    @rule(
        who=USERS,
        studio=STUDIOS,
        project=PROJECTS,
        verb=st.sampled_from(["add_project", "remove_project"]),
    )
    def fill_studio(self, who: str, studio: int, project: int, verb: str) -> None:
        self.do(verb, who, studio, project)

    @rule(
        who=USERS,
        studio=STUDIOS,
        whom=USERS,
        verb=st.sampled_from(["invite_curator", "promote_curator", "remove_curator"]),
    )
    def tend_studio(self, who: str, studio: int, whom: str, verb: str) -> None:
        self.do(verb, who, studio, whom)

    @rule(
        who=USERS,
        studio=STUDIOS,
        verb=st.sampled_from(["accept_curator", "follow_studio", "unfollow_studio"]),
    )
    def join_studio(self, who: str, studio: int, verb: str) -> None:
        self.do(verb, who, studio)

    @rule(who=USERS, studio=STUDIOS, whom=USERS)
    def transfer(self, who: str, studio: int, whom: str) -> None:
        self.do("transfer_studio", who, studio, whom, self.world.users[who.lower()].password)

    @rule(who=USERS, studio=STUDIOS)
    def delete_studio(self, who: str, studio: int) -> None:
        self.do("delete_studio", who, studio)

    @rule(who=USERS)
    def read_messages(self, who: str) -> None:
        self.do("clear_messages", who)

    @invariant()
    def what_stands_on_two_sides_agrees(self) -> None:
        for user in self.world.users.values():
            assert all(user.key in other.followers for other in user.following.values())
            assert all(user.key in other.following for other in user.followers.values())
            assert all(user.key in one.loves for one in user.loves.values())
            assert all(user.key in one.favorites for one in user.favorites.values())
            assert all(one.curates(user) for one in user.studios.values())
            assert all(user.key in one.followers for one in user.followed_studios.values())
            assert all(one.author is user for one in user.projects.values())
        for project in self.world.projects.values():
            assert all(project.id in user.loves for user in project.loves.values())
            assert set(project.loved_at) == set(project.loves)
            assert all(project.id in studio.projects for studio in project.studios.values())
            assert all(remix.parent is project for remix in project.remixes)
            assert project.parent is None or project in project.parent.remixes
        for studio in self.world.studios.values():
            assert set(studio.adders) == set(studio.projects)
            assert studio.manages(studio.host)
            assert not set(studio.managers) & set(studio.curators)
            assert all(studio.id in one.studios for one in studio.projects.values())
            assert all(studio.id in one.studios for one in studio.curators.values())

    @invariant()
    def counts_equal_lists(self) -> None:
        for project in self.world.projects.values():
            told, row = api.project(project)["stats"], old.project(project, 0)["fields"]
            assert told["loves"] == row["love_count"] == project.old_loves + len(project.loves)
            assert told["favorites"] == row["favorite_count"] == len(project.favorites)
            assert told["remixes"] == sum(remix.is_shared for remix in project.remixes)
        for studio in self.world.studios.values():
            told = api.studio(studio, self.world)["stats"]
            assert told["projects"] == len(studio.projects)
            assert told["managers"] == len(studio.managers)
        counts, growth = self.world.comment_counts, self.world.growth
        assert sum(counts.values()) == len(self.world.comments)
        assert all(sum(growth[kind].values()) == number for kind, number in counts.items())
        made = growth["original"] + growth["remix"]
        assert sum(made.values()) == len(self.world.projects)

    @invariant()
    def no_message_is_without_its_cause(self) -> None:
        for user in self.world.users.values():
            assert 0 <= user.unread <= len(user.messages)
            for row in user.deeds:
                assert row["type"] != "addcomment" or row["comment_id"] in self.world.comments
            for row in user.messages:
                self.check_cause(user, row)

    def check_cause(self, user: Any, row: dict[str, Any]) -> None:
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
            case "remixproject":
                assert self.world.projects[row["project_id"]].author is actor
            case "curatorinvite":
                assert user.key in self.world.studios[row["gallery_id"]].invited

    @invariant()
    def every_comment_stands_in_its_place(self) -> None:
        standing = {
            comment.id
            for tops in self.world.threads.values()
            for top in tops.values()
            for comment in (top, *top.replies.values())
        }
        assert standing == set(self.world.comments)
        assert all(self.world.place_exists(place) for place in self.world.threads)

    @invariant()
    def no_list_shows_what_is_hidden(self) -> None:
        for place in self.world.threads:
            for top in self.world.top_comments(place):
                assert api.comment(top)["reply_count"] == len(top.replies)
        for user in self.world.users.values():
            for row in user.deeds:
                project = self.world.projects.get(row.get("project_id", 0))
                if is_public(self.world, row) and "project_id" in row:
                    assert project is not None
                    assert project.is_shared
        for studio in self.world.studios.values():
            assert all(project.is_shared for project in studio.projects.values())


Consistency.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestConsistency = Consistency.TestCase

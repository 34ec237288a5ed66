"""From the tables of a world file to a world."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from scratchbot.sandbox.acts import Acts
from scratchbot.sandbox.rules import RefusedError, RejectedError, is_cloud_value
from scratchbot.sandbox.times import site_time
from scratchbot.sandbox.world import (
    CLOUD_SIGN,
    Category,
    Classroom,
    Place,
    Project,
    Studio,
    User,
    World,
)
from scratchbot.sandbox.worldfile.tables import Tables, WorldError, seconds

LONG_AGO = 1_577_836_800.0
"""The first of January 2020: when things happened that give no time."""


class Builder:
    """Builds a world table by table."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._world = World()
        self._now = LONG_AGO
        self._user_ids: set[int] = set()
        self._acts = Acts(self._world, lambda: self._now, limits=False)

    def build(self) -> World:
        """Return the world.

        :raises WorldError: if the tables describe none.
        """
        world, tables = self._world, self._tables
        rules = tables.single("rules")
        world.bad_words = set(rules.get("bad_words", ()))
        world.unkind_words = set(rules.get("unkind_words", ()))
        world.chat_sites = set(rules.get("chat_sites", ()))
        world.countries = dict(tables.single("countries"))
        steps: list[tuple[str, Callable[[str, dict[str, Any]], None]]] = [
            ("users", self._add_user),
            ("projects", self._add_project),
            ("studios", self._add_studio),
            ("classrooms", self._add_classroom),
            ("categories", self._add_category),
            ("news", self._add_news),
        ]
        for key, step in steps:
            for place, row in tables.rows(key):
                step(place, row)
        world.number_after_what_is_there()
        self._play()
        self._arrange_front_page()
        world.news.sort(key=lambda row: row["stamp"], reverse=True)
        world.journal.clear()
        return world

    def _add_user(self, place: str, row: dict[str, Any]) -> None:
        if self._world.user(row["username"]) is not None:
            raise self._error(f"{place}.username", f"{row['username']!r} is there twice", "rename")
        if row["id"] in self._user_ids:
            raise self._twice(place, row)
        self._user_ids.add(row["id"])
        plain = {key: value for key, value in row.items() if key not in _USER_RELATIONS}
        user = User(
            **plain,
            joined=seconds(row.get("joined"), LONG_AGO),
            muted_until=seconds(row.get("muted_until")),
            invited_at=seconds(row.get("invited")),
        )
        self._world.add_user(user)

    def _add_project(self, place: str, row: dict[str, Any]) -> None:
        if row["id"] in self._world.projects:
            raise self._twice(place, row)
        shared = seconds(row.get("shared"), LONG_AGO)
        parent = None
        if "remix_of" in row:
            parent = self._world.projects.get(row["remix_of"])
            if parent is None:
                advice = "name a project that stands before it"
                raise self._error(f"{place}.remix_of", f"is {row['remix_of']}", advice)
        plain = {key: value for key, value in row.items() if key not in _PROJECT_RELATIONS}
        try:
            json.dumps(row.get("code", {}), allow_nan=False)
        except (TypeError, ValueError):
            raise self._error(
                f"{place}.code", "is no JSON", "give what project.json holds"
            ) from None
        cloud = {f"{CLOUD_SIGN}{name}": str(value) for name, value in row.get("cloud", {}).items()}
        for name, value in cloud.items():
            if not is_cloud_value(value):
                what = f"{place}.cloud.{name.removeprefix(CLOUD_SIGN)}"
                raise self._error(what, f"is {value!r}", "give a number")
        self._world.add_project(
            Project(
                **plain,
                author=self._user(f"{place}.author", row["author"]),
                created=seconds(row.get("created"), shared),
                modified=shared,
                shared=shared if row.get("state", "shared") == "shared" else None,
                old_loves=row.get("loves", 0),
                parent=parent,
                cloud=cloud,
            )
        )

    def _add_studio(self, place: str, row: dict[str, Any]) -> None:
        if row["id"] in self._world.studios:
            raise self._twice(place, row)
        created = seconds(row.get("created"), LONG_AGO)
        managers, curators, followers = (
            {user.key: user for user in self._users(f"{place}.{key}", row.get(key, []))}
            for key in ("managers", "curators", "followers")
        )
        projects = [self._project(f"{place}.projects", key) for key in row.get("projects", [])]
        hidden = next((one for one in projects if not one.is_shared), None)
        if hidden is not None:
            raise self._error(f"{place}.projects", f"has {hidden.id}", "name shared projects only")
        host = self._user(f"{place}.host", row["host"])
        managers = {host.key: host, **managers}
        studio = Studio(
            id=row["id"],
            title=row["title"],
            host=host,
            created=created,
            modified=created,
            description=row.get("description", ""),
            open_to_all=row.get("open_to_all", True),
            comments_allowed=row.get("comments_allowed", True),
            projects={project.id: project for project in projects},
            managers=managers,
            curators={key: one for key, one in curators.items() if key not in managers},
            followers=followers,
        )
        self._world.add_studio(studio)
        for follower in studio.followers.values():
            follower.followed_studios[studio.id] = studio

    def _add_classroom(self, place: str, row: dict[str, Any]) -> None:
        if row["id"] in self._world.classrooms:
            raise self._twice(place, row)
        students = self._users(f"{place}.students", row.get("students", []))
        studios = [self._studio(f"{place}.studios", key) for key in row.get("studios", [])]
        classroom = Classroom(
            id=row["id"],
            title=row["title"],
            educator=self._user(f"{place}.educator", row["educator"]),
            token=row["token"],
            created=seconds(row.get("created"), LONG_AGO),
            closed=seconds(row["closed"]) if "closed" in row else None,
            description=row.get("description", ""),
            status=row.get("status", ""),
            students={student.key: student for student in students},
            studios={studio.id: studio for studio in studios},
        )
        for student in students:
            student.classroom = classroom
        for studio in studios:
            studio.classroom_id = classroom.id
        self._world.classrooms[classroom.id] = classroom

    def _add_category(self, place: str, row: dict[str, Any]) -> None:
        if row["id"] in self._world.categories:
            raise self._twice(place, row)
        self._world.categories[row["id"]] = Category(**{"description": "", **row})

    def _add_news(self, _: str, row: dict[str, Any]) -> None:
        self._world.news.append(
            {
                "id": row["id"],
                "stamp": site_time(seconds(row["stamp"])),
                "headline": row["headline"],
                "url": row.get("url", ""),
                "image": row.get("image", ""),
                "copy": row.get("copy", ""),
            }
        )

    def _play(self) -> None:
        """Let all that has happened happen, in the order of its times."""
        scenes: list[tuple[float, Callable[[], object]]] = []
        for place, row in self._tables.rows("users"):
            user = self._world.users[row["username"].lower()]
            scenes.append((user.joined, partial(self._acts.welcome, user.username)))
            for other in self._users(f"{place}.follows", row.get("follows", [])):
                both_there = max(user.joined, other.joined)
                follow = partial(self._acts.follow, user.username, other.username)
                scenes.append((both_there, follow))
            if "featured" in row:
                user.featured = self._project(f"{place}.featured", row["featured"])
        for place, row in self._tables.rows("happened"):
            scenes.append((seconds(row["at"]), partial(self._happen, place, row)))
        for at, scene in sorted(scenes, key=lambda one: one[0]):
            self._now = at
            scene()

    def _arrange_front_page(self) -> None:
        row, page = self._tables.single("front_page"), self._world.front_page
        place = "front_page"
        page.projects = [self._project(f"{place}.projects", key) for key in row.get("projects", ())]
        page.curated = [self._project(f"{place}.curated", key) for key in row.get("curated", ())]
        page.studios = [self._studio(f"{place}.studios", key) for key in row.get("studios", ())]
        page.curator = row.get("curator", "")
        if "design_studio" in row:
            page.design_studio = self._studio(f"{place}.design_studio", row["design_studio"])

    def _happen(self, place: str, row: dict[str, Any]) -> None:
        who = self._user(f"{place}.who", row["who"]).username
        deed = _DEEDS.get(row["does"])
        if deed is None:
            raise self._error(f"{place}.does", f"is {row['does']!r}", f"use {', '.join(_DEEDS)}")
        try:
            deed(self._acts, who, row["on"], row)
        except RejectedError as rejection:
            raise self._error(place, f"is rejected: {rejection.reason}", "change it") from None
        except (RefusedError, ValueError) as error:
            advice = "name what is there"
            raise self._error(f"{place}.on", f"is {row['on']!r} ({error})", advice) from None

    def _error(self, place: str, found: str, advice: str) -> WorldError:
        return self._tables.error(place, found, advice)

    def _twice(self, place: str, row: dict[str, Any]) -> WorldError:
        return self._error(f"{place}.id", f"{row['id']} is there twice", "renumber")

    def _users(self, place: str, names: list[str]) -> list[User]:
        return [self._user(place, name) for name in names]

    def _user(self, place: str, name: str) -> User:
        user = self._world.user(str(name))
        if user is None:
            raise self._error(place, f"is {name!r}, who is no user", "add the user")
        return user

    def _project(self, place: str, project_id: int) -> Project:
        project = self._world.projects.get(project_id)
        if project is None:
            raise self._error(place, f"is {project_id}, which is no project", "add the project")
        return project

    def _studio(self, place: str, studio_id: int) -> Studio:
        studio = self._world.studios.get(studio_id)
        if studio is None:
            raise self._error(place, f"is {studio_id}, which is no studio", "add the studio")
        return studio


_USER_RELATIONS = {"joined", "muted_until", "invited", "follows", "featured"}
_PROJECT_RELATIONS = {"author", "created", "shared", "loves", "remix_of", "cloud"}


def _number(target: str) -> int:
    return int(Place.parse(target).key)


def _name(target: str) -> str:
    return Place.parse(target).key


def _to_studio(
    on: str, act: Callable[[str, int, Any], object], who: str, key: Callable[[str], Any]
) -> None:
    what, _, studio = on.partition(" to ")
    act(who, _number(studio), key(what))


def _replies(acts: Acts, who: str, on: str, row: dict[str, Any]) -> None:
    where = Place.parse(on)
    newest = next(acts.world.top_comments(where), None)
    acts.post_comment(who, where, row.get("text", ""), newest.id if newest else None)


def _follows(acts: Acts, who: str, on: str, _: dict[str, Any]) -> None:
    if on.startswith("studio:"):
        acts.follow_studio(who, _number(on))
    else:
        acts.follow(who, _name(on))


def _posts(acts: Acts, who: str, on: str, row: dict[str, Any]) -> None:
    topics = reversed(acts.world.topics.values())
    topic = next((one for one in topics if one.title == on), None)
    acts.post_in_topic(who, topic.id if topic else 0, row.get("text", ""))


def _starts(acts: Acts, who: str, on: str, row: dict[str, Any]) -> None:
    category = int(on.removeprefix("category:"))
    acts.create_topic(who, category, row.get("title", ""), row.get("text", ""))


_DEEDS: dict[str, Callable[[Acts, str, str, dict[str, Any]], object]] = {
    "comments": lambda acts, who, on, row: acts.post_comment(
        who, Place.parse(on), row.get("text", "")
    ),
    "replies": _replies,
    "loves": lambda acts, who, on, _: acts.love(who, _number(on)),
    "favorites": lambda acts, who, on, _: acts.favorite(who, _number(on)),
    "views": lambda acts, who, on, _: acts.view(who, _number(on)),
    "shares": lambda acts, who, on, _: acts.share(who, _number(on)),
    "follows": _follows,
    "adds": lambda acts, who, on, _: _to_studio(on, acts.add_project, who, _number),
    "invites": lambda acts, who, on, _: _to_studio(on, acts.invite_curator, who, _name),
    "accepts": lambda acts, who, on, _: acts.accept_curator(who, _number(on)),
    "promotes": lambda acts, who, on, _: _to_studio(on, acts.promote_curator, who, _name),
    "starts": _starts,
    "posts": _posts,
    "alerts": lambda acts, _, on, row: acts.alert(_name(on), row.get("text", "")),
}
"""What can have happened: the words of a world file, and the acts that they mean."""

"""Makes big worlds, the same ones from the same seed."""

from random import Random

from scratchbot.sandbox.world import Comment, Place, Project, Studio, User, World
from scratchbot.sandbox.worldfile import load_world

PROJECTS_A_USER = 10
PROJECTS_A_STUDIO = 100
COMMENTS_A_PROJECT = 10
REPLIES_A_PROJECT = 2
BEGAN = 1_577_836_800.0
LASTED = 5 * 365 * 24 * 3600.0

_ADJECTIVES = ("tiny", "giant", "quick", "lost", "blue", "silent", "electric", "round", "last")
_THINGS = ("maze", "platformer", "clicker", "quiz", "story", "pong", "synth", "garden", "rocket")
_SAYINGS = (
    "This is great!",
    "How did you make the jump?",
    "I got 31 points",
    "Can I remix this?",
    "The music is nice :)",
    "It does not load for me",
    "first",
    "Please make a second level",
)


def generate(size: int, seed: int = 0) -> World:
    """Return the default world with many more projects, people, studios and comments.

    :param size: how many projects; there are ten comments to each.
    """
    world, random = load_world(), Random(seed)
    people = [_person(world, number) for number in range(max(10, size // PROJECTS_A_USER))]
    for number in range(size):
        project = _project(world, random, people, number)
        _comment_on(world, random, people, project)
    for _ in range(size // PROJECTS_A_STUDIO):
        _studio(world, random, people)
    for person in people:
        _befriend(person, random.choice(people))
    world.journal.clear()
    return world


def _person(world: World, number: int) -> User:
    person = User(
        id=next(world.user_ids),
        username=f"person-{number:06}",
        password=f"password-{number}",
        joined=BEGAN,
    )
    world.add_user(person)
    return person


def _project(world: World, random: Random, people: list[User], number: int) -> Project:
    shared = BEGAN + LASTED * random.random()
    project = Project(
        id=next(world.project_ids),
        title=f"{random.choice(_ADJECTIVES)} {random.choice(_THINGS)} {number}",
        author=people[number % len(people)],
        created=shared,
        modified=shared,
        shared=shared,
        views=random.randrange(10_000),
        old_loves=random.randrange(500),
    )
    world.add_project(project)
    return project


def _comment_on(world: World, random: Random, people: list[User], project: Project) -> None:
    place, at, top = Place("project", str(project.id)), project.created, None
    for number in range(COMMENTS_A_PROJECT):
        at += 3600.0 * random.random()
        is_reply = top is not None and number >= COMMENTS_A_PROJECT - REPLIES_A_PROJECT
        comment = Comment(
            id=next(world.comment_ids),
            place=place,
            author=random.choice(people),
            content=random.choice(_SAYINGS),
            created=at,
            parent=top if is_reply else None,
            commentee=top.author if is_reply and top is not None else None,
        )
        world.add_comment(comment)
        top = top if is_reply else comment


def _studio(world: World, random: Random, people: list[User]) -> None:
    host = random.choice(people)
    chosen = random.sample(people, min(len(people), 5))
    projects = [project for person in chosen for project in person.projects.values()]
    world.add_studio(
        Studio(
            id=next(world.studio_ids),
            title=f"The {random.choice(_ADJECTIVES)} {random.choice(_THINGS)}s",
            host=host,
            created=BEGAN,
            modified=BEGAN,
            curators={one.key: one for one in chosen if one is not host},
            projects={project.id: project for project in projects},
        )
    )


def _befriend(person: User, other: User) -> None:
    if person is not other:
        person.following[other.key] = other
        other.followers[person.key] = person

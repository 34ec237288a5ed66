"""What there is in the sandbox: plain data."""

from scratchbot.sandbox.world.classrooms import Classroom
from scratchbot.sandbox.world.comments import Comment
from scratchbot.sandbox.world.forums import Category, ForumPost, Topic
from scratchbot.sandbox.world.places import Place, PlaceKind, Row
from scratchbot.sandbox.world.projects import CLOUD_SIGN, Project
from scratchbot.sandbox.world.studios import Studio
from scratchbot.sandbox.world.users import BackpackItem, Offense, Role, User
from scratchbot.sandbox.world.world import Entry, FrontPage, World

__all__ = [
    "CLOUD_SIGN",
    "BackpackItem",
    "Category",
    "Classroom",
    "Comment",
    "Entry",
    "ForumPost",
    "FrontPage",
    "Offense",
    "Place",
    "PlaceKind",
    "Project",
    "Role",
    "Row",
    "Studio",
    "Topic",
    "User",
    "World",
]

"""The one list of acts: whatever changes the world does so here, with all that follows from it."""

from scratchbot.sandbox.acts.classrooms import ClassroomActs
from scratchbot.sandbox.acts.cloud import CloudActs, CloudListener
from scratchbot.sandbox.acts.forums import ForumActs
from scratchbot.sandbox.acts.opinions import OpinionActs
from scratchbot.sandbox.acts.projects import ProjectActs
from scratchbot.sandbox.acts.studios import StudioActs, StudioEditError

__all__ = ["Acts", "CloudListener", "StudioEditError"]


class Acts(ClassroomActs, CloudActs, ForumActs, OpinionActs, ProjectActs, StudioActs):
    """All that people can do."""

"""Testing bots: a Scratch of its own for each test.

The pytest fixture ``scratch`` is all there is to learn; docs/how-to/test-your-bot.md shows it.
"""

from scratchbot.testing.clock import JumpingClock
from scratchbot.testing.people import Person, Posted
from scratchbot.testing.scratch import Scratch

__all__ = ["JumpingClock", "Person", "Posted", "Scratch"]

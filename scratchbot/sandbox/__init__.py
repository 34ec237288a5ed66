"""A local Scratch for bots and their tests; it shares no code with the client."""

from scratchbot.sandbox.server import Sandbox
from scratchbot.sandbox.world import Place, World
from scratchbot.sandbox.worldfile import WorldError, load_world

__all__ = ["Place", "Sandbox", "World", "WorldError", "load_world"]

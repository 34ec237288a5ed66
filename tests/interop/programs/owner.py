"""Reads who hosts a studio."""

from scratchclient import ScratchSession

session = ScratchSession()
print(session.get_studio(26135902).owner)

"""Reads how many people live in England."""

from scratchclient import ScratchSession

session = ScratchSession()
print(session.get_statistics()["over_time"]["country_distribution"]["England"])

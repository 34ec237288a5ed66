"""``api.scratch.mit.edu``."""

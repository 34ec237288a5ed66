"""``scratch.mit.edu``: the old site."""

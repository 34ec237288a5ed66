"""Looking at all that a bot needs, without changing anything."""

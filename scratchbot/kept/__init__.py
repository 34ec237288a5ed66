"""Sessions that ``scratchbot login`` keeps, so that a bot needs no password to run."""

# Made from scratchbot/aio/__init__.py by `make sync`: change that file, not this one.
"""The session and its classes; ``aio`` is what is written, ``sync`` is made from it."""

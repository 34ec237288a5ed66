"""The session and its classes; ``aio`` is what is written, ``sync`` is made from it."""

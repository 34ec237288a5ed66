"""How often each source is asked."""

from scratchbot.watch import Watch

FLOOR = 2.0
DEFAULT = 10.0
DEFAULT_WITHOUT_LIMITS = 0.25

_DEFAULTS = {"activity": 30.0, "studio-activity": 30.0}


def interval(watch: Watch, *, limits: bool) -> float:
    """Return the seconds between two looks.

    :param limits: whether the floor that spares the site is kept.
    """
    if not limits:
        return watch.every or DEFAULT_WITHOUT_LIMITS
    return max(FLOOR, watch.every or _DEFAULTS.get(watch.kind, DEFAULT))

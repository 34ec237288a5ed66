"""How the site writes times: whole seconds, UTC."""

from datetime import UTC, datetime


def site_time(seconds: float) -> str:
    """Return a time as the new API writes it."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def old_site_time(seconds: float) -> str:
    """Return a time as the old pages write it."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

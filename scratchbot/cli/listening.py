"""Why a port cannot be listened on, in words."""

import errno

_REASONS = {
    errno.EADDRINUSE: "another program has that port: choose another with --port, or --port 0 for "
    "a free one",
    errno.EACCES: "ports below 1024 are kept for the system: choose another with --port",
    errno.EADDRNOTAVAIL: "this machine has no such address: leave --host out, or mend it",
}


def cannot_listen(error: OSError, host: str, port: int) -> str:
    """Return one line that says why, and what to do."""
    # The event loop gives no number where none of a host's addresses is this machine's.
    number = error.errno or errno.EADDRNOTAVAIL
    reason = _REASONS.get(number, f"{error.strerror}: leave --host out, or mend it")
    return f"scratchbot: cannot listen on {host} port {port}: {reason}\n"

"""What the code with which a cloud server closes a socket asks for.

The codes are those of TurboWarp's server and of the site's own client.
"""

from random import Random

from scratchbot.errors import ForbiddenError, NotFoundError, SiteError
from scratchbot.wire.cloudhosts import CloudHost

BAD_USERNAME, OVERLOADED = 4002, 4003

LONGEST_PAUSE = 31.0
OVERLOADED_PAUSE = (60.0, 120.0)


def final_error(
    code: int | None, project_id: int | str, host: CloudHost, username: str
) -> SiteError | None:
    """Return why there is no use in coming back, or ``None`` if there is."""
    about = f"the cloud server {host.address} closed project {project_id}"
    match code:
        case 4002:
            why = (
                "New Scratchers cannot use cloud variables, and a session may have ended: "
                "log in again"
                if host.needs_login
                else "play under the name of an account that exists"
            )
            return ForbiddenError(f"{about}: it refuses the user name {username!r}; {why}")
        case 4004:
            return NotFoundError(f"{about}: check the number, and that the project is shared")
        case 4005:
            return ForbiddenError(
                f"{about} for safety: send it no cookies or tokens of the site, and see in a "
                "browser whether the account is well"
            )
        case 4006:
            return ForbiddenError(
                f"{about}: it wants to know who the bot is; set [bot] contact in scratchbot.toml "
                "or headers={'User-Agent': ...} to a text that says how to reach you"
            )
    return None


def pause(code: int | None, attempts: int, jitter: Random) -> float:
    """Return the seconds to wait before coming back.

    :param attempts: how often in a row it failed, or did not last.
    """
    if code == OVERLOADED:
        return jitter.uniform(*OVERLOADED_PAUSE)
    return jitter.uniform(0, min(2.0 ** min(attempts, 10) - 1, LONGEST_PAUSE))

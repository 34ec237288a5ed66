"""Every error that scratchbot raises; each message says what to do next."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from scratchbot.redaction import redact


class ScratchbotError(Exception):
    """Anything that scratchbot refuses or that the site refused; no secret shows in it."""

    def __init__(self, message: str) -> None:
        super().__init__(redact(message))


def one_line(error: BaseException) -> str:
    """Say an error of any kind in one line, without secrets; some cannot even be printed."""
    try:
        said = str(error)
    except Exception:
        said = "what it says cannot be printed"
    return redact(f"{type(error).__name__}: {said}".split("\n", 1)[0])


class SettingsError(ScratchbotError):
    """A setting from ``scratchbot.toml``, the environment or a flag is wrong or missing."""


class RegistrationError(ScratchbotError):
    """A handler, watch, plugin or schedule can never work as it was registered.

    :param place: file and line, with which the message ends.
    :ivar said: the message without them.
    """

    def __init__(self, message: str, place: str = "") -> None:
        self.said = redact(message)
        self.place = place
        super().__init__(f"{message} ({place})" if place else message)


class AppError(ScratchbotError):
    """The program that should hold a bot cannot be loaded."""


class StoreError(ScratchbotError):
    """The store cannot be opened, read or written."""


class ParkedActError(ScratchbotError):
    """Nobody but a person can tell whether an act was done: look, then retry or drop its run."""


class ClosedError(ScratchbotError):
    """A session was used after it was closed."""

    def __init__(self) -> None:
        super().__init__("this session is closed: open a new one")


class InputError(ScratchbotError, ValueError):
    """A value was refused before anything was sent to the site."""


class SiteError(ScratchbotError):
    """The site, or the way to it, said no."""


class SiteDownError(SiteError):
    """The site did not answer, or answered that it is out of order.

    :param arrived: whether the request may have reached the site all the same.
    """

    def __init__(self, message: str, *, arrived: bool = True) -> None:
        super().__init__(message)
        self.arrived = arrived


class NotLoggedInError(SiteError):
    """The session has no log-in, or none any more, and what was asked needs one."""


class WrongCredentialsError(SiteError):
    """The site refused the user name with this password or session id."""


class ForbiddenError(SiteError):
    """The account may not do this."""


class BlockedError(ForbiddenError):
    """The account may do nothing until its owner has seen to it: it is banned, for example."""


class PermissionDeniedError(ScratchbotError):
    """A handler tried an act that its owner has not allowed."""


class MannersError(ScratchbotError):
    """A handler was about to say what good manners forbid; the message says which.

    A run that it ends is over: neither tried again nor reported as a failure.

    :param left_alone: who asked to be left alone, in small letters, if that is why.
    """

    def __init__(self, message: str, left_alone: Collection[str] = ()) -> None:
        self.left_alone = frozenset(left_alone)
        super().__init__(message)


class NoAnswerError(ScratchbotError, TimeoutError):
    """Nobody answered a question in time, or what was waited for did not come."""


class NotFoundError(SiteError):
    """There is no such thing on the site, or it is not shared."""


class ConflictError(SiteError):
    """What was asked for cannot be made again: it is there already."""


class RateLimitedError(SiteError):
    """The site asks to slow down.

    :param retry_after: seconds to wait, if the site said how many.
    :param until: when they are over.
    """

    def __init__(
        self, message: str, retry_after: float | None = None, until: datetime | None = None
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.until = until


class RetiredError(SiteError):
    """The site no longer has what was asked for; the message says what to use instead."""


class UnexpectedAnswerError(SiteError):
    """The site's answer is not of the form that it has been known to have.

    ``sample`` is how the answer begins, without secrets; it is what the site wrote, not we.
    """

    def __init__(self, message: str, sample: str = "") -> None:
        super().__init__(message)
        self.sample = sample


LOST = (BlockedError, NotLoggedInError, WrongCredentialsError)
"""What is raised when the account can do nothing until somebody has seen to it."""


class Rejection(StrEnum):
    """The site's known words for why it rejects a comment."""

    EMPTY = "isEmpty"
    TOO_LONG = "isTooLong"
    FLOOD = "isFlood"
    SPAM = "isSpam"
    BAD = "isBad"
    CHAT_SITE = "hasChatSite"
    UNCONSTRUCTIVE = "isUnconstructive"
    MUTED = "isMuted"
    ADDRESS_MUTED = "isIPMuted"
    DISALLOWED = "isDisallowed"
    NOT_PERMITTED = "isNotPermitted"


class CommentRejectedError(SiteError):
    """The site refused a comment.

    :param reason: the site's own word: a :class:`Rejection`, or one that is not known yet.
    :param muted_until: when the account's mute ends, if it is muted.
    :param appeal_id: what the site wants to see in an appeal, where it takes one.
    """

    def __init__(
        self, reason: str, muted_until: datetime | None = None, appeal_id: str | None = None
    ) -> None:
        self.reason = reason
        self.muted_until = muted_until
        self.appeal_id = appeal_id
        advice = _ADVICE.get(reason, "change the text, or look at the place in a browser")
        until = f" (muted until {muted_until:%Y-%m-%d %H:%M} UTC)" if muted_until else ""
        super().__init__(f"the site rejected the comment: {reason}{until}; {advice}")


class StudioRejectedError(SiteError):
    """The site refused a change to a studio.

    :param reason: the site's own words (``editable-text-too-long``, ``thumbnail-too-large``, …).
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        advice = _STUDIO_ADVICE.get(reason, "change it, or look at the studio in a browser")
        super().__init__(f"the site refused the change to the studio: {reason}; {advice}")


_STUDIO_ADVICE = {
    "inappropriate-generic": "the site's filter found a word it does not allow",
    "editable-text-too-long": "shorten the text",
    "thumbnail-too-large": "use a picture of at most 512 KiB",
    "image-invalid": "use a PNG, JPEG or GIF picture",
    "This field is required.": "give a text",
}
_ADVICE: dict[str, str] = {
    Rejection.EMPTY: "write some text",
    Rejection.TOO_LONG: "keep it to 500 characters",
    Rejection.FLOOD: "wait a while between comments",
    Rejection.SPAM: "do not say the same thing again and again",
    Rejection.BAD: "the site's filter found a word it does not allow",
    Rejection.CHAT_SITE: "leave out links to chat sites",
    Rejection.UNCONSTRUCTIVE: "say it in a kinder way",
    Rejection.MUTED: "do not comment until the mute ends",
    Rejection.ADDRESS_MUTED: "do not comment until the mute ends",
    Rejection.DISALLOWED: "comments are turned off there",
    Rejection.NOT_PERMITTED: "confirm the account's e-mail address first",
}

"""Every error that scratchbot raises; each message says what to do next."""

from datetime import datetime


class ScratchbotError(Exception):
    """Anything that scratchbot refuses or that the site refused."""


class SettingsError(ScratchbotError):
    """A setting from ``scratchbot.toml``, the environment or a flag is wrong or missing."""


class RegistrationError(ScratchbotError):
    """A handler, watch or schedule can never work as it was registered."""


class AppError(ScratchbotError):
    """The program that should hold a bot cannot be loaded."""


class StoreError(ScratchbotError):
    """The store cannot be opened, read or written."""


class InputError(ScratchbotError, ValueError):
    """A value was refused before anything was sent to the site."""


class SiteError(ScratchbotError):
    """The site, or the way to it, said no."""


class SiteDownError(SiteError):
    """The site did not answer, or answered that it is out of order."""


class NotLoggedInError(SiteError):
    """The session has no log-in and what was asked needs one."""


class WrongCredentialsError(SiteError):
    """The site refused the user name with this password or session id."""


class ForbiddenError(SiteError):
    """The account may not do this."""


class PermissionDeniedError(ScratchbotError):
    """A handler tried an act that its owner has not allowed."""


class NotFoundError(SiteError):
    """There is no such thing on the site, or it is not shared."""


class RateLimitedError(SiteError):
    """The site asks to slow down.

    :param retry_after: seconds to wait, if the site said how many.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RetiredError(SiteError):
    """The site no longer has what was asked for; the message says what to use instead."""


class UnexpectedAnswerError(SiteError):
    """The site's answer is not of the form that it has been known to have."""


class CommentRejectedError(SiteError):
    """The site refused a comment.

    :param reason: the site's own word (``isBad``, ``isFlood``, ``isMuted``, …).
    :param muted_until: when the account's mute ends, if it is muted.
    """

    def __init__(self, reason: str, muted_until: datetime | None = None) -> None:
        self.reason = reason
        self.muted_until = muted_until
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
_ADVICE = {
    "isEmpty": "write some text",
    "isTooLong": "keep it to 500 characters",
    "isFlood": "wait a while between comments",
    "isSpam": "do not say the same thing again and again",
    "isBad": "the site's filter found a word it does not allow",
    "hasChatSite": "leave out links to chat sites",
    "isUnconstructive": "say it in a kinder way",
    "isMuted": "do not comment until the mute ends",
    "isIPMuted": "do not comment until the mute ends",
    "isDisallowed": "comments are turned off there",
    "isNotPermitted": "confirm the account's e-mail address first",
}

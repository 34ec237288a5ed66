"""Doing something about a comment, and saying what came of it."""

from collections.abc import Collection
from typing import Any, Literal

from scratchbot import AsyncScratchSession
from scratchbot.errors import (
    CommentRejectedError,
    ForbiddenError,
    MannersError,
    NotFoundError,
    ParkedActError,
    PermissionDeniedError,
)
from scratchbot.events import CommentEvent
from scratchbot.runtime.retries import passes
from scratchbot_moderation.settings import Action

Outcome = Literal["done", "gone", "withheld", "refused", "unknown"]

ORDER: tuple[Action, ...] = ("warn", "report", "delete")
"""What is deleted can be neither answered nor reported."""


async def act(
    session: AsyncScratchSession,
    event: CommentEvent,
    actions: Collection[Action],
    warning: str,
    log: Any,
) -> dict[str, str]:
    """Do something about a comment; return what came of each action.

    What the site cannot do now raises, and is tried again with the whole run. What it will never do
    is no failure of the run: the comment still counts.

    :param warning: what ``warn`` replies.
    """
    return {
        action: await _try(session, event, action, warning, log)
        for action in ORDER
        if action in actions
    }


async def _try(
    session: AsyncScratchSession, event: CommentEvent, action: Action, warning: str, log: Any
) -> Outcome:
    try:
        match action:
            case "warn":
                await session.reply(event, f"@{event.author} {warning}")
            case "report":
                await session.report_comment(event)
            case "delete":
                await session.delete_comment(event)
    except NotFoundError:
        return "gone"
    except MannersError:
        return "withheld"
    except ParkedActError:
        return "unknown"
    except (PermissionDeniedError, ForbiddenError, CommentRejectedError) as error:
        if passes(error):
            raise
        log.warning("act_refused", act=action, why=str(error))
        return "refused"
    return "done"

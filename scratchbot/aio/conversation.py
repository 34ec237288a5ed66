"""Talking with people over several comments."""

from typing import Any, cast

from scratchbot.events import CommentEvent, Event, check_event_fields, check_event_name
from scratchbot.waiting import AsyncWait, Wanted

DAY = 86_400.0


class AsyncConversation:
    """Asks people, and waits for what happens, however long it takes and over restarts.

    While it waits, the handler does not run: when the answer is there it begins anew, is given the
    results of what it did before, and goes on where it was. What it does besides through the
    session and the store happens each time.
    """

    def __init__(self, wait: AsyncWait) -> None:
        self._wait = wait

    async def ask(
        self,
        event: CommentEvent,
        question: str,
        *,
        timeout: float = DAY,
    ) -> CommentEvent:
        """Ask whoever wrote a comment, below it, and return their next comment there.

        :param timeout: seconds to wait for it.
        :raises NoAnswerError: if there is none in time.
        :raises InputError: if the question is empty or longer than 500 characters.
        """
        answer = await self._wait(
            Wanted(
                name="comment",
                values={
                    "author": event.author,
                    "where": event.where,
                    "target": event.target,
                    "parent_id": event.parent_id or event.comment_id,
                },
                timeout=timeout,
                since=event.at,
                below=event,
                question=question,
            )
        )
        return cast(CommentEvent, answer)

    async def wait_for(
        self,
        name: str,
        *,
        timeout: float = DAY,
        **values: Any,
    ) -> Event:
        """Return the next event of a name whose fields have some values.

        :param name: an event name, or a prefix of names, as for ``bot.on``.
        :param timeout: seconds to wait for it.
        :param values: those that fields of the event must have, such as ``project_id=104``.
        :raises NoAnswerError: if none comes in time.
        :raises RegistrationError: if none can ever come.
        """
        check_event_fields(check_event_name(name), values)
        return await self._wait(Wanted(name=name, values=values, timeout=timeout))

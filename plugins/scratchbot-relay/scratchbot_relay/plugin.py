"""The plugin: from what a bot hears to what webhooks are sent.

Each target has a lane of its own, in which one step is taken at a time: to keep an event, to wait
for more, to send. Each step is a stored event. What a step has to send stands in it, so that a step
that is taken again, after a failure or a crash, sends the same.
"""

import json
from collections.abc import AsyncIterator

from structlog.typing import FilteringBoundLogger

from scratchbot import Plugin
from scratchbot.aio.conversation import AsyncConversation
from scratchbot.aio.store import AsyncStore
from scratchbot.errors import NoAnswerError
from scratchbot.events import BotErrorEvent, Event, PluginEvent, matches
from scratchbot.handlers import Emit
from scratchbot.policy import Policy
from scratchbot.watch import Watch
from scratchbot_relay.bodies import fitting
from scratchbot_relay.queue import Queue
from scratchbot_relay.settings import Settings, Target
from scratchbot_relay.webhooks import Webhooks, webhooks

KEEP, WAIT, SEND = "plugin.keep", "plugin.wait", "plugin.send"

_PATIENT = Policy(retries=1_000)


class Relay(Plugin):
    """Sends events to webhooks.

    :param watches: what to watch for it; it also sends what the bot watches for others.
    :param name: what its table is called.
    """

    def __init__(self, *watches: Watch, name: str = "relay") -> None:
        super().__init__(name, Settings)
        self.watch(*watches)
        self.lifespan(self.connect)
        self.on("*", _is_no_step)(self.collect)
        self.on("bot.error")(self.revive)
        self._add(self.take_step, "plugin", {}, _PATIENT)

    async def connect(self, config: Settings) -> AsyncIterator[Webhooks]:
        """Hold the connections as long as the bot runs."""
        async with webhooks(allow_private=config.allow_private) as state:
            yield state

    async def collect(self, event: Event, config: Settings, emit: Emit) -> None:
        """Have an event kept for each target that wants it."""
        for name, target in config.targets.items():
            if any(matches(wanted, event.name) for wanted in target.events):
                fields = json.loads(event.to_json())
                await emit(self._step(KEEP, name, event.id, event, event=fields))

    async def take_step(
        self,
        event: PluginEvent,
        config: Settings,
        *,
        store: AsyncStore,
        state: Webhooks,
        emit: Emit,
        conversation: AsyncConversation,
        log: FilteringBoundLogger,
    ) -> None:
        """Take the next step of a target.

        :raises SiteError: if the target is to be tried again later.
        """
        queue = await Queue.open(store, event.data["target"])
        target = config.targets.get(queue.target)
        if target is None:
            log.warning("target_gone", target=queue.target, events=len(queue))
            await queue.drop(queue.tail)
            return
        if event.name == KEEP:
            await queue.put(event.data["event"])
        elif queue.head != event.data["head"]:
            return
        elif event.name == WAIT:
            await _wait(conversation, target.batch_seconds)
        else:
            await _send(queue, event.data["end"], target, state=state, log=log)
        await self._go_on(queue, target, event, emit)

    async def revive(
        self, event: BotErrorEvent, config: Settings, store: AsyncStore, emit: Emit
    ) -> None:
        """Go on with a target that was down for so long that the bot's patience has ended."""
        for name in config.targets:
            if (event.event_id or "").startswith(self._id(SEND, name, "")):
                queue = await Queue.open(store, name)
                if queue.is_sealed:
                    await emit(self._sending(queue, event, f"{queue.head}:{event.id}"))

    async def _go_on(self, queue: Queue, target: Target, cause: Event, emit: Emit) -> None:
        """Have the next events sent, now or when they have waited for others."""
        if queue.is_sealed or not queue:
            return
        is_due = cause.name == WAIT or not target.batch_seconds
        if is_due or len(queue) >= target.batch_size:
            await self._seal(queue, target, cause, emit)
        else:
            await emit(self._step(WAIT, queue.target, str(queue.head), cause, head=queue.head))

    async def _seal(self, queue: Queue, target: Target, cause: Event, emit: Emit) -> None:
        """Decide what is sent together, and have it sent."""
        events = await queue.read(min(queue.tail, queue.head + target.batch_size))
        await queue.seal(fitting(target, events))
        await emit(self._sending(queue, cause, str(queue.head)))

    def _sending(self, queue: Queue, cause: Event, key: str) -> PluginEvent:
        return self._step(SEND, queue.target, key, cause, head=queue.head, end=queue.end)

    def _step(self, step: str, target: str, key: str, cause: Event, **data: object) -> PluginEvent:
        """Return the event whose emission has a step taken.

        :param key: tells it from the other steps of this kind: emitting it again changes nothing.
        """
        return PluginEvent(
            id=self._id(step, target, key),
            name=step,
            at=cause.at,
            source=f"{self.name}:{target}",
            data={"target": target, **data},
        )

    def _id(self, step: str, target: str, key: str) -> str:
        return f"{self.name}:{target}:{step}:{key}"


async def _wait(conversation: AsyncConversation, seconds: float) -> None:
    """Wait, over restarts too; what waits when the bot stops is sent when it comes back."""
    try:
        await conversation.wait_for("bot.stop", timeout=seconds)
    except NoAnswerError:
        return


async def _send(
    queue: Queue, end: int, target: Target, *, state: Webhooks, log: FilteringBoundLogger
) -> None:
    """Send what is sealed, and let go of it once the target has it or will never take it."""
    events = await queue.read(end)
    if events:
        status = await state.send(queue.target, target, events)
        if 200 <= status < 300:
            log.info("events_relayed", target=queue.target, events=len(events))
        else:
            log.error("events_refused", target=queue.target, events=len(events), status=status)
    await queue.drop(end)


def _is_no_step(event: Event) -> bool:
    return not isinstance(event, PluginEvent)

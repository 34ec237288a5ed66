"""What a bot hears: typed, frozen events that survive a trip through JSON."""

import dataclasses
import difflib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from scratchbot.errors import RegistrationError

Place = Literal["project", "studio", "profile"]

COMMENT_PLACES: tuple[Place, ...] = ("project", "studio", "profile")
MESSAGE_TYPES = (
    "followuser",
    "loveproject",
    "favoriteproject",
    "addcomment",
    "curatorinvite",
    "remixproject",
    "studioactivity",
    "forumpost",
    "becomeownerstudio",
    "becomehoststudio",
    "userjoin",
)
ACTIVITY_TYPES = (
    "followuser",
    "followstudio",
    "loveproject",
    "favoriteproject",
    "remixproject",
    "becomecurator",
    "becomeownerstudio",
    "becomehoststudio",
    "shareproject",
    "addprojecttostudio",
    "removeprojectstudio",
    "updatestudio",
    "removecuratorstudio",
)

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened.

    :param id: the same string each time the same thing is seen.
    :param name: the dotted event name, such as ``comment.project``.
    :param at: when it happened by the site's clock (aware, UTC).
    :param source: the watch that saw it, such as ``project-comments:104``.
    """

    id: str
    name: str
    at: datetime
    source: str

    def to_json(self) -> str:
        """Return the event as one line of JSON; fields that are ``None`` are left out."""
        values = {name: value for name, value in vars(self).items() if value is not None}
        values["at"] = self.at.isoformat()
        return _ENCODER.encode(values)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Event":
        """Return the event that :meth:`to_json` wrote, as an object of its own class."""
        kind = event_class(_decode_name(text).name)
        try:
            return _decoder(kind)(text)
        except msgspec.ValidationError:  # the site has put something else into a field
            values = json.loads(text)
            values["at"] = datetime.fromisoformat(values["at"])
            return kind(**values)


@dataclass(frozen=True, kw_only=True)
class CommentEvent(Event):
    """A comment on a project, in a studio or on a profile.

    :param comment_id: the site's number of the comment.
    :param parent_id: the top comment that this one answers, if it is a reply.
    :param content: plain text, entities decoded.
    :param where: the kind of place, ``target`` which one (a number or a user name).
    """

    comment_id: int
    content: str
    author: str
    where: Place
    target: str
    author_id: int | None = None
    parent_id: int | None = None
    project_id: int | None = None
    studio_id: int | None = None
    profile: str | None = None


@dataclass(frozen=True, kw_only=True)
class _SiteRow(Event):
    """What messages and activity have in common: who did what, in the site's own fields.

    :param type: the site's own word, such as ``loveproject``.
    :param extra: fields of the site that have none of their own here.
    """

    type: str
    actor: str
    actor_id: int | None = None
    project_id: int | None = None
    title: str | None = None
    project_title: str | None = None
    parent_id: int | None = None
    parent_title: str | None = None
    gallery_id: int | None = None
    gallery_title: str | None = None
    recipient_username: str | None = None
    followed_username: str | None = None
    username: str | None = None
    extra: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, kw_only=True)
class MessageEvent(_SiteRow):
    """A message that the bot's account received."""

    comment_id: int | None = None
    comment_fragment: str | None = None
    commentee_username: str | None = None
    comment_obj_id: int | None = None
    comment_obj_title: str | None = None
    comment_type: int | None = None
    topic_id: int | None = None
    topic_title: str | None = None


@dataclass(frozen=True, kw_only=True)
class ActivityEvent(_SiteRow):
    """A line of the following feed, or of a studio's activity (then ``studio_id`` is set)."""

    studio_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CloudEvent(Event):
    """Something about the cloud variables of a project.

    :param project_id: its number; on servers other than Scratch's it can be a text.
    """

    project_id: int | str


@dataclass(frozen=True, kw_only=True)
class CloudChangeEvent(CloudEvent):
    """A cloud variable was changed.

    :param variable: its name without the cloud sign.
    :param user: who did it, if it was learned from the cloud log: the socket does not say.
    :param via: how it was learned: ``live`` as it happened; from the cloud ``log``, after a gap; or
        by comparing the ``values`` before a gap with those after it, where the log says nothing.
    """

    variable: str
    user: str | None = None
    via: Literal["live", "log", "values"] = "live"


@dataclass(frozen=True, kw_only=True)
class CloudSetEvent(CloudChangeEvent):
    """A cloud variable has a new value.

    :param previous: the value before, if it was known.
    """

    value: str
    previous: str | None = None


@dataclass(frozen=True, kw_only=True)
class CloudCreateEvent(CloudChangeEvent):
    """A cloud variable was created."""

    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class CloudDeleteEvent(CloudChangeEvent):
    """A cloud variable was deleted."""


@dataclass(frozen=True, kw_only=True)
class CloudConnectEvent(CloudEvent):
    """The socket to a project's cloud variables is open."""


@dataclass(frozen=True, kw_only=True)
class CloudDisconnectEvent(CloudEvent):
    """The socket to a project's cloud variables was lost.

    :param code: the WebSocket close code, if there was one.
    """

    code: int | None = None


@dataclass(frozen=True, kw_only=True)
class CloudRequestEvent(CloudEvent):
    """A project has asked for something in its cloud variables.

    The plugin that has put the request together tells it to its own handlers.

    :param cloud: the watch that heard it, such as ``cloud:104``.
    :param request: what is asked for, with the ``arguments`` that were given.
    :param request_id: how the project will know the answer.
    :param user: who asked, if the site says so.
    """

    cloud: str
    request: str
    arguments: list[str] = field(hash=False)
    request_id: str
    user: str | None = None


@dataclass(frozen=True, kw_only=True)
class CloudAnswerEvent(CloudEvent):
    """An answer is ready to be sent to a project in its cloud variables.

    The plugin that has written the packets tells it to its own handlers.

    :param cloud: the watch that heard the request, such as ``cloud:104``.
    :param request_id: how the project will know the answer.
    :param packets: the values to set, in this order.
    :param turn: how many packets were sent before, which says the variables that are next.
    """

    cloud: str
    request_id: str
    packets: list[str] = field(hash=False)
    turn: int


@dataclass(frozen=True, kw_only=True)
class PluginEvent(Event):
    """What a plugin tells its own handlers and no one else; its name begins with ``plugin``.

    :param data: what it tells: whatever JSON can hold.
    """

    data: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, kw_only=True)
class BotEvent(Event):
    """The bot has started (``bot.start``) or is stopping (``bot.stop``)."""


@dataclass(frozen=True, kw_only=True)
class BotErrorEvent(Event):
    """A handler failed, or a watch cannot go on.

    :param error: the kind of error and its message, in one line.
    :param handler: the handler that failed, with the event that it failed on.
    """

    error: str
    handler: str | None = None
    event_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class ScheduleEvent(Event):
    """A time that ``bot.every`` or ``bot.cron`` planned has come; ``at`` is the planned time."""

    handler: str


_CLASSES: dict[str, type[Event]] = {
    "comment": CommentEvent,
    "message": MessageEvent,
    "activity": ActivityEvent,
    "cloud": CloudEvent,
    "cloud.set": CloudSetEvent,
    "cloud.create": CloudCreateEvent,
    "cloud.delete": CloudDeleteEvent,
    "cloud.connect": CloudConnectEvent,
    "cloud.disconnect": CloudDisconnectEvent,
    "cloud.request": CloudRequestEvent,
    "cloud.answer": CloudAnswerEvent,
    "plugin": PluginEvent,
    "bot.start": BotEvent,
    "bot.stop": BotEvent,
    "bot.error": BotErrorEvent,
    "schedule": ScheduleEvent,
}

EVENT_NAMES: tuple[str, ...] = (
    "*",
    "comment",
    *(f"comment.{place}" for place in COMMENT_PLACES),
    "message",
    *(f"message.{kind}" for kind in MESSAGE_TYPES),
    "activity",
    *(f"activity.{kind}" for kind in ACTIVITY_TYPES),
    "cloud",
    "cloud.set",
    "cloud.create",
    "cloud.delete",
    "cloud.connect",
    "cloud.disconnect",
    "bot",
    "bot.start",
    "bot.stop",
    "bot.error",
)


def person(event: Event) -> str | None:
    """Return who did what an event tells, if somebody did and the event says who."""
    if isinstance(event, CommentEvent):
        return event.author
    if isinstance(event, _SiteRow):
        return event.actor
    return event.user if isinstance(event, CloudChangeEvent | CloudRequestEvent) else None


class _Named(msgspec.Struct):
    name: str


_decode_name = msgspec.json.Decoder(_Named).decode


_decoders: dict[type[Event], Callable[[str | bytes], Event]] = {}


def _decoder(kind: type[Event]) -> Callable[[str | bytes], Event]:
    """Return what reads the JSON of a kind of events."""
    if kind not in _decoders:
        _decoders[kind] = msgspec.json.Decoder(kind).decode
    return _decoders[kind]


def time_key(at: datetime) -> str:
    """Return a time as a part of an event's id: without colons, which separate the parts."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


@cache
def event_class(name: str) -> type[Event]:
    """Return the class of the events that bear ``name``, which may be a prefix."""
    while name:
        if name in _CLASSES:
            return _CLASSES[name]
        name = name.rpartition(".")[0]
    return Event


def check_event_name(name: str) -> str:
    """Return ``name`` if events can match it.

    :raises RegistrationError: if none ever will; the message names the nearest right one.
    """
    if not isinstance(name, str):
        raise RegistrationError(f"{name!r} is no event: give the name of one, such as 'comment'")
    if name in EVENT_NAMES:
        return name
    near = difflib.get_close_matches(name, EVENT_NAMES, n=1, cutoff=0)
    raise RegistrationError(f"there is no event {name!r}; did you mean {near[0]!r}?")


def check_handled_name(name: str) -> str:
    """Return ``name`` if handlers can get events that match it: the bot's, or a plugin's own.

    :raises RegistrationError: if none ever will.
    """
    return name if isinstance(name, str) and matches("plugin", name) else check_event_name(name)


def check_event_fields(name: str, values: Mapping[str, object]) -> None:
    """Refuse values that no field of events called ``name`` can have.

    :raises RegistrationError: if a field is missing, and the message names the nearest right one;
        or if it is never so, and the message says what it can be.
    """
    known: dict[str, dict[object, None]] = {}
    for event in classes_below(name):
        for field_name, hint in get_type_hints(event).items():
            known.setdefault(field_name, {}).update(dict.fromkeys(_kinds(hint)))
    for key, value in values.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0)
            raise RegistrationError(
                f"{name!r} events have no field {key!r}; did you mean {near[0]!r}?"
            )
        if not any(_is_of(value, kind) for kind in known[key]):
            shown = sorted(
                kind.__name__ if isinstance(kind, type) else repr(kind) for kind in known[key]
            )
            raise RegistrationError(
                f"{key}={value!r} holds for no {name!r} event: it can be {' or '.join(shown)}"
            )


def _kinds(hint: object) -> tuple[object, ...]:
    """Return what a field can hold: classes, the values of a ``Literal``, and ``None``."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        return tuple(kind for part in get_args(hint) for kind in _kinds(part))
    return (None,) if hint is NoneType else (get_origin(hint) or hint,)


def _is_of(value: object, kind: object) -> bool:
    return isinstance(value, kind) if isinstance(kind, type) else value == kind


def check_fields(name: str, wanted: Collection[frozenset[str]], what: str) -> None:
    """Refuse something that needs fields which no event called ``name`` has.

    :param wanted: sets of fields, of each of which one event must have one.
    :raises RegistrationError: if no event can have them.
    """
    known = [{each.name for each in dataclasses.fields(kind)} for kind in classes_below(name)]
    if not any(all(some & fields for some in wanted) for fields in known):
        needed = " and ".join(" or ".join(sorted(some)) for some in wanted)
        raise RegistrationError(f"{what} holds for no {name!r} event: none has {needed}")


def classes_below(name: str) -> set[type[Event]]:
    """Return the classes of all events that a handler for ``name`` can get."""
    if name not in EVENT_NAMES:  # what only some plugin's handlers can get
        return {event_class(name)}
    below = [e for e in EVENT_NAMES if name in ("*", e) or e.startswith(f"{name}.")]
    return {event_class(event) for event in below}


def is_of_the_site(pattern: str) -> bool:
    """Tell whether a handler registered for ``pattern`` gets only what the site is watched for."""
    return pattern.partition(".")[0] in ("comment", "message", "activity", "cloud")


def matches(pattern: str, name: str) -> bool:
    """Tell whether a handler registered for ``pattern`` gets events called ``name``."""
    return pattern in ("*", name) or name.startswith(f"{pattern}.")

"""A plugin's settings: a dataclass, filled from ``scratchbot.toml`` and the environment.

See ``docs/decisions/0018-msgspec-for-what-has-a-known-form.md``.
"""

import dataclasses
import enum
import json
import re
import types
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from scratchbot.errors import RegistrationError, SettingsError
from scratchbot.redaction import HIDDEN, Secrets

KINDS: dict[object, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
}
"""What a value of a class is, in words."""
_BOUNDS = {
    "ge": "at least",
    "gt": "more than",
    "le": "at most",
    "lt": "less than",
    "multiple_of": "a multiple of",
    "min_length": "of a length of at least",
    "max_length": "of a length of at most",
    "pattern": "that matches",
}
"""What ``msgspec.Meta`` can ask of a value, in words."""
VARIABLES = "SCRATCHBOT_PLUGINS_"
_LISTS = (list, tuple, set, frozenset, Sequence)
_PARAM = re.compile(r":param (\w+):\s*(.*?)(?=\n\s*:|\n\s*\n|\Z)", re.DOTALL)


class Secret:
    """A text that shows nowhere: not in ``repr``, nor in errors, nor in the log."""

    def __init__(self, value: str) -> None:
        self._value = value
        self._secrets = Secrets()
        self._secrets.add(value)

    def reveal(self) -> str:
        """Return the text itself."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


_Secrets = Callable[[type, Any], Secret]
"""Makes a secret of what a file says."""


@dataclass(frozen=True)
class Setting:
    """A setting that a plugin takes, as people are told of it.

    :param name: as its table has it; with dots where it is inside another, ``words.enabled``.
    :param kind: what it can be, in words.
    :param default: what it is if it is not given, as TOML has it; ``None`` if it must be given.
    :param about: what its class says of it.
    """

    name: str
    kind: str
    default: str | None
    about: str
    is_secret: bool


def describe(config: type) -> tuple[Setting, ...]:
    """Return the settings of a dataclass, in their order, with those of the dataclasses in it.

    What is said of each is taken from the class's docstring: ``:param NAME: …``.
    """
    return tuple(_describe(config, {field.name: _default(field) for field in _fields(config)}))


def _describe(config: type, defaults: Mapping[str, object]) -> Iterator[Setting]:
    """Yield the settings of a dataclass.

    :param defaults: what each is if it is not given; ``MISSING`` where it must be given.
    """
    hints = _hints(config)
    for name, default in defaults.items():
        hint = hints[name]
        if isinstance(hint, type) and dataclasses.is_dataclass(hint):
            inside = {part.name: _inside(default, part) for part in _fields(hint)}
            for each in _describe(hint, inside):
                yield dataclasses.replace(each, name=f"{name}.{each.name}")
            continue
        shown = None if default is MISSING else _as_toml(default)
        yield Setting(name, _kind(hint), shown, _about(config, name), _holds_secret(hint))


def _about(config: type, name: str) -> str:
    """Return what a class, or the one that it inherits from, says of a setting."""
    for each in config.__mro__:
        for found, text in _PARAM.findall(each.__doc__ or ""):
            if found == name:
                return " ".join(text.split()).replace("``", "`")
    return ""


def _default(field: "dataclasses.Field[Any]") -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _inside(default: object, field: "dataclasses.Field[Any]") -> object:
    """Return the default of a setting that is inside another with a default."""
    is_given = dataclasses.is_dataclass(default)
    return getattr(default, field.name) if is_given else _default(field)


def _as_toml(value: Any) -> str:
    """Return a value as ``scratchbot.toml`` has it."""
    if value is None:
        return "none"
    if isinstance(value, enum.Enum):
        return _as_toml(value.value)
    if dataclasses.is_dataclass(value):
        return _as_toml({part.name: getattr(value, part.name) for part in _fields(value)})
    if isinstance(value, Mapping):
        pairs = [f"{key} = {_as_toml(each)}" for key, each in value.items()]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    if isinstance(value, (list, tuple, set, frozenset)):
        return f"[{', '.join(map(_as_toml, value))}]"
    return repr(value) if isinstance(value, Secret) else json.dumps(value, ensure_ascii=False)


def check_config(config: type, reserved: Sequence[str]) -> None:
    """Refuse a class that can never be filled.

    :param reserved: what no setting can be called, because it means something else in the table.
    :raises RegistrationError: if it is no dataclass, or no file can hold one of its fields.
    """
    if not (isinstance(config, type) and dataclasses.is_dataclass(config)):
        raise RegistrationError(f"config={config!r}: give a dataclass")
    try:
        hints = _hints(config)
    except NameError as error:
        raise RegistrationError(f"config={config.__name__}: {error}") from None
    for name in (each.name for each in _fields(config)):
        if name in reserved:
            raise RegistrationError(
                f"config={config.__name__}: {name!r} means something else in the table of a "
                "plugin: call the setting otherwise"
            )
        try:
            strange = _strange(hints[name])
        except TypeError as error:  # bounds that are none for this kind
            raise RegistrationError(f"config={config.__name__}: {name!r}: {error}") from None
        if strange is not None:
            raise RegistrationError(
                f"config={config.__name__}: no file can hold the {name!r} that it wants, "
                f"{strange!r}: use text, numbers, true or false, lists, tables, other dataclasses "
                "or Secret"
            )


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the owner has set for a plugin.

    :param place: its table, as an error calls it, such as ``scratchbot.toml: [plugins.relay]``.
    :param table: what the file says.
    :param variables: what the plugin's own environment variables say, by setting; it wins.
    :param environment: all variables, of which the file's secrets, ``"$NAME"``, are taken.
    """

    plugin: str
    place: str
    table: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_config(config: type | None, given: Given) -> object:
    """Return a plugin's settings.

    :raises SettingsError: if a value is missing, unknown or of the wrong kind.
    """
    place = given.place
    if config is None:
        if given.table or given.variables:
            raise SettingsError(f"{place}: this plugin takes no settings: remove them")
        return None
    fields = {each.name: each for each in _fields(config)}
    _refuse_unknown(given, fields)
    hints, values = _hints(config), dict[str, object]()
    for name, each in fields.items():
        hint = hints[name]
        if name in given.variables:
            values[name] = _from_text(given.variables[name], hint, variable(given.plugin, name))
        elif name in given.table:
            value, secrets = given.table[name], _secrets_from(given.environment)
            values[name] = _from_file(value, hint, secrets, f"{place} {name}")
        elif _is_required(each):
            raise SettingsError(f"{place} needs a value for {name!r}: {_kind(hint)}")
    names = [variable(given.plugin, name) for name in given.variables]
    return _make(config, values, f"{place} and {', '.join(names)}" if names else place)


def as_written(key: str) -> str:
    """Return a key as a file has it: in quotes, unless it is a plain word."""
    return key if re.fullmatch(r"[\w-]+", key, re.ASCII) else json.dumps(key)


def variable(plugin: str, setting: str = "") -> str:
    """Return the environment variable that stands for a setting of a plugin."""
    return f"{VARIABLES}{plugin}_{setting}".upper().replace("-", "_")


def share_out(
    environment: Mapping[str, str], plugins: Collection[str]
) -> dict[str, dict[str, str]]:
    """Return, by plugin, what the environment says of its settings.

    :raises SettingsError: if a variable stands for no plugin.
    """
    shared: dict[str, dict[str, str]] = {plugin: {} for plugin in plugins}
    for name, value in environment.items():
        if not name.startswith(VARIABLES) or not value:
            continue
        fitting = [plugin for plugin in plugins if name.startswith(variable(plugin))]
        if not fitting:
            raise SettingsError(f"{name} stands for no plugin that the bot includes: remove it")
        plugin = max(fitting, key=len)
        shared[plugin][name.removeprefix(variable(plugin)).lower()] = value
    return shared


def _refuse_unknown(given: Given, fields: Collection[str]) -> None:
    allowed = f"the plugin takes {', '.join(fields) or 'none'}"
    for key in given.table:
        if key not in fields:
            raise SettingsError(f"{given.place} has no setting {key!r}: {allowed}")
    for key in given.variables:
        if key not in fields:
            raise SettingsError(f"{variable(given.plugin, key)} stands for no setting: {allowed}")


def _from_text(text: str, hint: Any, place: str) -> object:
    """Return what a variable says: texts as they are, lists and tables as JSON."""
    try:
        return msgspec.convert(text, hint, strict=False, dec_hook=lambda _, value: Secret(value))
    except msgspec.ValidationError as error:
        if not text.startswith(("[", "{")):
            raise _wrong(place, text, hint, error) from None
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise _wrong(place, text, hint, error) from None
    return _from_file(value, hint, lambda _, secret: Secret(secret), place)


def _from_file(value: object, hint: Any, secrets: _Secrets, place: str) -> object:
    """Return a value of a kind; tables are gone into, so that an error says where it is."""
    parts, origin = _some_parts(hint), get_origin(hint)
    if isinstance(value, Mapping):
        if len(parts) == 1 and dataclasses.is_dataclass(parts[0]):
            return _inside_table(value, parts[0], secrets, place)
        if origin is dict and get_args(hint):
            kind = get_args(hint)[1]
            return {
                key: _from_file(each, kind, secrets, f"{place}.{as_written(key)}")
                for key, each in value.items()
            }
    try:
        return msgspec.convert(value, hint, dec_hook=secrets)
    except msgspec.ValidationError as error:
        raise _wrong(place, value, hint, error) from None


def _some_parts(hint: Any) -> tuple[Any, ...]:
    """Return the kinds of a union other than ``None``, or the kind itself."""
    if get_origin(hint) is Annotated:
        return _some_parts(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(part for part in get_args(hint) if part is not types.NoneType)
    return (hint,)


def _inside_table(value: Mapping[Any, Any], config: Any, secrets: _Secrets, place: str) -> object:
    """Return the dataclass that a table inside another fills."""
    fields, hints = {each.name: each for each in _fields(config)}, _hints(config)
    for key in value:
        if key not in fields:
            raise SettingsError(f"{place} has no setting {key!r}: it takes {', '.join(fields)}")
    for name, each in fields.items():
        if name not in value and _is_required(each):
            raise SettingsError(f"{place} needs a value for {name!r}: {_kind(hints[name])}")
    given = {
        name: _from_file(each, hints[name], secrets, f"{place}.{name}")
        for name, each in value.items()
    }
    return _make(config, given, place)


def _make(config: Any, values: Mapping[str, object], place: str) -> object:
    try:
        return config(**values)
    except Exception as error:  # whatever its own checks raise
        raise SettingsError(f"{place}: {error}") from error


def _secrets_from(environment: Mapping[str, str]) -> _Secrets:
    def take(_: type, value: Any) -> Secret:
        if not isinstance(value, str) or not value.startswith("$"):
            raise ValueError(
                'a secret has no place in a file: write "$NAME" and set NAME in the environment'
            )
        if not environment.get(value[1:]):
            raise ValueError(f"{value[1:]} is not set in the environment")
        return Secret(environment[value[1:]])

    return take


def _wrong(place: str, value: object, hint: Any, error: msgspec.DecodeError) -> SettingsError:
    said, _, where = str(error).partition(" - at `$")
    if _holds_secret(hint):  # what was found may be one, and is not shown
        wanted = f"it must be {_kind(hint)}" if said.startswith("Expected") else said
        return SettingsError(f"{place}{where.rstrip('`')}: {wanted}")
    shown = repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:60]}…"
    detail = f" ({said} at {where.rstrip('`')})" if where else ""
    return SettingsError(f"{place} is {shown}: it must be {_kind(hint)}{detail}")


def _fields(config: Any) -> list["dataclasses.Field[Any]"]:
    return [field for field in dataclasses.fields(config) if field.init]


def _hints(config: Any) -> dict[str, Any]:
    """Return the kinds of a dataclass's fields, with the bounds that are set by ``Annotated``."""
    return get_type_hints(config, include_extras=True)


def _is_required(field: "dataclasses.Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _parts(hint: Any) -> tuple[Any, ...]:
    """Return the kinds that a kind is made of."""
    if get_origin(hint) is Annotated:
        return get_args(hint)[:1]
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return tuple(_hints(hint).values())
    return () if get_origin(hint) is Literal else get_args(hint)


def _holds_secret(hint: Any) -> bool:
    return hint is Secret or any(_holds_secret(part) for part in _parts(hint))


def _strange(hint: Any) -> object | None:
    """Return the first part of a kind that no file can hold."""
    if hint is ... or hint is None or hint is Any:
        return None
    info = msgspec.inspect.type_info(hint)
    if isinstance(info, msgspec.inspect.CustomType):
        return None if info.cls is Secret else hint
    return next((found for part in _parts(hint) if (found := _strange(part)) is not None), None)


def _kind(hint: Any) -> str:
    """Return what a value can be, in words."""
    origin, parts = get_origin(hint) or hint, get_args(hint)
    if origin is Annotated:
        return ", ".join([_kind(parts[0]), *_bounds(parts[1:])])
    if hint in KINDS:
        return KINDS[hint]
    if hint is Secret:
        return "a secret text"
    if origin is Literal:
        return " or ".join(_written(choice) for choice in parts)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return " or ".join(_written(choice.value) for choice in hint)
    if origin in (Union, types.UnionType):
        return " or ".join(_kind(part) for part in parts if part is not types.NoneType)
    if origin in _LISTS:
        return f"a list, each {_kind(parts[0])}" if parts else "a list"
    if origin is dict:
        return f"a table, each {_kind(parts[1])}" if parts else "a table"
    if dataclasses.is_dataclass(hint):
        return f"a table with {', '.join(field.name for field in _fields(hint))}"
    return getattr(hint, "__name__", str(hint))


def _bounds(notes: Sequence[object]) -> Iterator[str]:
    """Yield what ``msgspec.Meta`` asks of a value besides its kind, in words."""
    for note in notes:
        for name, words in _BOUNDS.items():
            bound = getattr(note, name, None) if isinstance(note, msgspec.Meta) else None
            if bound is not None:
                yield f"{words} {bound}"


def _written(choice: object) -> str:
    return f'"{choice}"' if isinstance(choice, str) else str(choice)

"""A plugin's settings: what is taken, from where, and what is said of what is wrong."""

import tomllib
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import Meta

from scratchbot import Plugin
from scratchbot.config import Given, Secret, describe, read_config, share_out
from scratchbot.errors import RegistrationError, SettingsError
from scratchbot.redaction import redact


class Mood(Enum):
    GLAD = "glad"
    SAD = "sad"


@dataclass(frozen=True)
class Target:
    url: Secret
    retries: int = 3


@dataclass(frozen=True)
class Config:
    """Settings of a test.

    :param greeting: what is said
        first.
    :param targets: where it is said.
    """

    greeting: str
    times: int = 1
    pause: float = 0.5
    is_loud: bool = False
    mood: Mood = Mood.GLAD
    colour: Literal["red", "green"] = "red"
    words: list[str] = field(default_factory=list)
    targets: dict[str, Target] = field(default_factory=dict)
    token: Secret | None = None
    limit: int | None = None


def read(
    table: dict[str, Any], variables: dict[str, str] | None = None, **environment: str
) -> Config:
    found = read_config(
        Config,
        Given(
            plugin="polite",
            place="scratchbot.toml: [plugins.polite]",
            table={"greeting": "Hi", **table},
            variables=variables or {},
            environment=environment,
        ),
    )
    assert isinstance(found, Config)
    return found


def test_each_kind_is_read_from_the_file() -> None:
    table = {
        "times": 3,
        "pause": 2,
        "is_loud": True,
        "mood": "sad",
        "colour": "green",
        "words": ["a", "b"],
        "targets": {"one": {"url": "$ONE"}},
        "limit": 5,
    }
    assert read(table, ONE="https://example.org/secret") == Config(
        greeting="Hi",
        times=3,
        pause=2.0,
        is_loud=True,
        mood=Mood.SAD,
        colour="green",
        words=["a", "b"],
        targets={"one": Target(Secret("https://example.org/secret"))},
        limit=5,
    )


def test_the_environment_wins_and_needs_no_quotes() -> None:
    variables = {
        "greeting": "7",
        "times": "3",
        "pause": "2.5",
        "is_loud": "true",
        "mood": "sad",
        "words": '["a", "b"]',
        "token": "abc-def",
        "targets": '{"one": {"url": "https://example.org", "retries": 1}}',
    }
    assert read({"greeting": "Hi", "times": 1}, variables) == Config(
        greeting="7",
        times=3,
        pause=2.5,
        is_loud=True,
        mood=Mood.SAD,
        words=["a", "b"],
        token=Secret("abc-def"),
        targets={"one": Target(Secret("https://example.org"), 1)},
    )


PLACE = r"scratchbot\.toml: \[plugins\.polite\] "


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"times": "many"}, PLACE + "times is 'many': it must be a whole number$"),
        ({"times": True}, PLACE + "times is True: it must be a whole number$"),
        ({"is_loud": 1}, "is_loud is 1: it must be true or false$"),
        ({"mood": "cross"}, 'mood is \'cross\': it must be "glad" or "sad"$'),
        ({"colour": "blue"}, 'colour is \'blue\': it must be "red" or "green"$'),
        ({"words": ["a", 1]}, r"must be a list, each a text \(.* at \[1\]\)$"),
        ({"limit": "x"}, "limit is 'x': it must be a whole number$"),
        ({"targets": ["a"]}, "targets: it must be a table, each a table with url, retries$"),
        ({"greting": "x"}, "has no setting 'greting': the plugin takes greeting, times"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_with_its_place_and_what_is_allowed(
    table: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        read(table)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            {"times": "many"},
            "^SCRATCHBOT_PLUGINS_POLITE_TIMES is 'many': it must be a whole",
        ),
        ({"words": "[1"}, "^SCRATCHBOT_PLUGINS_POLITE_WORDS is .*a list, each a text"),
        ({"tims": "3"}, "^SCRATCHBOT_PLUGINS_POLITE_TIMS stands for no setting: the plugin takes"),
    ],
)
def test_what_is_wrong_in_the_environment_is_said_with_the_variable(
    variables: dict[str, str], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        read({}, variables)


def test_a_value_that_must_be_given_is_named() -> None:
    place = "scratchbot.toml: [plugins.polite]"
    with pytest.raises(SettingsError, match="needs a value for 'greeting': a text"):
        read_config(Config, Given(plugin="polite", place=place))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("sesame-street", r'token: a secret has no place in a file: write "\$NAME"'),
        ("$MISSING", "token: MISSING is not set in the environment"),
    ],
)
def test_a_secret_comes_from_the_environment_alone_and_is_never_shown(
    value: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        read({"token": value})
    assert "sesame" not in str(caught.value)


def test_a_secret_shows_nowhere() -> None:
    config = read({"token": "$TOKEN"}, TOKEN="sesame-street")
    assert config.token is not None
    assert config.token.reveal() == "sesame-street"
    assert "sesame" not in repr(config) + str(config.token) + f"{config.token}"
    assert redact("it says sesame-street") == "it says [hidden]"


def test_what_a_class_itself_refuses_is_said_with_the_place() -> None:
    @dataclass
    class Strict:
        times: int = 1

        def __post_init__(self) -> None:
            if self.times > 3:
                raise ValueError("times: more than 3 is too much")

    with pytest.raises(SettingsError, match=r"\[plugins\.strict\]: times: more than 3"):
        read_config(Strict, Given(plugin="strict", place="f: [plugins.strict]", table={"times": 4}))


def test_variables_go_to_the_plugin_with_the_longest_name_that_fits() -> None:
    environment = {
        "SCRATCHBOT_PLUGINS_CLOUD_REQUESTS_NAME": "a",
        "SCRATCHBOT_PLUGINS_CLOUD_NAME": "b",
        "OTHER": "c",
    }
    assert share_out(environment, ["cloud", "cloud-requests"]) == {
        "cloud": {"name": "b"},
        "cloud-requests": {"name": "a"},
    }
    with pytest.raises(SettingsError, match="CLOUD_REQUESTS_NAME stands for no plugin"):
        share_out(environment, ["relay"])


def test_settings_are_described_for_people() -> None:
    described = {each.name: each for each in describe(Config)}
    assert described["greeting"].about == "what is said first."
    assert described["greeting"].default is None
    assert (described["times"].kind, described["times"].default) == ("a whole number", "1")
    assert described["targets"].kind == "a table, each a table with url, retries"
    assert described["token"].is_secret
    assert described["token"].kind == "a secret text"


@dataclass(frozen=True)
class Limits:
    """Limits.

    :param people: how many.
    """

    people: int = 5
    words: tuple[str, ...] = ("a", 'b"')


@dataclass(frozen=True)
class Nested:
    """What can be set.

    :param of: taken from ``where`` it is.
    """

    limits: Limits = Limits(people=7)
    needed: Limits = field(default_factory=Limits)
    of: int | None = None
    is_on: bool = False


def test_what_is_inside_a_setting_is_described_as_the_file_can_have_it() -> None:
    described = {each.name: each for each in describe(Nested)}
    assert {name: each.default for name, each in described.items()} == {
        "limits.people": "7",
        "limits.words": '["a", "b\\""]',
        "needed.people": "5",
        "needed.words": '["a", "b\\""]',
        "of": "none",
        "is_on": "false",
    }
    assert described["limits.people"].about == "how many."
    assert described["of"].about == "taken from `where` it is."
    written = tomllib.loads(
        "".join(f"{n} = {e.default}\n" for n, e in described.items() if n != "of")
    )
    assert read_config(Nested, Given(plugin="n", place="f", table=written)) == Nested()


@dataclass
class Handle:
    thread: object


@dataclass
class Reserved:
    permissions: list[str]


@dataclass
class Bounded:
    times: Annotated[int, Meta(ge=1, le=5)] = 3
    words: list[Annotated[str, Meta(max_length=3)]] = field(default_factory=list)
    token: Annotated[Secret, "of the hook"] | None = None


@dataclass
class Unbound:
    name: Annotated[str, Meta(ge=1)] = ""


@pytest.mark.parametrize(
    ("table", "variables", "said"),
    [
        ({"times": 6}, {}, "f times is 6: it must be a whole number, at least 1, at most 5"),
        ({}, {"times": "0"}, "_TIMES is '0': it must be a whole number, at least 1, at most 5"),
        ({"words": ["four"]}, {}, "a list, each a text, of a length of at most 3"),
    ],
)
def test_bounds_of_a_setting_are_held_and_told(
    table: dict[str, Any], variables: dict[str, str], said: str
) -> None:
    Plugin("polite", config=Bounded)
    with pytest.raises(SettingsError, match=said):
        read_config(Bounded, Given(plugin="p", place="f", table=table, variables=variables))
    assert describe(Bounded)[0].kind == "a whole number, at least 1, at most 5"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (Unbound, "'name': Can only set `ge` on a numeric type"),
        (int, "give a dataclass"),
        (Handle, "no file can hold the 'thread'"),
        (Reserved, "'permissions' means something else"),
    ],
)
def test_a_class_that_can_never_be_filled_is_refused_when_the_plugin_is_made(
    config: type, said: str
) -> None:
    with pytest.raises(RegistrationError, match=rf"{said}.*test_config\.py:\d+\)"):
        Plugin("polite", config=config)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.sampled_from([*Config.__dataclass_fields__]), JUNK)
@example("targets", {"\n": None})
def test_whatever_a_file_holds_is_read_or_refused(name: str, value: object) -> None:
    try:
        config = read({name: value})
    except SettingsError as error:
        assert "\n" not in str(error)
        return
    assert getattr(config, name) is not ...


@given(st.sampled_from([*Config.__dataclass_fields__]), st.text(min_size=1))
def test_whatever_a_variable_holds_is_read_or_refused(name: str, value: str) -> None:
    try:
        read({}, {name: value})
    except SettingsError as error:
        assert "POLITE" in str(error)


@dataclass(frozen=True)
class Rule:
    times: int = 2
    mood: Literal["glad", "sad"] = "glad"

    def __post_init__(self) -> None:
        if self.times < 2:
            raise LookupError("times must be 2 or more")


@dataclass(frozen=True)
class Rules:
    spam: Rule = Rule()
    floods: Rule | None = None
    more: dict[str, Rule] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"spam": {"tims": 3}}, "f spam has no setting 'tims': it takes times, mood"),
        ({"spam": {"times": 1}}, "f spam: times must be 2 or more"),
        ({"floods": {"mood": "bad"}}, 'f floods.mood is \'bad\': it must be "glad" or "sad"'),
        ({"more": {"a": {"times": "x"}}}, "f more.a.times is 'x': it must be a whole number"),
        ({"spam": 3}, "f spam is 3: it must be a table with times, mood"),
    ],
)
def test_what_is_wrong_inside_a_table_is_told_with_its_place(
    table: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read_config(Rules, Given(plugin="rules", place="f", table=table))
    assert str(caught.value) == said


def test_a_variable_is_named_when_the_settings_refuse_its_value() -> None:
    variables = {"spam": '{"tims": 3}'}
    with pytest.raises(SettingsError, match="SCRATCHBOT_PLUGINS_RULES_SPAM has no setting 'tims'"):
        read_config(Rules, Given(plugin="rules", place="f", variables=variables))

import dataclasses
import re
from pathlib import Path

import pytest

from scratchbot.errors import SettingsError
from scratchbot.grants import RESERVED
from scratchbot.settings import _BOT_KEYS, Answers, Credentials, Network, read_settings


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    file = tmp_path / "scratchbot.toml"
    file.write_text(
        '[bot]\nusername = "ada"\nendpoint = "http://127.0.0.1:8080"\ncontact = "ada.example"\n'
    )
    empty = ("USERNAME", "PASSWORD", "ENDPOINT", "CONTACT", "LIMITS", "PLUGINS_RELAY_URL")
    settings = read_settings({f"SCRATCHBOT_{name}": "" for name in empty}, file)
    assert settings == read_settings({}, file)
    assert settings.network.endpoint == "http://127.0.0.1:8080"


def test_settings_come_from_the_file_then_the_environment_then_flags(tmp_path: Path) -> None:
    file = tmp_path / "scratchbot.toml"
    file.write_text(
        '[bot]\nusername = "file"\nstore = "file.db"\npermissions = ["social"]\n'
        '[plugins.greeter]\ngreeting = "Hi"\n'
    )
    settings = read_settings({}, file)
    assert settings.credentials.username == "file"
    assert settings.store == Path("file.db")
    assert settings.permissions == {"social"}
    assert settings.plugins == {"greeter": {"greeting": "Hi"}}
    assert read_settings({"SCRATCHBOT_USERNAME": "env"}, file).credentials.username == "env"
    assert read_settings({}, file, store=Path("flag.db")).store == Path("flag.db")
    assert read_settings({}, file, store=None).store == Path("file.db")


def test_no_file_is_no_error(tmp_path: Path) -> None:
    assert not read_settings({}, tmp_path / "scratchbot.toml").credentials.given


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[bot", "is no valid TOML"),
        ("[bott]", r"no table \[bott\]"),
        ("bot = 1", "must be a table"),
        ('[bot]\npassword = "secret"', "SCRATCHBOT_PASSWORD"),
        ("[bot]\nusername = 3", "username is 3; it must be a text"),
        ("[bot]\nkeep_days = true", "keep_days is True; it must be a whole number"),
        ("[bot]\nkeep_days = 0", "give a whole number above 0"),
        ('[bot]\npermissions = ["socail"]', "did you mean 'social'"),
        ('[bot]\nfailed_plugins = "ignore"', "it can be 'skip' or 'stop'"),
        ('"two\\nlines" = 1', r'there is no table \["two\\nlines"\]'),
        ('[plugins]\n"two\\nlines" = 1', r'must be a table: \[plugins\."two\\nlines"\]'),
        ("[plugins]\nrelay = 1", r"must be a table: \[plugins\.relay\]"),
        ("[bot]\nuser = 'x'", "has no setting 'user'"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "scratchbot.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=said) as raised:
        read_settings({}, file)
    assert "\n" not in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "endpoint", ["localhost:80", "https://127.0.0.1:1", "http://127.0.0.1", "x"]
)
def test_an_endpoint_that_is_none_is_refused(endpoint: str) -> None:
    with pytest.raises(SettingsError, match="SCRATCHBOT_ENDPOINT"):
        Network.from_environment({"SCRATCHBOT_ENDPOINT": endpoint})


@pytest.mark.parametrize(
    "environment",
    [
        {"SCRATCHBOT_LIMITS": "off"},
        {"SCRATCHBOT_LIMITS": "off", "SCRATCHBOT_ENDPOINT": "http://10.0.0.1:80"},
        {"SCRATCHBOT_LIMITS": "off", "SCRATCHBOT_ENDPOINT": "http://scratch.mit.edu:80"},
        {"SCRATCHBOT_LIMITS": "maybe"},
    ],
)
def test_limits_cannot_be_switched_off_for_the_real_site(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        Network.from_environment(environment)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_limits_can_be_switched_off_on_this_machine(host: str) -> None:
    environment = {"SCRATCHBOT_LIMITS": "off", "SCRATCHBOT_ENDPOINT": f"http://{host}:8080"}
    assert not Network.from_environment(environment).limits


def test_credentials_do_not_show() -> None:
    settings = read_settings({"SCRATCHBOT_USERNAME": "me", "SCRATCHBOT_PASSWORD": "hush"})
    assert settings.credentials.given
    assert "hush" not in repr(settings)


def test_manners_and_failed_plugins_are_set_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "scratchbot.toml"
    file.write_text(
        "[bot]\nanswers_a_person = 1\nanswers_a_thread = 2\nanswers_an_hour = 3\n"
        'failed_plugins = "stop"\n'
    )
    settings = read_settings({}, file)
    assert settings.answers == Answers(person=1, thread=2, hour=3)
    assert settings.failed_plugins == "stop"
    assert settings.file == str(file)


def test_every_setting_stands_on_the_page_about_settings() -> None:
    page = (Path(__file__).parent.parent / "docs" / "settings.md").read_text("utf-8")
    named = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert named == set(_BOT_KEYS) | set(RESERVED)
    for field in dataclasses.fields(Credentials):
        assert f"`SCRATCHBOT_{field.name.upper()}`" in page


def test_a_file_that_begins_with_a_mark_of_its_encoding_is_read(tmp_path: Path) -> None:
    file = tmp_path / "scratchbot.toml"
    file.write_text('[bot]\nusername = "cat"\n', encoding="utf-8-sig")
    assert read_settings({}, file).credentials.username == "cat"


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings({}, tmp_path)

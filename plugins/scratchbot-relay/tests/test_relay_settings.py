"""What the table ``[plugins.relay]`` can say."""

from typing import Any

import pytest

from scratchbot import Bot
from scratchbot.config import Given, Secret, describe, read_config
from scratchbot.errors import SettingsError
from scratchbot_relay import Settings, Target, plugin

URL = "https://discord.com/api/webhooks/1/tok-5ecret-of-the-webhook"


def read(
    name: str = "alerts", url: str = URL, *, allow_private: bool = False, **values: Any
) -> Any:
    target = {"url": "$HOOK", "kind": "discord", "events": ["comment"], **values}
    table = {"targets": {name: target}, "allow_private": allow_private}
    return read_config(
        Settings,
        Given(
            plugin="relay",
            place="scratchbot.toml: [plugins.relay]",
            table=table,
            environment={"HOOK": url, "SIGN": "s1gning-5ecret"},
        ),
    )


def test_a_file_names_targets_and_where_their_secrets_stand() -> None:
    read_settings = read(events=["comment", "message.loveproject"], template="$$ $name")
    assert read_settings == Settings(
        targets={
            "alerts": Target(
                url=Secret(URL),
                kind="discord",
                events=["comment", "message.loveproject"],
                template="$$ $name",
            )
        }
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "my alerts"}, "'my alerts' names no target"),
        ({"url": "http://discord.com/tok-5ecret"}, "must begin with https://"),
        ({"url": "ftp://discord.com/", "allow_private": True}, "must begin with https://"),
        ({"url": "tok-5ecret"}, "its url is none"),
        ({"url": "https://[tok-5ecret"}, "its url is none"),
        ({"url": "https://a:tok-5ecret/"}, "its url is none"),
        ({"url": "https://127.1/tok-5ecret"}, "its url is none"),
        ({"url": "https://127.0.0.1/tok-5ecret"}, "allow_private = true"),
        ({"url": "https://[::ffff:10.0.0.1]/tok-5ecret"}, "allow_private = true"),
        ({"url": "https://localhost/tok-5ecret"}, "allow_private = true"),
        ({"events": []}, "events is empty"),
        ({"events": ["comments"]}, "did you mean 'comment'?"),
        ({"template": "$athor: $content"}, "have no field 'athor'"),
        ({"events": ["message"], "template": "$content"}, "have no field 'content'"),
        ({"template": "$ 5"}, r"write \$\$"),
        ({"template": "hello"}, "uses no field"),
        ({"template": "$content", "kind": "json"}, "leave template out"),
        ({"batch_size": 0}, "give 1 to 100"),
        ({"batch_size": 101}, "give 1 to 100"),
        ({"batch_seconds": -1}, "give 0 to 86400"),
        ({"batch_seconds": float("nan")}, "give 0 to 86400"),
        ({"signing_secret": "$SIGN"}, "leave signing_secret out"),
    ],
)
def test_what_cannot_be_is_refused_without_showing_secrets(
    values: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        read(**values)
    assert "5ecret" not in str(caught.value)
    assert "alerts" in str(caught.value)


def test_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"targets.alerts.kind is 'email': .*slack"):
        read(kind="email")


def test_a_url_has_no_place_in_the_file() -> None:
    with pytest.raises(SettingsError, match="a secret has no place in a file") as caught:
        read_config(
            Settings,
            Given(
                plugin="relay",
                place="[plugins.relay]",
                table={"targets": {"a": {"url": URL, "kind": "slack", "events": ["bot"]}}},
            ),
        )
    assert "5ecret" not in str(caught.value)


def test_secrets_do_not_show_in_what_the_settings_print() -> None:
    assert "5ecret" not in repr(read(kind="json", signing_secret="$SIGN"))


def test_every_setting_says_what_it_is() -> None:
    assert all(setting.about for config in (Settings, Target) for setting in describe(config))


def test_it_asks_for_no_permission() -> None:
    assert plugin.permissions == frozenset()
    Bot("bot").include(plugin)

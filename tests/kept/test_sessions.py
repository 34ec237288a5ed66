"""Sessions that are kept: where, for whom, and for which site."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from scratchbot.errors import SettingsError
from scratchbot.kept.folder import config_folder, write_privately
from scratchbot.kept.keyrings import system_keyring
from scratchbot.kept.sessions import KeptSessions, with_kept_session
from scratchbot.settings import Credentials, Settings
from scratchbot.wire.accounts import session_expiry
from tests.test_imports import loaded

SECRET = "between-us"
EXPIRES = datetime(2030, 1, 2, tzinfo=UTC)


class Ring:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class LockedRing(Ring):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked


def sessions(folder: Path, ring: Ring | None = None, endpoint: str | None = None) -> KeptSessions:
    return KeptSessions(folder / "scratchbot", endpoint, lambda: ring)


def test_a_keyring_keeps_the_secret_and_no_file_has_it(tmp_path: Path) -> None:
    ring = Ring()
    kept = sessions(tmp_path, ring).keep("Cat", SECRET, EXPIRES)
    assert ring.held == {("scratchbot", "Cat"): SECRET}
    assert SECRET not in kept.file.read_text()
    assert kept.place == "the system's keyring"
    found = sessions(tmp_path, ring).find("cat")
    assert found == kept
    assert sessions(tmp_path, ring).session_id(kept) == SECRET
    sessions(tmp_path, ring).forget(kept)
    assert not ring.held
    assert not sessions(tmp_path, ring).all()


@pytest.mark.parametrize("ring", [None, LockedRing()])
def test_without_a_usable_keyring_a_file_keeps_it_that_only_its_owner_reads(
    tmp_path: Path, ring: Ring | None
) -> None:
    (tmp_path / "scratchbot").mkdir(mode=0o755)
    kept = sessions(tmp_path, ring).keep("cat", SECRET, None)
    assert kept.file.stat().st_mode & 0o777 == 0o600
    assert kept.file.parent.stat().st_mode & 0o777 == 0o700
    assert kept.place == str(kept.file)
    assert sessions(tmp_path, ring).session_id(kept) == SECRET
    assert SECRET not in repr(kept)


def test_a_file_is_its_owner_s_alone_from_its_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []

    def look(number: int) -> None:
        (new,) = tmp_path.glob("own/*")
        modes.append(new.stat().st_mode & 0o777)
        raise OSError("the disk is full")

    monkeypatch.setattr("os.fsync", look)
    with pytest.raises(OSError, match="full"):
        write_privately(tmp_path / "own" / "secret", SECRET)
    assert modes == [0o600]
    assert not list(tmp_path.glob("own/*")), "what was not finished is gone"


def test_the_keyring_that_cannot_be_used_is_none() -> None:
    assert system_keyring() is None, "the tests never touch a real one"


def test_a_run_without_kept_sessions_does_not_wait_for_the_keyring() -> None:
    made = "launch.with_kept_session(Settings(), launch.KeptSessions(Path('/nowhere')))"
    imports = "from pathlib import Path; from scratchbot.settings import Settings"
    modules = loaded(f"{imports}; from scratchbot.runtime import launch; {made}")
    assert "scratchbot.kept.keyrings" in modules
    assert "keyring" not in modules


def test_a_session_id_tells_when_it_was_made_and_so_when_it_probably_ends() -> None:
    assert session_expiry('".packed:1tTsAW:signed"') == datetime(2025, 1, 18, 0, 37, 32, tzinfo=UTC)
    for unknown in ("", "packed", "packed::signed", "packed:1tT_AW:signed", "a:1tTsAW1:b"):
        assert session_expiry(unknown) is None


def test_a_session_goes_to_no_other_site_than_its_own(tmp_path: Path) -> None:
    sessions(tmp_path).keep("cat", SECRET, None)
    sandbox = sessions(tmp_path, endpoint="http://127.0.0.1:8080")
    assert sandbox.find("cat") is None
    sandbox.keep("demo-bot", "other", None)
    assert [one.username for one in sandbox.all()] == ["demo-bot"]
    assert [one.username for one in sessions(tmp_path).all()] == ["cat"]


def test_settings_take_the_kept_session_only_where_the_environment_has_nothing(
    tmp_path: Path,
) -> None:
    kept = sessions(tmp_path)
    assert with_kept_session(Settings(), kept) == Settings()
    kept.keep("cat", SECRET, None)
    assert with_kept_session(Settings(), kept).credentials.session_id == SECRET
    for given in (
        Credentials(username="cat", password="hush"),
        Credentials(session_id="mine"),
        Credentials(token="mine"),
        Credentials(username="dog"),
    ):
        settings = Settings(credentials=given)
        assert with_kept_session(settings, kept) == settings


def test_of_several_sessions_one_must_be_named(tmp_path: Path) -> None:
    kept = sessions(tmp_path)
    kept.keep("cat", SECRET, None)
    kept.keep("dog", "other", None)
    with pytest.raises(SettingsError, match=r"\(cat, dog\): set SCRATCHBOT_USERNAME"):
        with_kept_session(Settings(), kept)
    named = Settings(credentials=Credentials(username="DOG"))
    assert with_kept_session(named, kept).credentials.session_id == "other"


def test_a_secret_that_the_keyring_does_not_give_is_told_with_what_to_do(tmp_path: Path) -> None:
    kept = sessions(tmp_path, Ring()).keep("cat", SECRET, None)
    for ring in (Ring(), LockedRing(), None):
        with pytest.raises(SettingsError, match="unlock it, or run `scratchbot login`"):
            sessions(tmp_path, ring).session_id(kept)


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"username": "c", "expires": 3})])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    kept = sessions(tmp_path).keep("cat", SECRET, None)
    kept.file.write_text(text)
    with pytest.raises(SettingsError, match=r"cat\+scratch\.mit\.edu\.json .* delete it"):
        sessions(tmp_path).all()


@pytest.mark.parametrize(
    ("platform", "environment", "place"),
    [
        ("linux", {}, "me/.config/scratchbot"),
        ("linux", {"XDG_CONFIG_HOME": "relative"}, "me/.config/scratchbot"),
        ("linux", {"XDG_CONFIG_HOME": "/other"}, "/other/scratchbot"),
        ("darwin", {}, "me/Library/Application Support/scratchbot"),
        ("win32", {"APPDATA": "roaming"}, "roaming/scratchbot"),
    ],
)
def test_each_system_has_its_usual_place(
    platform: str, environment: dict[str, str], place: str
) -> None:
    assert config_folder({"HOME": "me", **environment}, platform) == Path(place)


def test_a_damaged_session_of_one_account_is_no_other_s_trouble(tmp_path: Path) -> None:
    kept = sessions(tmp_path)
    kept.keep("cat", SECRET, EXPIRES)
    kept.keep("dog", SECRET, EXPIRES).file.write_text("{")
    assert kept.find("Cat") is not None
    with pytest.raises(SettingsError, match="cannot be read as a kept session"):
        kept.find("dog")

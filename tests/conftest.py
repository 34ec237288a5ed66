"""Fixtures that many tests share."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.scratch import Scratch

# A busy machine is no bug: only wrong answers fail a property test, never slow ones.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", settings.get_profile("tests"), max_examples=2_000)
settings.load_profile("tests")

for name in [name for name in os.environ if name.startswith("SCRATCHBOT_")]:
    del os.environ[name]
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


@pytest.fixture(autouse=True, scope="session")
def nobody_s_sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every test from the sessions that whoever runs them has kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture
def scratch() -> Iterator[Scratch]:
    """Give a sandbox with the default world, its limits off."""
    local = Scratch()
    yield local
    local.close()


@pytest.fixture
def endpoint(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> str:
    """Point every session at the sandbox."""
    monkeypatch.setenv("SCRATCHBOT_ENDPOINT", scratch.address)
    monkeypatch.setenv("SCRATCHBOT_LIMITS", "off")
    return scratch.address

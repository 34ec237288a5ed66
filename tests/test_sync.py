"""The synchronous classes are those of ``aio``, without the waiting."""

import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    path.stem
    for path in (ROOT / "scratchbot" / "aio").glob("[a-z]*.py")
    if path.stem not in ("opening", "cloud")
)


def test_the_synchronous_classes_are_up_to_date() -> None:
    check = [sys.executable, str(ROOT / ".ci" / "generate_sync.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run `make sync`: {done.stdout}{done.stderr}"


def public(thing: object) -> dict[str, object]:
    return {name: each for name, each in vars(thing).items() if not name.startswith("_")}


@pytest.mark.parametrize("name", MODULES)
def test_both_forms_have_the_same_members_parameters_and_defaults(name: str) -> None:
    asynchronous = importlib.import_module(f"scratchbot.aio.{name}")
    synchronous = importlib.import_module(f"scratchbot.sync.{name}")
    for class_name, form in inspect.getmembers(asynchronous, inspect.isclass):
        if form.__module__ != asynchronous.__name__:
            continue
        twin = getattr(synchronous, class_name.removeprefix("Async"))
        assert public(form).keys() == public(twin).keys()
        for member, function in inspect.getmembers(form, inspect.isfunction):
            if member.startswith("_"):
                continue
            other = getattr(twin, member)
            assert not inspect.iscoroutinefunction(other)
            ours = inspect.signature(function).parameters.values()
            theirs = inspect.signature(other).parameters.values()
            assert [(p.name, p.default) for p in ours] == [(p.name, p.default) for p in theirs]
            assert bool(function.__doc__) == bool(other.__doc__)

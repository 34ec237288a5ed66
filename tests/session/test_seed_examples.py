"""The examples of the session page, as they stand there, print what the page says."""

import ast
import base64
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import pytest

from scratchbot import AsyncScratchSession, ScratchSession
from tests.scratch import Scratch
from tests.session.forms import LogIn, run

pytestmark = pytest.mark.asyncio

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def examples() -> dict[str, tuple[str, str]]:
    """Return the examples by what they are about, each with the account that it needs."""
    found = {}
    page = Path(__file__).with_name("seed_page.txt").read_text("utf-8")
    for part in page.split("== ")[1:]:
        heading, program = part.split("\n", 1)
        account, about = heading.split(": ")
        found[about] = (account, program)
    return found


EXAMPLES = examples()
PRINTING = [about for about, (_, program) in EXAMPLES.items() if "print(" in program]


def printed_on_the_page(program: str) -> str:
    """Return the comments that follow a ``print``: what it prints."""
    lines, said = program.splitlines(), []
    for statement in ast.parse(program).body:
        if ast.unparse(statement).startswith("print(") and statement.end_lineno is not None:
            said.append(lines[statement.end_lineno].removeprefix("# ") + "\n")
    return "".join(said)


class Names(dict[str, Any]):
    """The names of an example; the page makes ``project_json`` and then calls it ``project``."""

    def __missing__(self, name: str) -> object:
        if name == "project":
            return self["project_json"]
        raise KeyError(name)


async def run_example(about: str, log_in: LogIn) -> Names:
    """Run an example whose session is made already: as the page makes it, or awaited."""
    account, program = EXAMPLES[about]
    names = Names()
    async with log_in(account) as session:
        names["session"] = session
        kept = [line for line in program.splitlines() if "ScratchSession(" not in line]
        await run("\n".join(kept), names)
    return names


@pytest.mark.parametrize("about", PRINTING)
async def test_an_example_prints_what_the_page_says(
    about: str, log_in: LogIn, scratch: Scratch, capsys: pytest.CaptureFixture[str]
) -> None:
    if about == "own projects":
        scratch.acts.trash("scratchcat", 105)
        scratch.acts.trash("scratchcat", 104)
    await run_example(about, log_in)
    assert capsys.readouterr().out == printed_on_the_page(EXAMPLES[about][1])


@pytest.mark.parametrize("about", ["the user", "profile comments"])
@pytest.mark.usefixtures("endpoint")
async def test_the_examples_that_make_their_session_run_by_themselves(
    about: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, program = EXAMPLES[about]
    names: dict[str, Any] = {"ScratchSession": ScratchSession}
    exec(program, names)
    names["session"].close()
    assert capsys.readouterr().out == printed_on_the_page(program)


@pytest.mark.usefixtures("endpoint")
async def test_an_asynchronous_session_is_made_with_the_same_two_words() -> None:
    async with AsyncScratchSession("griffpatch", "realpassword") as session:
        assert session.user is not None
        assert session.user.id == 1882674


async def test_every_example_of_the_page_is_here() -> None:
    assert len(EXAMPLES) == 16
    assert sum(len(printed_on_the_page(text).splitlines()) for _, text in EXAMPLES.values()) == 12


async def test_the_new_project_is_shared_with_its_code(log_in: LogIn, scratch: Scratch) -> None:
    names = await run_example("a new project", log_in)
    made = scratch.world.projects[names["project_id"]]
    assert (made.author.username, made.is_shared) == ("griffpatch", True)
    assert made.code == names["project_json"]


async def test_the_emptied_trash_is_gone_for_good(log_in: LogIn, scratch: Scratch) -> None:
    await run_example("an empty trash", log_in)
    assert 104 not in scratch.world.projects
    assert 105 in scratch.world.projects


async def test_the_country_is_changed(log_in: LogIn, scratch: Scratch) -> None:
    await run_example("a country", log_in)
    assert scratch.world.users["griffpatch"].country == "Antarctica"


async def test_the_e_mails_are_chosen(log_in: LogIn, scratch: Scratch) -> None:
    await run_example("e-mails", log_in)
    assert scratch.world.users["griffpatch"].subscriptions == {"teacher_tips"}


async def test_the_picture_is_in_the_backpack(
    log_in: LogIn, scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(to: BinaryIO, format: str) -> None:
        to.write(format.encode() + PICTURE)

    pictures = SimpleNamespace(open=lambda _: SimpleNamespace(save=save))
    monkeypatch.setitem(sys.modules, "PIL", SimpleNamespace(Image=pictures))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "furry.png").write_bytes(PICTURE)
    (await run_example("the backpack", log_in))["costume_file"].close()
    (item,) = scratch.world.users["griffpatch"].backpack
    assert (item.type, item.mime, item.name) == ("costume", "image/png", "furry")
    assert scratch.world.assets[f"backpack/{item.body}"] == PICTURE
    assert scratch.world.assets[f"backpack/{item.thumbnail}"] == b"JPEG" + PICTURE

"""The code of pages, run as printed where it names its file, and read everywhere."""

import ast
import re
import subprocess
import sys
import textwrap
from importlib import import_module
from pathlib import Path

import pytest

from scratchbot.engines.local import LocalEngine
from tests.cli.test_cli import environment
from tests.scratch import Scratch
from tests.test_readme import bot_as_printed

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EVERY = [*ROOT.glob("docs/**/*.md"), ROOT / "README.md", *ROOT.glob("plugins/*/README.md")]
WITH_CODE = sorted(page for page in EVERY if BLOCK.search(page.read_text("utf-8")))
PAGES = {
    "answer-cloud-requests.md": {"game.py", "news.py", "storage.py", "test_game.py", "digits.py"},
    "write-a-plugin.md": {
        "praise.py",
        "bot.py",
        "counter.py",
        "steps.py",
        "timing.py",
        "test_praise.py",
    },
    "come-from-another-library.md": {"bot.py", "test_bot.py"},
    "talk-with-people.md": {"bot.py", "filters.py", "test_bot.py"},
}


def run(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> str:
    """Run Python in a folder, where pytest finds what it needs, and return what it prints."""
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_page_is_right(page: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "how-to" / page).read_text("utf-8")
    files = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", text, re.DOTALL))
    assert set(files) == PAGES[page]
    for name, code in files.items():
        (tmp_path / name).write_text(code, "utf-8")
    run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    for name in sorted(files):
        if not name.startswith("test_"):
            run(tmp_path, name)


def test_cloud_variables_are_used_as_the_page_says(scratch: Scratch, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "use-cloud-variables.md").read_text("utf-8")
    for code in BLOCK.findall(page):
        (tmp_path / "program.py").write_text(code)
        run(tmp_path, "program.py", env=environment(scratch))
    assert scratch.world.projects[104].cloud["☁ ping"] == "1"


def test_a_bot_is_tested_as_the_page_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "test-your-bot.md").read_text("utf-8")
    first, *more, _of_another_library = BLOCK.findall(page)
    (tmp_path / "greeter.py").write_text(bot_as_printed())
    (tmp_path / "test_greeter.py").write_text("\n".join([first, *more]))
    assert "3 passed" in run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider")


@pytest.mark.asyncio
async def test_a_store_in_use_is_copied_as_the_page_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "run-for-years.md").read_text("utf-8")
    code = re.findall(r"^python -c '(.*)'$", page, re.MULTILINE)
    bot, copy = LocalEngine(tmp_path / "bot.db"), LocalEngine(tmp_path / "copy.db")
    await bot.open()
    await bot.keep("greeter", "alice", "5")
    run(tmp_path, "-c", *code)
    await bot.close()
    await copy.open()
    assert await copy.values("greeter") == {"alice": "5"}
    await copy.close()


@pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_the_code_of_a_page_imports_is_there(page: Path) -> None:
    for block in BLOCK.findall(page.read_text("utf-8")):
        for node in ast.walk(ast.parse(textwrap.dedent(block))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("scratchbot"):
                module = import_module(node.module or "")
                assert all(hasattr(module, each.name) for each in node.names), ast.unparse(node)

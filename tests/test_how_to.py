"""The code of how-to pages that names its file, run as printed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = {
    "answer-cloud-requests.md": {"game.py", "news.py", "storage.py", "test_game.py", "digits.py"},
    "write-a-plugin.md": {"praise.py", "bot.py", "counter.py", "timing.py", "test_praise.py"},
    "come-from-another-library.md": {"bot.py", "test_bot.py"},
    "talk-with-people.md": {"bot.py", "filters.py", "test_bot.py"},
}


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_page_is_right(page: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "how-to" / page).read_text("utf-8")
    files = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", text, re.DOTALL))
    assert set(files) == PAGES[page]
    for name, code in files.items():
        (tmp_path / name).write_text(code, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    others = [[name] for name in sorted(files) if not name.startswith("test_")]
    for program in (["-m", "pytest", "-q", "-p", "no:cacheprovider"], *others):
        done = subprocess.run(
            [sys.executable, *program], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

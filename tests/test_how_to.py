"""The code of how-to pages that names its file, run as printed."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_page_about_cloud_requests_is_right(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "answer-cloud-requests.md").read_text("utf-8")
    files = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", page, re.DOTALL))
    assert set(files) == {"game.py", "news.py", "storage.py", "test_game.py", "digits.py"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    for program in (["-m", "pytest", "-q", "-p", "no:cacheprovider"], ["digits.py"]):
        done = subprocess.run(
            [sys.executable, *program], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

"""Where what is kept lies, and files that only their owner can read."""

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

NAME = "scratchbot"


def config_folder(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return the user's folder for what programs keep of settings.

    :param environment: whose ``XDG_CONFIG_HOME``, if it is set, is that folder on any system.
    """
    chosen = Path(environment.get("XDG_CONFIG_HOME", ""))
    if chosen.is_absolute():
        return chosen / NAME
    home = Path(environment["HOME"]) if environment.get("HOME") else Path.home()
    if platform == "win32":
        return Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / NAME
    if platform == "darwin":
        return home / "Library" / "Application Support" / NAME
    return home / ".config" / NAME


def write_privately(file: Path, text: str) -> None:
    """Write a file, whole or not at all, that only its owner can read at any moment.

    :raises OSError: if it cannot be written.
    """
    file.parent.parent.mkdir(parents=True, exist_ok=True)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    file.parent.chmod(0o700)  # It may have been made by somebody else, and open.
    # The file that this makes is its owner's alone from the beginning (O_EXCL, 600).
    number, name = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as new:
            new.write(text)
            new.flush()
            os.fsync(number)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

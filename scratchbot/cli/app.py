"""Finding the bot in an author's program."""

import importlib
import importlib.util
import re
import sys
import traceback
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import ModuleType

from scratchbot.bot import Bot, loading
from scratchbot.errors import AppError, ScratchbotError

_NEEDED = sys.stdlib_module_names | {"scratchbot"}
"""Modules that a bot's file must not stand in for once they are in use."""


def load_app(app: str) -> Bot:
    """Return the bot that ``file.py``, ``file.py:bot`` or ``package.module:bot`` names.

    :raises AppError: if there is no such file, it does not run, or it holds no such bot.
    """
    # A drive has a colon too: C:\bots\bot.py:bot
    file = re.fullmatch(r"(.+\.py)(?::(.*))?", app, re.IGNORECASE)
    place, name = file.groups("") if file else app.partition(":")[::2]
    token = loading.set(True)
    try:
        module = _load_file(Path(place)) if file else _load_module(place)
    except ScratchbotError:
        raise
    except SystemExit:
        raise AppError(f"{place} ends itself while it is loaded: take its exit out") from None
    except Exception as error:
        raise AppError(f"{place} does not run: {_first_line(error, place)}") from error
    finally:
        loading.reset(token)
    return _pick(module, place, name)


def _load_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise AppError(f"there is no file {path}; check the name and the folder you are in")
    if path.stem in sys.modules and path.stem in _NEEDED:
        raise AppError(
            f"{path.name} has the name of a module that every bot needs: call the file something "
            "else, such as my_bot.py"
        )
    sys.path.insert(0, str(path.resolve().parent))
    loader = SourceFileLoader(path.stem, str(path))
    # Without a spec of its own, Python would not take a file that is called BOT.PY.
    spec = ModuleSpec(path.stem, loader, origin=str(path))
    spec.has_location = True
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    loader.exec_module(module)
    return module


def _load_module(name: str) -> ModuleType:
    if not all(part.isidentifier() for part in name.split(".")):
        raise AppError(f"{name!r} is no file and no module: write such as bot.py")
    if Path(name).is_file():
        raise AppError(f"{name} is no program: give a file whose name ends in .py")
    sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise AppError(
                f"there is no module {name!r}; for a file, write its name with .py"
            ) from error
        raise


def _first_line(error: Exception, place: str) -> str:
    """Say an error in one line, with the line of the author's file where it came from."""
    if isinstance(error, SyntaxError):
        return f"{error.msg} (line {error.lineno})" if error.lineno else error.msg
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).name == Path(place).name
    ]
    where = f" (line {lines[-1]})" if lines else ""
    return f"{type(error).__name__}: {error}{where}".replace("\n", " ")


def _pick(module: ModuleType, place: str, name: str) -> Bot:
    bots = {key: value for key, value in vars(module).items() if isinstance(value, Bot)}
    if name in bots:
        return bots[name]
    if name and bots:
        raise AppError(f"{place} has no Bot called {name!r}: it has {' and '.join(bots)}")
    if len({id(bot) for bot in bots.values()}) == 1:
        return next(iter(bots.values()))
    if not bots:
        raise AppError(f'{place} makes no Bot; it needs a line like: bot = Bot("my-bot")')
    names = " or ".join(f"{place}:{key}" for key in bots)
    raise AppError(f"{place} makes several bots; say which: {names}")

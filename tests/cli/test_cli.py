"""The command line, as a process of its own."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from scratchbot.cli import main, reload
from scratchbot.cli.app import load_app
from scratchbot.errors import AppError
from scratchbot.sandbox import Place
from tests.scratch import PATIENCE, Scratch, until

PROJECT = Place("project", "104")

BOT = """
from scratchbot import Bot
from scratchbot.watch import ProjectComments

bot = Bot("greeter")
bot.watch(ProjectComments(104))

@bot.on("comment")
async def greet(event, session):
    await session.reply(event, f"Hello, @{event.author}!")
"""


def environment(scratch: Scratch | None = None, **more: str) -> dict[str, str]:
    own = {} if scratch is None else {"SCRATCHBOT_ENDPOINT": scratch.address}
    login = {"SCRATCHBOT_USERNAME": "demo-bot", "SCRATCHBOT_PASSWORD": "beepboop"}
    limits = {} if scratch is None else {"SCRATCHBOT_LIMITS": "off"}
    return {**os.environ, **own, **login, **limits, **more}


def scratchbot(
    *arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scratchbot", *arguments],
        cwd=cwd,
        env=env or environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = done.stderr.splitlines()
    assert "Traceback" not in done.stderr
    assert len(lines) == 1, done.stderr
    return lines[0]


@asynccontextmanager
async def started(
    *arguments: str,
    env: dict[str, str],
    cwd: Path | None = None,
    python: str | Path = sys.executable,
) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[str]]]:
    """Start a command; what it prints is gathered line by line."""
    process = await asyncio.create_subprocess_exec(
        python,
        "-m",
        "scratchbot",
        *arguments,
        env=env,
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    lines: list[str] = []

    async def gather() -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            lines.append(line.decode())

    task = asyncio.create_task(gather())
    try:
        yield process, lines
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        await task


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from scratchbot.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "try: main(['events', '--help'])\nexcept SystemExit: pass\n"
        "heavy = {'aiohttp', 'websockets', 'bs4', 'structlog', 'apscheduler', 'asyncio'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["run"],
        ["sandbox", "--port", "x"],
        ["sandbox", "--size", "many"],
        ["sandbox", "--size", "3", "--world", "x.toml"],
        ["demo", "--seconds", "-1"],
        ["run", "a", "b"],
    ],
)
def test_wrong_use_is_2(arguments: list[str]) -> None:
    done = scratchbot(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no file bot.py"),
        ("bot = (", r"does not run: .*line 1"),
        ("x = 1\nimport nothing_of_this_name", r"nothing_of_this_name.*line 2"),
        ("x = 1", "makes no Bot"),
        ("from scratchbot import Bot\na = Bot('a')\nb = Bot('b')", "bot.py:a or bot.py:b"),
        (
            "from scratchbot import Bot\nbot = Bot('a')\n@bot.on('coment')\ndef f(event): ...",
            "did you mean 'comment'",
        ),
        (
            "from scratchbot import Bot\nbot = Bot('a')\n@bot.on('comment')\ndef f(x): ...",
            r"nothing can fill the parameter 'x'.*bot\.py:3\)",
        ),
        ("from scratchbot import Bot\nbot = Bot('a')\nbot.load('nothing')", "no plugin 'nothing'"),
    ],
)
def test_a_broken_app_is_told_in_one_line(tmp_path: Path, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / "bot.py").write_text(text)
    done = scratchbot("run", "bot.py", cwd=tmp_path)
    assert done.returncode == 1
    assert re.search(said, one_line(done))


@pytest.mark.parametrize("app", [r"C:\bots\bot.py", r"C:\bots\bot.py:bot"])
def test_the_colon_of_a_drive_begins_no_name(app: str) -> None:
    with pytest.raises(AppError, match=re.escape(r"there is no file C:\bots\bot.py;")):
        load_app(app)


@pytest.mark.parametrize(
    ("app", "said"),
    [(".", "'.' is no file and no module"), ("", "'' is no file"), ("bot py", "is no file")],
)
def test_what_can_name_no_program_is_told(app: str, said: str) -> None:
    with pytest.raises(AppError, match=re.escape(said)):
        load_app(app)


def test_a_file_that_is_no_program_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.db").touch()
    (tmp_path / "nothing.py").write_bytes(b"x = 1\0")
    with pytest.raises(
        AppError, match=r"^bot\.db is no program: give a file whose name ends in \.py"
    ):
        load_app("bot.db")
    with pytest.raises(AppError, match=r"null bytes$"):
        load_app("nothing.py")


@pytest.mark.parametrize("name", ["asyncio.py", "random.py", "scratchbot.py"])
def test_a_file_that_would_stand_in_for_a_module_that_bots_need_is_refused(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text(BOT)
    with pytest.raises(AppError, match=f"^{re.escape(name)} has the name of a module"):
        load_app(str(tmp_path / name))


def test_no_file_of_the_folder_stands_in_for_a_module_in_a_reload(tmp_path: Path) -> None:
    for name in ("bot.py", "asyncio.py"):
        (tmp_path / name).write_text(BOT)
    check = [*reload._PYTHON, "-c", reload._CHECK, "bot.py"]
    done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_whose_name_is_in_capitals_is_a_program_too(tmp_path: Path) -> None:
    (tmp_path / "GREETER.PY").write_text(BOT)
    assert load_app(f"{tmp_path / 'GREETER.PY'}:bot").name == "greeter"


def test_a_program_that_ends_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT + "raise SystemExit(3)\n")
    assert "bot.py ends itself" in one_line(scratchbot("run", "bot.py", cwd=tmp_path))


@pytest.mark.asyncio
async def test_a_dry_run_of_a_program_that_runs_its_bot_unasked_sends_nothing(
    scratch: Scratch, tmp_path: Path
) -> None:
    (tmp_path / "bot.py").write_text(BOT + "bot.run()\n")
    run = started("run", "bot.py", "--dry-run", env=environment(scratch), cwd=tmp_path)
    async with run as (process, lines):
        await until(lambda: any("bot_ready" in line for line in lines))
        comment = scratch.user("alice").comment(104, "hi")
        await until(lambda: any("act_rehearsed" in line for line in lines))
        process.terminate()
        assert await process.wait() == 0
    assert not comment.replies


def test_a_missing_name_in_an_app_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    assert "no Bot called 'robot': it has bot" in one_line(
        scratchbot("run", "bot.py:robot", cwd=tmp_path)
    )
    assert "no module 'package.nothing'" in one_line(
        scratchbot("run", "package.nothing:bot", cwd=tmp_path)
    )


def test_v_shows_the_traceback(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text("1 / 0")
    assert "Traceback" in scratchbot("run", "bot.py", "-v", cwd=tmp_path).stderr


def test_a_wrong_password_is_told_in_one_line_without_it(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    env = environment(scratch, SCRATCHBOT_PASSWORD="not-the-password")
    done = scratchbot("run", "bot.py", cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert "refused this user name with this password" in one_line(done)
    assert "not-the-password" not in done.stdout + done.stderr


def test_a_site_that_is_down_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    env = environment(SCRATCHBOT_ENDPOINT="http://127.0.0.1:9")
    done = scratchbot("run", "bot.py", cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert "nothing answers at http://127.0.0.1:9" in one_line(done)


def test_a_project_that_does_not_exist_is_told_in_one_line(
    scratch: Scratch, tmp_path: Path
) -> None:
    (tmp_path / "bot.py").write_text(BOT.replace("104", "999"))
    done = scratchbot("run", "bot.py", cwd=tmp_path, env=environment(scratch))
    assert done.returncode == 1
    assert one_line(done) == (
        "scratchbot: there is no project 999 on the site, or it is not shared"
    )


def test_limits_off_without_a_sandbox_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    done = scratchbot("run", "bot.py", cwd=tmp_path, env=environment(SCRATCHBOT_LIMITS="off"))
    assert done.returncode == 1
    assert "works with a sandbox only" in one_line(done)


@pytest.mark.parametrize("command", ["sandbox", "demo"])
def test_a_port_in_use_is_told_in_one_line(command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = scratchbot(command, "--port", str(server.getsockname()[1]))
    assert done.returncode == 1
    assert "another program has that port: choose another with --port" in one_line(done)


def test_an_address_of_another_machine_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["sandbox", "--host", "192.0.2.1", "--port", "0"]) == 1
    assert capsys.readouterr().err == (
        "scratchbot: cannot listen on 192.0.2.1 port 0: this machine has no such address: leave "
        "--host out, or mend it\n"
    )


def test_a_broken_world_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "world.toml").write_text('[[users]]\nid = "one"\nusername = "a"\npassword = "b"\n')
    done = scratchbot("sandbox", "--world", str(tmp_path / "world.toml"), "--port", "0")
    assert done.returncode == 1
    assert "users[1].id is 'one'; give a whole number" in one_line(done)


def test_broken_weather_and_a_foreign_save_are_told_in_one_line(tmp_path: Path) -> None:
    storm, save = tmp_path / "storm.toml", tmp_path / "world.jsonl"
    storm.write_text("[[rules]]\nwind = 3\n")
    done = scratchbot("sandbox", "--weather", str(storm), "--port", "0")
    assert done.returncode == 1
    assert "rules[1].wind is unknown; use" in one_line(done)
    save.write_text('{"format": 1, "start": "--size 3 --seed 0"}\n')
    done = scratchbot("sandbox", "--save", str(save), "--port", "0")
    assert done.returncode == 1
    assert "was saved from another start" in one_line(done)


@pytest.mark.asyncio
async def test_a_saved_sandbox_goes_on_where_it_stopped(tmp_path: Path) -> None:
    command = ("sandbox", "--port", "0", "--size", "20", "--save", str(tmp_path / "world.jsonl"))
    for number, text in enumerate(("0 acts done again", "1 acts done again")):
        async with started(*command, env=environment()) as (process, lines):
            await until(lambda: len(lines) == 3)
            assert text in lines[0]
            address = lines[2].strip().partition("=")[2]
            asked = {"act": "love", "who": "alice", "place": f"project:{104 + number}"}
            request = urllib.request.Request(
                f"{address}/sandbox/act",
                data=json.dumps(asked).encode(),
                headers={"Origin": address, "Content-Type": "application/json"},
            )
            answer = await asyncio.to_thread(lambda: urllib.request.urlopen(request).read())  # noqa: B023
            assert json.loads(answer) == {"message": ""}
            process.terminate()
            assert await process.wait() == 0


@pytest.mark.asyncio
async def test_the_proxy_prints_the_lines_to_set() -> None:
    async with started("sandbox", "--port", "0", "--proxy", env=environment()) as (process, lines):
        await until(lambda: any("NODE_EXTRA_CA_CERTS=" in line for line in lines))
        shown = [line.split("=")[0].strip() for line in lines if line.startswith("  export")]
        assert shown == [
            "export HTTPS_PROXY",
            "export SSL_CERT_FILE",
            "export NODE_EXTRA_CA_CERTS",
        ]
        process.terminate()
        assert await process.wait() == 0


@pytest.mark.asyncio
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_bot_answers_and_stops_when_told(
    scratch: Scratch, tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    arguments = ("run", "bot.py:bot", "--store", "bot.db", "-v")
    async with started(*arguments, env=environment(scratch), cwd=tmp_path) as (process, lines):
        await until(lambda: any("bot_ready" in line for line in lines), "".join(lines))
        comment = scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: comment.replies)
        process.send_signal(number)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    assert (tmp_path / "bot.db").exists()
    output = "".join(lines)
    assert "Traceback" not in output
    secrets = ["beepboop", *scratch.sandbox._context.sessions._by_token]
    secrets += scratch.sandbox._context.sessions._by_session
    assert len(secrets) == 3
    assert not any(secret in output for secret in secrets)


@pytest.mark.asyncio
async def test_a_traceback_in_the_log_shows_no_local_variables(
    scratch: Scratch, tmp_path: Path
) -> None:
    failing = "\n    private = 'between ' + 'us'\n    raise ValueError('it broke')\n"
    (tmp_path / "bot.py").write_text(BOT + failing)
    command = ("run", "bot.py", "-v")
    async with started(*command, env=environment(scratch), cwd=tmp_path) as (process, lines):
        await until(lambda: any("bot_ready" in line for line in lines))
        scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: any("run_failed" in line for line in lines))
        process.terminate()
        await process.wait()
    output = "".join(lines)
    assert "handler_raised" in output
    assert "it broke" in output
    assert "between us" not in output


@pytest.mark.asyncio
async def test_a_second_ctrl_c_ends_a_bot_at_once(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(
        BOT.replace("await session.reply", "import time; time.sleep(0)\n    await session.reply")
        + "\n@bot.on('bot.start')\ndef stuck():\n    import time\n    print('stuck', flush=True)\n"
        "    time.sleep(3600)\n"
    )
    async with started("run", "bot.py", env=environment(scratch), cwd=tmp_path) as (process, lines):
        await until(lambda: any("stuck" in line for line in lines))
        process.send_signal(signal.SIGINT)
        await until(lambda: any("bot_stopping" in line for line in lines))
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 130


@pytest.mark.asyncio
async def test_a_dry_run_logs_what_it_would_say(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    arguments = ("run", "bot.py", "--dry-run")
    async with started(*arguments, env=environment(scratch), cwd=tmp_path) as (process, lines):
        await until(lambda: any("bot_ready" in line for line in lines))
        comment = scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: any("act_rehearsed" in line for line in lines))
        process.terminate()
        await process.wait()
    assert any("Hello, @alice!" in line for line in lines)
    assert not comment.replies


@pytest.mark.asyncio
async def test_the_bot_runs_as_a_program_of_its_own_too(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT + "\nif __name__ == '__main__':\n    bot.run()\n")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "bot.py", env=environment(scratch), cwd=tmp_path, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    while b"bot_ready" not in await asyncio.wait_for(process.stderr.readline(), PATIENCE):
        pass
    comment = scratch.acts.post_comment("alice", PROJECT, "hi")
    await until(lambda: comment.replies)
    process.terminate()
    await process.communicate()
    assert process.returncode == 0


@pytest.mark.asyncio
async def test_the_sandbox_says_where_it_is_and_stops_when_told() -> None:
    async with started("sandbox", "--port", "0", env=environment()) as (process, lines):
        await until(lambda: len(lines) == 2)
        found = re.search(r"SCRATCHBOT_ENDPOINT=(http://127\.0\.0\.1:\d+)", lines[1])
        assert found
        env = {**os.environ, "SCRATCHBOT_ENDPOINT": found[1]}
        code = "import scratchbot; print(scratchbot.ScratchSession().get_project(104).title)"
        done = subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
        )
        assert done.stdout == "Cloud playground\n"
        process.terminate()
        assert await process.wait() == 0


def test_the_demo_ends_by_itself_with_every_event_handled() -> None:
    done = scratchbot("demo", "--seconds", "4", "--no-open")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("Every event was handled.\n")
    for word in ("came", "done", "comment", "cloud.set", "median"):
        assert word in done.stdout
    assert done.stderr == ""

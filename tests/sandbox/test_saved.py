"""Worlds that last, and big ones."""

import json
from pathlib import Path

import pytest

from scratchbot.sandbox import Place, Sandbox, load_world
from scratchbot.sandbox.generate import generate
from scratchbot.sandbox.rules import RefusedError, RejectedError
from scratchbot.sandbox.saved import Save, SaveError
from scratchbot.sandbox.worldfile import fingerprint
from tests.sandbox.site import API, serving

PLACE = Place("project", "104")


def start(file: Path, name: str = "the default world") -> tuple[Sandbox, Save, int]:
    sandbox = Sandbox(load_world(), clock=lambda: 1.7e9, limits=True)
    save = Save(file, name)
    return sandbox, save, save.resume(sandbox.acts)


def live(sandbox: Sandbox) -> None:
    acts = sandbox.acts
    top = acts.post_comment("alice", PLACE, "first")
    acts.post_comment("bob", PLACE, "second", top.id)
    acts.love("bob", 105)
    project = acts.create_project("bob", {"targets": []}, "made")
    acts.share("bob", project.id)
    acts.keep_asset("bob", "a.svg", b"<svg/>")
    acts.set_cloud("alice", 104, "☁ foo", "5")
    acts.edit_profile("alice", bio="new")
    with pytest.raises(RefusedError):
        acts.delete_comment("bob", top.id)
    with pytest.raises(RejectedError):
        acts.post_comment("bob", PLACE, "badword")


def told(sandbox: Sandbox) -> object:
    world = sandbox.world
    return (
        [(c.id, c.content, c.created) for c in world.comments.values()],
        [user.messages for user in world.users.values()],
        [user.deeds for user in world.users.values()],
        [(p.id, p.title, p.state, sorted(p.loves), p.cloud) for p in world.projects.values()],
        [user.offenses for user in world.users.values()],
        world.assets,
        world.users["alice"].bio,
    )


def test_a_saved_world_is_the_same_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "world.jsonl"
    first, save, done = start(file)
    assert done == 0
    live(first)
    save.close()
    second, again, done = start(file)
    again.close()
    assert done == 9
    assert told(second) == told(first)


def test_an_act_that_was_cut_off_while_it_was_written_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "world.jsonl"
    first, save, _ = start(file)
    live(first)
    save.close()
    whole = file.read_text()
    file.write_text(whole + '{"at": 1, "act": "lo')
    second, again, _ = start(file)
    second.acts.love("alice", 105)
    again.close()
    third, last, done = start(file)
    last.close()
    assert done == 10
    assert "alice" in third.world.projects[105].loves


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"format": 1, "start": "--size 5"}\n', "was saved from another start"),
        ("hello\n", "line 1 is no act"),
        (
            '{"format": 1, "start": "the default world"}\n'
            '{"at": 1, "act": "love", "args": ["nobody", 104], "named": {}}\n',
            "line 2 cannot be done again",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "world.jsonl"
    file.write_text(text)
    with pytest.raises(SaveError, match=said):
        start(file)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="cannot be"):
        start(tmp_path / "missing" / "world.jsonl")
    with pytest.raises(SaveError, match="is a folder: give the name of a file in it"):
        start(tmp_path)


def test_a_generated_world_is_the_same_from_the_same_seed() -> None:
    def names(size: int, seed: int) -> list[str]:
        return [project.title for project in generate(size, seed).projects.values()]

    assert names(50, 1) == names(50, 1)
    assert names(50, 1) != names(50, 2)


@pytest.mark.asyncio
async def test_a_generated_world_holds_together() -> None:
    world = generate(200)
    assert len(world.projects) == len(load_world().projects) + 200
    counted = sum(world.comment_counts.values())
    assert counted == len(world.comments) == len(load_world().comments) + 2_000
    for user in world.users.values():
        assert all(user.key in other.followers for other in user.following.values())
    for studio in world.studios.values():
        assert all(project.studios[studio.id] is studio for project in studio.projects.values())
    async with serving(world=world) as site:
        newest = max(world.projects)
        project = await site.get(f"/projects/{newest}")
        owner = project["author"]["username"]
        comments = await site.get(f"/users/{owner}/projects/{newest}/comments")
        assert [row["reply_count"] for row in comments] == [2] + [0] * 7
        status, text, _ = await site.ask("GET", API, "/search/projects?q=maze&limit=40")
        assert status == 200
        mazes = [one for one in world.projects.values() if "maze" in one.title.lower()]
        assert len(json.loads(text)) == sum(one.is_shared for one in mazes)


@pytest.mark.parametrize("text", ["my notes", "line 1\nline 2", "{}\n", "[" * 100_000])
def test_a_file_that_is_no_saved_world_stays_as_it_is(tmp_path: Path, text: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(text)
    with pytest.raises(SaveError, match="name a new file"):
        start(file)
    assert file.read_text() == text


@pytest.mark.parametrize("code", [{"place": "project:104"}, {"bytes": "AAAA"}, {"dict": {}}, {}])
def test_code_that_looks_like_the_file_s_own_words_stays_code(
    tmp_path: Path, code: dict[str, object]
) -> None:
    file = tmp_path / "world.jsonl"
    first, save, _ = start(file)
    made = first.acts.create_project("bob", code, "made")
    save.close()
    second, again, _ = start(file)
    again.close()
    assert second.world.projects[made.id].code == code


def test_a_world_file_that_has_changed_is_another_start(tmp_path: Path) -> None:
    file = tmp_path / "world.toml"
    file.write_text("")
    before = fingerprint(file)
    file.write_text("# changed")
    assert len({before, fingerprint(file), fingerprint()}) == 3

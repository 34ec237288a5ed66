"""Projects: who reads them, their code, their files and their families."""

import hashlib
import io
import json
import zipfile

import pytest

from scratchbot.sandbox.rules import RefusedError
from tests.sandbox.site import API, SITE, serving

pytestmark = pytest.mark.asyncio


async def test_nobody_reads_another_s_project_by_editing_it() -> None:
    async with serving() as site:
        headers = await site.log_in("alice", "wonderland")
        for project_id, expected in ((700000003, 404), (104, 403), (999999, 404)):
            path = f"/site-api/projects/all/{project_id}/"
            status, text, _ = await site.ask("PUT", SITE, path, json={}, headers=headers)
            assert (status, "Not ready" in text) == (expected, False)


async def test_the_token_of_a_project_s_code_ends_when_it_is_unshared() -> None:
    async with serving() as site:
        code = "projects.scratch.mit.edu"
        token = (await site.get("/projects/105"))["project_token"]
        assert (await site.ask("GET", code, f"/105?token={token}"))[0] == 200
        site.sandbox.acts.unshare("scratchcat", 105)
        assert (await site.ask("GET", code, f"/105?token={token}"))[0] == 403
        forged = f"1577836800_{700000003:0128x}"
        assert (await site.ask("GET", code, f"/700000003?token={forged}"))[0] == 403


async def test_an_asset_is_what_its_name_says() -> None:
    async with serving() as site:
        headers = await site.log_in("bob", "builder")
        contents = b"<svg/>"
        name = f"{hashlib.md5(contents).hexdigest()}.svg"
        for sent, expected in ((b"another", 400), (contents, 200)):
            host, path = "assets.scratch.mit.edu", f"/{name}"
            status, _, _ = await site.ask("POST", host, path, data=sent, headers=headers)
            assert status == expected
        assert site.world.assets[name] == contents


async def test_a_project_in_its_file_is_saved_as_its_code() -> None:
    async with serving() as site:
        headers = await site.log_in("scratchcat", "hunter2")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("project.json", '{"targets": [1]}')
        for sent, expected in ((packed.getvalue(), 200), (b"PK broken", 400)):
            status, _, _ = await site.ask(
                "PUT", "projects.scratch.mit.edu", "/105", data=sent, headers=headers
            )
            assert status == expected
        assert site.world.projects[105].code == {"targets": [1]}


async def test_a_family_of_many_remixes_has_its_root() -> None:
    async with serving() as site:
        acts, parent = site.sandbox.acts, 105
        for _ in range(1200):
            parent = acts.create_project("bob", {}, "again", parent_id=parent).id
            acts.share("bob", parent)
        assert (await site.get(f"/projects/{parent}"))["remix"]["root"] == 105


async def test_what_is_in_the_trash_is_restored_before_it_is_shared() -> None:
    async with serving() as site:
        acts = site.sandbox.acts
        acts.trash("scratchcat", 105)
        with pytest.raises(RefusedError, match="trash"):
            acts.share("scratchcat", 105)
        acts.restore("scratchcat", 105)
        acts.share("scratchcat", 105)
        assert site.world.projects[105].is_shared


async def test_its_author_sees_a_project_in_the_trash_and_that_it_is_there() -> None:
    async with serving() as site:
        headers = await site.log_in("bob", "builder")
        assert (await site.get("/projects/700000004", headers=headers))[
            "visibility"
        ] == "notvisible"
        assert (await site.ask("GET", API, "/projects/700000004"))[0] == 404


async def test_sharing_answers_with_the_project() -> None:
    async with serving() as site:
        headers = await site.log_in("scratchcat", "hunter2")
        path = "/proxy/projects/700000003/share"
        _, text, _ = await site.ask("PUT", API, path, json={}, headers=headers)
        assert json.loads(text)["is_published"] is True


@pytest.mark.parametrize(
    "asked",
    [
        {"title": None},
        {"title": "a badword"},
        {"instructions": "x" * 5001},
        {"comments_allowed": "false"},
    ],
)
async def test_a_change_that_the_site_does_not_take_is_400(asked: dict[str, object]) -> None:
    async with serving() as site:
        headers = await site.log_in("scratchcat", "hunter2")
        before = await site.get("/projects/104")
        status, _, _ = await site.ask("PUT", API, "/projects/104", json=asked, headers=headers)
        assert status == 400
        assert await site.get("/projects/104") == before


async def test_remixes_of_what_is_deleted_go_to_what_it_came_from() -> None:
    async with serving() as site:
        acts, world = site.sandbox.acts, site.world
        between = acts.create_project("bob", {}, "between", parent_id=105)
        acts.share("bob", between.id)
        last = acts.create_project("alice", {}, "last", parent_id=between.id)
        acts.share("alice", last.id)
        acts.trash("bob", between.id)
        acts.empty_trash("bob", "builder")
        assert last.parent is world.projects[105]
        assert last in world.projects[105].remixes
        remixes = await site.get("/projects/105/remixes")
        assert last.id in [row["id"] for row in remixes]


async def test_the_cloud_log_of_an_unshared_project_is_not_for_everybody() -> None:
    async with serving() as site:
        host, path = "clouddata.scratch.mit.edu", "/logs?projectid=104"
        assert (await site.ask("GET", host, path))[0] == 200
        site.sandbox.acts.unshare("scratchcat", 104)
        assert (await site.ask("GET", host, path))[0] == 404

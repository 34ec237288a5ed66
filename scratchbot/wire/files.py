"""Files: the code of projects, and the assets that they are made of."""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from scratchbot.errors import UnexpectedAnswerError
from scratchbot.wire.fields import integer, text, time
from scratchbot.wire.mystuff import get_own_projects
from scratchbot.wire.projects import ProjectData, get_project
from scratchbot.wire.request import ASSETS, PROJECTS, Act, Answer, Request, nothing
from scratchbot.wire.settling import REPEAT, Asking, Effect, Look, Trace, read_pages


def get_code(project_id: int, token: str) -> Request[dict[str, Any]]:
    """``GET projects./{id}``: the ``project.json`` of a project.

    :param token: the ``project_token`` that the site gives with the project.
    """
    return Request(
        method="GET",
        host=PROJECTS,
        path=f"/{project_id}",
        query={"token": token},
        read=_read_code,
        about=f"the code of project {project_id}",
    )


def _read_code(answer: Answer) -> dict[str, Any]:
    code = answer.json()
    if not isinstance(code, dict):
        raise UnexpectedAnswerError("the site answered with code that is no JSON object")
    return code


def save_code(project_id: int, code: Mapping[str, Any] | str) -> Request[None]:
    """``PUT projects./{id}``: save the ``project.json`` of one's own project."""
    return Request(
        method="PUT",
        host=PROJECTS,
        path=f"/{project_id}",
        body=_written(code),
        read=nothing,
        about=f"project {project_id}",
        login=True,
        act=Act(
            permission="project.edit",
            kind="project.save",
            target=f"project:{project_id}",
            settling=REPEAT,
        ),
    )


def create_project(code: Mapping[str, Any] | str) -> Request[int]:
    """``POST projects./``: a new project; returns its number."""
    return Request(
        method="POST",
        host=PROJECTS,
        path="/",
        body=_written(code),
        read=_read_created,
        about="the new project",
        login=True,
        act=Act(
            permission="project.edit",
            kind="project.create",
            target="account",
            text=_fingerprint(code),
            rehearsed=_created(0),
            settling=Look(_look_for_project, again=False),
            made=lambda answer: _key(_read_created(answer)),
        ),
    )


def _read_created(answer: Answer) -> int:
    return integer(answer.row(), "content-name")


def _created(project_id: int) -> bytes:
    return json.dumps({"content-name": str(project_id)}).encode()


def _key(project_id: int) -> str:
    return f"project:{project_id}"


def _fingerprint(code: Mapping[str, Any] | str) -> str:
    """Return what tells a project's code from others', however it is written down."""
    written = _written(code)
    with contextlib.suppress(ValueError, RecursionError):
        written = json.dumps(json.loads(written), sort_keys=True).encode()
    return f"code {hashlib.sha256(written).hexdigest()[:16]}"


def _look_for_project(trace: Trace) -> Asking[list[Effect]]:
    """Look for own projects with the same code: the site makes their titles itself."""

    def is_last(page: list[ProjectData]) -> bool:
        return not page or time(page[-1].last_modified_timestamp) < trace.earliest

    def is_of(number: int) -> Asking[bool]:
        project: ProjectData = yield get_project(number)
        code = yield get_code(number, text(project.raw, "project_token"))
        return _fingerprint(code) == trace.text

    own = yield from read_pages(lambda number: get_own_projects("all", "", number + 1), is_last)
    effects = []
    for number in sorted(one.id for one in own if time(one.created_timestamp) >= trace.earliest):
        if (yield from is_of(number)):
            effects.append(Effect(_key(number), Answer(status=200, body=_created(number))))
    return effects


def _written(code: Mapping[str, Any] | str) -> bytes:
    return (code if isinstance(code, str) else json.dumps(code)).encode()


def get_asset(name: str) -> Request[bytes]:
    """``GET assets./internalapi/asset/{name}/get/``: the contents of an asset."""
    return Request(
        method="GET",
        host=ASSETS,
        path=f"/internalapi/asset/{name}/get/",
        read=lambda answer: answer.body,
        about=f"asset {name}",
    )


def upload_asset(name: str, contents: bytes) -> Request[None]:
    """``POST assets./{name}``; the name is the MD5 of the contents, and their kind."""
    return Request(
        method="POST",
        host=ASSETS,
        path=f"/{name}",
        body=contents,
        read=nothing,
        about=f"asset {name}",
        login=True,
        act=Act(
            permission="project.edit",
            kind="asset.upload",
            target=f"asset:{name}",
            settling=REPEAT,
        ),
    )

"""Files: the code of projects, and the assets that they are made of."""

import json
from collections.abc import Mapping
from typing import Any

from scratchbot.errors import UnexpectedAnswerError
from scratchbot.wire.fields import integer
from scratchbot.wire.request import ASSETS, PROJECTS, Act, Answer, Request, nothing
from scratchbot.wire.settling import REPEAT


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
        read=lambda answer: integer(answer.row(), "content-name"),
        about="the new project",
        login=True,
        act=Act(
            permission="project.edit",
            kind="project.create",
            target="account",
            rehearsed=b'{"content-name": "0"}',
        ),
    )


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

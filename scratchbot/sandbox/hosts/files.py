"""The hosts of files: projects' code, assets, backpacks and pictures."""

import base64
import hashlib
import io
import json
import re
import zipfile
from importlib import resources
from typing import Any

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    Route,
    body,
    context,
    number,
    optional_id,
    own,
    page,
    read_json,
    reader,
    required_login,
)
from scratchbot.sandbox.render import api
from scratchbot.sandbox.rules import RefusedError

MOST_IN_BACKPACK_PAGE = 100
LARGEST_CODE = 16 << 20
_ASSET = re.compile(r"[0-9a-f]{32}\.(?:svg|png|jpg|jpeg|gif|bmp|wav|mp3|sb3|json)")
_TYPES = {
    "svg": "image/svg+xml",
    "wav": "audio/x-wav",
    "mp3": "audio/mp3",
    "json": "application/json",
}


async def get_code(request: web.Request) -> web.Response:
    """Give a project's code to who has its token, or made it."""
    project = context(request).world.projects.get(number(request.match_info["project_id"]))
    if project is None or project.state == "trashed":
        raise RefusedError(404, "no such project")
    sent = request.query.get("token", "")
    if project.author is not reader(request) and sent != api.project_token(project):
        raise RefusedError(403, "the token is missing or old")
    return web.json_response(project.code or starting_code())


def starting_code() -> dict[str, Any]:
    """Return the code of a project that has none of its own."""
    text = (resources.files("scratchbot.sandbox") / "worldfile" / "project.json").read_text("utf-8")
    code: dict[str, Any] = json.loads(text)
    return code


async def create_project(request: web.Request) -> web.Response:
    """Make a project, or a remix of one."""
    user, code = required_login(request), await _code(request)
    is_remix = request.query.get("is_remix") == "1"
    parent_id = optional_id(request.query.get("original_id")) if is_remix else None
    title = request.query.get("title", "Untitled")
    project = context(request).acts.create_project(user.username, code, title, parent_id)
    return web.json_response(
        {
            "status": "ok",
            "content-name": str(project.id),
            "content-title": base64.b64encode(project.title.encode()).decode(),
            "autosave-interval": "120",
        }
    )


async def save_project(request: web.Request) -> web.Response:
    """Save a project's code."""
    user, code = required_login(request), await _code(request)
    project_id = number(request.match_info["project_id"])
    context(request).acts.save_project(user.username, project_id, code)
    return web.json_response({"status": "ok", "autosave-interval": "120"})


async def _code(request: web.Request) -> dict[str, Any]:
    """Return the code that a request brings, by itself or in a project's file."""
    raw = await request.read()
    if not raw.startswith(b"PK"):
        return await body(request)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed, packed.open("project.json") as held:
            code = read_json(held.read(LARGEST_CODE))
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError):
        raise RefusedError(400, "there is no project.json in this file") from None
    if not isinstance(code, dict):
        raise RefusedError(400, "JSON")
    return code


async def get_asset(request: web.Request) -> web.Response:
    """Give an asset."""
    name = request.match_info["name"]
    return _file(context(request).world.assets.get(name), name)


async def set_asset(request: web.Request) -> web.Response:
    """Keep an asset under the name that its contents give it."""
    user, name = required_login(request), request.match_info["name"]
    if not _ASSET.fullmatch(name):
        raise RefusedError(400, "an asset is named for its MD5 and its kind")
    contents = await request.read()
    if hashlib.md5(contents, usedforsecurity=False).hexdigest() != name.partition(".")[0]:
        raise RefusedError(400, "an asset is named for its MD5")
    context(request).acts.keep_asset(user.username, name, contents)
    return web.json_response({"status": "ok", "content-name": name})


async def get_backpack(request: web.Request) -> web.Response:
    """Give one's own backpack, newest first."""
    items = page(request, reversed(own(request).backpack), MOST_IN_BACKPACK_PAGE)
    return web.json_response([api.backpack_item(one) for one in items])


async def add_to_backpack(request: web.Request) -> web.Response:
    """Put something into one's own backpack."""
    user, asked = own(request), await body(request)
    item = context(request).acts.keep_in_backpack(
        user.username,
        kind=str(asked.get("type", "")),
        mime=str(asked.get("mime", asked.get("mime_type", ""))),
        name=str(asked.get("name", "")),
        body=_decoded(asked.get("body")),
        thumbnail=_decoded(asked.get("thumbnail")),
    )
    return web.json_response(api.backpack_item(item))


def _decoded(text: object) -> bytes:
    try:
        return base64.b64decode(str(text or ""), validate=True)
    except ValueError:
        raise RefusedError(400, "base64") from None


async def drop_from_backpack(request: web.Request) -> web.Response:
    """Take something out of one's own backpack."""
    acts = context(request).acts
    acts.drop_from_backpack(own(request).username, request.match_info["item_id"])
    return web.json_response({"success": True})


async def get_backpack_file(request: web.Request) -> web.Response:
    """Give a file of a backpack."""
    name = request.match_info["name"]
    return _file(context(request).world.assets.get(f"backpack/{name}"), name)


async def get_picture(request: web.Request) -> web.Response:
    """Give a picture: the one that was set, else a plain one."""
    folder = _FOLDERS[request.match_info["kind"]]
    key = re.split(r"[_.]", request.match_info["key"])[0]
    image = context(request).world.assets.get(f"{folder}/{key}")
    return _file(image or _PLAIN, "picture.png")


_FOLDERS = {
    "user": "avatar",
    "users": "avatar",
    "project": "project",
    "projects": "project",
    "gallery": "gallery",
    "galleries": "gallery",
    "classroom": "classroom",
}
_PLAIN = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def _file(contents: bytes | None, name: str) -> web.Response:
    if contents is None:
        raise RefusedError(404, "no such file")
    ending = name.rpartition(".")[2]
    return web.Response(body=contents, content_type=_TYPES.get(ending, f"image/{ending}"))


async def get_localized_urls(_: web.Request) -> web.Response:
    """Give the addresses of pages in other languages: there are none here."""
    return web.json_response({})


async def get_dynamic_assets(_: web.Request) -> web.Response:
    """Give what the editor offers besides its own costumes and sounds: nothing here."""
    return web.json_response({})


async def get_languages(_: web.Request) -> web.Response:
    """Give the languages that the translation knows."""
    return web.json_response({"result": [{"code": "en", "name": "English"}]})


async def translate(request: web.Request) -> web.Response:
    """Give a text back as it is: nothing is translated here."""
    return web.json_response({"result": request.query.get("text", "")})


async def speak(_: web.Request) -> web.Response:
    """Give a silence."""
    silence = b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0D\xac\0\0\x88X\1\0\2\0\x10\0data\0\0\0\0"
    return web.Response(body=silence, content_type="audio/mpeg")


_PICTURE = "/get_image/{kind:user|project|gallery|classroom}/{key}"

PROJECTS: list[Route] = [
    ("POST", "/", create_project),
    ("GET", "/{project_id:\\d+}", get_code),
    ("PUT", "/{project_id:\\d+}", save_project),
]
ASSETS: list[Route] = [
    ("GET", "/{name}", get_asset),
    ("GET", "/internalapi/asset/{name}/get", get_asset),
    ("POST", "/{name}", set_asset),
]
BACKPACK: list[Route] = [
    ("GET", "/{name:[0-9a-f]{32}\\.\\w+}", get_backpack_file),
    ("GET", "/{username}", get_backpack),
    ("POST", "/{username}", add_to_backpack),
    ("DELETE", "/{username}/{item_id}", drop_from_backpack),
]
PICTURES: list[Route] = [
    ("GET", _PICTURE, get_picture),
    ("GET", "/{kind:users}/avatars/{key}", get_picture),
    ("GET", "/{kind:projects|galleries}/thumbnails/{key}", get_picture),
]
RESOURCES: list[Route] = [("GET", "/localized-urls.json", get_localized_urls)]
TRANSLATE: list[Route] = [("GET", "/supported", get_languages), ("GET", "/translate", translate)]
SYNTHESIS: list[Route] = [("GET", "/synth", speak)]

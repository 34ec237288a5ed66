"""The backpack: scripts, costumes, sounds and sprites that an account keeps."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Literal

from scratchbot.errors import InputError
from scratchbot.wire.fields import Row, required_text, text
from scratchbot.wire.request import BACKPACK, MAX_PAGE, Act, Answer, Request, nothing, page_query
from scratchbot.wire.settling import Asking, Effect, Look, Repeat, Trace

ItemType = Literal["script", "costume", "sound", "sprite"]
Mime = Literal[
    "application/zip",
    "application/json",
    "audio/x-wav",
    "audio/mp3",
    "image/svg+xml",
    "image/png",
]


@dataclass(frozen=True, kw_only=True)
class BackpackItemData:
    """What the site says of an item; ``body_URL`` and ``thumbnail_URL`` are where its files are."""

    id: str
    name: str
    body_URL: str
    thumbnail_URL: str
    mime: str
    type: str
    raw: Row = field(repr=False, compare=False)


def item(row: Row) -> BackpackItemData:
    """Return the item that a JSON object describes."""
    return BackpackItemData(
        id=required_text(row, "id"),
        name=text(row, "name"),
        body_URL=f"https://{BACKPACK}/{text(row, 'body')}",
        thumbnail_URL=f"https://{BACKPACK}/{text(row, 'thumbnail')}",
        mime=text(row, "mime"),
        type=text(row, "type"),
        raw=row,
    )


def get_backpack(username: str, limit: int, offset: int) -> Request[list[BackpackItemData]]:
    """``GET backpack./{username}``: newest first."""
    return Request(
        method="GET",
        host=BACKPACK,
        path=f"/{username}",
        query=page_query(limit, offset),
        read=lambda answer: [item(row) for row in answer.rows()],
        about="your backpack",
        login=True,
    )


def add(
    username: str, *, item_type: ItemType, mime: Mime, name: str, body: str, thumbnail: str
) -> Request[BackpackItemData]:
    """``POST backpack./{username}``; ``body`` and ``thumbnail`` are base64.

    :raises InputError: if ``body`` is not.
    """
    return Request(
        method="POST",
        host=BACKPACK,
        path=f"/{username}",
        json={
            "type": item_type,
            "mime": mime,
            "name": name,
            "body": body,
            "thumbnail": thumbnail,
        },
        read=lambda answer: item(answer.row()),
        about="your backpack",
        login=True,
        act=Act(
            permission="account",
            kind="backpack.add",
            target="account",
            text=_told(item_type, name, _decoded(body)),
            rehearsed=json.dumps({"id": "0", "type": item_type, "name": name}).encode(),
            settling=_look(username),
            made=lambda answer: _key(item(answer.row())),
        ),
    )


def _key(item: BackpackItemData) -> str:
    return f"backpack:{item.id}"


def _decoded(body: str) -> bytes:
    try:
        return base64.b64decode(body)
    except ValueError:
        raise InputError("give what goes into the backpack as base64") from None


def _told(item_type: str, name: str, contents: bytes) -> str:
    """Return what tells an item from others; the site gives no time of it."""
    return f"{item_type} {name} {hashlib.md5(contents, usedforsecurity=False).hexdigest()}"


def _look(username: str) -> Look:
    def effects(trace: Trace) -> Asking[list[Effect]]:
        newest: list[BackpackItemData] = yield get_backpack(username, MAX_PAGE, 0)
        found = []
        for one in reversed(newest):
            if trace.text.startswith(f"{one.type} {one.name} "):
                contents: bytes = yield read_file(one.body_URL)
                if trace.text == _told(one.type, one.name, contents):
                    found.append(_effect(one))
        return found

    return Look(effects, again=False)


def _effect(item: BackpackItemData) -> Effect:
    return Effect(_key(item), Answer(status=200, body=json.dumps(item.raw).encode()))


def delete(username: str, item_id: str) -> Request[None]:
    """``DELETE backpack./{username}/{id}``."""
    return Request(
        method="DELETE",
        host=BACKPACK,
        path=f"/{username}/{item_id}",
        read=nothing,
        about=f"item {item_id} of your backpack",
        login=True,
        act=Act(
            permission="account",
            kind="backpack.delete",
            target=f"backpack:{item_id}",
            settling=Repeat(done=(404,)),
        ),
    )


def read_file(address: str) -> Request[bytes]:
    """``GET backpack./{name}``: the contents of a file of an item.

    :param address: the item's ``body_URL`` or ``thumbnail_URL``.
    """
    return Request(
        method="GET",
        host=BACKPACK,
        path=f"/{address.rpartition('/')[2]}",
        read=lambda answer: answer.body,
        about="a file of your backpack",
    )

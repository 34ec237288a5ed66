"""Every member that users' programs depend on is there, on both forms, as they know it."""

import ast
import inspect
from pathlib import Path
from typing import Any, get_args

import pytest

import scratchbot
from scratchbot.cloud_events import Event
from tests.session.forms import LogIn, run


def surface() -> dict[str, list[str]]:
    """Return the members of each class, as the table has them."""
    table: dict[str, list[str]] = {}
    for part in Path(__file__).with_name("surface.txt").read_text("utf-8").split("\n\n")[1:]:
        name, *members = part.strip().splitlines()
        table[name] = [member.strip() for member in members]
    return table


SURFACE = surface()
METHODS = [
    (name, member)
    for name, members in SURFACE.items()
    for member in members
    if "(" in member.split(":")[0]
]
FIELDS = {
    name: dict(member.split(": ", 1) for member in members if (name, member) not in METHODS)
    for name, members in SURFACE.items()
}


def parameters_of(member: str) -> tuple[str, list[tuple[str, object]]]:
    """Return the name of a method of the table, and its parameters with their defaults."""
    (function,) = ast.parse(f"def {member}: ...").body
    assert isinstance(function, ast.FunctionDef)
    names = [argument.arg for argument in function.args.args]
    defaults: list[object] = [ast.literal_eval(default) for default in function.args.defaults]
    missing: list[object] = [inspect.Parameter.empty] * (len(names) - len(defaults))
    return function.name, list(zip(names, missing + defaults, strict=True))


def form_of(name: str, form: str) -> Any:
    prefix = "" if form == "sync" or name.startswith("Async") else "Async"
    return getattr(scratchbot, prefix + name)


@pytest.mark.parametrize(("name", "member"), METHODS)
def test_a_method_has_its_parameters_in_order_with_their_defaults(
    name: str, member: str, form: str
) -> None:
    method, wanted = parameters_of(member)
    found = getattr(form_of(name, form), method)
    if isinstance(found, property):  # a value that can be called, too: `studio.open_to_public`
        assert found.fget is not None
        found = form_of_value(found.fget)
    parameters = list(inspect.signature(found).parameters.values())[1:]
    ours = [one for one in parameters if one.kind is one.KEYWORD_ONLY]
    assert [(one.name, one.default) for one in parameters if one not in ours] == wanted
    assert all(one.kind is one.POSITIONAL_OR_KEYWORD for one in parameters if one not in ours)
    assert all(one.default is not one.empty for one in ours), "what is added cannot be needed"
    assert found.__doc__ or method == "__init__"


def form_of_value(getter: Any) -> Any:
    """Return what is called when the value of a property is."""
    kind = getter.__annotations__["return"]
    return (getter.__globals__[kind] if isinstance(kind, str) else kind).__call__


@pytest.mark.parametrize(
    ("name", "member"),
    [pair for pair in METHODS if "Connection" not in pair[0] and "__init__" not in pair[1]],
)
def test_a_method_of_the_asynchronous_form_is_awaited(name: str, member: str) -> None:
    found = getattr(form_of(name, "async"), parameters_of(member)[0])
    if not isinstance(found, property):
        assert inspect.iscoroutinefunction(found)


def test_a_cloud_connection_tells_the_seven_events() -> None:
    told = {"handshake", "connect", "outgoing", "change", "set", "create", "delete"}
    assert set(get_args(Event)) == told


FOUND = {
    "ScratchSession": "session",
    "User": "session.get_user('griffpatch')",
    "UserProfile": "session.get_user('griffpatch').profile",
    "IncompleteUser": "session.get_project(104).author",
    "Project": "session.get_project(700000002)",
    "IncompleteProject": "session.get_front_page()['curated'][0]",
    "RemixtreeProject": "session.get_project(105).get_remixtree()[0]",
    "ProjectComment": "session.get_project(104).get_comments()[0]",
    "Studio": "session.get_studio(26135902)",
    "IncompleteStudio": "session.get_front_page()['featured_studios'][0]",
    "StudioComment": "session.get_studio(26135902).get_comments()[0]",
    "ProfileComment": "session.scraping.get_profile_comments('ceebee')[0]",
    "Message": "session.get_messages()[0]",
    "Activity": "session.get_activity()[0]",
    "News": "session.get_news()[0]",
    "BackpackItem": "session.add_to_backpack('script', 'W10=', 'application/json', 'code', 'W10=')",
    "CloudConnection": "session.create_cloud_connection(104)",
    "CloudVariable": "scratchbot.CloudVariable('foo', '1')",
    "ForumPost": "session.forums.get_latest_topic_posts(700002)[0]",
    "AsyncCloudConnection": "session.create_cloud_connection(104)",
}
"""An expression for one of each class."""


def test_one_of_each_class_with_fields_is_looked_at() -> None:
    assert FOUND.keys() == {name for name, fields in FIELDS.items() if fields}


@pytest.mark.asyncio
@pytest.mark.parametrize("name", FOUND)
async def test_a_thing_of_the_site_has_its_fields_with_their_types(
    name: str, log_in: LogIn
) -> None:
    async with log_in("scratchcat") as session:
        found = await run(FOUND[name], {"session": session, "scratchbot": scratchbot})
        for field, kind in FIELDS[name].items():
            assert fits(getattr(found, field), kind), (field, kind, getattr(found, field))


def fits(value: object, kind: str) -> bool:
    """Tell whether a value is of a kind of the table."""
    names = {each.__name__.removeprefix("Async") for each in type(value).__mro__}
    kinds = {one.split("[")[0] for one in kind.split(" | ")}
    if kinds == {"bool"} and callable(value):
        kinds = {"int"}  # nothing can be made of bool, so what can be called is a 0 or a 1
    return bool(names & kinds) or (value is None and "None" in kinds)

"""The two forms of the session behind one face, so that a check is written once for both."""

import ast
import inspect
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from typing import Any

LogIn = Callable[..., AbstractAsyncContextManager[Any]]
"""``async with log_in("alice") as session``: a session of the form under test."""


async def done(result: Any) -> Any:
    """Return what a call gives: at once on the synchronous form, awaited on the other."""
    return await result if inspect.isawaitable(result) else result


async def first(count: int, items: Any) -> list[Any]:
    """Return the first items of a list that is read as it is needed, and read no further."""
    found: list[Any] = []
    if hasattr(items, "__aiter__"):
        items = aiter(items)
        while len(found) < count and (item := await anext(items, items)) is not items:
            found.append(item)
        if hasattr(items, "aclose"):
            await items.aclose()
        return found
    for item in items:
        found.append(item)
        if len(found) == count:
            break
    return found


async def every(items: Any) -> list[Any]:
    """Return all items of a list that is read as it is needed."""
    return await first(1_000_000, items)


async def run(program: str, names: dict[str, Any], roots: Collection[str] = ("session",)) -> Any:
    """Run a program that is written for the synchronous session and return its last value.

    For the asynchronous one it is the same program, what calls of methods return awaited where it
    has to be, if their object comes from one of the ``roots``.
    """
    tree = ast.parse(program)
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        tree.body[-1] = ast.Assign([ast.Name("_", ast.Store())], tree.body[-1].value)
    if inspect.iscoroutinefunction(names["session"].get_user):
        tree = _Awaiting(roots).visit(tree)
        names["done"] = done
    code = compile(
        ast.fix_missing_locations(tree), "example", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    )
    await done(eval(code, {}, names))  # the globals hold nothing: every name is looked up in names
    return names.get("_")


class _Awaiting(ast.NodeTransformer):
    def __init__(self, roots: Collection[str]) -> None:
        self._roots = roots

    def visit_Call(self, node: ast.Call) -> ast.AST:
        ours = _root(node.func) in self._roots and isinstance(node.func, ast.Attribute)
        self.generic_visit(node)
        return ast.Await(ast.Call(ast.Name("done", ast.Load()), [node], [])) if ours else node


def _root(node: ast.AST) -> str:
    """Return the name that a chain of calls, attributes and subscripts begins with."""
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""

"""Reading what a request holds: JSON, pages of lists, the names of things."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request

from dedup.web.problems import Problem

#: Rows of a list that one answer holds.
MOST_ROWS = 500


async def body_of(request: Request) -> Any:
    """The JSON value of a request's body. Raises `Problem` where it is not one."""
    data = await request.body()
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, f"the body is not JSON: {error}") from error


async def object_of(request: Request) -> dict[str, Any]:
    """The same, which must be an object."""
    value = await body_of(request)
    if not isinstance(value, dict):
        raise Problem(422, "the body must be a JSON object")
    return value


def number_of(request: Request, name: str, default: int, low: int, high: int) -> int:
    """A whole number of the query. Raises `Problem` where it is not within its range."""
    given = request.query_params.get(name)
    if given is None or given == "":
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 10) or not low <= int(given) <= high:
        raise Problem(422, f"{name} is {given!r}; it must be from {low:,} to {high:,}", field=name)
    return int(given)


def choice_of(request: Request, name: str, choices: tuple[str, ...], default: str) -> str:
    """One of some words of the query."""
    given = request.query_params.get(name) or default
    if given not in choices:
        raise Problem(422, f"{name} is {given!r}; it must be one of {', '.join(choices)}", field=name)
    return given


def page_of(request: Request, rows: list[Any]) -> dict[str, Any]:
    """A page of a list: ``items``, and ``next``, the cursor of what follows, or null."""
    start = number_of(request, "cursor", 0, 0, 10**9 - 1)
    limit = number_of(request, "limit", 100, 1, MOST_ROWS)
    following = start + limit
    return {
        "items": rows[start:following],
        "total": len(rows),
        "next": str(following) if following < len(rows) else None,
    }


def name_of(text: object, name: str) -> str:
    """A text of a request. Raises `Problem` where it is not one."""
    if not isinstance(text, str) or not text:
        raise Problem(422, f"{name} must be a text", field=name)
    return text

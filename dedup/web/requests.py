"""Reads the parts of a request: JSON, pages of lists, names."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request

from dedup.web.problems import Problem

#: Number of rows of a list in one answer.
MOST_ROWS = 500


async def body_of(request: Request) -> Any:
    """Return the JSON value of a request's body. Raises `Problem` if it is not JSON."""
    data = await request.body()
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, f"the body is not JSON: {error}") from error


async def object_of(request: Request) -> dict[str, Any]:
    """Return the body, which must be a JSON object."""
    value = await body_of(request)
    if not isinstance(value, dict):
        raise Problem(422, "the body must be a JSON object")
    return value


def number_of(request: Request, name: str, default: int, low: int, high: int) -> int:
    """Return a whole number of the query. Raises `Problem` if it is outside its range."""
    given = request.query_params.get(name)
    if given is None or given == "":
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 10) or not low <= int(given) <= high:
        raise Problem(422, f"{name} is {given!r}; it must be from {low:,} to {high:,}", field=name)
    return int(given)


def choice_of(request: Request, name: str, choices: tuple[str, ...], default: str) -> str:
    """Return a query parameter that is one of a few words."""
    given = request.query_params.get(name) or default
    if given not in choices:
        raise Problem(422, f"{name} is {given!r}; it must be one of {', '.join(choices)}", field=name)
    return given


def page_of(request: Request, rows: list[Any]) -> dict[str, Any]:
    """Return a page of a list: ``items``, and ``next``, the cursor of the next page, or null."""
    start = number_of(request, "cursor", 0, 0, 10**9 - 1)
    limit = number_of(request, "limit", 100, 1, MOST_ROWS)
    following = start + limit
    return {
        "items": rows[start:following],
        "total": len(rows),
        "next": str(following) if following < len(rows) else None,
    }


def name_of(text: object, name: str) -> str:
    """Return a text of a request. Raises `Problem` if it is not a text."""
    if not isinstance(text, str) or not text:
        raise Problem(422, f"{name} must be a text", field=name)
    return text

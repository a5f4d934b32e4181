"""From a JSON value to the string that a field of an article holds."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from dedup.errors import FieldError
from dedup.reading.guesses import PARTS
from dedup.reading.paths import canonical
from dedup.reading.rich_text import rich_text

_DEEPEST = 8
#: An ISO 8601 time without a zone.
LOCAL_TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
_TAG = re.compile(r"<[^<>]*>")
#: How ``{"`` begins in Base64.
_BRACE_IN_BASE64 = "eyJ"
#: Objects in which an article may keep its title.
_HEADS = {"head", "header", "meta", "metadata"}
#: Keys which show that the objects of an array are articles instead of one article's paragraphs.
_OF_AN_ARTICLE = {
    *("title", "headline", "url", "link", "source"),
    *("published", "publishedat", "publicationdate", "pubdate", "date"),
}


def field_value(field: str, value: Any, *, key: str = "", depth: int = 0) -> str | None:
    """Return a field's value as a string; None if the value holds nothing for it.

    Strings stay as they are. A number in `published` gets an ``@`` before it. The strings of an array are
    joined by blank lines for the text; for another field the first counts. In an object, the part that holds
    the field counts, such as ``rendered``, ``name`` or ``$date``.

    Examples
    --------
    >>> field_value("text", ["One.", "Two."]), field_value("source", {"id": None, "name": "Dawn"})
    ('One.\\n\\nTwo.', 'Dawn')
    >>> field_value("published", {"$date": {"$numberLong": "1645696920000"}})
    '@1645696920000'
    """
    if isinstance(value, str):
        return _string(field, value, key)
    if value is None or isinstance(value, bool) or depth > _DEEPEST:
        return None
    if isinstance(value, int | float):
        return _number(field, value)
    if isinstance(value, dict):
        return _part(field, value, depth)
    if isinstance(value, date):
        return value.isoformat() if field == "published" else None
    return _joined(field, value, depth) if isinstance(value, list) else None


def _string(field: str, value: str, key: str) -> str | None:
    if field == "published" and key and canonical(key).endswith(("gmt", "utc")) and _is_local(value):
        return value + "Z"
    return value


def _is_local(value: str) -> bool:
    return re.fullmatch(LOCAL_TIME, value) is not None


def _number(field: str, value: int | float) -> str | None:
    if field == "published":
        return f"@{value}"
    if field == "text" or value != value:
        return None
    # Data frames turn whole numbers into fractions if one of them is missing.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _part(field: str, value: Mapping[str, Any], depth: int) -> str | None:
    if len(value) == 1 and (typed := _typed(field, *next(iter(value.items())))) is not None:
        return typed
    if field == "text" and (text := rich_text(value)) is not None:
        return text
    by_name = {canonical(key): key for key in value if isinstance(key, str)}
    for part in PARTS[field]:
        if (key := by_name.get(canonical(part))) is None:
            continue
        if canonical(part) == "dateparts":
            found = _of_parts(value[key])
        else:
            found = field_value(field, value[key], key=key, depth=depth + 1)
        if found:
            return plain(found) if field == "title" and key == "rendered" else found
    return None


# How document stores write values with their types: numbers, and strings or times.
_NUMBERS = {"$numberLong", "$numberInt", "$numberDouble", "N", "integerValue", "doubleValue"}
_STRINGS = {"S", "stringValue", "timestampValue", "$uuid"}


def _typed(field: str, kind: Any, value: Any) -> str | None:
    """Return the value in an object such as ``{"stringValue": "…"}`` or ``{"N": "12"}``."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    if kind in _NUMBERS and field != "text":
        return f"@{value}" if field == "published" else str(value)
    return str(value) if kind in _STRINGS else None


def _of_parts(parts: Any) -> str | None:
    """Read a CSL-JSON date: ``[[2022, 2, 24]]``."""
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else parts
    try:
        numbers = [int(part) for part in first[:3]]
        return "-".join([f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:])])
    except (TypeError, ValueError, IndexError):
        return None


def _joined(field: str, values: list[Any], depth: int) -> str | None:
    if field == "text" and any(isinstance(one, dict) and looks_like_an_article(one) for one in values):
        return None
    if field == "text" and (text := rich_text(values)) is not None:
        return text
    if field == "text" and {type(one) for one in values} == {
        str,
        dict,
    }:  # a line with its bold words and links
        inline = [one if isinstance(one, str) else one.get("text") for one in values]
        if all(isinstance(one, str) for one in inline):
            return "".join(inline) or None
    found = (field_value(field, one, depth=depth + 1) for one in values)
    present = (one for one in found if one)
    return "\n\n".join(present) or None if field == "text" else next(present, None)


def looks_like_an_article(value: Mapping[str, Any]) -> bool:
    """Whether an object has a title, an address or the like, which an article's paragraph does not have."""
    heads = [
        inner for key, inner in value.items() if canonical(str(key)) in _HEADS and isinstance(inner, dict)
    ]
    names = (canonical(key) for holder in (value, *heads) for key in holder if isinstance(key, str))
    return not _OF_AN_ARTICLE.isdisjoint(names)


def plain(text: str) -> str:
    """Convert a line of HTML to plain text.

    Examples
    --------
    >>> plain("Cook&#8217;s <em>map</em>")
    'Cook’s map'
    """
    return html.unescape(_TAG.sub("", text)) if "<" in text or "&" in text else text


def opened(value: Any) -> Mapping[str, Any] | None:
    """Return the object that a value is or encodes, as JSON or as Base64 of JSON; None if it is neither.

    Examples
    --------
    >>> opened('{"text": "One."}') == opened("eyJ0ZXh0IjogIk9uZS4ifQ==") == {"text": "One."}
    True
    """
    if isinstance(value, dict):
        return value
    if not isinstance(value, str):
        return None
    try:
        if value[:3] == _BRACE_IN_BASE64:
            value = base64.b64decode(value, validate=True).decode()
        found = json.loads(value) if value[:1] == "{" and value[-1:] == "}" else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def wrong_kind(field: str, value: Any) -> FieldError:
    """Return an error for a field that was named but holds something else than it must."""
    if isinstance(value, dict):
        found = "an object"
    elif isinstance(value, list):
        found = "an array"
    else:
        found = f"{str(value).lower() if isinstance(value, bool) else value}"
    return FieldError(
        f"{field} is {found}; it must be a string; if another field holds it, say --field {field}=NAME"
    )

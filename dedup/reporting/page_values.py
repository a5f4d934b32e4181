"""Values in the form that the HTML page needs: places in UTF-16 units, encodable texts, safe links."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from dedup.article import Span
from dedup.results import Credit

_WIDE = re.compile("[\U00010000-\U0010ffff]")


def is_web_address(url: str | None) -> bool:
    """Whether a link may lead there; any other address, above all ``javascript:``, is shown as text."""
    try:
        return url is not None and urlsplit(url).scheme.lower() in ("http", "https")
    except ValueError:
        return False


def utf16_places(text: str) -> Callable[[int], int]:
    """Return a function from places in characters to places in UTF-16 units."""
    wide = [] if text.isascii() else [match.start() for match in _WIDE.finditer(text)]
    if not wide:
        return int
    return lambda place: place + bisect_left(wide, place)


def writable(text: str) -> str:
    """Return the text with lone surrogates, which UTF-8 cannot encode, replaced by question marks."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def is_language(tag: str | None) -> bool:
    """Whether a value may be the language of an element."""
    return bool(tag) and all(part.isalnum() for part in str(tag).split("-"))


def runs(text: str, furniture: Sequence[Span], place: Callable[[int], int]) -> list[tuple[int, int]]:
    """Return where furniture is; words that only blanks separate form one run."""
    merged: list[list[int]] = []
    for start, end in furniture:
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1][1] = end
        else:
            merged.append([start, end])
    return [(place(start), place(end)) for start, end in merged]


def credit_row(credit: Credit, place: Callable[[int], int]) -> dict[str, Any]:
    """Return a credit or a mention, with its place."""
    return {
        "text": writable(credit.text),
        "form": credit.form,
        "state": credit.state,
        "start": None if credit.start is None else place(credit.start),
        "end": None if credit.end is None else place(credit.end),
    }


def inert(value: object) -> str:
    """Return a value as JSON that cannot end the element around it."""
    text = msgspec.json.encode(value).decode()
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

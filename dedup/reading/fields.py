"""Which field of a record means what: the user's mapping, and guesses where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dedup.errors import FieldError, SettingsError

#: The fields of an article, in the order in which the reading keeps them.
FIELDS = ("text", "id", "source", "title", "url", "published", "language")

_GUESSES: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article"),
    "id": ("id", "uuid", "url"),
    "source": ("source", "publisher", "outlet", "domain"),
    "title": ("title", "headline"),
    "url": ("url", "link"),
    "published": ("published", "date", "timestamp"),
    "language": ("language", "lang"),
}

#: For every field of an article the record's names to try, best first.
FieldNames = Mapping[str, tuple[str, ...]]


def field_names(mapping: Mapping[str, str] | None = None) -> FieldNames:
    """Join the user's mapping with the guesses.

    Parameters
    ----------
    mapping : mapping of str to str, optional
        Field of the article to name in the record; a field that is mapped is not guessed.

    Raises
    ------
    SettingsError
        A key is no field of an article, or a name is empty.

    Examples
    --------
    >>> names = field_names({"text": "story"})
    >>> names["text"], names["published"]
    (('story',), ('published', 'date', 'timestamp'))
    """
    names = dict(_GUESSES)
    for field, name in (mapping or {}).items():
        if field not in names:
            raise SettingsError(f"field is {field!r}; it must be one of {', '.join(FIELDS)}")
        if not name:
            raise SettingsError(f"field {field} is mapped to an empty name; give it as {field}=NAME")
        names[field] = (name,)
    return names


def missing_text(found: Iterable[str], *, names: FieldNames, likely: str = "NAME") -> str:
    """Say that a record has no text, which fields it has, and how to name the right one."""
    wanted = " or ".join(repr(name) for name in names["text"])
    listed = ", ".join(repr(name) for name in found) or "none"
    return (
        f"no field {wanted}; the fields found are {listed}; "
        f"name the one that holds the text, for example --field text={likely}"
    )


def lone_surrogate(character: str) -> str:
    """Say what is wrong with an escape such as ``\\ud800`` that stands alone."""
    return (
        f"\\u{ord(character):04x} is one half of a surrogate pair and no character; "
        "write the character itself or both halves"
    )


def pick(record: Mapping[str, Any], names: Sequence[str], *, empty: bool = False) -> Any:
    """The value of the first of `names` that the record has; null counts as absent, "" too unless `empty`."""
    for name in names:
        value = record.get(name)
        if value is not None and (empty or value != ""):
            return value
    return None


def select(record: Mapping[str, Any], names: FieldNames) -> dict[str, str | None]:
    """Read one JSON record's fields as strings; a number in `published` gets an ``@`` before it.

    Raises
    ------
    FieldError
        The text is missing, null or no string, or another field is neither a string nor a whole number.
    """
    row: dict[str, str | None] = {}
    for field in FIELDS:
        value = pick(record, names[field], empty=field == "text")
        if value is None or isinstance(value, str):
            row[field] = value
        elif field == "published" and isinstance(value, int | float) and not isinstance(value, bool):
            row[field] = f"@{value}"
        elif field != "text" and isinstance(value, int) and not isinstance(value, bool):
            row[field] = str(value)
        else:
            raise FieldError(f"{field} is {_kind(value)}; it must be a string{_mend(field)}")
    if row["text"] is None:
        raise FieldError(_no_text(record, names))
    return row


def _no_text(record: Mapping[str, Any], names: FieldNames) -> str:
    for name in names["text"]:
        if name in record:
            return f"{name} is null; the text must be a string (it may be empty)"
    strings = {name: value for name, value in record.items() if isinstance(value, str)}
    likely = max(strings, key=lambda name: len(strings[name]), default="NAME")
    return missing_text(record, names=names, likely=likely)


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    return f"{str(value).lower() if isinstance(value, bool) else value}"


def _mend(field: str) -> str:
    return f"; if another field holds it, say --field {field}=NAME"

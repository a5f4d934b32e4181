"""The records that leave a filter: their own fields, the verdict, and the text without the cuts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from dedup.errors import FieldError
from dedup.reading.records import Original
from dedup.verdicts.judging import Judged

#: The name of the field that the filter adds.
FIELD = "dedup"


def with_verdict(line: bytes, judged: Judged, field: str = FIELD, text: str | None = None) -> bytes:
    """Return a line of JSON with the verdict as its last field; its own fields stay byte for byte.

    If something was cut, the line is encoded anew. `text` is what the article was read from.

    Examples
    --------
    >>> from dedup.results import Verdict
    >>> with_verdict(b'{"n": 1.50}', Judged(Verdict(), kept=True))[:36]
    b'{"n": 1.50,"dedup":{"verdict":"origi'
    """
    if judged.text is not None and text is not None:
        return encoded(judged_record(msgspec.json.decode(line), judged, field, text))
    said = msgspec.json.encode(judged.verdict)
    body = line.rstrip()[:-1].rstrip()
    comma = b"" if body.endswith(b"{") else b","
    return body + comma + msgspec.json.encode(field) + b":" + said + b"}\n"


def judged_record(
    original: Original, judged: Judged, field: str = FIELD, text: str | None = None
) -> dict[str, Any]:
    """Return a record with the verdict as its last field, and its text without the cuts.

    If no field of the record equals the text (because it was combined from several), the remaining text
    becomes the field `text` of the verdict.

    Raises
    ------
    FieldError
        The record already has a field of that name.
    """
    record = dict(original) if isinstance(original, Mapping) else {"record": original}
    check_free(record, field)
    said: dict[str, Any] = msgspec.to_builtins(judged.verdict)
    if judged.text is not None:
        record, found = _replaced(record, text, judged.text)
        if not found:
            said = {**said, "text": judged.text}
    return {**record, field: said}


def check_free(record: Mapping[str, Any], field: str) -> None:
    """Raise `FieldError` if the record already has the field to which the verdict is written."""
    if field in record:
        raise FieldError(
            f"the record has a field {field!r}, into which the verdict would be written; take it out, or "
            "name another with `verdict_field`"
        )


def encoded(record: Mapping[str, Any]) -> bytes:
    """Return a record as a line of JSON."""
    try:
        return msgspec.json.encode(record) + b"\n"
    except (TypeError, OverflowError):  # a number of more than 64 bits, or a type of a table
        return json.dumps(record, default=str, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _replaced(value: Any, old: str | None, new: str) -> tuple[Any, bool]:
    """Replace the first string that equals the old text; return the value, and whether there was one."""
    if isinstance(value, str):
        return (new, True) if value == old else (value, False)
    if isinstance(value, dict):
        for key, each in value.items():
            made, found = _replaced(each, old, new)
            if found:
                return {**value, key: made}, True
    if isinstance(value, list):
        for place, each in enumerate(value):
            made, found = _replaced(each, old, new)
            if found:
                return [*value[:place], made, *value[place + 1 :]], True
    return value, False

"""The page of the result: every record, field by field, from the table of columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, get_args, get_origin

from dedup.reporting.json_schema import json_schema
from dedup.results import RECORDS, SCHEMA, AlignedPassages, SharedPassage
from dedup.results.planned import PLANNED
from dedup.schemas import Field, fields_of

_HEAD = f"""\
# The result, field by field

The records that every format holds, in the order of their fields: schema {SCHEMA}, as `summary.schema` says.
This page is generated: `make docs-reference`.

- A JSON line begins with `kind`: `overlap`, `article`, `story` or `summary`. The verdict of `dedup filter` is
  the field `dedup` of each line that passes.
- What is absent is `null`; a list is never `null`. Scores lie in [0, 1] and have four digits. Times are ISO
  8601 in UTC with a `Z`.
- Spans are half-open, `[start, end)`, and count characters (code points) of the text as it was given.
- In CSV there is one row for each passage, with the fields of its overlap beside it; those of the passage
  begin with `passage_`. A list is one cell, its items joined by `; `, and a span is `start-end`; records and
  lists within a list are in JSON lines and Parquet only. A text that begins with `=`, `+`, `-`, `@`, a tab or
  a carriage return gets an apostrophe in front, so that no spreadsheet runs it as a formula.
- Parquet has the names of the JSON lines; lists of records are lists of structs.
"""

_SECTIONS = (
    ("overlap", "Overlap", RECORDS["overlap"]),
    ("passage", "A passage of an overlap", AlignedPassages),
    ("article", "Article", RECORDS["article"]),
    ("story", "Story", RECORDS["story"]),
    ("summary", "Summary", RECORDS["summary"]),
    ("verdict", "Verdict of `dedup filter`", RECORDS["verdict"]),
    ("shared_passage", "A passage of a verdict", SharedPassage),
)
_NAMES = {str: "string", int: "integer", float: "score", bool: "true or false", datetime: "time"}


def result_page() -> str:
    """Return the page as Markdown."""
    return "\n".join([_HEAD, *_sections(), *_schema()])


def _sections() -> Iterator[str]:
    for kind, heading, record in _SECTIONS:
        yield f"## {heading}\n\n{(record.__doc__ or '').strip()}\n"
        yield "| field | type | meaning |\n| --- | --- | --- |"
        for field in fields_of(record):
            meaning = f"{field.meaning} {field.derived}".strip()
            yield f"| `{field.name}` | {_cell(_type(field))} | {_cell(meaning)} |"
        planned = [each for each in PLANNED if each.record == kind]
        if planned:
            names = ", ".join(f"`{each.name}`" for each in planned)
            yield f"\nAgreed for this schema, and not printed yet: {names}."
        yield ""


def _schema() -> Iterator[str]:
    yield "## JSON Schema\n\nOf one JSON line; `python -m dedup.reporting.json_schema` prints it.\n"
    yield f"```json\n{json.dumps(json_schema(), indent=2)}\n```\n"


def _type(field: Field) -> str:
    if field.choices:
        name = ", ".join(f"`{choice}`" for choice in field.choices)
    elif field.nested:
        name = "record"
    elif get_origin(field.kind) is tuple:
        name = _list_type(get_args(field.kind))
    else:
        name = _NAMES[field.kind]
    if field.many:
        name = name.replace("list of", "lists of") if name.startswith("list of") else f"{name}s"
        name = f"list of {name}"
    return f"{name} or null" if field.nullable else name


def _list_type(arguments: tuple[Any, ...]) -> str:
    if arguments[-1] is ...:
        return f"list of {_NAMES[arguments[0]]}s"
    return f"list of {len(arguments)} integers"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

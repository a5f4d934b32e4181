"""A JSON Schema of the results, made from the table of columns in `dedup.results`.

``python -m dedup.reporting.json_schema`` prints it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, get_args, get_origin

from dedup.results import RECORDS, SCHEMA
from dedup.schemas import Field, fields_of

_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}


def json_schema() -> dict[str, Any]:
    """Return a JSON Schema (2020-12) of one JSON line of a scan; the verdict is among its definitions.

    Examples
    --------
    >>> sorted(name for name in json_schema()["$defs"] if name.islower())
    ['article', 'overlap', 'story', 'summary', 'verdict']
    """
    definitions: dict[str, Any] = {}
    for kind, record in RECORDS.items():
        definitions[kind] = _object(record, definitions, None if kind == "verdict" else kind)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"One JSON line of dedup, schema {SCHEMA}",
        "oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in RECORDS if kind != "verdict"],
        "$defs": definitions,
    }


def _object(record: type, definitions: dict[str, Any], kind: str | None = None) -> dict[str, Any]:
    properties: dict[str, Any] = {} if kind is None else {"kind": {"const": kind}}
    properties |= {field.name: _property(field, definitions) for field in fields_of(record)}
    return {
        "type": "object",
        "description": record.__doc__,
        "properties": properties,
        "required": list(properties),
    }


def _property(field: Field, definitions: dict[str, Any]) -> dict[str, Any]:
    value = _value(field, definitions)
    if field.many:
        value = {"type": "array", "items": value}
    if field.nullable:
        value = {"anyOf": [value, {"type": "null"}]}
    return {"description": _told(field), **value}


def _value(field: Field, definitions: dict[str, Any]) -> dict[str, Any]:
    if field.choices:
        return {"enum": list(field.choices)}
    if field.nested:
        name = field.kind.__name__
        if name not in definitions:
            definitions[name] = _object(field.kind, definitions)
        return {"$ref": f"#/$defs/{name}"}
    if field.kind is datetime:
        return {"type": "string", "format": "date-time"}
    if get_origin(field.kind) is tuple:
        arguments = get_args(field.kind)
        items = {"type": _TYPES[arguments[0]]}
        if arguments[-1] is ...:
            return {"type": "array", "items": items}
        length = len(arguments)
        return {"type": "array", "items": items, "minItems": length, "maxItems": length}
    bounds = {"minimum": 0, "maximum": 1} if field.kind is float else {}
    return {"type": _TYPES[field.kind], **bounds}


def _told(field: Field) -> str:
    return f"{field.meaning} {field.derived}".strip()


if __name__ == "__main__":
    print(json.dumps(json_schema(), indent=2))

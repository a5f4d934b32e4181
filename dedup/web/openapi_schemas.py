"""The schemas of the OpenAPI document."""

from __future__ import annotations

import json
from typing import Any

from dedup.decisions.record import KINDS
from dedup.reporting.answer import LEVELS, UNITS
from dedup.reporting.json_schema import json_schema

TEXT = {"type": "string"}
NAME = {"type": "string", "maxLength": 2000}
_FIELDS = {
    "title": NAME,
    "source": NAME,
    "url": NAME,
    "language": NAME,
    "published": {"type": "string", "format": "date-time"},
}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_COUNT = {"type": "integer", "minimum": 0}
_PASSAGE = dict.fromkeys(("start", "end", "other_start", "other_end", "words", "quoted_words"), _COUNT)
_DECISION = ("id", "at", "by", "kind", "state", "a", "b", "a_source", "b_source", "note")


def ref(name: str) -> dict[str, str]:
    """Return a reference to a schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


_OF_REQUESTS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "description": "Problem details (RFC 9457).",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "field": {"description": "The field that is wrong.", **TEXT},
            "line": {"type": "integer"},
        },
    },
    "Check": {
        "type": "object",
        "description": "A text to check: `text` or `html`.",
        "properties": {
            "text": TEXT,
            "html": TEXT,
            "id": NAME,
            **_FIELDS,
            "keep": {"type": "boolean", "default": False},
            "unit": {"enum": list(UNITS), "default": UNITS[0]},
            "level": {"enum": list(LEVELS), "default": "detail"},
            "min_words": {"type": "integer", "minimum": 0, "maximum": 1_000_000, "default": 1},
        },
        "oneOf": [{"required": ["text"]}, {"required": ["html"]}],
    },
    "Article": {
        "type": "object",
        "required": ["source"],
        "properties": {"text": TEXT, "html": TEXT, **_FIELDS},
        "oneOf": [{"required": ["text"]}, {"required": ["html"]}],
    },
    "Answer": {
        "type": "object",
        "required": [
            "id",
            "sentence",
            "shares",
            "suppliers",
            "credits",
            "first",
            "article",
            "page",
            "decisions",
        ],
        "properties": {
            "id": TEXT,
            "unit": {"enum": list(UNITS)},
            "sentence": TEXT,
            "shares": {
                "type": "object",
                "properties": dict.fromkeys(("agency", "others", "quotes", "own", "furniture"), _SHARE),
            },
            "suppliers": {"type": "array", "items": ref("Supplier")},
            "credits": {"type": "array", "items": ref("Credit")},
            "article": ref("article"),
            "matches": {"type": "array", "items": ref("Match")},
            "decisions": {"type": "array", "items": {"type": "object"}},
            "page": TEXT,
            "kept": {"type": "boolean"},
        },
    },
    "Match": {
        "type": "object",
        "required": ["id", "source", "title", "direction", "relation", "share_of_this", "share_of_other"],
        "properties": {
            "id": TEXT,
            "source": TEXT,
            "title": TEXT,
            "direction": {"enum": ["earlier", "later", "unknown"]},
            "gap_seconds": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "relation": TEXT,
            "words": _COUNT,
            "share_of_this": _SHARE,
            "share_of_other": _SHARE,
            "passages": {"type": "array", "items": {"type": "object", "properties": _PASSAGE}},
        },
    },
    "Put": {
        "type": "object",
        "required": ["id", "key", "result"],
        "properties": {
            "id": TEXT,
            "key": TEXT,
            "result": {"enum": ["created", "replaced", "unchanged"]},
        },
    },
    "Lines": {
        "type": "object",
        "required": ["items"],
        "properties": {
            "items": {"type": "array", "items": {"type": "object", "required": ["line", "status"]}}
        },
    },
    "Decide": {
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {"enum": list(KINDS)},
            "a": NAME,
            "b": NAME,
            "pairs": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["a", "b"],
                    "properties": {"a": NAME, "b": NAME},
                },
            },
            "passages": {"type": "array", "items": {"type": "integer", "minimum": 1}},
            "by": {"type": "string", "maxLength": 1000},
            "note": NAME,
            "until": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
            "undoes": NAME,
            "preview": {
                "type": "boolean",
                "default": False,
                "description": "Log nothing, and say how many open cases it would answer.",
            },
            "credit": {"type": "string", "maxLength": 1000},
        },
    },
    "Decision": {
        "type": "object",
        "required": ["id", "at", "kind", "state"],
        "properties": dict.fromkeys(_DECISION, TEXT),
    },
    "Imported": {
        "type": "object",
        "required": ["read", "new"],
        "properties": {"read": _COUNT, "new": _COUNT},
    },
}


def schemas() -> dict[str, Any]:
    """Return the schemas by name: those of records, made from their table of columns, and of requests."""
    records: dict[str, Any] = json.loads(
        json.dumps(json_schema()["$defs"]).replace("#/$defs/", "#/components/schemas/")
    )
    # Records here do not have `kind`, but more fields.
    for record in records.values():
        record["properties"].pop("kind", None)
        record["required"] = [name for name in record["required"] if name != "kind"]
    return records | _OF_REQUESTS

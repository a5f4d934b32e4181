"""The OpenAPI document: made from the records' table of columns, so that it cannot say anything else."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from dedup import __version__
from dedup.decisions.record import KINDS
from dedup.reporting.answer import LEVELS, UNITS
from dedup.reporting.json_schema import json_schema
from dedup.web.view import PERIODS

_TEXT = {"type": "string"}
_NAME = {"type": "string", "maxLength": 2000}
_FIELDS = {
    "title": _NAME,
    "source": _NAME,
    "url": _NAME,
    "language": _NAME,
    "published": {"type": "string", "format": "date-time"},
}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["items", "total", "next"],
        "properties": {
            "items": {"type": "array", "items": item},
            "total": {"type": "integer"},
            "next": {"anyOf": [_TEXT, {"type": "null"}]},
        },
    }


def _query(name: str, schema: dict[str, Any], told: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": told}


def _path(name: str, told: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": told}


def _body(schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    return {"required": True, "content": {kind: {"schema": schema}}}


def _answers(*wrong: int, **right: tuple[str, dict[str, Any] | None]) -> dict[str, Any]:
    """The answers of an operation; those that every one can give are added."""
    made: dict[str, Any] = {}
    for status, (told, schema) in right.items():
        made[status[1:]] = {"description": told}
        if schema is not None:
            made[status[1:]]["content"] = {"application/json": {"schema": schema}}
    problem = {"application/problem+json": {"schema": _ref("Problem")}}
    for code in (*wrong, 401, 403, 421, 429, 503):
        made[str(code)] = {"description": _PROBLEMS[code], "content": problem}
    return made


_PROBLEMS = {
    400: "The body is not JSON.",
    401: "The token is missing or wrong.",
    403: "A page of another origin asks.",
    404: "There is no such thing.",
    405: "The address does not take that method.",
    408: "The request took too long to arrive.",
    409: "The id is taken by another text.",
    413: "The request is too large.",
    415: "The content type is not JSON.",
    421: "The desk is not known by this name.",
    422: "A value is not what it must be.",
    429: "Too many requests; see Retry-After.",
    503: "Too many checks are waiting, or the index is being written; see Retry-After.",
}
_SENT = (400, 408, 413, 415, 422)
_ID = _path("id", "The id of an article, percent-encoded; slashes may stay.")
_PAGED = (
    _query("cursor", {"type": "string", "pattern": "^[0-9]{0,9}$"}, "What `next` of the page before said."),
    _query("limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}, "Rows of a page."),
)
_PERIOD = _query("period", {"enum": list(PERIODS)}, "Counted back from the newest article.")
_UNIT = _query("unit", {"enum": list(UNITS), "default": UNITS[0]}, "What places count.")


@cache
def document() -> dict[str, Any]:
    """The document.

    Examples
    --------
    >>> document()["openapi"], "/api/check" in document()["paths"]
    ('3.1.0', True)
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "dedup desk",
            "version": __version__,
            "description": "What a text shares with the articles of an index, and what editors decided.",
        },
        "security": [{}, {"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _operation(name: str, told: str, responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"operationId": name, "summary": told, "responses": responses, **more}


def _paths() -> dict[str, Any]:
    check = {"oneOf": [_ref("Check"), {"type": "array", "items": _ref("Check"), "maxItems": 100}]}
    answer = {
        "oneOf": [_ref("Answer"), {"type": "array", "items": {"anyOf": [_ref("Answer"), _ref("Problem")]}}]
    }
    article = _ref("article")
    return {
        "/api/check": {
            "post": _operation(
                "check",
                "Judge one text or several; nothing is stored unless `keep` asks for it.",
                _answers(*_SENT, _200=("What is said of it.", answer)),
                requestBody=_body(check),
            )
        },
        "/api/articles": {
            "get": _operation(
                "listArticles",
                "The articles of a period that share text with others.",
                _answers(422, _200=("A page of them, most copied first.", _list(article))),
                parameters=[
                    _PERIOD,
                    _query("mine", {"enum": ["", "0", "1"]}, "1: of the newsroom's outlets; 0: of others."),
                    _query("credit", {"enum": ["", "credited", "named", "not_found", "none"]}, "The state."),
                    _query("source", _TEXT, "Of this outlet."),
                    *_PAGED,
                ],
            ),
            "post": _operation(
                "addArticles",
                "Store articles from JSON lines.",
                _answers(*_SENT, _207=("What became of each line.", _ref("Lines"))),
                requestBody=_body(_TEXT, "application/x-ndjson"),
            ),
        },
        "/api/articles/{id}": {
            "parameters": [_ID],
            "get": _operation(
                "getArticle",
                "One article, with what is said of it.",
                _answers(404, 422, _200=("The article, with its text.", article)),
                parameters=[_UNIT],
            ),
            "put": _operation(
                "putArticle",
                "Store an article; another text of the same id replaces it.",
                _answers(
                    *_SENT,
                    404,
                    _200=("It was there, or was replaced.", _ref("Put")),
                    _201=("It is new.", _ref("Put")),
                ),
                requestBody=_body(_ref("Article")),
            ),
            "delete": _operation(
                "deleteArticle", "Take an article out.", _answers(404, 422, _204=("It is gone.", None))
            ),
        },
        "/api/articles/{id}/overlaps": {
            "parameters": [_ID],
            "get": _operation(
                "getOverlaps",
                "The articles that share text with one.",
                _answers(404, 422, _200=("A page of them.", _list(_ref("Match")))),
                parameters=[_UNIT, _query("level", {"enum": list(LEVELS)}, "How much is told."), *_PAGED],
            ),
        },
        "/api/pairs/{a}/{b}": {
            "parameters": [_path("a", "Key or id of an article."), _path("b", "Key or id of the other.")],
            "get": _operation(
                "getPair", "What two articles share.", _answers(404, 422, _200=("It.", _ref("overlap")))
            ),
        },
        "/api/stories": {
            "get": _operation(
                "listStories",
                "The stories of a period.",
                _answers(422, _200=("A page of them.", _list(_ref("story")))),
                parameters=[_PERIOD, *_PAGED],
            )
        },
        "/api/stories/{key}": {
            "parameters": [_path("key", "Key or id of the story, or of any of its articles.")],
            "get": _operation("getStory", "One story.", _answers(404, 422, _200=("It.", _ref("story")))),
        },
        "/api/outlets": {
            "get": _operation(
                "listOutlets",
                "The figures of each outlet.",
                _answers(422, _200=("Rows and matrix.", {"type": "object", "required": ["rows", "matrix"]})),
                parameters=[_PERIOD],
            )
        },
        "/api/decisions": {
            "get": _operation(
                "listDecisions",
                "The log of decisions; with `format` as a file.",
                _decision_answers(),
                parameters=[_query("format", {"enum": ["json", "jsonl", "csv"]}, "json: a page."), *_PAGED],
            ),
            "post": _operation(
                "decide",
                "Decide about pairs, or take a decision back.",
                _answers(*_SENT, 404, _201=("What was logged.", {"type": "object", "required": ["items"]})),
                requestBody=_body(_ref("Decide")),
            ),
        },
        "/api/decisions/import": {
            "post": _operation(
                "importDecisions",
                "Take in decisions that were exported.",
                _answers(*_SENT, _200=("How many were read, and were new.", _ref("Imported"))),
                requestBody=_body({"type": "object", "required": ["text"], "properties": {"text": _TEXT}}),
            )
        },
        "/healthz": {
            "get": _operation(
                "health",
                "Whether the desk can compare.",
                _answers(_200=("It can.", {"type": "object", "required": ["ready"]})),
            )
        },
    }


def _decision_answers() -> dict[str, Any]:
    made = _answers(422, _200=("A page, or all as a file.", _list(_ref("Decision"))))
    made["200"]["content"] |= {"application/x-ndjson": {"schema": _TEXT}, "text/csv": {"schema": _TEXT}}
    return made


def _schemas() -> dict[str, Any]:
    records: dict[str, Any] = json.loads(
        json.dumps(json_schema()["$defs"]).replace("#/$defs/", "#/components/schemas/")
    )
    # Records here have no `kind`, and more fields.
    for record in records.values():
        record["properties"].pop("kind", None)
        record["required"] = [name for name in record["required"] if name != "kind"]
    integers = {"type": "integer", "minimum": 0}
    passage = dict.fromkeys(("start", "end", "other_start", "other_end", "words", "quoted_words"), integers)
    texts = ("id", "at", "by", "kind", "state", "a", "b", "a_source", "b_source", "note")
    return records | {
        "Problem": {
            "type": "object",
            "description": "Problem details (RFC 9457).",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": _TEXT,
                "title": _TEXT,
                "status": {"type": "integer"},
                "detail": _TEXT,
                "field": {"description": "The field that is wrong.", **_TEXT},
                "line": {"type": "integer"},
            },
        },
        "Check": {
            "type": "object",
            "description": "A text to judge: `text` or `html`.",
            "properties": {
                "text": _TEXT,
                "html": _TEXT,
                "id": _NAME,
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
            "properties": {"text": _TEXT, "html": _TEXT, **_FIELDS},
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
                "id": _TEXT,
                "unit": {"enum": list(UNITS)},
                "sentence": _TEXT,
                "shares": {
                    "type": "object",
                    "properties": dict.fromkeys(("agency", "others", "quotes", "own", "furniture"), _SHARE),
                },
                "suppliers": {"type": "array", "items": _ref("Supplier")},
                "credits": {"type": "array", "items": _ref("Credit")},
                "article": _ref("article"),
                "matches": {"type": "array", "items": _ref("Match")},
                "decisions": {"type": "array", "items": {"type": "object"}},
                "page": _TEXT,
                "kept": {"type": "boolean"},
            },
        },
        "Match": {
            "type": "object",
            "required": ["id", "source", "title", "direction", "relation", "share_of_this", "share_of_other"],
            "properties": {
                "id": _TEXT,
                "source": _TEXT,
                "title": _TEXT,
                "direction": {"enum": ["earlier", "later", "unknown"]},
                "gap_seconds": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                "relation": _TEXT,
                "words": integers,
                "share_of_this": _SHARE,
                "share_of_other": _SHARE,
                "passages": {"type": "array", "items": {"type": "object", "properties": passage}},
            },
        },
        "Put": {
            "type": "object",
            "required": ["id", "key", "result"],
            "properties": {
                "id": _TEXT,
                "key": _TEXT,
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
                "a": _NAME,
                "b": _NAME,
                "pairs": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["a", "b"],
                        "properties": {"a": _NAME, "b": _NAME},
                    },
                },
                "passages": {"type": "array", "items": {"type": "integer", "minimum": 1}},
                "by": {"type": "string", "maxLength": 1000},
                "note": _NAME,
                "until": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
                "undoes": _NAME,
                "credit": {"type": "string", "maxLength": 1000},
            },
        },
        "Decision": {
            "type": "object",
            "required": ["id", "at", "kind", "state"],
            "properties": dict.fromkeys(texts, _TEXT),
        },
        "Imported": {
            "type": "object",
            "required": ["read", "new"],
            "properties": {"read": integers, "new": integers},
        },
    }

"""The operations of the OpenAPI document."""

from __future__ import annotations

from typing import Any

from dedup.reporting.answer import LEVELS, UNITS
from dedup.web.openapi_schemas import TEXT, ref
from dedup.web.view import PERIODS

_PROBLEMS = {
    400: "The body is not JSON.",
    401: "The token is missing or wrong.",
    403: "A page of another origin is refused.",
    404: "It was not found.",
    405: "The address does not take that method.",
    408: "The request took too long to arrive.",
    409: "The id is taken by another text.",
    413: "The request is too large.",
    415: "The content type is not JSON.",
    421: "The desk is not known by this name.",
    422: "A value is invalid.",
    429: "Too many requests; see Retry-After.",
    503: "Too many checks are waiting, or the index is being written; see Retry-After.",
}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["items", "total", "next"],
        "properties": {
            "items": {"type": "array", "items": item},
            "total": {"type": "integer"},
            "next": {"anyOf": [TEXT, {"type": "null"}]},
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
    """Return the answers of an operation, with those that every operation can give."""
    made: dict[str, Any] = {}
    for status, (told, schema) in right.items():
        made[status[1:]] = {"description": told}
        if schema is not None:
            made[status[1:]]["content"] = {"application/json": {"schema": schema}}
    problem = {"application/problem+json": {"schema": ref("Problem")}}
    for code in (*wrong, 401, 403, 421, 429, 503):
        made[str(code)] = {"description": _PROBLEMS[code], "content": problem}
    return made


def _operation(name: str, told: str, responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"operationId": name, "summary": told, "responses": responses, **more}


def _event_answers() -> dict[str, Any]:
    made = _answers(_200=("Events named `changed`, each with the number of writes.", None))
    made["200"]["content"] = {"text/event-stream": {"schema": TEXT}}
    return made


def _decision_answers() -> dict[str, Any]:
    made = _answers(422, _200=("A page, or all as a file.", _list(ref("Decision"))))
    made["200"]["content"] |= {"application/x-ndjson": {"schema": TEXT}, "text/csv": {"schema": TEXT}}
    return made


_SENT = (400, 408, 413, 415, 422)
_ID = _path("id", "The id of an article, percent-encoded; slashes may stay.")
_PAGED = (
    _query(
        "cursor", {"type": "string", "pattern": "^[0-9]{0,9}$"}, "The value of `next` in the previous page."
    ),
    _query("limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}, "Rows of a page."),
)
_PERIOD = _query("period", {"enum": list(PERIODS)}, "Counted back from the newest article.")
_UNIT = _query("unit", {"enum": list(UNITS), "default": UNITS[0]}, "What places count.")
_CHECKS = {"oneOf": [ref("Check"), {"type": "array", "items": ref("Check"), "maxItems": 100}]}
_ANSWERS = {"oneOf": [ref("Answer"), {"type": "array", "items": {"anyOf": [ref("Answer"), ref("Problem")]}}]}
_ARTICLE = ref("article")

#: The operations by path and method.
PATHS: dict[str, Any] = {
    "/api/check": {
        "post": _operation(
            "check",
            "Check one text or several; nothing is stored unless `keep` asks for it.",
            _answers(*_SENT, _200=("The answer.", _ANSWERS)),
            requestBody=_body(_CHECKS),
        )
    },
    "/api/articles": {
        "get": _operation(
            "listArticles",
            "The articles of a period that share text with others.",
            _answers(422, _200=("A page of them, most copied first.", _list(_ARTICLE))),
            parameters=[
                _PERIOD,
                _query("mine", {"enum": ["", "0", "1"]}, "1: of the newsroom's outlets; 0: of others."),
                _query("credit", {"enum": ["", "credited", "named", "not_found", "none"]}, "The state."),
                _query("source", TEXT, "Of this outlet."),
                *_PAGED,
            ],
        ),
        "post": _operation(
            "addArticles",
            "Store articles from JSON lines.",
            _answers(*_SENT, _207=("What happened to each line.", ref("Lines"))),
            requestBody=_body(TEXT, "application/x-ndjson"),
        ),
    },
    "/api/articles/{id}": {
        "parameters": [_ID],
        "get": _operation(
            "getArticle",
            "One article, with its summary.",
            _answers(404, 422, _200=("The article, with its text.", _ARTICLE)),
            parameters=[_UNIT],
        ),
        "put": _operation(
            "putArticle",
            "Store an article; another text of the same id replaces it.",
            _answers(
                *_SENT,
                404,
                _200=("It existed already, or was replaced.", ref("Put")),
                _201=("It is new.", ref("Put")),
            ),
            requestBody=_body(ref("Article")),
        ),
        "delete": _operation(
            "deleteArticle", "Remove an article.", _answers(404, 422, _204=("It is gone.", None))
        ),
    },
    "/api/articles/{id}/overlaps": {
        "parameters": [_ID],
        "get": _operation(
            "getOverlaps",
            "The articles that share text with one.",
            _answers(404, 422, _200=("A page of them.", _list(ref("Match")))),
            parameters=[_UNIT, _query("level", {"enum": list(LEVELS)}, "The amount of detail."), *_PAGED],
        ),
    },
    "/api/pairs/{a}/{b}": {
        "parameters": [_path("a", "Key or id of an article."), _path("b", "Key or id of the other.")],
        "get": _operation(
            "getPair", "What two articles share.", _answers(404, 422, _200=("It.", ref("overlap")))
        ),
    },
    "/api/stories": {
        "get": _operation(
            "listStories",
            "The stories of a period.",
            _answers(422, _200=("A page of them.", _list(ref("story")))),
            parameters=[_PERIOD, *_PAGED],
        )
    },
    "/api/stories/{key}": {
        "parameters": [_path("key", "Key or id of the story, or of any of its articles.")],
        "get": _operation("getStory", "One story.", _answers(404, 422, _200=("It.", ref("story")))),
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
            _answers(
                *_SENT,
                404,
                _200=("How many open cases it would answer.", {"type": "object", "required": ["answers"]}),
                _201=("What was logged.", {"type": "object", "required": ["items"]}),
            ),
            requestBody=_body(ref("Decide")),
            parameters=[_PERIOD],
        ),
    },
    "/api/decisions/import": {
        "post": _operation(
            "importDecisions",
            "Import exported decisions.",
            _answers(*_SENT, _200=("How many were read, and were new.", ref("Imported"))),
            requestBody=_body({"type": "object", "required": ["text"], "properties": {"text": TEXT}}),
        )
    },
    "/api/events": {
        "get": _operation(
            "events",
            "A stream that says when the index has changed (server-sent events).",
            _event_answers(),
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

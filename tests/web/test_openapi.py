"""Requests that the OpenAPI document allows, and some that it does not: none is a fault of the desk."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="Starlette is not installed")

from dedup.web.openapi import document

DOCUMENT = document()
SPEC = {
    (path, method): operation | {"shared": item.get("parameters", [])}
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    # A stream of events has no end.
    if method != "parameters" and path != "/api/events"
}
#: Values in place of those that were asked for, or odd values.
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            " ",
            "\x00",
            "\ud800",
            "../../etc/passwd",
            "%2e%2e",
            "cd-pier",
            "0",
            "-1",
            "1e999",
            "9" * 400,
            "\u202e",
        ]
    ),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)
KNOWN = st.sampled_from(["cd-pier", "hp-pier", "cd-ferry", "hp-ferry", "no such article", "a/b c?d#e"])


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return resolved(DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    return schema


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for the values that a schema allows."""
    schema = resolved(schema)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    for several in ("oneOf", "anyOf"):
        if several in schema and "properties" not in schema:
            return st.one_of([values(each) for each in schema[several]])
    kind = schema.get("type")
    if kind == "object":
        return objects(schema)
    if kind == "array":
        return st.lists(values(schema["items"]), max_size=3)
    if kind == "integer":
        return st.integers(schema.get("minimum", -5), schema.get("maximum", 10**6))
    if kind == "boolean":
        return st.booleans()
    if kind == "null":
        return st.none()
    assert kind == "string", schema
    if schema.get("format") == "date-time":
        return st.datetimes().map(lambda moment: moment.isoformat() + "Z")
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    texts = st.text(min_size=schema.get("minLength", 0), max_size=min(60, schema.get("maxLength", 60)))
    return st.one_of(KNOWN, texts)


def objects(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    needed = list(schema.get("required", ()))
    # Of several groups of required properties one is chosen.
    choices = [[*needed, *each["required"]] for each in schema.get("oneOf", ()) if "required" in each] or [
        needed
    ]
    named = {name for each in choices for name in each}
    properties = schema.get("properties", {})

    def one(chosen: list[str]) -> st.SearchStrategy[dict[str, Any]]:
        others = {name: values(each) for name, each in properties.items() if name not in named}
        return st.fixed_dictionaries({name: values(properties[name]) for name in chosen}, optional=others)

    return st.one_of([one(each) for each in choices])


@st.composite
def odd(draw: st.DrawFn, value: Any) -> Any:
    """Draw the value with something else in one place."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(value)))
        if draw(st.booleans()):
            return {key: each for key, each in value.items() if key != name}
        return value | {name: draw(odd(value[name]))}
    if isinstance(value, list) and value and draw(st.booleans()):
        return [*value[:-1], draw(odd(value[-1]))]
    return draw(ODD)


@st.composite
def requests(draw: st.DrawFn, path: str, method: str) -> dict[str, Any]:
    """Draw a request to an operation; every second one contains something that is not allowed."""
    operation = SPEC[path, method]
    wrong = draw(st.booleans())
    query: dict[str, Any] = {}
    for each in [*operation["shared"], *operation.get("parameters", [])]:
        value = draw(values(each["schema"]))
        if wrong and draw(st.booleans()):
            value = draw(ODD)
        if each["in"] == "path":
            text = value if isinstance(value, str) and value else draw(KNOWN)
            path = path.replace(f"{{{each['name']}}}", quote(text, safe="/", errors="surrogatepass"))
        elif draw(st.booleans()):
            query[each["name"]] = str(value).encode("utf-8", "replace")
    made: dict[str, Any] = {"method": method.upper(), "url": path, "params": query}
    body = operation.get("requestBody")
    if body is not None:
        ((kind, content),) = body["content"].items()
        given = draw(values(content["schema"]))
        if kind == "application/x-ndjson":
            lines = draw(st.lists(values({"$ref": "#/components/schemas/Article"}), min_size=1, max_size=3))
            rows = [json.dumps(each | {"id": draw(KNOWN)}) for each in lines]
            given = "\n".join([*rows, *([draw(st.text(max_size=20))] if wrong else [])])
            data = given.encode("utf-8", "replace")
        else:
            data = json.dumps(draw(odd(given)) if wrong else given).encode()
        if wrong and draw(st.integers(0, 4)) == 0:
            data = draw(st.binary(max_size=40))
        made |= {"content": data, "headers": {"content-type": kind}}
    return made


@pytest.mark.parametrize(("path", "method"), list(SPEC), ids=lambda each: re.sub(r"\W+", "-", each))
def test_no_request_is_a_fault_and_each_answer_is_documented(path: str, method: str, desk: Any) -> None:
    @given(requests(path, method))
    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
    def ask(request: dict[str, Any]) -> None:
        answer = desk.request(**request)
        assert answer.status_code < 500 or answer.status_code == 503, answer.text
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), answer.url.path):
            assert str(answer.status_code) in SPEC[path, method]["responses"], answer.text
        kind = answer.headers.get("content-type", "")
        if answer.status_code >= 400:
            assert kind.startswith("application/problem+json"), answer.text
            record = answer.json()
            assert record["status"] == answer.status_code
            assert record["detail"]

    ask()

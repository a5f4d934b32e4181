"""The REST interface: what it answers, refuses and limits."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from newsroom import MINE, PIER, PORT

from dedup.web.keys import key_of
from dedup.web.options import Limits

JSON = {"content-type": "application/json"}


def test_a_check_says_what_a_text_shares_and_stores_nothing(reader: Any) -> None:
    said = reader.post("/api/check", json={"text": "\n\n".join(PIER[:2]), "source": "Bay News"}).json()
    assert said["sentence"].startswith("100 % of this article runs elsewhere too")
    shares = said["shares"]
    assert shares["agency"] + shares["others"] + shares["quotes"] + shares["own"] == pytest.approx(1)
    assert said["first"]["id"] == "hp-pier"
    assert [each["id"] for each in said["matches"]][:2] == ["hp-pier", "cd-pier"]
    assert all(each["direction"] == "earlier" for each in said["matches"])
    assert reader.get(said["page"]).status_code == 200
    assert reader.get(f"/api/articles/{said['id']}").status_code == 404


def test_spans_slice_back_in_the_unit_asked_for(reader: Any) -> None:
    text = "Wide signs 🚢🚢 first. " + PIER[0]
    for unit, encoding, width in (("codepoint", "utf-32-le", 4), ("utf16", "utf-16-le", 2)):
        said = reader.post("/api/check", json={"text": text, "unit": unit, "level": "full"}).json()
        data = text.encode(encoding)
        for match in said["matches"]:
            for passage in match["passages"]:
                here = data[passage["start"] * width : passage["end"] * width].decode(encoding)
                assert here == passage["text"]
                same = [each for each in passage["ops"] if each[0] == "="]
                assert same
                assert all(passage["start"] <= each[1] < each[2] <= passage["end"] for each in same)


def test_operations_make_one_text_of_the_other(reader: Any) -> None:
    text = PIER[0].replace("oldest", "eldest")
    said = reader.post("/api/check", json={"text": text, "level": "full"}).json()
    match = next(each for each in said["matches"] if each["id"] == "hp-pier")
    (passage,) = match["passages"]
    other = reader.get("/api/articles/hp-pier").json()["text"]
    gone = [text[each[1] : each[2]].strip() for each in passage["ops"] if each[0] == "-"]
    come = [other[each[1] : each[2]].strip() for each in passage["ops"] if each[0] == "+"]
    assert "eldest" in gone
    assert "oldest" in come


def test_levels_tell_more_and_more(reader: Any) -> None:
    sizes = []
    for level in ("scores", "summary", "detail", "full"):
        sizes.append(len(reader.post("/api/check", json={"text": PIER[0], "level": level}).content))
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 4


def test_a_batch_has_an_answer_or_a_problem_for_each(reader: Any) -> None:
    said = reader.post(
        "/api/check", json=[{"text": PIER[0]}, {"text": 3}, {"text": "Nothing shared."}]
    ).json()
    assert [each.get("status") for each in said] == [None, 422, None]
    assert said[2]["matches"] == []


def test_html_is_read_as_a_page(reader: Any) -> None:
    pytest.importorskip("trafilatura")
    page = (
        f"<html><head><title>Pier</title></head><body><article><h1>Pier</h1><p>{PIER[0]}</p><p>{PIER[1]}</p>"
    )
    said = reader.post("/api/check", json={"html": page + "</article></body></html>"}).json()
    assert said["matches"][0]["id"] == "hp-pier"


def test_an_article_is_put_once_replaced_and_taken_out(desk: Any) -> None:
    record = {
        "text": PORT[2] + " Nothing more was said.",
        "source": "Bay News",
        "published": "2024-05-03T09:00:00Z",
    }
    path = "/api/articles/https://bay.example/2024/a b"
    first = desk.put(path, json=record)
    assert (first.status_code, first.json()["result"]) == (201, "created")
    assert desk.put(path, json=record).json()["result"] == "unchanged"
    changed = desk.put(path, json=record | {"text": PORT[1] + " That is another text."})
    assert (changed.status_code, changed.json()["result"]) == (200, "replaced")
    assert desk.get(path).json()["text"].startswith(PORT[1])
    assert {each["id"] for each in desk.get(path + "/overlaps").json()["items"]} >= {"ap-port", "hp-port"}
    assert desk.delete(path).status_code == 204
    assert desk.get(path).status_code == 404
    assert desk.delete(path).status_code == 404


def test_lines_that_cannot_be_read_are_told_by_their_number(desk: Any) -> None:
    lines = [
        json.dumps({"id": "n1", "source": "Bay News", "text": PORT[0]}),
        "{broken",
        "",
        json.dumps({"id": "n2", "source": "Bay News", "text": "Something else altogether was told there."}),
        json.dumps({"id": "n3", "source": "Bay News"}),
    ]
    sent = desk.post(
        "/api/articles", content="\n".join(lines), headers={"content-type": "application/x-ndjson"}
    )
    assert sent.status_code == 207
    told = sent.json()["items"]
    assert [(each["line"], each["status"]) for each in told] == [(1, 201), (2, 422), (4, 201), (5, 422)]
    assert desk.get("/api/articles/n2").status_code == 200


def test_lists_are_paged_by_a_cursor(reader: Any) -> None:
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = reader.get("/api/articles", params={"period": "all", "limit": 5, "cursor": cursor}).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == page["total"] == 12
    mine = reader.get("/api/articles", params={"period": "all", "mine": 1, "credit": "not_found"}).json()
    assert [each["id"] for each in mine["items"]] == ["hp-port"]


def test_a_pair_and_a_story_are_found_by_key_and_by_id(reader: Any) -> None:
    by_id = reader.get("/api/pairs/cd-pier/hp-pier").json()
    by_key = reader.get(f"/api/pairs/{key_of('hp-pier')}/{key_of('cd-pier')}").json()
    assert by_id["a"] == by_key["a"] == "cd-pier"
    assert by_id["state"] == "open"
    story = reader.get(f"/api/stories/{key_of('iw-port')}").json()
    assert story["articles"] == ["ap-port", "cd-port", "hp-port", "iw-port"]
    assert reader.get("/api/pairs/cd-pier/ap-port").status_code == 404
    assert story["id"] in {each["id"] for each in reader.get("/api/stories?period=all").json()["items"]}


def test_outlets_tell_shares_and_a_matrix(reader: Any) -> None:
    told = reader.get("/api/outlets?period=all").json()
    assert {each["source"] for each in told["rows"]} >= {MINE, "Coast Daily", "AP"}
    assert len(told["matrix"]) == len(told["matrix"][0]["cells"])


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "named"),
    [
        ("POST", "/api/check", b"{", 400, None),
        ("POST", "/api/check", b"[]x", 400, None),
        ("POST", "/api/check", b'"text"', 422, None),
        ("POST", "/api/check", b"{}", 422, "text"),
        ("POST", "/api/check", b'{"text":"a","html":"b"}', 422, "text"),
        ("POST", "/api/check", b'{"text":"  "}', 422, "text"),
        ("POST", "/api/check", b'{"text":"a","unit":"byte"}', 422, "unit"),
        ("POST", "/api/check", b'{"text":"a","level":7}', 422, "level"),
        ("POST", "/api/check", b'{"text":"a","min_words":true}', 422, "min_words"),
        ("POST", "/api/check", b'{"text":"a","published":"soon"}', 422, "published"),
        ("POST", "/api/check", b'{"text":"a","published":"0001-01-01T00:00:00+14:00"}', 422, "published"),
        ("PUT", "/api/articles/x", b'{"text":"a"}', 422, "source"),
        ("GET", "/api/articles/none", None, 404, None),
        ("GET", "/api/articles?limit=0", None, 422, "limit"),
        ("GET", "/api/articles?cursor=-1", None, 422, "cursor"),
        ("GET", "/api/articles?period=1y", None, 422, "period"),
        ("POST", "/api/decisions", b'{"kind":"steal","a":"cd-pier","b":"hp-pier"}', 422, None),
        ("POST", "/api/decisions", b'{"kind":"chase","a":"cd-pier","b":"none"}', 404, None),
        ("POST", "/api/decisions", b'{"kind":"chase","a":"cd-pier","b":"ap-port"}', 422, None),
        ("POST", "/api/decisions", b'{"kind":"undo","undoes":"0f"}', 404, "undoes"),
        ("DELETE", "/api/check", None, 405, None),
        ("GET", "/nowhere", None, 404, None),
    ],
)
def test_what_is_wrong_is_a_problem(
    reader: Any, method: str, path: str, body: bytes | None, status: int, named: str | None
) -> None:
    answer = reader.request(method, path, content=body, headers=JSON if body is not None else None)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    record = answer.json()
    assert record["status"] == status
    assert record["detail"]
    assert record.get("field") == named


def test_limits_are_answered_clearly(open_desk: Any, options: Any) -> None:
    desk = open_desk(options, limits=Limits(body=100_000, words=50, batch=2))
    assert desk.post("/api/check", json={"text": "x" * 200_000}).status_code == 413
    assert desk.post("/api/check", json={"text": "a word " * 60}).status_code == 413
    assert desk.post("/api/check", json=[{"text": "a"}] * 3).status_code == 413

    def chunks() -> Any:
        for _ in range(30):
            yield b"x" * 10_000

    # A body without a length is counted while it arrives.
    assert desk.post("/api/check", content=chunks(), headers=JSON).status_code == 413


def test_twenty_megabytes_are_too_much_by_default(reader: Any) -> None:
    sent = reader.post("/api/check", content=b"x" * 20_000_000, headers=JSON)
    assert sent.status_code == 413


def test_a_rate_that_is_passed_gets_429(open_desk: Any, options: Any) -> None:
    desk = open_desk(options, limits=Limits(rate=1))
    answers = [desk.get("/api/decisions").status_code for _ in range(15)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert int(desk.get("/api/decisions").headers["retry-after"]) >= 1


def test_the_health_says_when_the_kernels_are_there(reader: Any) -> None:
    assert reader.get("/healthz").json() == {"ready": True}
    engine = reader.app.app.state.desk.engine
    engine.ready = False
    try:
        waiting = reader.get("/healthz")
        assert waiting.status_code == 503
        assert waiting.headers["retry-after"] == "1"
    finally:
        engine.ready = True


def test_metrics_are_in_the_form_of_prometheus(desk: Any) -> None:
    desk.post("/api/check", json={"text": PIER[0]})
    lines = desk.get("/metrics").text.splitlines()
    assert 'dedup_requests_total{method="POST",route="/api/check",status="200"} 1' in lines
    assert "dedup_articles 12" in lines
    for line in lines:
        assert line.startswith("#") or len(line.rsplit(" ", 1)) == 2


def test_the_document_names_every_address(reader: Any) -> None:
    from dedup.web.app import _routes

    document = reader.get("/api/openapi.json").json()
    told = {(path, method.upper()) for path, item in document["paths"].items() for method in item}
    for route in _routes():
        path = route.path.replace(":path", "")
        if path.startswith("/api/") and path not in ("/api/openapi.json", "/api/drafts/{key}/keep"):
            for method in (route.methods or set()) - {"HEAD"}:
                assert (path, method) in told
    names = json.dumps(document)
    for reference in set(__import__("re").findall(r'"#/components/schemas/(\w+)"', names)):
        assert reference in document["components"]["schemas"]


def test_a_webhook_is_not_a_field_of_a_request(reader: Any, options: Any) -> None:
    said = reader.post("/api/check", json={"text": PIER[0], "webhook": "http://127.0.0.1:1/"})
    assert said.status_code == 200
    assert replace(options).webhooks == ()

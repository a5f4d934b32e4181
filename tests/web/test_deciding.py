"""Decisions at the desk: made, shown, undone, carried over."""

from __future__ import annotations

import json
from typing import Any

from newsroom import FERRY, MINE, PIER

from dedup.web.keys import key_of

PAIR = {"a": "cd-pier", "b": "hp-pier"}


def _state(desk: Any, a: str = "cd-pier", b: str = "hp-pier") -> str:
    return str(desk.get(f"/api/pairs/{a}/{b}").json()["state"])


def _queue(desk: Any, queue: str) -> str:
    return str(desk.get("/", params={"when": "all", "queue": queue}).text)


def test_a_decision_moves_the_case_and_undo_brings_it_back(desk: Any) -> None:
    assert "Pier closes: cracks found" in _queue(desk, "ours")
    made = desk.post(
        "/api/decisions", json=PAIR | {"kind": "chase", "by": "MK", "note": "called them"}
    ).json()
    assert _state(desk) == "waiting"
    assert "Pier closes: cracks found" not in _queue(desk, "ours")
    waiting = _queue(desk, "waiting")
    assert "Pier closes: cracks found" in waiting
    assert "by MK" in waiting
    assert "called them" in waiting
    assert "called them" in desk.get(f"/pair/{key_of('cd-pier')}/{key_of('hp-pier')}").text
    fixed = desk.post("/api/decisions", json=PAIR | {"kind": "fixed"}).json()
    assert _state(desk) == "closed"
    desk.post("/api/decisions", json={"kind": "undo", "undoes": fixed["items"][0]["id"]})
    assert _state(desk) == "waiting"
    desk.post("/api/decisions", json={"kind": "undo", "undoes": made["items"][0]["id"]})
    assert _state(desk) == "open"
    assert desk.get("/api/decisions").json()["total"] == 4  # nothing is ever deleted


def test_what_is_permitted_holds_at_the_next_outlet(desk: Any) -> None:
    desk.post("/api/decisions", json={"kind": "permitted", "a": "cd-ferry", "b": "hp-ferry"})
    text = "\n\n".join(FERRY)
    desk.put(
        "/api/articles/bn-ferry", json={"source": "Bay News", "text": text, "published": "2024-05-03T12:00Z"}
    )
    assert _state(desk, "bn-ferry", "hp-ferry") == "closed"
    said = desk.post("/api/check", json={"text": text}).json()
    assert [each["kind"] for each in said["decisions"]] == ["permitted"]
    # Chasing is a case of the other outlet.
    desk.post("/api/decisions", json=PAIR | {"kind": "chase"})
    pier = {"source": "Bay News", "text": "\n\n".join(PIER), "published": "2024-05-03T12:00Z"}
    desk.put("/api/articles/bn-pier-2", json=pier)
    assert _state(desk, "bn-pier-2", "hp-pier") == "open"


def test_a_case_is_raised_again_when_the_text_changes_or_the_day_has_come(desk: Any) -> None:
    desk.post("/api/decisions", json=PAIR | {"kind": "not_copy"})
    assert _state(desk) == "closed"
    record = desk.get("/api/articles/cd-pier").json()
    longer = record["text"].replace(
        "nine months and", "nine months, in spite of what had been said before, and"
    )
    longer = longer.replace("the ferry to the islands", "the large ferry to all the outer islands")
    longer = longer.replace("every four weeks", "in every fourth week of the year")
    changed = {name: record[name] for name in ("source", "title", "published", "url")} | {"text": longer}
    assert desk.put("/api/articles/cd-pier", json=changed).json()["result"] == "replaced"
    assert _state(desk) == "open"
    assert desk.get("/api/pairs/cd-pier/hp-pier").json()["decision"]["kind"] == "not_copy"
    over = {"kind": "permitted", "a": "cd-ferry", "b": "hp-ferry", "until": "2024-12-31"}
    assert desk.post("/api/decisions", json=over).status_code == 201
    assert _state(desk, "cd-ferry", "hp-ferry") == "open"


def test_one_passage_can_be_decided_about(desk: Any) -> None:
    pair = desk.get("/api/pairs/hp-pier/iw-pier").json()
    assert len(pair["passages"]) == 2
    ignore = {"kind": "ignore_passage", "a": "hp-pier", "b": "iw-pier", "passages": [1]}
    assert desk.post("/api/decisions", json=ignore).status_code == 201
    assert _state(desk, "hp-pier", "iw-pier") == "open"
    assert desk.post("/api/decisions", json=ignore | {"passages": [2]}).status_code == 201
    assert _state(desk, "hp-pier", "iw-pier") == "closed"
    assert desk.post("/api/decisions", json=ignore | {"passages": [3]}).status_code == 422


def test_several_rows_are_decided_at_once(desk: Any) -> None:
    pairs = [PAIR, {"a": "bn-pier", "b": "hp-pier"}]
    made = desk.post("/api/decisions", json={"kind": "not_copy", "pairs": pairs}).json()
    assert len(made["items"]) == 2
    assert _state(desk) == _state(desk, "bn-pier", "hp-pier") == "closed"


def test_the_log_is_exported_and_imported_elsewhere(desk: Any, open_desk: Any, options: Any) -> None:
    import shutil
    from dataclasses import replace

    note = '=HYPERLINK("https://evil.example") \n, “quoted”'
    desk.post("/api/decisions", json=PAIR | {"kind": "not_copy", "note": note, "by": "MK"})
    texts = {form: desk.get("/api/decisions", params={"format": form}) for form in ("jsonl", "csv")}
    assert "'=HYPERLINK" in texts["csv"].text
    assert json.loads(texts["jsonl"].text)["note"] == note
    for form, answer in texts.items():
        assert f"decisions.{form}" in answer.headers["content-disposition"]
        elsewhere = options.index.with_name(f"again-{form}")
        shutil.copytree(options.index, elsewhere)
        import sqlite3

        with sqlite3.connect(elsewhere / "catalogue.sqlite") as catalogue:
            catalogue.execute("DELETE FROM decision")
            catalogue.execute("DELETE FROM setting WHERE name = 'decisions'")
        catalogue.close()
        other = open_desk(replace(options, index=elsewhere))
        assert _state(other) == "open"
        for new in (1, 0):
            told = other.post("/api/decisions/import", json={"text": answer.text}).json()
            assert told == {"read": 1, "new": new}
        assert _state(other) == "closed"
        assert other.get("/api/decisions").json()["items"][0]["note"] == note
    wrong = desk.post("/api/decisions/import", json={"text": texts["jsonl"].text + '{"id": "x"}\n'})
    assert wrong.status_code == 422
    assert wrong.json()["line"] == 2


def test_the_inbox_sorts_articles_by_what_there_is_to_decide(desk: Any) -> None:
    ours = _queue(desk, "ours")
    assert "Coast Daily ran 97 % of our article 1 h 35 min after us." in ours
    assert f"Looked for: {MINE}." in ours
    unsure = _queue(desk, "unsure")
    assert "Islanders wait for the pier" in unsure
    assert "named, not credited" in unsure
    assert "Three hundred jobs for the port" in _queue(desk, "agency")
    assert "Ferry: last boat an hour earlier" in _queue(desk, "resembles")
    # Agency copy that also ran at one of our outlets is not our own copy.
    assert "Yard to hire three hundred" not in ours


def test_what_a_decision_would_answer_is_told_before_it_is_logged(desk: Any) -> None:
    text = "\n\n".join(FERRY)
    for name in ("Bay News", "Cliff Echo"):
        record = {"source": name, "text": text, "published": "2024-05-03T12:00Z"}
        desk.put(f"/api/articles/{name.split()[0]}", json=record)
    pair = {"a": "Bay", "b": "hp-ferry", "preview": True}
    alone = desk.post("/api/decisions", params={"period": "all"}, json=pair | {"kind": "chase"})
    several = desk.post("/api/decisions", params={"period": "all"}, json=pair | {"kind": "permitted"})
    assert alone.status_code == several.status_code == 200
    assert alone.json() == {"answers": 1}
    assert several.json()["answers"] > 1
    assert desk.get("/api/decisions").json()["total"] == 0, "nothing was logged"
    assert desk.post("/api/decisions", json=pair | {"kind": "permitted", "preview": 1}).status_code == 422

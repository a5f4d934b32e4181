"""What would be read, and what looks wrong with it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from dedup.reading import read_batches
from dedup.reading.inspection import Inspection, inspect
from dedup.reading.signs import Signs

LONG = "The ferry leaves the pier at noon and comes back when the tide allows it. " * 30


def looked(*articles: dict[str, object]) -> Inspection:
    lines = "\n".join(json.dumps({"id": str(n)} | article) for n, article in enumerate(articles))
    return inspect(read_batches(["-"], stdin=io.BytesIO(lines.encode()), on_error="skip"))


def test_the_numbers() -> None:
    found = looked(
        {"source": "Post", "text": "One.", "date": "2021-09-05", "lang": "en"},
        {"source": "Post", "text": "", "date": "2021-10-05T10:00Z", "lang": "en"},
        {"text": "Three.", "date": "soon", "lang": "cy"},
        {"text": None},
    )
    assert (found.articles, found.skipped, found.empty, found.characters) == (3, 1, 1, 10)
    assert (found.sources, found.without_source) == (2, 1)
    assert found.largest_sources == {"Post": 2, "2": 1}
    assert (found.dated, found.precisions) == (2, {"day": 1, "minute": 1})
    assert found.zone_assumed == 1
    assert found.first_published is not None
    assert found.last_published is not None
    assert (found.first_published.day, found.last_published.month) == (5, 10)
    assert found.languages == {"en": 2, "cy": 1}
    assert [article.id for article in found.examples] == ["0", "1", "2"]
    assert found.left_out[0].startswith("-:4: text is null")
    assert any("soon" in note for note in found.notes)


@pytest.mark.parametrize(
    ("articles", "says"),
    [
        ([{"source": "pile", "text": "A"}, {"source": "pile", "text": "B"}], "same source 'pile'"),
        ([{"source": "a", "text": "A"}, {"source": "b", "text": "B"}], "no date was found"),
        ([{"source": s, "text": f"A {s} [+{s}12 chars]"} for s in "12"], "cut off"),
        ([{"source": s, "text": "A ferry …"} for s in "12"], "cut off"),
        ([{"source": s, "text": LONG} for s in "12"], "no line ends"),
        ([{"source": s, "text": "The cafÃ© is closed."} for s in "12"], "wrong encoding"),
        ([{"source": "a", "text": "1 of 2 DOCUMENTS\nA\n2 of 2 DOCUMENTS\nB"}], "many articles in one"),
    ],
)
def test_what_looks_wrong(articles: list[dict[str, object]], says: str) -> None:
    notes = looked(*articles).notes
    assert sum(says in note for note in notes) == 1


def test_sound_articles_look_sound() -> None:
    articles = [
        {"source": s, "text": f"{LONG}\nThe café in Ñuñoa, 1 of 2 in town, is open.", "date": "2021-09-05"}
        for s in "12"
    ]
    assert looked(*articles).notes == ()


def test_how_files_were_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"body": "One.", "headline": "Ferry", "outlet": "Post"}))
    (tmp_path / "b.txt").write_text("Two.")
    (tmp_path / "c.txt").write_text("Three.")
    kinds = {kind.format: kind for kind in inspect(read_batches([tmp_path])).files}
    assert (kinds["text"].files, kinds["jsonl"].files) == (2, 1)
    assert kinds["jsonl"].mapping == "text=body, source=outlet, title=headline"


def test_a_single_article_says_nothing_of_sources() -> None:
    signs = Signs()
    assert signs.notes() == []

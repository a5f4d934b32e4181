"""Records in the shapes that tools and services write, without a word from the user."""
# ruff: noqa: E501 - records read better unbroken

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import feather, ipc, parquet

from dedup.article import Article
from dedup.errors import FieldError, SettingsError
from dedup.reading import read_articles, read_batches
from dedup.reading.options import ReaderOptions

TEXT = (
    "The lighthouse keeper of Tornby climbed the stairs for the last time on Friday, because a lamp that needs "
    "nobody has replaced him. He kept a diary of every ship for thirty years, and the museum will now print it "
    "in four volumes with his drawings of clouds."
)
URL = "https://www.gazette.example/2026/01/31/lighthouse"
DAY = "2026-01-31T10:30:00Z"


def read(tmp_path: Path, value: Any, name: str = "a.json", **options: Any) -> list[Article]:
    path = tmp_path / name
    if isinstance(value, bytes):
        path.write_bytes(value)
    else:
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return list(read_articles([path], **options))


FLAT = {"headline": "Keeper leaves", "body": TEXT, "outlet": "The Gazette", "link": URL, "date": DAY}

#: Each with what is found in it: id, source, title, whether there is a date.
SHAPES: dict[str, tuple[Any, tuple[str | None, str, str | None, bool]]] = {
    "names in another case": (
        {"ID": 7, "Full_Text": TEXT, "Site-Name": "The Gazette", "Headline": "K", "PublishedAt": DAY},
        ("7", "The Gazette", "K", True),
    ),
    "a source that is an object": (
        {"content": TEXT, "source": {"id": None, "name": "The Gazette"}, "title": "K", "publishedAt": DAY},
        (None, "The Gazette", "K", True),
    ),
    "a source that is an address": (
        {"text": TEXT, "source": URL, "title": "K"},
        (None, "gazette.example", "K", False),
    ),
    "facts in an object beside the text": (
        {"id": "x", "text": TEXT, "metadata": {"url": URL, "title": "K", "date": DAY}},
        ("x", "gazette.example", "K", True),
    ),
    "rendered fields": (
        {"id": 9, "link": URL, "title": {"rendered": "Keeper&#8217;s <i>diary</i>"}, "content": {"rendered": TEXT}},
        ("9", "gazette.example", "Keeper’s diary", False),
    ),
    "a search answer": (
        {"hits": {"hits": [{"_id": "e1", "_source": FLAT}]}},
        ("e1", "The Gazette", "Keeper leaves", True),
    ),
    "an event whose payload is JSON in a string": (
        {"topic": "news", "offset": 4, "key": "k1", "payload": json.dumps({**FLAT, "id": "p1"})},
        ("p1", "The Gazette", "Keeper leaves", True),
    ),
    "a document store's extended JSON": (
        {"_id": {"$oid": "65ba"}, **FLAT, "date": {"$date": {"$numberLong": "1769855400000"}}},
        ("65ba", "The Gazette", "Keeper leaves", True),
    ),
    "a change of a row": (
        {"op": "c", "after": {**FLAT, "id": "d1"}, "source": {"db": "cms"}},
        ("d1", "The Gazette", "Keeper leaves", True),
    ),
    "resources with attributes": (
        {"data": [{"id": "n1", "type": "node--article", "attributes": {"title": "K", "body": {"value": TEXT}}}]},
        ("n1", "n1", "K", False),
    ),
    "paragraphs in an array": ({"paragraphs": TEXT.split(". "), "title": ["K"]}, (None, "a:1", "K", False)),
    "a text under a name of its own": (
        {"headline": "K", "prosa": TEXT, "outlet": "The Gazette"},
        (None, "The Gazette", "K", False),
    ),
    "references of a bibliography": (
        {"title": "K", "abstract": TEXT, "container-title": "The Gazette", "issued": {"date-parts": [[2026, 1, 31]]}},
        (None, "The Gazette", "K", True),
    ),
    "edges and nodes": (
        {"data": {"posts": {"edges": [{"node": {"id": "g1", "title": "K", "content": TEXT}}]}}},
        ("g1", "g1", "K", False),
    ),
    "bodies by role": (
        {
            "uri": "tag:1",
            "versionCreated": DAY,
            "headlines": [{"role": "main", "value": "K"}],
            "bodies": [{"role": "text", "contentType": "text/plain", "value": TEXT}],
            "infoSources": [{"name": "The Gazette"}],
        },
        ("tag:1", "The Gazette", "K", True),
    ),
    "records under their ids": ({"a1": FLAT, "a2": FLAT}, ("a1", "The Gazette", "Keeper leaves", True)),
    "a data frame by columns": (
        {"id": {"0": "x", "1": "y"}, "text": {"0": TEXT, "1": TEXT}, "source": {"0": "S", "1": "S"}},
        ("x", "S", None, False),
    ),
    "a data frame in parts": (
        {"columns": ["id", "text", "source"], "index": [0], "data": [["x", TEXT, "S"]]},
        ("x", "S", None, False),
    ),
    "a summary that is the text": (
        {"articles": [{"title": "K", "link": URL, "clean_url": "gazette.example", "summary": TEXT, "published_date": DAY}]},
        (None, "gazette.example", "K", True),
    ),
    "the date of a crawl": (
        {"text": TEXT, "id": "f1", "dump": "CC", "file_path": "x", "url": URL, "date": DAY},
        ("f1", "gazette.example", None, False),
    ),
    "pages of a web corpus": (
        {"id": 3, "content": TEXT, "warc_headers": {"warc-target-uri": URL, "warc-record-id": "w", "warc-date": DAY}},
        ("w", "gazette.example", None, False),
    ),
    "a JSON feed": (
        {"version": "https://jsonfeed.org/version/1.1", "title": "The Gazette", "items": [
            {"id": "1", "content_text": TEXT, "title": "K", "date_published": DAY}]},
        ("1", "The Gazette", "K", True),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_of_records(tmp_path: Path, name: str) -> None:
    value, (id_, source, title, dated) = SHAPES[name]
    found = read(tmp_path, value)
    assert found, name
    first = found[0]
    assert TEXT.split(". ")[0] in first.text
    assert (id_ or first.id, source, title, dated) == (
        first.id,
        first.source,
        first.title,
        first.published is not None,
    )


@pytest.mark.parametrize("name", SHAPES)
def test_a_line_each_reads_as_a_document(tmp_path: Path, name: str) -> None:
    value, (_, source, title, _) = SHAPES[name]
    if name in ("records under their ids",):
        pytest.skip("a line is one record")
    if source == "a:1":
        source = "l:1"
    found = read(tmp_path, json.dumps(value) + "\n", "l.jsonl")
    assert (found[0].source, found[0].title) == (source, title)


def test_comments_of_an_article_are_not_articles(tmp_path: Path) -> None:
    value = {"id": 1, "title": "K", "url": URL, "comments": [{"text": "Nonsense."}, {"text": "Agreed."}]}
    with pytest.raises(FieldError, match="no field 'text'"):
        read(tmp_path, value)


def test_links_without_texts_are_said_to_be_that(tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="they look like links, without the articles' text"):
        read(tmp_path, {"articles": [{"url": URL, "title": "K", "seendate": "20260131T103000Z"}]})


def test_actions_of_a_bulk_request_are_passed_over_and_give_the_id(tmp_path: Path) -> None:
    lines = [{"index": {"_index": "n", "_id": "b1"}}, FLAT, {"create": {"_id": "b2"}}, FLAT]
    found = read(tmp_path, "\n".join(map(json.dumps, lines)), "b.ndjson")
    assert [one.id for one in found] == ["b1", "b2"]


def test_paths_that_the_user_names(tmp_path: Path) -> None:
    value = {
        "reply": {
            "things": [
                {"deep": {"parts": [{"kind": "x", "t": "no"}, {"kind": "b", "t": TEXT}]}, "who": {"n": "G"}}
            ]
        }
    }
    fields = {"text": "deep.parts[kind=b].t", "source": "who.nick|who.n"}
    found = read(tmp_path, value, fields=fields, options=ReaderOptions(records="reply.things"))
    assert [(one.text, one.source) for one in found] == [(TEXT, "G")]
    with pytest.raises(FieldError, match=r"no 'reply.thongs' in it; check --records"):
        read(tmp_path, value, options=ReaderOptions(records="reply.thongs"))
    with pytest.raises(FieldError, match=r"no record has the field 'who\.nack'"):
        read(
            tmp_path,
            value,
            fields={**fields, "source": "who.nack"},
            options=ReaderOptions(records="reply.things"),
        )
    with pytest.raises(SettingsError, match="not a valid path"):
        read(tmp_path, value, fields={"text": "a[b"})


def test_an_exact_key_comes_before_a_path(tmp_path: Path) -> None:
    found = read(tmp_path, {"a.b": TEXT, "a": {"b": "no"}, "id": 1}, fields={"text": "a.b"})
    assert found[0].text == TEXT


def test_presets_are_told_once_and_can_be_asked_for(tmp_path: Path) -> None:
    record = {
        "maintext": TEXT,
        "text": None,
        "source_domain": "gazette.example",
        "date_publish": "2026-01-31 10:30:00",
    }
    for name in "ab":
        (tmp_path / f"{name}.json").write_text(json.dumps({**record, "url": f"{URL}/{name}"}))
    reading = read_batches([tmp_path])
    assert sum(batch.num_rows for batch in reading) == 2
    told = [note for note in reading.notes if "news-please" in note]
    assert len(told) == 1
    assert "a.json and 1 more file: read as the output of news-please (text=maintext, " in told[0]
    with pytest.raises(SettingsError, match=r"preset is 'newsplease'; it must be one of .*news-please"):
        ReaderOptions(preset="newsplease")
    odd = {"content": TEXT, "source": {"name": "G", "title": "wrong"}}
    assert (
        read(tmp_path, odd, options=ReaderOptions(preset="event-registry", input_format="json"))[0].source
        == "wrong"
    )


def test_a_header_line_of_a_web_archive_is_not_an_article(tmp_path: Path) -> None:
    lines = [
        {"format": "json-pages-1.0", "id": "pages"},
        {"id": "p", "url": URL, "ts": DAY, "title": "K", "text": TEXT},
    ]
    found = read(tmp_path, "\n".join(map(json.dumps, lines)), "pages.jsonl")
    assert [(one.id, one.source, one.published) for one in found] == [("p", "gazette.example", None)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_dialects_of_csv(tmp_path: Path, delimiter: str, encoding: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows(
        [
            ["ID", "Source", "Text", "Pub Date"],
            ["1", "G, H; I", TEXT + "\n“More” | less;\ttabs, commas.", DAY],
        ]
    )
    data = out.getvalue().encode(encoding)
    options = {"encoding": "utf-16-le"} if encoding == "utf-16-le" else {}
    found = read(tmp_path, data, "a.csv", **options)
    assert [(one.id, one.source, one.text[-5:], one.published is not None) for one in found] == [
        ("1", "G, H; I", "mmas.", True)
    ]


def test_a_table_that_announces_its_delimiter(tmp_path: Path) -> None:
    assert read(tmp_path, f"sep=;\r\nid;text\r\n1;{TEXT}\r\n", "a.csv")[0].id == "1"


def test_a_table_without_a_header(tmp_path: Path) -> None:
    row = f"{URL}\tnull\tf1\tgazette.example\tKeeper leaves today\tnull\t2026-01-31\t{TEXT}\tnull\n"
    found = read(tmp_path, row, "a.csv")
    assert [(one.url, one.title, one.text, one.source) for one in found] == [
        (URL, "Keeper leaves today", TEXT, "gazette.example")
    ]


def test_flattened_columns(tmp_path: Path) -> None:
    content = f"source.name,content.rendered,meta.url\nG,{json.dumps(TEXT)},{URL}\n"
    assert [(one.source, one.url) for one in read(tmp_path, content, "a.csv")] == [("G", URL)]


def table() -> pa.Table:
    return pa.table(
        {
            "doc": pa.array(
                [{"body": TEXT, "id": 5}], pa.struct([("body", pa.large_string()), ("id", pa.int64())])
            ),
            "meta": pa.array(
                [{"source": "G", "url": URL}], pa.struct([("source", pa.string()), ("url", pa.string())])
            ),
            "published_at": pa.array([1769855400000], pa.timestamp("ms")),
        }
    )


@pytest.mark.parametrize("ending", ["parquet", "arrow", "stream.arrow", "feather"])
def test_structs_of_arrow(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    if ending == "parquet":
        parquet.write_table(table(), path)
    elif ending == "feather":
        feather.write_feather(table(), str(path))
    else:
        make = ipc.new_stream if ending.startswith("stream") else ipc.new_file
        with make(str(path), table().schema) as out:
            out.write_table(table())
    found = list(read_articles([path]))
    assert [(one.source, one.url, one.text, one.published is not None) for one in found] == [
        ("G", URL, TEXT, True)
    ]


def test_arrays_of_structs_are_read_row_by_row(tmp_path: Path) -> None:
    rows = [
        {
            "id": "w",
            "article_url": URL,
            "published_date": 1,
            "contents": [{"type": "sanitized_html", "content": TEXT}],
        }
    ]
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.Table.from_pylist(rows), path)
    assert [(one.id, one.text) for one in read_articles([path])] == [("w", TEXT)]


def test_folders_that_are_columns(tmp_path: Path) -> None:
    for outlet in ("The%20Gazette", "Herald"):
        folder = tmp_path / f"source={outlet}" / "year=2026" / "month=1" / "day=31"
        folder.mkdir(parents=True)
        parquet.write_table(pa.table({"id": [outlet], "text": [TEXT]}), folder / "part-0.parquet")
    (tmp_path / "_SUCCESS").write_text("")
    reading = read_batches([tmp_path])
    rows = [row for batch in reading for row in batch.to_pylist()]
    assert sorted(row["source"] for row in rows) == ["Herald", "The Gazette"]
    assert {row["published"].date().isoformat() for row in rows} == {"2026-01-31"}
    assert not any("left out" in note for note in reading.notes)


def test_a_host_is_one_source_however_it_is_given(tmp_path: Path) -> None:
    lines = [
        {"text": TEXT, "domain": "www.gazette.example"},
        {"text": TEXT, "url": URL},
        {"text": TEXT, "source": URL},
    ]
    found = read(tmp_path, "\n".join(map(json.dumps, lines)), "a.jsonl")
    assert {one.source for one in found} == {"gazette.example"}

"""CSV and TSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.article import Article
from dedup.errors import FieldError, InputError
from dedup.reading import csv_files, read_articles, read_batches, streams
from dedup.reading.archives import Archives
from dedup.reading.fields import FieldMapping, Selector
from dedup.reading.formats import HowToRead


def read(tmp_path: Path, content: str | bytes, name: str = "a.csv", **options: Any) -> list[Article]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_articles([path], **options))


def test_reads_every_field(tmp_path: Path) -> None:
    content = (
        "id,source,title,url,published,language,remark,text\r\n"
        '1,Dawn,"A, B",https://dawn.com/1,2026-01-31 10:00,en,,"He said ""no"".\r\n\r\nThen, nothing."\r\n'
        "2,,,,,,,\r\n"
    )
    one, two = read(tmp_path, content)
    assert (one.id, one.source, one.title, one.language) == ("1", "Dawn", "A, B", "en")
    assert one.text == 'He said "no".\r\n\r\nThen, nothing.'
    assert one.published is not None
    assert one.published.isoformat() == "2026-01-31T10:00:00+00:00"
    assert (two.id, two.source, two.title, two.published, two.text) == ("2", "2", None, None, "")


def test_tsv_mark_mapping_and_lines(tmp_path: Path) -> None:
    content = '\ufeffbody\tstory\nx\t"one\n\n\nline"\n\ny\ttwo, three\n'
    articles = read(tmp_path, content, "a.tsv", fields={"text": "story"})
    assert [(a.id, a.text) for a in articles] == [("a:2", "one\n\n\nline"), ("a:7", "two, three")]


def test_quotes_within_a_value_are_plain(tmp_path: Path) -> None:
    assert [a.text for a in read(tmp_path, 'id,text\n1,a 5" screen\n2,say "x", \n'[:-3] + "\n")] == [
        'a 5" screen',
        'say "x"',
    ]


def test_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BLOCK_BYTES", 1000)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["id", "text"])
    texts = [f'{n}, "quoted"\n{"long " * (n % 700)}' for n in range(300)]
    writer.writerows(enumerate(texts))
    assert [a.text for a in read(tmp_path, out.getvalue())] == texts


def test_without_id_the_line_is_the_id_in_every_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BLOCK_BYTES", 64)
    content = "text\n" + 'one\n"two\nlines"\n' * 40
    lines = [int(a.id.partition(":")[2]) for a in read(tmp_path, content)]
    assert lines == [2 + 3 * (n // 2) + n % 2 for n in range(80)]


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", InputError, "a.csv: no articles in it"),
        (b"id,text\n", InputError, "a.csv: no articles in it"),
        (b"id,story\n1,x\n", FieldError, "a.csv:1: no field 'text' or .* the fields found are 'id', 'story'"),
        (b"id,text\n1,x\n2\n", InputError, "a.csv:3: the row has 1 columns, the header 2"),
        (b'id,text\n1,"x\ny"\n2,y,z\n', InputError, "a.csv:4: the row has 3 columns, the header 2"),
        (b"id,text\n1,ok\n2,caf\xe9\n", InputError, "a.csv:3: byte 0xE9 at offset 18 is not UTF-8"),
        (b'id,text\n1,"one\ntwo \xe9"\n', InputError, "a.csv:3: byte 0xE9 at offset 19 is not UTF-8"),
        (b"id,t\xe9xt\n1,x\n", InputError, "a.csv:1: byte 0xE9 at offset 4 is not UTF-8"),
        (
            b'id,text\n1,x\n2,"never\nclosed\n',
            InputError,
            "a.csv:3: a quote opened in this record is never closed",
        ),
        (b"id,text,text\n1,x,y\n", FieldError, "a.csv:1: the header has two columns 'text'"),
        (b"id,text\n1,a\x00b\n", InputError, "a.csv:2: text has a NUL character at place 1"),
    ],
)
def test_bad_input(tmp_path: Path, content: bytes, error: type[InputError], says: str) -> None:
    with pytest.raises(error, match=says):
        read(tmp_path, content)


def test_a_mapped_column_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(
        FieldError, match="no column 'outlett' for --field source; the columns are 'id', 'text'"
    ):
        read(tmp_path, "id,text\n1,x\n", fields={"source": "outlett"})


def test_skip_keeps_the_sound_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'id,text\n1,one\n2\n3,caf\xe9\n4,"four\nlines"\n5,"open\n')
    reading = read_batches([path], on_error="skip")
    rows = [row for batch in reading for row in batch.column("id").to_pylist()]
    assert rows == ["1", "4"]
    assert [(reject.line, reject.record) for reject in reading.rejects] == [
        (3, "2\n"),
        (4, "3,caf\\xe9\n"),
        (7, None),
    ]


values = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=12)


@given(
    st.lists(st.tuples(values, values), min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 64),
)
@settings(max_examples=100, deadline=None)
def test_agrees_with_the_standard_library(rows: list[tuple[str, str]], end: str, block: int) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["title", "text"])
    writer.writerows(rows)
    data = out.getvalue().encode()
    file = csv_files.InputFile("a.csv", None, "csv", stem="a")
    source = streams.ByteSource("utf-8", io.BytesIO(data), lambda count: None, Archives())
    how = HowToRead(source, Selector(FieldMapping()))
    found: list[tuple[str, str]] = []
    for records in csv_files.read_csv(file, how):
        assert not records.faults
        titles, texts = records.columns["title"], records.columns["text"]
        found += zip((title or "" for title in titles.to_pylist()), texts.to_pylist(), strict=True)
    assert found == rows


def test_old_line_ends(tmp_path: Path) -> None:
    assert [(a.id, a.text) for a in read(tmp_path, 'id,text\r1,x\r2,"y\rz"\r')] == [("1", "x"), ("2", "y\rz")]

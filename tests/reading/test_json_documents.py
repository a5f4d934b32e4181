"""A ``.json`` file in its three forms."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dedup.article import Article
from dedup.errors import FieldError, InputError
from dedup.reading import read_articles, read_batches, streams

RECORDS = [
    {"id": f"r{n}", "source": "s", "text": f'Text {n}: "a" [b] {{c}}, नमस्ते.\n' * (n % 5)} for n in range(40)
]


def read(tmp_path: Path, content: str | bytes, **options: Any) -> list[Article]:
    path = tmp_path / "a.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_articles([path], **options))


@pytest.mark.parametrize("chunk", [7, 64, 1 << 20])
@pytest.mark.parametrize("indent", [None, 2])
def test_an_array(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, indent: int | None) -> None:
    monkeypatch.setattr(streams, "BLOCK_BYTES", chunk)
    content = "\ufeff \n" * (chunk > 7) + json.dumps(RECORDS, indent=indent, ensure_ascii=False) + "\n"
    assert [(a.id, a.text) for a in read(tmp_path, content)] == [(r["id"], r["text"]) for r in RECORDS]


def test_one_record_over_many_lines(tmp_path: Path) -> None:
    assert [a.id for a in read(tmp_path, json.dumps(RECORDS[3], indent=2))] == ["r3"]


def test_one_record_on_one_line(tmp_path: Path) -> None:
    assert [a.id for a in read(tmp_path, json.dumps(RECORDS[3]))] == ["r3"]


def test_lines(tmp_path: Path) -> None:
    content = "\n" + "\n".join(json.dumps(record) for record in RECORDS)
    assert len(read(tmp_path, content)) == len(RECORDS)
    with pytest.raises(InputError, match=r"a.json:1: broken JSON"):
        read(tmp_path, '{"id": "a" "text": "b"}\n{"id": "b", "text": "b"}\n')


def test_without_id_the_line_is_the_id(tmp_path: Path) -> None:
    content = '[\n  {"text": "a"},\n\n  {\n    "text": "b"\n  }\n]'
    assert [a.id for a in read(tmp_path, content)] == ["a:2", "a:4"]


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", InputError, "a.json: no articles in it"),
        (b"[]", InputError, "a.json: no articles in it"),
        (b'[{"text": "a"}, 5]', FieldError, "a.json:1: a record of the array must be an object"),
        (b'[{"text": "a"},\n {"story": "b"}]', FieldError, "a.json:2: no field 'text'"),
        (b'[{"text": "a"}\n {"text": "b"}]', InputError, "a.json:2: broken JSON: Expecting ',' delimiter"),
        (b'[\n{"text": "a",\n"x" 1}]', InputError, "a.json:3: broken JSON: Expecting ':' delimiter"),
        (b'[{"text": "a"}, {"text": "b', InputError, "a.json:1: broken JSON: Unterminated string"),
        (b'[{"text": "a"}\n', InputError, "a.json:2: broken JSON: the array is never closed"),
        (b'[{"text": "a"}] x', InputError, "there is more data after the array"),
        (b'[{"text": "a", "x": NaN}]', InputError, "NaN is not JSON"),
        (b'[{"text": "caf\xe9"}]', InputError, "byte 0xE9 at offset 14 is not UTF-8"),
        (rb'[{"text": "\ud800"}]', InputError, "one half of a surrogate pair"),
        (b"[" * 100_000, InputError, "nested too deeply"),
    ],
)
def test_bad_input(tmp_path: Path, content: bytes, error: type[InputError], says: str) -> None:
    with pytest.raises(error, match=says):
        read(tmp_path, content)


def test_skip_keeps_what_stands_before_the_break(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"id": 1, "text": "a"},\n{"id": 2},\n{"id": 3, "text": "c"},\n{"id": 4 "text": "d"}]')
    reading = read_batches([path], on_error="skip")
    assert [i for batch in reading for i in batch.column("id").to_pylist()] == ["1", "3"]
    assert [(reject.line, reject.record) for reject in reading.rejects] == [(2, {"id": 2}), (4, None)]


def test_an_array_in_json_lines_says_what_to_do() -> None:
    with pytest.raises(FieldError, match=r"whose name ends in .json"):
        list(read_articles(["-"], stdin=io.BytesIO(b'[{"text": "a"}]')))

"""JSON lines: what is read, what is guessed, what is refused and how."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dedup.article import Article
from dedup.errors import DuplicateIdError, FieldError, InputError, SettingsError
from dedup.reading import ARTICLE_SCHEMA, Reading, read_articles, read_batches

FILLER = [{"id": f"filler-{n}", "source": "s", "text": "word " * 400} for n in range(600)]


def read(content: str | bytes, **options: Any) -> list[Article]:
    data = content.encode() if isinstance(content, str) else content
    return list(read_articles(["-"], stdin=io.BytesIO(data), **options))


def lines(*records: Any) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


@pytest.fixture(params=["line by line", "kernel"])
def around(request: pytest.FixtureRequest) -> Callable[..., str]:
    """Return the records alone, or after so many others that the block goes through the kernel."""
    filler = FILLER if request.param == "kernel" else []
    return lambda *records: lines(*filler, *records)


def last(content: str, **options: Any) -> Article:
    return read(content, **options)[-1]


def test_reads_every_field(around: Callable[..., str]) -> None:
    record = {
        "id": "a",
        "source": "Dawn",
        "title": "“Talks”\n\u0001",
        "url": "https://dawn.com/1",
        "published": "2026-01-31T10:00:00+01:00",
        "language": "en",
        "text": 'Tab\t, quote ", slash \\ / and नमस्ते 😀',
        "tags": ["x", {"y": [1, -2.5e3, None, True, False, {}, []]}],
    }
    article = last(around(record))
    assert article == Article(
        id="a",
        source="Dawn",
        title="“Talks”\n\u0001",
        url="https://dawn.com/1",
        published=datetime(2026, 1, 31, 9, tzinfo=UTC),
        language="en",
        text='Tab\t, quote ", slash \\ / and नमस्ते 😀',
    )


def test_escapes_become_characters(around: Callable[..., str]) -> None:
    raw = r'{"id": "a", "text": "\u0041\u00e9\u0928\ud83d\ude00\b\f\n\r\t\/\\\""}'
    assert last(around() + raw).text == 'Aéन😀\b\f\n\r\t/\\"'


@pytest.mark.parametrize(
    ("record", "field", "value"),
    [
        ({"id": "a", "body": "b"}, "text", "b"),
        ({"id": "a", "content": "c", "article": "d"}, "text", "c"),
        ({"id": "a", "text": None, "body": "b"}, "text", "b"),
        ({"id": "a", "text": "", "body": "b"}, "text", ""),
        ({"uuid": "u", "text": ""}, "id", "u"),
        ({"id": "", "uuid": "u", "text": ""}, "id", "u"),
        ({"id": 17, "text": ""}, "id", "17"),
        ({"url": "http://x.org/1", "text": ""}, "id", "http://x.org/1"),
        ({"id": "a", "publisher": "p", "text": ""}, "source", "p"),
        ({"id": "a", "url": "https://WWW.Dawn.com:443/x", "text": ""}, "source", "dawn.com"),
        ({"id": "a", "url": "not a url", "text": ""}, "source", "a"),
        ({"id": "a", "text": ""}, "source", "a"),
        ({"id": "a", "headline": "h", "text": ""}, "title", "h"),
        ({"id": "a", "link": "l", "text": ""}, "url", "l"),
        ({"id": "a", "lang": "ur", "text": ""}, "language", "ur"),
        ({"id": "a", "date": "2026-01-31", "text": ""}, "published", datetime(2026, 1, 31, tzinfo=UTC)),
        (
            {"id": "a", "timestamp": 1700000000, "text": ""},
            "published",
            datetime.fromtimestamp(1_700_000_000, UTC),
        ),
        ({"id": "a", "date": 1.7e12, "text": ""}, "published", datetime.fromtimestamp(1_700_000_000, UTC)),
    ],
)
def test_guesses_fields(around: Callable[..., str], record: dict[str, Any], field: str, value: Any) -> None:
    assert getattr(last(around(record)), field) == value


def test_mapped_field_is_not_guessed() -> None:
    record = {"id": "a", "text": "wrong", "story": "right", "outlet": "o", "agency": "g"}
    article = last(lines(record), fields={"text": "story", "source": "agency"})
    assert (article.text, article.source) == ("right", "g")


def test_unknown_field_and_encoding_are_wrong_usage() -> None:
    with pytest.raises(SettingsError, match="field is 'txt'; it must be one of text, id"):
        read_batches(["-"], fields={"txt": "body"})
    with pytest.raises(SettingsError, match="encoding is 'utf-99'"):
        read_batches(["-"], encoding="utf-99")
    with pytest.raises(SettingsError, match="encoding is 'rot13'"):
        read_batches(["-"], encoding="rot13")


def test_without_id_the_line_is_the_id() -> None:
    assert [a.id for a in read('\n{"text": "a"}\r\n\n  \n{"text": "b"}')] == ["stdin:2", "stdin:5"]


def test_line_numbers_are_right_behind_many_blocks(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(lines(*({"text": f"{n} " * 2000} for n in range(3000))))
    ids = [article.id for article in read_articles([path])]
    assert ids == [f"many:{n}" for n in range(1, 3001)]


@pytest.mark.parametrize("kind", ["line by line", "kernel"])
def test_mark_and_line_ends(kind: str) -> None:
    filler = FILLER if kind == "kernel" else []
    content = "\ufeff" + lines(*filler, {"id": "a", "text": "one\r\ntwo"}).replace("}\n", "}\r\n")
    articles = read(content)
    assert articles[0].id == (filler or [{"id": "a"}])[0]["id"]
    assert articles[-1].text == "one\r\ntwo"


def test_batches_have_the_schema_and_a_bounded_size() -> None:
    content = lines(*({"id": n, "text": "x"} for n in range(45_000)))
    batches = list(read_batches(["-"], stdin=io.BytesIO(content.encode())))
    assert all(batch.schema == ARTICLE_SCHEMA for batch in batches)
    assert sum(batch.num_rows for batch in batches) == 45_000
    assert max(batch.num_rows for batch in batches) <= 20_000
    for batch in batches:
        batch.validate(full=True)


def test_fifty_megabytes_on_one_line(tmp_path: Path) -> None:
    text = "मुंबई and more. " * 2_000_000
    path = tmp_path / "long.jsonl"
    path.write_text(lines({"id": "a", "text": "b"}, {"id": "long", "text": text}, {"id": "c", "text": "d"}))
    assert path.stat().st_size > 50_000_000
    assert [(a.id, len(a.text)) for a in read_articles([path])] == [("a", 1), ("long", len(text)), ("c", 1)]


@pytest.mark.parametrize(
    ("line", "error", "says"),
    [
        (b'{"id": "a", "text": "b"', InputError, r"broken JSON: Expecting ',' delimiter at column 24, near"),
        (b'{"id": "a" "text": "b"}', InputError, r"broken JSON: Expecting ',' delimiter at column 12"),
        (b'{"id": "a", "text": "b",}', InputError, "broken JSON"),
        (b'{"id": "a", "text": "b"} x', InputError, "broken JSON: Extra data"),
        (b'{"id": "a", "x": NaN, "text": "b"}', InputError, "NaN and Infinity are not JSON"),
        (b'{"id": "a", "text": "raw\ttab"}', InputError, "broken JSON: Invalid control character"),
        (b'{"id": "a", "text": "raw\x00"}', InputError, "broken JSON: Invalid control character"),
        (rb'{"id": "a", "text": "half \ud800 pair"}', InputError, r"\\ud800 is one half of a surrogate pair"),
        (rb'{"id": "a", "text": "half \udc00"}', InputError, r"\\udc00 is one half of a surrogate pair"),
        (
            rb'{"id": "a", "text": "nul \u0000"}',
            InputError,
            "text has a NUL character at place 4; take it out",
        ),
        (rb'{"id": "a\u0000", "text": ""}', InputError, "id has a NUL character at place 1"),
        (
            b'{"id": "a", "text": "caf\xe9"}',
            InputError,
            r"byte 0xE9 at offset \d+ is not UTF-8; .* --encoding cp1252",
        ),
        (b'[{"id": "a"}]', FieldError, "not a JSON object"),
        (b'"text"', FieldError, "not a JSON object"),
        (b'{"id": "a", "text": null}', FieldError, "text is null"),
        (b'{"id": "a", "text": 5}', FieldError, "text is 5; it must be a string"),
        (b'{"id": "a", "text": {"x": 1}}', FieldError, "text is an object; it must be a string"),
        (
            b'{"id": "a", "head": "b", "story": "the longest of them"}',
            FieldError,
            "no field 'text' or 'body' .*; the fields found are 'id', 'head', 'story'; .* --field text=story",
        ),
        (b"[" * 100_000, InputError, "broken JSON"),
    ],
)
def test_bad_lines(around: Callable[..., str], line: bytes, error: type[InputError], says: str) -> None:
    before = around({"id": "before", "text": "sound"}).encode()
    content = before + line + b"\n" + lines({"id": "after", "text": "sound"}).encode()
    with pytest.raises(error, match=says) as raised:
        read(content)
    assert type(raised.value) is error
    assert (raised.value.file, raised.value.line) == ("-", before.count(b"\n") + 1)
    reading = read_batches(["-"], stdin=io.BytesIO(content), on_error="skip")
    ids = [name for batch in reading for name in batch.column("id").to_pylist()]
    assert (ids[-2:], reading.skipped) == (["before", "after"], 1)


def test_offset_of_the_wrong_byte_counts_from_the_start_of_the_file() -> None:
    content = b'\xef\xbb\xbf{"id": 1, "text": "ok"}\n{"id": 2, "text": "caf\xe9"}\n'
    with pytest.raises(InputError, match=f"offset {content.index(0xE9)} "):
        read(content)


def test_the_first_fault_is_raised() -> None:
    content = lines({"id": "a", "text": "b"}, {"id": "a", "text": "c"}) + "{broken\n"
    with pytest.raises(DuplicateIdError):
        read(content)


def test_duplicate_ids_name_both_places(tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_text(lines({"id": "x", "text": "a"}, {"id": "y", "text": "b"}))
    two.write_text(lines({"id": "z", "text": "c"}, {"id": "y", "text": "d"}))
    with pytest.raises(DuplicateIdError) as raised:
        list(read_articles([one, two]))
    assert str(raised.value).startswith(f"{two}:2: the id 'y' is taken by {one}:2; every article needs an id")


def test_a_left_out_article_does_not_take_its_id() -> None:
    content = lines({"id": "a", "text": "b\0"}, {"id": "a", "text": "kept"})
    assert [a.text for a in read(content, on_error="skip")] == ["kept"]


def test_other_encodings() -> None:
    content = lines({"id": "a", "text": "café “x”"})
    for encoding in ("cp1252", "utf-16", "utf-16-le", "utf-8-sig"):
        assert read(content.encode(encoding), encoding=encoding)[0].text == "café “x”"
    for encoding in ("utf-16", "utf-32"):  # their mark says so
        assert read(content.encode(encoding))[0].text == "café “x”"
    with pytest.raises(InputError, match=r"-:1: byte 0x.. at offset 24 is not ASCII"):
        read(content.encode(), encoding="ascii")


def test_nothing_in_it() -> None:
    for content in ("", "\n\n  \n"):
        with pytest.raises(InputError, match="-: no articles in it"):
            read(content)
    reading = read_batches(["-"], stdin=io.BytesIO(b""), on_error="skip")
    assert (list(reading), reading.skipped) == ([], 1)


def test_notes_say_how_sources_were_found() -> None:
    content = lines(
        {"id": 1, "text": ""},
        {"id": 2, "text": "", "url": "http://x.org"},
        {"id": 3, "text": "", "source": "s"},
    )
    reading = read_batches(["-"], stdin=io.BytesIO(content.encode()))
    assert len(list(reading)) == 1
    assert reading.notes[:2] == [
        "no source is named for 1 articles: the host of the url counts as the source",
        "neither source nor url is named for 1 articles: each counts as a source of its own",
    ]


def test_read_once() -> None:
    reading = Reading(["-"], stdin=io.BytesIO(b'{"text": "a"}'))
    assert len(list(reading)) == 1
    with pytest.raises(RuntimeError, match="read once"):
        iter(reading)


def test_a_mapped_field_that_no_record_has_is_said() -> None:
    options = {"fields": {"source": "outlett", "title": "head"}}
    reading = read_batches(["-"], stdin=io.BytesIO(b'{"id": 1, "head": "h", "text": "a"}'), **options)  # type: ignore[arg-type]
    with pytest.raises(FieldError, match=r"no record has the field 'outlett' \(--field source=outlett\)"):
        list(reading)


@pytest.mark.parametrize("value", ["{}", "true", "[]", '{"x": 1}'])
def test_what_is_not_an_id_or_a_date_does_not_cost_the_article(value: str) -> None:
    found = read(f'{{"id": {value}, "published": {value}, "text": "b"}}'.encode())
    assert [(one.id, one.published, one.text) for one in found] == [("stdin:1", None, "b")]


def test_ids_that_a_data_frame_made_fractions_of() -> None:
    assert [one.id for one in read(b'{"id": 17283.0, "text": "a"}\n{"id": 1.5, "text": "b"}')] == [
        "17283",
        "1.5",
    ]

"""The JSON kernel against msgspec: it reads the same values, or reports that it leaves the block."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.reading.fields import FIELDS
from dedup.reading.flat import flat_names, flat_row
from dedup.reading.json_columns import json_columns
from dedup.reading.json_keys import key_table

NAMES = flat_names()
TABLE = key_table(NAMES)
assert TABLE is not None

#: Short strings, and some longer than what the kernel examines at once.
long_text = st.lists(st.text("ab", max_size=80) | st.text(max_size=2), max_size=5).map("".join)
text = st.text(max_size=40) | long_text
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    text,
)
nested = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3)
)
keys = st.sampled_from([name for names in NAMES.values() for name in names]) | st.sampled_from(
    ["tags", "te", "texts", "é"]
)
records = st.dictionaries(keys, st.one_of(text, text, scalars, nested), max_size=8)
blanks = st.sampled_from(["", " ", "\t", "  \r"])


def expected(block: bytes) -> tuple[list[list[str | None]], list[int]] | None:
    """Return what reading line by line gives; None if a line has a fault."""
    rows, lines = [], []
    for number, line in enumerate(block.split(b"\n")):
        if line.strip(b" \t\r"):
            try:
                record = msgspec.json.decode(line)
                if not isinstance(record, dict):
                    return None
                row = flat_row(record, NAMES)
                if row is None:
                    return None
            except ValueError:
                return None
            rows.append([row[field] for field in FIELDS])
            lines.append(number)
    return rows, lines


def found(block: bytes) -> tuple[list[list[str | None]], list[int]] | None:
    result = json_columns(block, TABLE)
    if result is None:
        return None
    assert result.line_count == block.count(b"\n")
    columns = [column.to_pylist() for column in result.columns]
    return [list(row) for row in zip(*columns, strict=True)], result.lines.tolist()


def number_of(value: str | None) -> Any:
    return float(value[1:]) if value and value.startswith("@") else value


def agree(one: list[list[str | None]], two: list[list[str | None]]) -> bool:
    place = FIELDS.index("published")
    for row in (*one, *two):
        row[place] = number_of(row[place])
    return one == two


@given(st.lists(st.tuples(records, blanks, st.booleans()), max_size=6))
@settings(max_examples=300, deadline=None)
def test_sound_records_are_read_as_msgspec_reads_them(parts: list[tuple[dict[str, Any], str, bool]]) -> None:
    block = "".join(
        blank + json.dumps(record, ensure_ascii=ascii_only) + blank + "\n"
        for record, blank, ascii_only in parts
    ).encode()
    result, oracle = found(block), expected(block)
    if oracle is None:
        assert result is None
    elif result is not None:
        assert result[1] == oracle[1]
        assert agree(result[0], oracle[0])


@given(
    st.lists(
        st.fixed_dictionaries({"text": text}, optional={"id": text, "tags": nested, "date": text}), min_size=1
    )
)
@settings(max_examples=200, deadline=None)
def test_usual_records_are_never_left_to_the_slow_path(usual: list[dict[str, Any]]) -> None:
    assert (
        found("\n".join(json.dumps(record) for record in usual).encode().replace(b"\\u0000", b"")) is not None
    )


@given(st.data())
@settings(max_examples=500, deadline=None)
def test_damaged_lines_are_never_taken_for_sound_ones(data: st.DataObject) -> None:
    record = data.draw(
        st.fixed_dictionaries({"text": text}, optional={"id": text, "tags": nested, "date": scalars})
    )
    line = bytearray(json.dumps(record, ensure_ascii=data.draw(st.booleans())).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(line) - 1))
        kind = data.draw(st.sampled_from(["drop", "change", "insert"]))
        byte = data.draw(st.sampled_from(list(b'"\\{}[],:0-.eEutn \x00\xff\xc3\n')))
        if kind == "drop" and len(line) > 1:
            del line[at]
        elif kind == "change":
            line[at] = byte
        else:
            line.insert(at, byte)
    result, oracle = found(bytes(line)), expected(bytes(line))
    if result is not None and oracle is None:
        # Only parts outside the wanted fields may be laxer: bytes that are not UTF-8, huge numbers, lone
        # halves of a surrogate pair. The wanted fields themselves are valid.
        lenient = line.decode(errors="replace")
        assert all(isinstance(json.loads(part), dict) for part in lenient.split("\n") if part.strip(" \t\r"))
    elif result is not None and oracle is not None:
        assert agree(result[0], oracle[0])


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
@example(b'{"text": "a"} {"text": "b"}')
@example(b'{"text": "a", "text": "b"}')
@example(b'{"te\\u0078t": "a"}')
@example(b'{"text": "\\ud800\\u0041"}')
@example(b'{"text": "\xed\xa0\x80"}')
@example(b'{"text": "a", "id": 007}')
@example(b'{"text":')
def test_any_bytes_are_survived(block: bytes) -> None:
    result, oracle = found(block), expected(block)
    if result is not None and oracle is not None:
        assert agree(result[0], oracle[0])


def test_many_short_records_fit() -> None:
    block = b'{"text":""}\n' * 10_000
    result = found(block)
    assert result is not None
    assert len(result[0]) == 10_000


def test_names_that_need_escapes_are_left_to_the_slow_path() -> None:
    assert key_table(flat_names({"text": ('a"b',)})) is None
    assert key_table(flat_names({"text": ("naïve",)})) is not None

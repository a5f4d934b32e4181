"""Whatever an option or a file contains: a result, or one message and an exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dedup.cli.application import app
from dedup.errors import DedupError

VALUES = st.one_of(
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "1e9",
            "nan",
            "inf",
            "9" * 400,
            "auto",
            "=",
            "a=b",
            "[",
            "\x1b[31m",
            "ü",
            "2026-13-40",
        ]
    ),
    st.text(max_size=12).filter(lambda text: "\0" not in text),
    st.integers().map(str),
    st.floats().map(str),
)
OPTIONS = [
    *(
        "--field",
        "--encoding",
        "--on-error",
        "--min-words",
        "--shingle-words",
        "--passage-words",
        "--bands",
        "--rows",
    ),
    *("--seed", "--max-bucket", "--scope", "--threads", "--format", "--limit", "--records", "--preset"),
    *(
        "--input-format",
        "--table",
        "--html",
        "--date-order",
        "--timezone",
        "--text-as",
        "--fold",
        "--settings",
    ),
    *("--background", "--memory", "--scratch", "--within", "--common-share", "--min-jaccard"),
]
CONTENTS = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        [
            b"",
            b"{}",
            b"[",
            b'{"text":1}',
            b'{"id":1,"text":"a"}\n{"id":1,"text":"b"}',
            b"a,b\n1\n",
            b"\xff\xfe",
        ]
    ),
)


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.sampled_from(OPTIONS), VALUES), max_size=3),
    CONTENTS,
    st.sampled_from([".jsonl", ".csv", ".txt", ".json", ".xml", ""]),
)
@settings(
    max_examples=1_000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_scan_ends_with_a_code_that_it_promises(
    tmp_path: Path, options: list[tuple[str, str]], content: bytes, ending: str
) -> None:
    path = tmp_path / f"input{ending}"
    path.write_bytes(content)
    words = [word for option, value in options for word in (option, value)]
    result = CliRunner().invoke(app, ["scan", str(path), "--quiet", *words])
    if isinstance(result.exception, DedupError):
        assert str(result.exception).strip()
        return
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code in (0, 1, 2, 3)
    assert "internal error" not in result.output

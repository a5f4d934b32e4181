"""The result as JSON lines: one object a line, overlaps, then articles, then stories, then one summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, BinaryIO

import msgspec

from dedup.reporting.records import Record, article_record, overlap_record, story_record, summary_record
from dedup.results import Report

#: Lines encoded at once: enough to make the calls cheap, few enough to keep memory flat.
LINES_AT_ONCE = 1024


def write(report: Report, stream: BinaryIO) -> None:
    r"""Write a report as JSON lines, in UTF-8.

    Keys come in the order of the fields in `dedup.results`, after ``kind``, which is ``overlap``,
    ``article``, ``story`` or ``summary``. Absent values are ``null``, scores have four digits, times are
    ISO 8601 in UTC with a ``Z``, and spans count characters (code points), not bytes or UTF-16 units.

    Parameters
    ----------
    report : Report
    stream : binary file
        Written to in order; one record at a time is built, so that memory stays flat.

    Examples
    --------
    >>> import io
    >>> from types import SimpleNamespace
    >>> from dedup.results import Summary
    >>> summary = Summary(2, 0, 0, 0, 0, settings="0f", version="0.1.0")
    >>> stream = io.BytesIO()
    >>> write(SimpleNamespace(overlaps=(), articles=(), stories=(), summary=summary), stream)
    >>> stream.getvalue()[:40]
    b'{"kind":"summary","articles":2,"skipped"'
    """
    encoder = msgspec.json.Encoder()
    lines = _records(report)
    while block := list(islice(lines, LINES_AT_ONCE)):
        stream.write(encoder.encode_lines(block))


def _records(report: Report) -> Iterator[Record]:
    return chain(
        _kind("overlap", report.overlaps, overlap_record),
        _kind("article", report.articles, article_record),
        _kind("story", report.stories, story_record),
        _kind("summary", (report.summary,), summary_record),
    )


def _kind(kind: str, items: Iterable[Any], record: Callable[[Any], Record]) -> Iterator[Record]:
    for item in items:
        yield {"kind": kind, **record(item)}

"""The result as JSON lines, one object per line: overlaps, then articles, then stories, then one summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from dedup.reporting.json_encoding import encode_lines
from dedup.reporting.records import Record, record_of
from dedup.results import Report
from dedup.runtime.threads import available_threads, map_in_order

#: Number of articles in a block of lines.
ARTICLES_AT_ONCE = 16_384


def write(report: Report, stream: BinaryIO, *, threads: int | None = None) -> None:
    r"""Write a report as JSON lines, in UTF-8.

    Keys are in the order of the fields in `dedup.results`, after ``kind``, which is ``overlap``, ``article``,
    ``story`` or ``summary``. Missing values are ``null``, scores have four digits, times are ISO 8601 in UTC
    with a ``Z``, and spans count characters (code points), not bytes or UTF-16 units.

    Parameters
    ----------
    report : Report
    stream : binary file
        Written in order, one block of lines at a time, so that memory stays constant.
    threads : int, optional
        Number of threads that encode the blocks; by default all processors.
    """
    threads = threads or available_threads()
    for block in map_in_order(lambda block: _overlaps(report, *block), report.overlap_blocks(), threads):
        stream.write(block)
    starts = range(0, len(report.articles), ARTICLES_AT_ONCE)
    for block in map_in_order(lambda start: _articles(report, start), starts, threads):
        stream.write(block)
    encoder = msgspec.json.Encoder()
    for record in _stories_and_summary(report):
        stream.write(encoder.encode(record) + b"\n")


def _stories_and_summary(report: Report) -> Iterator[Record]:
    for story in report.stories:
        yield {"kind": "story", **record_of(story)}
    yield {"kind": "summary", **record_of(report.summary)}


def _overlaps(report: Report, start: int, end: int) -> memoryview:
    return encode_lines(report.overlap_batch(start, end), "overlap")


def _articles(report: Report, start: int) -> memoryview:
    end = min(start + ARTICLES_AT_ONCE, len(report.articles))
    return encode_lines(report.article_batch(start, end), "article")

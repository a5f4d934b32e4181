"""The one form in which articles travel: Arrow record batches."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from dedup.article import Article

_COLUMNS: list[pa.Field[Any]] = [
    pa.field("id", pa.string(), nullable=False),
    pa.field("source", pa.string(), nullable=False),
    pa.field("title", pa.string()),
    pa.field("url", pa.string()),
    pa.field("published", pa.timestamp("us", tz="UTC")),
    pa.field("language", pa.string()),
    pa.field("text", pa.string(), nullable=False),
    pa.field("published_precision", pa.string()),
    pa.field("published_zone", pa.string()),
    pa.field("credit_lines", pa.string()),
]

#: Columns of a batch of articles. `id`, `source` and `text` are never null; `text` may be empty. `published`
#: is the start of the unit that `published_precision` names; `credit_lines` has one line per field.
ARTICLE_SCHEMA = pa.schema(_COLUMNS)


class ArticleBatches(ABC):
    """Batches of articles with further information, which a run reports: what was left out, and notes.

    `dedup.reading.Reading` is one. A run accepts any iterable of batches, but reports only on these.
    """

    @abstractmethod
    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """Yield the batches; possible once."""

    @property
    @abstractmethod
    def skipped(self) -> int:
        """Number of articles and files left out; complete after the last batch."""

    @property
    @abstractmethod
    def notes(self) -> Sequence[str]:
        """Notes for the user; complete after the last batch."""

    @property
    @abstractmethod
    def expected_bytes(self) -> int | None:
        """Approximate bytes of text to come; None if it cannot be known."""


def to_batches(articles: Iterable[Article], *, rows: int = 4096) -> Iterator[pa.RecordBatch]:
    """Cut a stream of articles into batches of at most `rows` rows.

    Examples
    --------
    >>> [batch.num_rows for batch in to_batches([Article(id="a", text="One."), Article(id="b", text="")])]
    [2]
    """
    pending: list[Article] = []
    for article in articles:
        pending.append(article)
        if len(pending) == rows:
            yield _batch(pending)
            pending = []
    if pending:
        yield _batch(pending)


def to_articles(batch: pa.RecordBatch) -> Iterator[Article]:
    """Yield the rows of one batch as articles."""
    for row in batch.to_pylist():
        yield Article(**row)


def _batch(articles: list[Article]) -> pa.RecordBatch:
    columns = {name: [getattr(article, name) for article in articles] for name in ARTICLE_SCHEMA.names}
    columns["published"] = [_utc(moment) for moment in columns["published"]]
    return pa.RecordBatch.from_pydict(columns, schema=ARTICLE_SCHEMA)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment

"""The result of a run: columns within, records when they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar, cast, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.article import Article, Span
from dedup.corpus.protocols import ComparedArticles
from dedup.overlaps.measure import OverlapColumns
from dedup.report.batches import blocks, named, overlap_batch, overlap_records
from dedup.results import ArticleSummary, Overlap, Story, Summary
from dedup.runtime.unique import distinct
from dedup.schemas import ARTICLE_SCHEMA
from dedup.stories.groups import ORIGIN_REASONS, Stories, group, likely_origin
from dedup.stories.standing import Standing, own_agency
from dedup.text.flags import FURNITURE
from dedup.text.tokens import tokenise

Record = TypeVar("Record")
_ROWS_A_CHUNK = 512


class Records(Sequence[Record]):
    """Records that are built a chunk at a time when they are read; the last chunk is kept."""

    def __init__(self, count: int, build: Callable[[int, int], list[Record]]) -> None:
        self._count = count
        self._build = build
        self._chunk: tuple[int, list[Record]] = (-1, [])

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self[row] for row in range(*index.indices(self._count))]
        row = index + self._count if index < 0 else index
        if not 0 <= row < self._count:
            raise IndexError(f"row {index} of {self._count}")
        number = row // _ROWS_A_CHUNK
        if self._chunk[0] != number:
            start = number * _ROWS_A_CHUNK
            self._chunk = number, self._build(start, min(start + _ROWS_A_CHUNK, self._count))
        return self._chunk[1][row % _ROWS_A_CHUNK]

    def __iter__(self) -> Iterator[Record]:
        for start in range(0, self._count, _ROWS_A_CHUNK):
            yield from self._build(start, min(start + _ROWS_A_CHUNK, self._count))


class ScanReport:
    """What `dedup.detector.find_overlaps` gives: a `dedup.results.Report`.

    It reads the texts from the run's scratch directory, which goes when the report goes.
    """

    def __init__(
        self,
        corpus: ComparedArticles,
        columns: OverlapColumns,
        lengths: NDArray[np.int64],
        *,
        skipped: int,
        cut_short: int,
        notes: Sequence[str],
        version: str,
    ) -> None:
        """`lengths` counts each article's words without site furniture, shape (n_articles,)."""
        self._corpus = corpus
        self._columns = columns
        self._lengths = lengths
        shown = columns.copied
        # Stories are made over the articles in the order of their ids: nothing hangs on the order of reading.
        rows = np.asarray(pc.sort_indices(corpus.ids)).astype(np.int64)
        ranks = np.argsort(rows)
        by_id = group(len(corpus), ranks[columns.aligned.a[shown]], ranks[columns.aligned.b[shown]])
        self._stories = Stories(by_id.of_article[ranks], rows[by_id.members], by_id.offsets)
        self._standing = Standing(corpus, columns, lengths, ranks)
        origins, self._origin_reasons = likely_origin(
            by_id,
            own_agency=own_agency(corpus)[rows],
            published=corpus.published[rows],
            credited=corpus.credited[rows],
            words=(self._standing.copied * lengths).astype(np.int64)[rows],
        )
        self._origins = rows[origins]
        self.notes: Sequence[str] = tuple(notes)
        self.overlaps: Sequence[Overlap] = Records(len(columns), self._overlaps)
        self.articles: Sequence[ArticleSummary] = Records(len(corpus), self._summaries)
        self.stories: Sequence[Story] = Records(len(self._stories), self._story_records)
        self.summary = Summary(
            articles=len(corpus),
            skipped=skipped,
            overlaps=len(columns),
            stories=len(self._stories),
            cut_short=cut_short,
            settings=corpus.settings.fingerprint(),
            version=version,
        )
        self._rows: dict[str, int] | None = None

    @property
    def story_labels(self) -> NDArray[np.int64]:
        """The number of each article's story, -1 for none, in the order of reading; shape (n_articles,)."""
        return self._stories.of_article

    def article(self, id: str) -> Article:  # noqa: A002 - the field's name
        """The article as it was read. Raises `KeyError` for an unknown id."""
        return self._corpus.article(self._row(id))

    def furniture(self, article: Article) -> list[Span]:
        """Where site furniture stands in one of the run's articles, as runs of words."""
        tokens = tokenise([article.text], places=True)
        compared = self._corpus.placed_tokens(np.array([self._row(article.id)]))
        story_text = compared.starts[compared.flags & FURNITURE == 0]
        furniture = np.isin(tokens.starts, story_text, invert=True)
        edges = np.diff(furniture.astype(np.int8), prepend=0, append=0)
        starts, ends = tokens.starts[edges[:-1] == 1], tokens.ends[edges[1:] == -1]
        return [Span(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]

    def _row(self, name: str) -> int:
        if self._rows is None:
            self._rows = {name: row for row, name in enumerate(self._corpus.ids.to_pylist())}
        return self._rows[name]

    def overlap_blocks(self) -> list[tuple[int, int]]:
        """Runs ``start, end`` of overlaps for `overlap_batch`, each with a few MB of text."""
        return blocks(self._columns)

    def overlap_batch(self, start: int, end: int) -> pa.RecordBatch:
        """The overlaps ``start:end`` with `dedup.schemas.OVERLAP_SCHEMA`; threads may ask at once."""
        return overlap_batch(self._corpus, self._columns, start, end)

    def article_batch(self, start: int, end: int) -> pa.RecordBatch:
        """The articles ``start:end`` with `dedup.schemas.ARTICLE_SCHEMA`."""
        corpus, standing, rows = self._corpus, self._standing, slice(start, end)
        stories = self._stories.of_article[rows]
        first = np.where(stories >= 0, self._stories.firsts[stories], -1) if len(self._stories) else stories
        made: dict[str, Any] = {
            "id": corpus.ids.slice(start, end - start),
            "source": named(corpus.sources[rows], corpus.source_names),
            "copied": standing.copied[rows],
            "quoted": standing.quoted[rows],
            "furniture": self._furniture(start, end),
            "agency": named(standing.agency[rows], corpus.agency_names),
            "credited": corpus.credited[rows],
            "passages": standing.passages[rows],
            "others": standing.others[rows],
            "earliest": self._ids_or_none(standing.earliest[rows]),
            "story": self._ids_or_none(first),
        }
        return pa.RecordBatch.from_arrays(
            [pa.array(made[field.name], field.type) for field in ARTICLE_SCHEMA], schema=ARTICLE_SCHEMA
        )

    def _overlaps(self, start: int, end: int) -> list[Overlap]:
        return overlap_records(self.overlap_batch(start, end))

    def _summaries(self, start: int, end: int) -> list[ArticleSummary]:
        columns = [column.to_pylist() for column in self.article_batch(start, end).columns]
        return [ArticleSummary(*values) for values in zip(*columns, strict=True)]

    def _ids_or_none(self, rows: NDArray[np.int64]) -> pa.StringArray:
        """The ids of some articles; null for -1."""
        return self._corpus.ids.take(pa.array(rows, mask=rows < 0))

    def _furniture(self, start: int, end: int) -> NDArray[np.float64]:
        words = np.diff(self._corpus.offsets[start : end + 1])
        return np.asarray(1.0 - self._lengths[start:end] / np.maximum(words, 1)) * (words > 0)

    def _story_records(self, start: int, end: int) -> list[Story]:
        corpus, offsets = self._corpus, self._stories.offsets[start : end + 1]
        members, bounds = self._stories.members[offsets[0] : offsets[-1]], offsets - offsets[0]
        ids = _ids(corpus, members)  # those of a story in order: as its members are
        number = np.repeat(np.arange(end - start, dtype=np.uint64), np.diff(offsets))
        of_source = distinct((number << np.uint64(32)) | corpus.sources[members])
        sources = np.bincount((of_source >> np.uint64(32)).astype(np.int64))
        published = np.fmin.reduceat(corpus.published[members], bounds[:-1])  # NaT where no time is known
        return [
            Story(ids[low], tuple(ids[low:high]), outlets, origin, ORIGIN_REASONS[reason], moment)
            for low, high, outlets, origin, reason, moment in zip(
                bounds[:-1].tolist(),
                bounds[1:].tolist(),
                sources.tolist(),
                _ids(corpus, self._origins[start:end]),
                self._origin_reasons[start:end].tolist(),
                _moments(published),
                strict=True,
            )
        ]


def _ids(corpus: ComparedArticles, rows: NDArray[np.int64]) -> list[str]:
    return cast("list[str]", corpus.ids.take(pa.array(rows)).to_pylist())


def _moments(times: NDArray[np.datetime64]) -> list[datetime | None]:
    found: list[datetime | None] = times.astype("datetime64[us]").tolist()
    return [None if moment is None else moment.replace(tzinfo=UTC) for moment in found]

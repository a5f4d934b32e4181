"""Overlaps as Arrow batches with the texts of their passages, and records made from them.

A new field of `dedup.results.Overlap` or `AlignedPassages` is derived here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.alignment.batch import Alignments
from dedup.corpus.protocols import ComparedArticles
from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.place import joined_spans
from dedup.overlaps.relations import (
    OVERLAP_RELATIONS,
    PASSAGE_RELATIONS,
    crossing,
    joined_relations,
    reason_column,
)
from dedup.report.derived import Derived, named
from dedup.results import AlignedPassages, Overlap
from dedup.stories.moments import direction, intervals
from dedup.stories.suppliers import credited
from dedup.text.readable import readable

#: Maximum number of overlaps per batch, and the approximate number of characters of its passages.
_ROWS, _CHARACTERS = 4096, 4_000_000
#: What counts as markup: a tag, an entity, or a Markdown link.
_MARKUP = r"<[A-Za-z/!]|&[#A-Za-z]|\]\("


@dataclass(frozen=True)
class OverlapRows:
    """The overlaps ``start:end`` of a run."""

    corpus: ComparedArticles
    columns: OverlapColumns
    start: int
    end: int
    labels: NDArray[np.int64] | None = None

    @property
    def rows(self) -> slice:
        return slice(self.start, self.end)

    @cached_property
    def direction(self) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
        """Which of the two was published first, and how long before: `dedup.stories.moments.direction`."""
        since, until = intervals(self.corpus.published, self.corpus.precision)
        return direction(since, until, self.a, self.b)

    def agencies(self) -> list[list[str]]:
        """Return all suppliers that credits in either article name and whose text it may be."""
        copied = self.columns.copied[self.rows]
        taking_part = np.concatenate((self.a[copied], self.b[copied]))
        named_in = credited(self.corpus.credits, taking_part)
        pairs = zip(self.a.tolist(), self.b.tolist(), copied.tolist(), strict=True)
        return [list(dict.fromkeys(named_in[a] + named_in[b])) if shared else [] for a, b, shared in pairs]

    def same_story(self) -> NDArray[np.bool_]:
        """Whether both are in one story; without stories, whether they share more than a quotation."""
        if self.labels is None:
            return self.columns.copied[self.rows]
        return np.asarray((self.labels[self.a] == self.labels[self.b]) & (self.labels[self.a] >= 0))

    @cached_property
    def a(self) -> NDArray[np.int64]:
        return self.columns.aligned.a[self.rows]

    @cached_property
    def b(self) -> NDArray[np.int64]:
        return self.columns.aligned.b[self.rows]

    @cached_property
    def agency(self) -> pa.StringArray:
        return named(self.columns.agency[self.rows], self.corpus.agency_names)

    def sources(self, articles: NDArray[np.int64]) -> pa.StringArray:
        return named(self.corpus.sources[articles], self.corpus.source_names)

    def reasons(self) -> pa.ListArray:
        columns, rows, credited = self.columns, self.rows, self.corpus.credited
        return reason_column(
            columns.relation[rows],
            coverage_a=columns.coverage_a[rows],
            coverage_b=columns.coverage_b[rows],
            words=columns.words[rows],
            quoted_words=columns.quoted_words[rows],
            agency=self.agency,
            widely_run=columns.widely_run[rows],
            credited=columns.syndicated[rows] & (credited[self.a] | credited[self.b]),
            differing=[columns.differing.get(pair) for pair in range(self.start, self.end)],
            sentence=columns.sentence[rows],
        )

    def passages(self) -> pa.ListArray:
        bounds = self.columns.offsets[self.start : self.end + 1]
        rows = PassageRows(self.corpus, self.columns, slice(bounds[0], bounds[-1]))
        offsets = np.searchsorted(rows.first, bounds - bounds[0])
        return pa.ListArray.from_arrays(offsets.astype(np.int32), PASSAGES.structs(rows))


@dataclass(frozen=True)
class PassageRows:
    """Some passages of a run, in the order of their overlaps; `rows` are the rows of their pieces."""

    corpus: ComparedArticles
    columns: OverlapColumns
    rows: slice

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """The row of the first piece of each passage, counted from the first piece of all."""
        return self.columns.aligned.passages.take(self.rows).first_pieces

    @cached_property
    def found(self) -> Alignments:
        return self.columns.aligned.passages.take(self.rows).joined()

    @cached_property
    def spans(self) -> NDArray[np.int64]:
        """a_start, a_end, b_start, b_end, one row per passage."""
        return joined_spans(self.columns.spans[self.rows], self.first).T

    @property
    def relations(self) -> NDArray[np.uint8]:
        """The relation of each passage, as a `dedup.overlaps.relations.PassageCode`."""
        return joined_relations(self.columns.passage_relation[self.rows], self.first)

    def scores(self, of_pieces: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scores of the passages from columns that repeat them for each piece."""
        return np.asarray(of_pieces[self.rows][self.first])

    def pieces(self) -> pa.ListArray:
        spans = self.columns.spans[self.rows]
        each = pa.ListArray.from_arrays(
            np.arange(0, 4 * len(spans) + 1, 4, dtype=np.int32), pa.array(spans.ravel())
        )
        return pa.ListArray.from_arrays(np.append(self.first, len(spans)).astype(np.int32), each)

    @cached_property
    def texts(self) -> pa.StringArray:
        """The texts of all spans in a, followed by those in b."""
        aligned, (a_start, a_end, b_start, b_end) = self.columns.aligned, self.spans
        return self.corpus.excerpts(
            np.concatenate([aligned.a[self.found.pair], aligned.b[self.found.pair]]),
            np.concatenate([a_start, b_start]),
            np.concatenate([a_end, b_end]),
        )

    @cached_property
    def readable(self) -> list[str | None]:
        """The items of `texts` that contain markup, rendered readable; None for the others."""
        texts = self.texts
        out: list[str | None] = [None] * len(texts)
        marked = np.flatnonzero(np.asarray(pc.match_substring_regex(texts, _MARKUP)))
        if self.corpus.settings.text_as == "plain" or not len(marked):
            return out
        aligned, (a_start, a_end, b_start, b_end) = self.columns.aligned, self.spans
        articles = np.concatenate([aligned.a[self.found.pair], aligned.b[self.found.pair]])[marked]
        starts, ends = np.concatenate([a_start, b_start]), np.concatenate([a_end, b_end])
        rows, number = np.unique(articles, return_inverse=True)
        whole = self.corpus.texts(rows)
        for row, text in zip(marked.tolist(), number.tolist(), strict=True):
            span = int(starts[row]), int(ends[row])
            out[row] = readable(whole[text].as_py(), *span, self.corpus.settings.text_as)
        return out


PASSAGES: Derived[PassageRows, AlignedPassages] = Derived(
    AlignedPassages,
    {
        "a_start": lambda rows: rows.spans[0],
        "a_end": lambda rows: rows.spans[1],
        "b_start": lambda rows: rows.spans[2],
        "b_end": lambda rows: rows.spans[3],
        "relation": lambda rows: named(rows.relations, PASSAGE_RELATIONS),
        "similarity": lambda rows: rows.found.similarity,
        "jaccard": lambda rows: rows.scores(rows.columns.aligned.passage_jaccard),
        "cosine": lambda rows: rows.scores(rows.columns.aligned.passage_cosine),
        "words": lambda rows: rows.found.words.astype(np.int64),
        "quoted_words": lambda rows: rows.found.quoted_words.astype(np.int64),
        "moved": lambda rows: crossing(rows.found),
        "pieces": PassageRows.pieces,
        "a_text": lambda rows: rows.texts.slice(0, len(rows.found)),
        "b_text": lambda rows: rows.texts.slice(len(rows.found)),
        "a_readable": lambda rows: rows.readable[: len(rows.found)],
        "b_readable": lambda rows: rows.readable[len(rows.found) :],
    },
)

OVERLAPS: Derived[OverlapRows, Overlap] = Derived(
    Overlap,
    {
        "a": lambda rows: rows.corpus.ids.take(pa.array(rows.a)),
        "b": lambda rows: rows.corpus.ids.take(pa.array(rows.b)),
        "a_source": lambda rows: rows.sources(rows.a),
        "b_source": lambda rows: rows.sources(rows.b),
        "relation": lambda rows: named(rows.columns.relation[rows.rows], OVERLAP_RELATIONS),
        "syndicated": lambda rows: rows.columns.syndicated[rows.rows],
        "agency": lambda rows: rows.agency,
        "agencies": OverlapRows.agencies,
        "similarity": lambda rows: rows.columns.similarity[rows.rows],
        "jaccard": lambda rows: rows.columns.aligned.jaccard[rows.rows],
        "coverage_a": lambda rows: rows.columns.coverage_a[rows.rows],
        "coverage_b": lambda rows: rows.columns.coverage_b[rows.rows],
        "words": lambda rows: rows.columns.words[rows.rows],
        "quoted_words": lambda rows: rows.columns.quoted_words[rows.rows],
        "longest_run": lambda rows: rows.columns.longest_run[rows.rows],
        "earlier": lambda rows: named(rows.direction[0], ("a", "b")),
        "gap_seconds": lambda rows: pa.array(rows.direction[1], mask=rows.direction[0] < 0),
        "same_story": OverlapRows.same_story,
        "reasons": OverlapRows.reasons,
        "passages": OverlapRows.passages,
    },
)


def blocks(columns: OverlapColumns) -> list[tuple[int, int]]:
    """Split the overlaps into runs ``start, end``, each for one batch of a few MB of text.

    An overlap with longer passages is a run by itself.
    """
    spans = columns.spans
    lengths = np.concatenate(([0], np.cumsum(spans[:, 1] - spans[:, 0] + spans[:, 3] - spans[:, 2])))
    before = lengths[columns.offsets]
    found, start = [], 0
    while start < len(columns):
        end = int(np.searchsorted(before, before[start] + _CHARACTERS, side="right")) - 1
        end = min(max(end, start + 1), start + _ROWS, len(columns))
        found.append((start, end))
        start = end
    return found


def overlap_batch(
    corpus: ComparedArticles,
    columns: OverlapColumns,
    start: int,
    end: int,
    labels: NDArray[np.int64] | None = None,
) -> pa.RecordBatch:
    """Return the overlaps ``start:end`` as a batch with `dedup.schemas.OVERLAP_SCHEMA`.

    `labels` holds the number of each article's story, -1 for none.
    """
    return OVERLAPS.batch(OverlapRows(corpus, columns, start, end, labels))


def overlap_records(batch: pa.RecordBatch) -> list[Overlap]:
    """Return the rows of a batch with `dedup.schemas.OVERLAP_SCHEMA` as records."""
    return OVERLAPS.records(batch)

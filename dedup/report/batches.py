"""Overlaps as Arrow batches, with the texts of their passages; and records made of them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.corpus.protocols import ComparedArticles
from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.relations import OVERLAP_RELATIONS, PASSAGE_RELATIONS, reason_column
from dedup.results import AlignedPassages, Overlap
from dedup.schemas import OVERLAP_SCHEMA, PASSAGE_SCHEMA

#: A batch has at most so many overlaps, and passages of about so many characters.
_ROWS, _CHARACTERS = 4096, 4_000_000


def blocks(columns: OverlapColumns) -> list[tuple[int, int]]:
    """Runs ``start, end`` of overlaps, each for one batch: a few MB of text.

    An overlap whose passages are longer than that is a run by itself.
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


def overlap_batch(corpus: ComparedArticles, columns: OverlapColumns, start: int, end: int) -> pa.RecordBatch:
    """The overlaps ``start:end`` as a batch with `dedup.schemas.OVERLAP_SCHEMA`."""
    aligned, rows = columns.aligned, slice(start, end)
    article_a, article_b = aligned.a[rows], aligned.b[rows]
    agency = named(columns.agency[rows], corpus.agency_names)
    made: dict[str, Any] = {
        "a": corpus.ids.take(pa.array(article_a)),
        "b": corpus.ids.take(pa.array(article_b)),
        "a_source": named(corpus.sources[article_a], corpus.source_names),
        "b_source": named(corpus.sources[article_b], corpus.source_names),
        "relation": named(columns.relation[rows], OVERLAP_RELATIONS),
        "syndicated": columns.syndicated[rows],
        "agency": agency,
        "similarity": columns.similarity[rows],
        "jaccard": aligned.jaccard[rows],
        "coverage_a": columns.coverage_a[rows],
        "coverage_b": columns.coverage_b[rows],
        "words": columns.words[rows],
        "quoted_words": columns.quoted_words[rows],
        "longest_run": columns.longest_run[rows],
        "reasons": reason_column(
            columns.relation[rows],
            coverage_a=columns.coverage_a[rows],
            coverage_b=columns.coverage_b[rows],
            words=columns.words[rows],
            quoted_words=columns.quoted_words[rows],
            agency=agency,
            widely_run=columns.widely_run[rows],
            credited=columns.syndicated[rows] & (corpus.credited[article_a] | corpus.credited[article_b]),
        ),
        "passages": _passages(corpus, columns, start, end),
    }
    return pa.RecordBatch.from_arrays(
        [pa.array(made[field.name], field.type) for field in OVERLAP_SCHEMA], schema=OVERLAP_SCHEMA
    )


def _passages(corpus: ComparedArticles, columns: OverlapColumns, start: int, end: int) -> pa.ListArray:
    """The passages of the overlaps ``start:end``."""
    aligned = columns.aligned
    offsets = columns.offsets[start : end + 1]
    rows = slice(offsets[0], offsets[-1])
    found = aligned.passages.take(rows)
    article_a, article_b = aligned.a[found.pair], aligned.b[found.pair]
    a_start, a_end, b_start, b_end = columns.spans[rows].T
    texts = corpus.excerpts(
        np.concatenate([article_a, article_b]),
        np.concatenate([a_start, b_start]),
        np.concatenate([a_end, b_end]),
    )
    made: dict[str, Any] = {
        "a_start": a_start,
        "a_end": a_end,
        "b_start": b_start,
        "b_end": b_end,
        "relation": named(columns.passage_relation[rows], PASSAGE_RELATIONS),
        "similarity": found.similarity,
        "jaccard": aligned.passage_jaccard[rows],
        "cosine": aligned.passage_cosine[rows],
        "words": found.words.astype(np.int64),
        "quoted_words": found.quoted_words.astype(np.int64),
        "a_text": texts.slice(0, len(found)),
        "b_text": texts.slice(len(found)),
    }
    structs = pa.StructArray.from_arrays(
        [pa.array(made[field.name], field.type) for field in PASSAGE_SCHEMA], fields=list(PASSAGE_SCHEMA)
    )
    return pa.ListArray.from_arrays((offsets - offsets[0]).astype(np.int32), structs)


def overlap_records(batch: pa.RecordBatch) -> list[Overlap]:
    """The rows of a batch with `dedup.schemas.OVERLAP_SCHEMA` as records."""
    lists = batch.column("passages")
    # A column at a time: to make a dict of each struct first costs twice as much.
    columns = [lists.values.field(field.name).to_pylist() for field in PASSAGE_SCHEMA]
    passages = [AlignedPassages(*values) for values in zip(*columns, strict=True)]
    offsets = lists.offsets.to_pylist()
    heads = [column.to_pylist() for column in batch.columns[:-2]]
    reasons = batch.column("reasons").to_pylist()
    return [
        Overlap(*(*head, tuple(said), tuple(passages[first:last])))
        for head, said, (first, last) in zip(
            zip(*heads, strict=True), reasons, pairwise(offsets), strict=True
        )
    ]


def named(numbers: NDArray[Any], names: Any) -> pa.StringArray:
    """Names by their numbers; null for the number -1 (the largest number, where they are unsigned)."""
    pool = pa.array([*names, None], pa.string())
    known = numbers.astype(np.int64)
    known = np.where((known < 0) | (known >= len(names)), len(names), known)
    return cast("pa.StringArray", pc.take(pool, pa.array(known)))

"""Overlaps as the catalogue keeps them: a row a pair of articles, its passages as one blob."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.alignment import Alignments
from dedup.index.catalogue import Catalogue
from dedup.overlaps import AlignedColumns

_PLACES = [field.name for field in fields(Alignments) if field.name != "pair"]
#: A passage; the Jaccard similarity of the two whole articles stands in each.
_PASSAGE = np.dtype(
    [(name, np.int32) for name in _PLACES]
    + [("jaccard", np.float64), ("cosine", np.float64), ("whole", np.float64)]
)
#: Names the layout; an index with another cannot be read.
LAYOUT = ",".join(_PASSAGE.names or ())


def add_overlaps(catalogue: Catalogue, found: AlignedColumns, copied: NDArray[np.bool_]) -> None:
    """Enter pairs of article numbers; `copied` says which of them make stories."""
    catalogue.run_many("INSERT INTO overlap VALUES (?, ?, ?, ?)", _rows(found, copied))


def overlaps_among(catalogue: Catalogue, numbers: Sequence[int] | None = None) -> AlignedColumns:
    """All overlaps, or those both of whose articles are among `numbers`."""
    if numbers is None:
        return _columns(catalogue.run("SELECT a, b, found FROM overlap").fetchall())
    wanted = set(numbers)
    rows = catalogue.among("SELECT a, b, found FROM overlap WHERE a IN (?)", list(numbers))
    return _columns([row for row in rows if row[1] in wanted])


def overlaps_with_earlier(catalogue: Catalogue, numbers: Sequence[int]) -> AlignedColumns:
    """The overlaps of some articles with those of smaller numbers."""
    wanted = set(numbers)
    rows = {
        (row[0], row[1]): row
        for column in ("a", "b")
        for row in catalogue.among(f"SELECT a, b, found FROM overlap WHERE {column} IN (?)", list(numbers))
        if max(row[0], row[1]) in wanted
    }
    return _columns(list(rows.values()))


def _rows(found: AlignedColumns, copied: NDArray[np.bool_]) -> Iterator[tuple[Any, ...]]:
    passages = np.empty(len(found.passages), _PASSAGE)
    for name in _PLACES:
        passages[name] = getattr(found.passages, name)
    passages["jaccard"], passages["cosine"] = found.passage_jaccard, found.passage_cosine
    passages["whole"] = found.jaccard[found.passages.pair]
    data = passages.tobytes()
    ends = np.searchsorted(found.passages.pair, np.arange(len(found.a)), side="right") * _PASSAGE.itemsize
    start = 0
    for a, b, kind, end in zip(
        found.a.tolist(), found.b.tolist(), copied.tolist(), ends.tolist(), strict=True
    ):
        yield a, b, int(kind), data[start:end]
        start = end


def _columns(rows: Sequence[tuple[Any, ...]]) -> AlignedColumns:
    passages = np.frombuffer(b"".join(row[2] for row in rows), _PASSAGE)
    counts = np.array([len(row[2]) // _PASSAGE.itemsize for row in rows], np.int64)
    pair = np.repeat(np.arange(len(rows)), counts)
    firsts = np.cumsum(counts) - counts
    columns: dict[str, Any] = {name: np.ascontiguousarray(passages[name]) for name in _PLACES}
    return AlignedColumns(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        passages["whole"][firsts] if len(rows) else np.zeros(0),
        Alignments(pair=pair, **columns),
        np.ascontiguousarray(passages["jaccard"]),
        np.ascontiguousarray(passages["cosine"]),
    )

"""Stored articles and their overlaps, collected for the stages after the candidates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.article import Article
from dedup.background.tables import one_each, source_hashes
from dedup.cleaning.credits import Credits
from dedup.cleaning.outlet_credits import told_by
from dedup.corpus.prepare import ComparedTokens, prepare
from dedup.corpus.protocols import ComparisonContext
from dedup.index.compare.incoming import Incoming, with_credits
from dedup.index.store.segments import STORED_SCHEMA
from dedup.index.store.snapshot import Snapshot
from dedup.overlaps.align import AlignedColumns
from dedup.overlaps.measure import OverlapColumns, relate
from dedup.overlaps.place import Places, place
from dedup.reading.batches import ARTICLE_SCHEMA
from dedup.runtime.progress import silent
from dedup.text.slicing import cut_out
from dedup.text.tokens import utf8_of

_COLUMNS = ["id", "source", "published", "published_precision", "agency", "credited", "credits"]


class Gathered:
    """Some articles of an index in the order of their ids, for the stages after the candidates.

    It is a `dedup.corpus.protocols.ComparedArticles`.

    Parameters
    ----------
    table : pyarrow.Table
        The columns id, source, published, published_precision, agency, credited and credits, in any order
        of the rows.
    tokens, compared : ndarray of shape (n_articles,)
        Number of tokens of each article, with and without site furniture.
    whole : callable
        Returns some columns of `ARTICLE_SCHEMA` for the articles with these rows of `table`.

    Attributes
    ----------
    rows : ndarray of shape (n_articles,), dtype int64
        The place of each row of `table` among the sorted ids.
    """

    def __init__(
        self,
        table: pa.Table,
        tokens: NDArray[np.int64],
        compared: NDArray[np.int64],
        terms: ComparisonContext,
        whole: Callable[[NDArray[np.int64], Sequence[str]], pa.Table],
    ) -> None:
        order = np.asarray(pc.sort_indices(_whole(table, "id"))).astype(np.int64)
        table = table.take(pa.array(order))
        self.rows = np.empty(len(order), np.int64)
        self.rows[order] = np.arange(len(order))
        self.background = terms.background
        self.settings = terms.settings
        self.outlets = terms.outlets
        self.ids: pa.StringArray = _whole(table, "id")
        self.sources, self.source_names = one_each(*_coded(_whole(table, "source")))
        times = np.asarray(_whole(table, "published").cast(pa.timestamp("us")))
        self.published = times.astype("datetime64[us]")
        self.precision = np.asarray(_whole(table, "published_precision"), object)
        agencies, self.agency_names = _coded(_whole(table, "agency"))
        self.agencies = agencies.view(np.int32)
        self.credited = np.asarray(_whole(table, "credited"))
        self.credits = told_by(Credits.of(_whole(table, "credits")), self.outlets)
        self.offsets = np.concatenate(([0], np.cumsum(tokens[order]))).astype(np.int64)
        self.compared = compared[order]
        self._order = order
        self._take = whole

    @classmethod
    def stored(cls, snapshot: Snapshot, numbers: NDArray[np.int64], terms: ComparisonContext) -> Gathered:
        """Collect stored articles with these ascending numbers."""

        def whole(rows: NDArray[np.int64], columns: Sequence[str]) -> pa.Table:
            chosen, place = np.unique(rows, return_inverse=True)
            table = snapshot.take(numbers[chosen], columns).combine_chunks()
            return table.take(pa.array(place))

        return cls(
            snapshot.take(numbers, _COLUMNS),
            snapshot.column(numbers, "tokens"),
            snapshot.column(numbers, "compared"),
            terms,
            whole,
        )

    @classmethod
    def with_new(
        cls, new: Incoming, snapshot: Snapshot, numbers: NDArray[np.int64], terms: ComparisonContext
    ) -> Gathered:
        """Collect stored articles, followed by new ones that are not stored."""
        stored = snapshot.take(numbers, STORED_SCHEMA.names)
        table = pa.concat_tables(
            [stored, pa.Table.from_batches([with_credits(new.batch, terms.outlets)])]
        ).combine_chunks()

        def whole(rows: NDArray[np.int64], columns: Sequence[str]) -> pa.Table:
            return table.select(list(columns)).take(pa.array(rows))

        return cls(
            table.select(_COLUMNS),
            np.concatenate([snapshot.column(numbers, "tokens"), new.lengths]),
            np.concatenate([snapshot.column(numbers, "compared"), new.compared.lengths]),
            terms,
            whole,
        )

    def __len__(self) -> int:
        return len(self.ids)

    def texts(self, rows: NDArray[np.int64]) -> pa.StringArray:
        """Return the texts of some articles."""
        return _whole(self._take(self._order[rows], ["text"]), "text")

    def excerpts(
        self, rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> pa.StringArray:
        """Return the characters ``starts[i]:ends[i]`` of the text of article ``rows[i]``."""
        articles, places = np.unique(rows, return_inverse=True)
        return cut_out(*utf8_of(self.texts(articles)), places, starts, ends)

    def metadata(self, name: str, start: int, end: int) -> pa.StringArray:
        """Return a text column of the articles ``start:end`` as they were given: title, url or language."""
        return _whole(self._take(self._order[start:end], [name]), name)

    def article(self, row: int) -> Article:
        """Return one article as it was given."""
        (record,) = self._take(self._order[[row]], ARTICLE_SCHEMA.names).to_pylist()
        return Article(**record)

    def placed_tokens(self, rows: NDArray[np.int64]) -> ComparedTokens:
        """Return the compared tokens of some articles, with their places in the texts."""
        names = [self.source_names[number] for number in self.sources[rows]]
        return prepare(self.texts(rows), source_hashes(names), self, places=True)

    def rows_of(self, aligned: AlignedColumns, numbers: NDArray[np.int64]) -> AlignedColumns:
        """Convert pairs of article numbers to sorted pairs of rows.

        Parameters
        ----------
        numbers : ndarray of shape (n_articles,), dtype int64
            The numbers of the collected articles, in the order in which they were given.
        """
        a, b = (self.rows[np.searchsorted(numbers, each)] for each in (aligned.a, aligned.b))
        return replace(aligned, a=a, b=b).in_order()

    def related(self, aligned: AlignedColumns, *, placed: bool = True, threads: int = 1) -> OverlapColumns:
        """Derive overlaps from aligned pairs of rows; without `placed` the spans stay 0."""
        places = Places.unknown(len(aligned.passages))
        if placed:
            places = place(self, aligned, threads=threads, progress=silent)
        return relate(self, self.compared, aligned, places, threads=threads)


def _whole(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name).combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column


def _coded(names: pa.StringArray) -> tuple[NDArray[np.uint32], list[str]]:
    """Number the names in order of first appearance; null becomes -1 (the largest uint32)."""
    coded = names.dictionary_encode()
    numbers = np.asarray(coded.indices.fill_null(-1)).astype(np.int32).view(np.uint32)
    return numbers, coded.dictionary.to_pylist()

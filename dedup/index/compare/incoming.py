"""New articles, tokenised and sketched: ready to be compared with stored ones, and to be stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.background.tables import Background, source_hashes
from dedup.cleaning.credits import find_credits
from dedup.cleaning.outlet_credits import with_outlets
from dedup.corpus.prepare import ComparedTokens, compared_tokens, whole_tokens
from dedup.corpus.protocols import ComparisonContext
from dedup.corpus.second_pass import keys_of
from dedup.index.store.postings import sorted_postings
from dedup.index.store.segments import STORED_SCHEMA
from dedup.index.store.snapshot import NO_TIME
from dedup.lsh.minhash import shingle_hashes
from dedup.outlets import Outlets
from dedup.reading.batches import ARTICLE_SCHEMA
from dedup.runtime.threads import map_in_order
from dedup.settings import Settings
from dedup.text.tokens import Tokens

_ROWS_A_BLOCK = 512
#: Batches of at most this many articles are tokenised in one thread.
_FEW = 64


@dataclass(frozen=True, slots=True)
class Incoming:
    """Articles that are being added or queried.

    Attributes
    ----------
    batch : pyarrow.RecordBatch
        With `STORED_SCHEMA`, or as it was given.
    compared : ComparedTokens
        The tokens without site furniture (or with furniture marked).
    lengths : ndarray of shape (n_articles,), dtype int64
        Number of tokens with site furniture.
    published : ndarray of shape (n_articles,), dtype int64
        Microseconds since 1970 in UTC; `NO_TIME` where the time is not known.
    postings : list of ndarray of uint64
        For each band, postings as returned by `sorted_postings`, with rows of the batch.
    """

    batch: pa.RecordBatch
    compared: ComparedTokens
    lengths: NDArray[np.int64]
    published: NDArray[np.int64]
    postings: list[NDArray[np.uint64]]

    def __len__(self) -> int:
        return int(self.batch.num_rows)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The articles of a batch, prepared before it was known which of them are new, and the terms used."""

    incoming: Incoming
    terms: ComparisonContext

    def holds(self, new: pa.RecordBatch, terms: ComparisonContext) -> bool:
        """Whether it equals what `prepare` would return for the new articles, in their order."""
        return self.terms is terms and len(self.incoming) == new.num_rows


def prepare(
    batch: pa.RecordBatch, terms: ComparisonContext, threads: int, *, credit: bool = True
) -> Incoming:
    """Tokenise and sketch the articles of a batch with `dedup.reading.ARTICLE_SCHEMA` or `STORED_SCHEMA`.

    Without `credit` the batch stays as it is; `with_credits` finds the credits when they are needed.
    """
    credit = credit and batch.num_columns < len(STORED_SCHEMA)
    threads = threads if batch.num_rows > _FEW else 1
    rows_a_block = min(_ROWS_A_BLOCK, -(-batch.num_rows // threads))

    def blocks() -> Iterator[pa.RecordBatch]:
        for start in range(0, batch.num_rows, rows_a_block):
            yield batch.slice(start, rows_a_block)

    def work(block: pa.RecordBatch) -> _Cut:
        return _cut(block, terms, credit)

    parts = list(map_in_order(work, blocks(), threads))
    firsts = np.cumsum([0, *(len(part.tokens) for part in parts)])
    rows = np.concatenate([part.rows + first for part, first in zip(parts, firsts[:-1], strict=True)])
    if credit:
        columns = zip(*(part.credits for part in parts), strict=True)
        batch = _credited(batch, [pa.concat_arrays(column) for column in columns])

    def postings(band: int) -> NDArray[np.uint64]:
        return sorted_postings(np.concatenate([part.keys[band] for part in parts]), rows)

    return Incoming(
        batch,
        ComparedTokens.concat([part.tokens for part in parts]),
        np.concatenate([part.lengths for part in parts]),
        times_of(batch.column("published")),
        list(map_in_order(postings, range(terms.settings.bands), threads)),
    )


@dataclass(frozen=True, slots=True)
class _Cut:
    credits: Sequence[pa.Array]
    tokens: ComparedTokens
    lengths: NDArray[np.int64]
    keys: NDArray[np.uint32]
    rows: NDArray[np.int64]


def _cut(batch: pa.RecordBatch, terms: ComparisonContext, credit: bool) -> _Cut:
    whole = whole_tokens(batch.column("text"), terms.settings)
    said = _said(batch, terms.outlets, whole) if credit else ()
    compared = compared_tokens(whole, source_hashes(batch.column("source")), terms)
    keys, rows = keys_of(compared, terms)
    return _Cut(said, compared, np.diff(whole.offsets), keys, rows)


def with_credits(batch: pa.RecordBatch, outlets: Outlets) -> pa.RecordBatch:
    """Return the articles with their credits, as `STORED_SCHEMA`."""
    if batch.num_columns == len(STORED_SCHEMA):
        return batch
    return _credited(batch, _said(batch, outlets))


def _said(batch: pa.RecordBatch, outlets: Outlets, tokens: Tokens | None = None) -> tuple[pa.Array, ...]:
    texts = batch.column("text")
    found = with_outlets(find_credits(texts, tokens, batch.column("credit_lines")), texts, outlets)
    return found.agency, found.credited, found.stored()


def _credited(batch: pa.RecordBatch, credits: Sequence[pa.Array]) -> pa.RecordBatch:  # noqa: A002 - the word for it
    columns = [*batch.select(ARTICLE_SCHEMA.names).columns, *credits]
    return pa.RecordBatch.from_arrays(columns, schema=STORED_SCHEMA)


def learn(background: Background, batch: pa.RecordBatch, settings: Settings) -> Background:
    """Count the articles of a batch into a background."""
    tokens = whole_tokens(batch.column("text"), settings)
    shingles = shingle_hashes(tokens.hashes, tokens.offsets, background.shingle_words)
    return background.learn(tokens, shingles, source_hashes(batch.column("source")))


def times_of(published: pa.Array) -> NDArray[np.int64]:
    """Return times as microseconds since 1970 in UTC, with `NO_TIME` for null."""
    plain = pc.fill_null(published.cast(pa.timestamp("us")).cast(pa.int64()), int(NO_TIME))
    return np.asarray(plain)

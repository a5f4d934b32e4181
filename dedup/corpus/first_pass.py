"""The first pass: each article is read once, cut into tokens, and kept on disk for later passes."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.article import Article
from dedup.background.tables import Background, one_each, source_hashes
from dedup.cleaning.credits import Credits, find_credits
from dedup.cleaning.outlet_credits import with_outlets
from dedup.corpus.prepare import ComparedTokens, prepare, whole_tokens
from dedup.corpus.tokens import CorpusTokens
from dedup.errors import BackgroundError, DuplicateIdError
from dedup.lsh.minhash import shingle_hashes
from dedup.outlets import Outlets
from dedup.reading.ids import IdLedger
from dedup.runtime.progress import Progress
from dedup.runtime.scratch import Scratch
from dedup.runtime.threads import map_in_order
from dedup.settings import Settings
from dedup.text.slicing import cut_out
from dedup.text.tokens import Tokens, utf8_of


class Corpus:
    """Articles on disk, with their tokens.

    Attributes
    ----------
    tokens : CorpusTokens
        The tokens of whole articles, until the second pass replaces them.
    ids : pyarrow.StringArray of length n
    sources : ndarray of shape (n,), dtype uint32
        Indices into `source_names`.
    source_names : list of str
    source_hashes : ndarray of shape (n,), dtype uint32
    published : ndarray of shape (n,), dtype datetime64[us]
        In UTC; NaT where the time is not known.
    precision : ndarray of shape (n,), dtype object
        How precisely `published` is known: a `dedup.article.Precision`, or None.
    agencies : ndarray of shape (n,), dtype int32
        Indices into `agency_names`; -1 where no credit names an agency.
    agency_names : list of str
    credited : ndarray of shape (n,), dtype bool
    credits : Credits
    offsets : ndarray of shape (n + 1,), dtype int64
        The offsets of the whole articles' tokens, as in `dedup.text.tokens.Tokens`.
    background : Background
    outlets : Outlets
    """

    def __init__(
        self,
        scratch: Scratch,
        shelf: _Shelf,
        background: Background,
        settings: Settings,
        outlets: Outlets,
    ) -> None:
        self.scratch = scratch
        self.background = background
        self.settings = settings
        self.outlets = outlets
        self._batches = shelf.batches()
        self._batch_starts = np.concatenate(
            ([0], np.cumsum([batch.num_rows for batch in self._batches]))
        ).astype(np.int64)
        self.ids: pa.StringArray = pa.concat_arrays(
            [batch.column("id") for batch in self._batches] or [pa.array([], pa.string())]
        )
        self.sources, self.source_names = one_each(*_coded(batch.column("source") for batch in self._batches))
        self.source_hashes = source_hashes(self.source_names)[self.sources]
        self.published = np.concatenate(
            [
                np.asarray(batch.column("published").cast(pa.timestamp("us"))).astype("datetime64[us]")
                for batch in self._batches
            ]
            or [np.zeros(0, "datetime64[us]")]
        )
        self.precision = _texts_of(batch.column("published_precision") for batch in self._batches)
        agencies, self.agency_names = _coded(shelf.agencies)
        self.agencies = agencies.astype(np.int32)
        self.credited = np.concatenate(shelf.credited or [np.zeros(0, np.bool_)])
        self.credits = Credits.concat(shelf.credits)
        self.tokens = shelf.tokens
        self.offsets = shelf.tokens.offsets
        self._texts = shelf.texts()
        self._utf8 = utf8_of(self._texts)  # once, because it copies the offsets

    def __len__(self) -> int:
        return len(self.ids)

    def texts(self, rows: NDArray[np.int64]) -> pa.LargeStringArray:
        """Return the texts of some articles."""
        self.scratch.keep_within()
        return self._texts.take(pa.array(rows))

    def excerpts(
        self, rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> pa.StringArray:
        """Return the characters ``starts[i]:ends[i]`` of the text of article ``rows[i]``."""
        self.scratch.keep_within()
        return cut_out(*self._utf8, rows, starts, ends)

    def metadata(self, name: str, start: int, end: int) -> pa.StringArray:
        """Return a text column of the articles ``start:end`` as they were read: title, url or language."""
        column = pa.chunked_array([batch.column(name) for batch in self._batches], pa.string())
        return pa.concat_arrays(column.slice(start, end - start).chunks or [pa.array([], pa.string())])

    def article(self, row: int) -> Article:
        """Return one article as it was read."""
        number = int(np.searchsorted(self._batch_starts, row, side="right")) - 1
        record = self._batches[number].slice(row - int(self._batch_starts[number]), 1).to_pylist()[0]
        return Article(**record, text=self._texts[row].as_py())

    def placed_tokens(self, rows: NDArray[np.int64]) -> ComparedTokens:
        """Return the compared tokens of some articles, with their places in the texts."""
        return prepare(self.texts(rows), self.source_hashes[rows], self, places=True)


def read_corpus(
    batches: Iterable[pa.RecordBatch],
    settings: Settings,
    *,
    background: Background | None,
    scratch: Scratch,
    threads: int,
    progress: Progress,
    outlets: Outlets | None = None,
) -> Corpus:
    """Read all articles, and learn a background from them unless one is given.

    Raises
    ------
    BackgroundError
        The background was learned with shingles of another width.
    DuplicateIdError
        Two articles have the same id.
    """
    if background is not None and background.shingle_words != settings.shingle_words:
        raise BackgroundError(
            f"the background counts {background.shingle_words}-word shingles and the settings ask for "
            f"{settings.shingle_words}; learn it anew with `shingle_words={settings.shingle_words}`"
        )
    shelf = _Shelf(scratch)
    known = outlets or Outlets()
    learner = _Learner(settings.shingle_words) if background is None else None

    def cut(batch: pa.RecordBatch) -> _Cut:
        return _cut(batch, settings, known, learner)

    done = 0
    for part in map_in_order(cut, batches, threads):
        shelf.add(part)
        done += part.batch.num_rows
        progress("reading", done, None)
    shelf.close()
    learned = background if learner is None else learner.background
    return Corpus(scratch, shelf, cast("Background", learned), settings, known)


@dataclass(frozen=True, slots=True)
class _Cut:
    batch: pa.RecordBatch
    tokens: Tokens
    agencies: pa.StringArray
    credited: NDArray[np.bool_]
    credits: Credits


def _cut(batch: pa.RecordBatch, settings: Settings, outlets: Outlets, learner: _Learner | None) -> _Cut:
    texts = batch.column("text")
    tokens = whole_tokens(texts, settings)
    if learner is not None:
        shingles = shingle_hashes(tokens.hashes, tokens.offsets, settings.shingle_words)
        learner.learn(tokens, shingles, source_hashes(batch.column("source")))
    found = with_outlets(find_credits(texts, tokens, batch.column("credit_lines")), texts, outlets)
    return _Cut(batch, tokens, found.agency, np.asarray(found.credited, np.bool_), found)


class _Learner:
    """A background that several threads add to, one at a time.

    If each thread had its own tables, they would evict one another's from the caches, and would have to be
    merged at the end.
    """

    def __init__(self, shingle_words: int) -> None:
        self.background = Background.empty(shingle_words)
        self._turn = threading.Lock()

    def learn(self, tokens: Tokens, shingles: NDArray[np.uint32], sources: NDArray[np.uint32]) -> None:
        with self._turn:
            self.background = self.background.learn(tokens, shingles, sources)


class _Shelf:
    """Where the first pass writes what it has read."""

    def __init__(self, scratch: Scratch) -> None:
        self._path = scratch.path / "articles.arrow"
        self._writer: Any = None
        self._sink = pa.OSFile(str(self._path), "wb")
        self._ids = IdLedger()
        self._articles = 0
        self._text_data = scratch.column("texts", np.uint8)
        self._text_lengths: list[NDArray[np.int64]] = []
        self.tokens = CorpusTokens(scratch)
        self.agencies: list[pa.StringArray] = []
        self.credited: list[NDArray[np.bool_]] = []
        self.credits: list[Credits] = []

    def add(self, part: _Cut) -> None:
        self._check_ids(part.batch.column("id"))
        data, offsets = utf8_of(part.batch.column("text"))
        self._text_data.append(data[offsets[0] : offsets[-1]])
        self._text_lengths.append(np.diff(offsets))
        others = part.batch.drop_columns(["text"])
        if self._writer is None:
            self._writer = pa.ipc.new_file(self._sink, others.schema)
        self._writer.write_batch(others)
        self.tokens.append(part.tokens)
        self.agencies.append(part.agencies)
        self.credited.append(part.credited)
        self.credits.append(part.credits)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._sink.close()
        self.tokens.close()

    def texts(self) -> pa.LargeStringArray:
        """Return all texts as one array, memory-mapped, so that any of them can be taken in one step."""
        offsets = np.concatenate(([0], np.cumsum(np.concatenate(self._text_lengths or [np.zeros(0, int)]))))
        buffers = [None, pa.py_buffer(offsets.astype(np.int64)), pa.py_buffer(self._text_data.read())]
        return pa.Array.from_buffers(pa.large_string(), len(offsets) - 1, buffers)

    def batches(self) -> list[pa.RecordBatch]:
        """Return everything else that was written, memory-mapped."""
        if self._writer is None:
            return []
        reader = pa.ipc.open_file(pa.memory_map(str(self._path)))
        return [reader.get_batch(number) for number in range(reader.num_record_batches)]

    def _check_ids(self, ids: pa.StringArray) -> None:
        before, self._articles = self._articles, self._articles + len(ids)
        earlier = self._ids.enter(ids.cast(pa.string()), [""], None)
        repeated = np.flatnonzero(earlier >= 0)
        if len(repeated):
            row = int(repeated[0])
            raise DuplicateIdError(
                f"the articles of the rows {earlier[row]} and {before + row} carry one id, "
                f"{ids[row].as_py()!r}; give each its own"
            )


def _texts_of(columns: Iterable[pa.StringArray]) -> NDArray[np.object_]:
    pieces = [np.asarray(column, object) for column in columns]
    return np.concatenate(pieces) if pieces else np.zeros(0, object)


def _coded(columns: Iterable[pa.StringArray]) -> tuple[NDArray[np.uint32], list[str]]:
    """Number the names in order of first appearance; null becomes -1 (the largest uint32)."""
    pieces = list(columns)
    if not pieces:
        return np.zeros(0, np.uint32), []
    coded = pa.chunked_array(pieces, pa.string()).combine_chunks().dictionary_encode()
    numbers = coded.indices.fill_null(-1)
    return np.asarray(numbers).astype(np.int32).view(np.uint32), coded.dictionary.to_pylist()

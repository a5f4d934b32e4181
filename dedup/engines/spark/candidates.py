"""Rows of articles to candidate pairs: keys travel as packed runs, and a task joins (part of) a band.

Keys travel as runs of thousands, not as rows: as rows they take four times the bytes and five times the
processor time. A part of a band holds the keys with equal high bits. Buckets over the cap are not expanded
(`dedup.lsh.pairs`): each part proposes at most one representative for an article. Of an article's proposals
in one band, the one from the part with the smallest keys is kept, as when the band is joined as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as Spark calls it

from dedup.background.tables import source_hashes
from dedup.corpus.prepare import ComparedTokens, compared_tokens
from dedup.corpus.protocols import Terms
from dedup.corpus.second_pass import window_keys
from dedup.engines.spark.cells import batch_of, cells, joined, spark_schema, uncelled, whole
from dedup.engines.spark.terms import SharedTerms
from dedup.lsh.bands import NO_KEY
from dedup.lsh.pairs import PairSet
from dedup.settings import Settings
from dedup.text.tokens import Tokens

#: Keys of a run of articles in one part of a band: a key and its tail for each window, the number of windows
#: of each article, the article's number and the hash of its source.
KEYS = pa.schema(
    [
        pa.field("bucket", pa.int32()),
        pa.field("keys", pa.binary()),
        pa.field("tails", pa.binary()),
        pa.field("windows", pa.binary()),
        pa.field("articles", pa.binary()),
        pa.field("sources", pa.binary()),
    ]
)
#: A pair, ``a < b``. `member` is the article for which a bucket over the cap proposed it, else null. A row
#: with a count and no pair says how many pairs of windows were cut short.
FOUND = pa.schema(
    [
        pa.field("band", pa.int32()),
        pa.field("part", pa.int32()),
        pa.field("member", pa.int64()),
        pa.field("a", pa.int64()),
        pa.field("b", pa.int64()),
        pa.field("cut_short", pa.int64()),
    ]
)
#: Number of windows whose keys travel together: longer runs are smaller on the way, and take more memory in a
#: worker.
_RUN = 200_000
_ROWS = 1 << 16


def tokens_of(batch: pa.RecordBatch | pa.Table, terms: Terms) -> ComparedTokens:
    """Return the compared tokens of rows with `tokens`, `flags` and `source`."""
    hashes, offsets = uncelled(batch.column("tokens"), np.uint32)
    flags, _ = uncelled(batch.column("flags"), np.uint8)
    sources = batch.column("source")
    if isinstance(sources, pa.ChunkedArray):
        sources = whole(batch, "source")
    return compared_tokens(Tokens(hashes, flags, offsets), source_hashes(sources), terms)


def find_candidates(prepared: DataFrame, shared: SharedTerms, *, parts: int, tasks: int) -> DataFrame:
    """Return the pairs that the bands propose, with `FOUND`; pairs found in several parts are repeated.

    Parameters
    ----------
    prepared : DataFrame
        With `dedup.engines.spark.prepared.PREPARED`, articles only.
    parts : int
        Number of parts of a band, a power of two.
    tasks : int
    """
    columns = prepared.select("n", "source", "source_key", "tokens", "flags")
    keys = columns.mapInArrow(_sketching(shared, parts), spark_schema(KEYS))
    routed = spread(keys, tasks, "bucket")
    settings = shared.settings
    return routed.groupBy("bucket").applyInArrow(_joining(settings, parts), spark_schema(FOUND))


def distinct_pairs(found: DataFrame, tasks: int) -> DataFrame:
    """Return the candidate pairs, each once, with the columns `a` and `b`; see `find_candidates`."""
    plain = found.where("a is not null and member is null").select("a", "b")
    return plain.union(stayed(found).select("pair.a", "pair.b")).repartition(tasks, "a", "b").distinct()


def stayed(found: DataFrame) -> DataFrame:
    """Return the pairs of buckets over the cap that are kept, one for each band and member."""
    of_members = found.where("member is not null")
    chosen = F.min_by(F.struct("a", "b"), "part").alias("pair")
    return of_members.groupBy("band", "member").agg(chosen)


def cut_short(found: DataFrame) -> int:
    """Return how many pairs of windows in buckets over the cap were left out."""
    row = found.agg(F.sum("cut_short").alias("cut"), F.count("member").alias("made")).collect()[0]
    made = row["made"] - (stayed(found).count() if row["made"] else 0)
    return int(row["cut"] or 0) + int(made)


def spread(frame: DataFrame, tasks: int, column: str) -> DataFrame:
    """Distribute rows over tasks by the number in a column, evenly and without hash collisions."""
    by_number = getattr(frame, "repartitionById", None)  # Spark 4.1 and later
    if by_number is None:
        return frame.repartition(tasks, column)
    return by_number(tasks, column)  # type: ignore[no-any-return]


def _sketching(
    shared: SharedTerms, parts: int
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    return lambda batches: sketched(batches, shared.terms, parts)


def sketched(batches: Iterable[pa.RecordBatch], terms: Terms, parts: int) -> Iterator[pa.RecordBatch]:
    """Yield the band keys of articles, with `KEYS`."""
    run: list[_Windows] = []
    for batch in batches:
        run.append(_windows(batch, terms))
        if sum(len(each[2]) for each in run) >= _RUN:
            yield from _packed(run, parts)
            run = []
    if run:
        yield from _packed(run, parts)


#: Keys, tails, and the article of each window in the batch; the articles' numbers and sources.
_Windows = tuple[
    NDArray[np.uint32], NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]
]


def _windows(batch: pa.RecordBatch, terms: Terms) -> _Windows:
    windows = window_keys(tokens_of(batch, terms), terms)
    numbers, sources = (np.asarray(batch.column(name)) for name in ("n", "source_key"))
    return windows.keys, windows.tails, windows.articles, numbers, sources


def _packed(run: list[_Windows], parts: int) -> Iterator[pa.RecordBatch]:
    """Yield the keys of a run of articles, one row for each part of each band."""
    keys, tails = (np.concatenate([each[place] for each in run], axis=1) for place in (0, 1))
    firsts = np.cumsum([0, *(len(each[3]) for each in run)])
    owners = np.concatenate([each[2] + first for each, first in zip(run, firsts, strict=False)])
    numbers, sources = (np.concatenate([each[place] for each in run]) for place in (3, 4))
    shift = np.uint64(32 - (parts.bit_length() - 1))
    for band in range(len(keys)):
        part_of = (keys[band].astype(np.uint64) >> shift).astype(np.int64)
        part_of[keys[band] == NO_KEY] = -1
        order = np.argsort(part_of, kind="stable")
        bounds = np.searchsorted(part_of[order], np.arange(parts + 1))
        for part in range(parts):
            rows = order[bounds[part] : bounds[part + 1]]
            if len(rows) == 0:
                continue
            chosen, windows = np.unique(owners[rows], return_counts=True)
            columns = {
                "keys": keys[band][rows],
                "tails": tails[band][rows],
                "windows": windows.astype(np.int32),
                "articles": numbers[chosen],
                "sources": sources[chosen],
            }
            packed = {name: cells(each, np.array([0, len(each)])) for name, each in columns.items()}
            yield batch_of(KEYS, {"bucket": [band * parts + part], **packed}, 1)


def _joining(settings: Settings, parts: int) -> Callable[[tuple[Any, ...], pa.Table], pa.Table]:
    def join(key: tuple[Any, ...], table: pa.Table) -> pa.Table:
        band, part = divmod(int(key[0].as_py()), parts)
        return join_bucket(table, settings, band=band, part=part, apart=parts > 1)

    return join


def join_bucket(table: pa.Table, settings: Settings, *, band: int, part: int, apart: bool) -> pa.Table:
    """Return the pairs of one part of a band.

    Parameters
    ----------
    table : pyarrow.Table
        With `KEYS`: all runs of that part.
    apart : bool
        Whether pairs of buckets over the cap name their member, because other parts may propose one for it
        too.
    """
    keys, tails = joined(table.column("keys"), np.uint32), joined(table.column("tails"), np.uint8)
    windows = joined(table.column("windows"), np.int32)
    articles, sources = (joined(table.column(name), np.int64) for name in ("articles", "sources"))
    # Articles are renumbered in the order of their ids, so that their numbers take few bits of an entry.
    by_id = np.argsort(articles, kind="stable")
    starts = np.cumsum(windows) - windows
    counts = windows[by_id]
    places = np.repeat(starts[by_id] - (np.cumsum(counts) - counts), counts) + np.arange(len(keys))
    owners = np.repeat(np.arange(len(by_id), dtype=np.uint32), counts)
    _, source_numbers = np.unique(sources[by_id], return_inverse=True)
    pairs = PairSet(
        sources=source_numbers.astype(np.uint32),
        scope=settings.scope,
        max_bucket=settings.max_bucket,
        apart=apart,
    )
    pairs.add_band(keys[places], owners, tails=tails[places])
    found, numbers = pairs.sorted(), articles[by_id]
    of_members = pairs.member_pairs
    rows = len(found.a) + len(of_members.a) + 1
    none, last = np.zeros(len(found.a) + 1, np.int64), np.zeros(1, np.int64)
    member = pa.array(
        np.concatenate([none[:-1], numbers[of_members.member], last]),
        mask=np.concatenate([none[:-1] == 0, np.zeros(len(of_members.a), np.bool_), [True]]),
    )
    missing = np.arange(rows) == rows - 1
    a, b = (
        pa.array(np.concatenate([numbers[one], numbers[other], last]), mask=missing)
        for one, other in ((found.a, of_members.a), (found.b, of_members.b))
    )
    cut = pa.array(np.where(missing, found.cut_short, 0), mask=~missing)
    columns = {
        "band": np.full(rows, band, np.int32),
        "part": np.full(rows, part, np.int32),
        "member": member,
        "a": a,
        "b": b,
        "cut_short": cut,
    }
    return pa.Table.from_batches([batch_of(FOUND, columns, rows)])

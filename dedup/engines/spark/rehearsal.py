"""All stages over a few articles in one process, without Spark, in order to warm the kernels of a worker."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from dedup.article import Article
from dedup.engines.spark.aligned import align_block, handed_out
from dedup.engines.spark.candidates import join_bucket, sketched
from dedup.engines.spark.components import folded
from dedup.engines.spark.prepared import PREPARED, prepare_partition
from dedup.engines.spark.terms import ALWAYS, SharedTerms, unpacked
from dedup.engines.spark.told import described, tell_block
from dedup.outlets import NO_OUTLETS
from dedup.reading.batches import to_batches
from dedup.settings import Settings


def rehearse(articles: Sequence[Article], settings: Settings | None = None) -> pa.Table:
    """Return the overlaps of a few articles, with `dedup.schemas.OVERLAP_SCHEMA`.

    Examples
    --------
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the end of the coming winter.")
    >>> rehearse([Article(id="a", text=text), Article(id="b", text="News: " + text)])["words"].to_pylist()
    [25]
    """
    settings = settings or Settings()
    by_id = sorted(articles, key=lambda article: article.id)
    rows = list(prepare_partition(to_batches(by_id), settings, NO_OUTLETS, 0))
    prepared = [batch for batch in rows if batch.column("n").null_count == 0]
    learned = unpacked(rows[-1].column("background")[0].as_py())
    shared = SharedTerms.of(settings, learned)
    keys = pa.Table.from_batches(list(sketched(prepared, shared.terms, 1)))
    found = []
    for bucket in np.unique(np.asarray(keys["bucket"])).tolist():
        chosen = keys.filter(pa.compute.equal(keys["bucket"], bucket))
        joined = join_bucket(chosen, settings, band=bucket, part=0, apart=False)
        found.append(joined.filter(joined["a"].is_valid()).select(["a", "b"]))
    pairs = pa.concat_tables(found).group_by(["a", "b"]).aggregate([])
    whole = pa.Table.from_batches(prepared, schema=PREPARED)
    blocks = pa.array([[0]] * whole.num_rows, pa.list_(pa.int32()))
    wanted = whole.append_column("blocks", blocks).combine_chunks().to_batches()
    aligned = align_block(
        pairs, pa.Table.from_batches(list(handed_out(wanted, shared.terms))), shared.terms, ALWAYS
    )
    list(folded(aligned.select(["a", "b"]).to_batches()))
    zeros = pa.array(np.zeros(whole.num_rows, np.int32))
    of_block = whole.append_column("block", zeros).combine_chunks().to_batches()
    rows = pa.Table.from_batches(list(described(of_block, shared.terms, {})))
    told = tell_block(rows, aligned, shared.terms, [])["overlap"].combine_chunks().drop_null()
    return pa.Table.from_struct_array(told)

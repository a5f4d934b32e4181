"""The judgement on all articles of a run at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.results import Verdict
from dedup.schemas import schema_of
from dedup.verdicts.judging import Judged

_ROWS_AT_ONCE = 16_384
_PLAIN = Judged(Verdict(), kept=True)


class Verdicts(Sequence[Judged]):
    """The effect of a policy on each article of a run, in the order of reading.

    Parameters
    ----------
    ids : pyarrow.StringArray of length n_articles
    judged : mapping of int to Judged
        Keyed by row. Articles without an entry share nothing that counts, and pass.

    Examples
    --------
    >>> from dedup.detector import find_overlaps
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the end of the coming winter.")
    >>> verdicts = find_overlaps([text, "News: " + text]).verdicts("drop", keep="longest")
    >>> verdicts.kept.tolist(), verdicts[0].verdict.kept_instead
    ([False, True], '1')
    >>> verdicts.to_arrow().column("kept").to_pylist()
    [False, True]
    """

    def __init__(self, ids: pa.StringArray, judged: Mapping[int, Judged]) -> None:
        self.ids = ids
        self._judged = judged

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, row: int) -> Judged:  # type: ignore[override]
        if not -len(self) <= row < len(self):
            raise IndexError(f"row {row} of {len(self)}")
        return self._judged.get(row % len(self), _PLAIN)

    def __iter__(self) -> Iterator[Judged]:
        return (self._judged.get(row, _PLAIN) for row in range(len(self)))

    def __repr__(self) -> str:
        kept = int(self.kept.sum())
        return f"<Verdicts: {len(self):,} articles, {kept:,} kept, {len(self) - kept:,} not>"

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Whether each article is kept, shape (n_articles,); with "annotate" it says what "drop" would do."""
        kept = np.ones(len(self), np.bool_)
        kept[[row for row, each in self._judged.items() if not each.verdict.kept]] = False
        return kept

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the verdicts in batches: the id, the columns of `dedup.results.Verdict`, and `text`.

        `text` is the rest of the text if something was cut, else null.
        """
        schema = pa.schema([pa.field("id", pa.string()), *schema_of(Verdict), pa.field("text", pa.string())])
        each = iter(self)
        for start in range(0, len(self), _ROWS_AT_ONCE):
            part = list(islice(each, _ROWS_AT_ONCE))
            said = [msgspec.to_builtins(one.verdict) for one in part]
            fields = list(schema)[1:-1]
            columns = [pa.array([one[field.name] for one in said], field.type) for field in fields]
            texts = pa.array([one.text for one in part], pa.string())
            ids = self.ids.slice(start, len(part))
            yield pa.RecordBatch.from_arrays([ids, *columns, texts], schema=schema)

    def to_arrow(self) -> pa.Table:
        """Return all verdicts as a table; see `batches`."""
        return pa.Table.from_batches(list(self.batches()) or [self._none()])

    def _none(self) -> pa.RecordBatch:
        schema = [pa.field("id", pa.string()), *schema_of(Verdict), pa.field("text", pa.string())]
        return pa.RecordBatch.from_pylist([], schema=pa.schema(schema))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

"""Fields given by the folders of a partitioned data set: ``source=Dawn/date=2026-01-31/part-0.parquet``."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from dedup.reading.fields import FieldMapping
from dedup.reading.guesses import FIELDS, GUESSES
from dedup.reading.paths import canonical
from dedup.reading.records import Records


def fill_from_partition(records: Records, partition: Mapping[str, str], mapping: FieldMapping) -> None:
    """Fill the fields that the records leave empty from the names of their folders."""
    for field in FIELDS[1:]:
        value = _value(field, partition, mapping)
        column = records.columns.get(field)
        if value is None:
            continue
        if column is None or pa.types.is_null(column.type):
            records.columns[field] = pa.repeat(pa.scalar(value, pa.string()), len(records))
        elif pa.types.is_string(column.type) and column.null_count:
            records.columns[field] = pc.fill_null(column, value)


def _value(field: str, partition: Mapping[str, str], mapping: FieldMapping) -> str | None:
    named = mapping.named.get(field)
    names = GUESSES[field] if named is None else [path.text for path in named]
    by_name = {canonical(name): value for name, value in partition.items()}
    found = next((by_name[canonical(name)] for name in names if canonical(name) in by_name), None)
    if found is None and field == "published" and field not in mapping.named:
        parts = [by_name[name].zfill(2) for name in ("year", "month", "day") if name in by_name]
        return "-".join(parts) if len(parts) == 3 else None
    return found

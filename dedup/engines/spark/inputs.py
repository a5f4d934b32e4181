"""The entrance for a DataFrame of articles: columns are checked, faults are reported with their rows."""

from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as Spark calls it
from pyspark.sql.types import DecimalType, IntegralType, StringType

from dedup.engines.spark.prepared import TWICE
from dedup.engines.spark.work_directory import WorkDirectory
from dedup.errors import DuplicateIdError, FieldError
from dedup.reading.batches import ARTICLE_SCHEMA

#: Maximum number of places of one id that are named.
_PLACES = 2


def articles_of(given: DataFrame) -> DataFrame:
    """Return the columns that articles have, with ids as strings.

    Raises
    ------
    FieldError
        A column is missing, or has a type that cannot be converted.
    """
    names = [name for name in ARTICLE_SCHEMA.names if name in given.columns]
    found = f"the DataFrame has the columns {', '.join(given.columns) or '(none)'}"
    if "text" not in names:
        raise FieldError(f"no column 'text'; {found}; rename the one that holds the texts")
    if "id" not in names:
        raise FieldError(f"no column 'id'; {found}; a DataFrame has no order by which articles are numbered")
    rows = given.select(*names)
    kind = rows.schema["id"].dataType
    whole_number = isinstance(kind, IntegralType) or (isinstance(kind, DecimalType) and kind.scale == 0)
    if not (isinstance(kind, StringType) or whole_number):
        raise FieldError(f"column 'id' is of type {kind.simpleString()}; ids are strings or whole numbers")
    return rows.withColumn("id", F.col("id").cast("string"))


def fingerprint_of(rows: DataFrame) -> str:
    """Return a fingerprint of the articles, in any order and partitions: their number and column hashes."""
    each = F.xxhash64(*rows.columns)
    told = rows.agg(
        F.count("*").alias("count"), F.bit_xor(each).alias("all"), F.bit_xor(F.xxhash64(each)).alias("again")
    ).collect()[0]
    return f"{','.join(rows.columns)}:{told['count']}:{told['all'] or 0}:{told['again'] or 0}"


def checked(written: DataFrame, given: DataFrame, directory: WorkDirectory) -> None:
    """Raise the faults of the articles, if there are any; the stage is then removed.

    Raises
    ------
    DuplicateIdError
        Two articles have the same id.
    FieldError
        An id or a text is null, or a value cannot be read.
    """
    faults = written.where("fault is not null").select("id", "fault").orderBy("id").take(1)
    if not faults:
        return
    directory.remove("articles")
    name, fault = faults[0]["id"], faults[0]["fault"]
    if fault == TWICE:
        raise DuplicateIdError(
            f"two articles carry the id {name!r}, {' and '.join(_places(given, F.col('id') == name))}; "
            "give each its own"
        )
    which = F.col("id").isNull() if name is None else F.col("id") == name
    (place,) = _places(given, which)[:1]
    raise FieldError(f"the article {name!r}, {place}: {fault}")


def _places(given: DataFrame, which: Any) -> list[str]:
    """Return where rows are: their file, or their partition and the row in it."""
    file, place = F.input_file_name().alias("file"), F.monotonically_increasing_id().alias("place")
    placed = given.select("id", file, place)
    rows = placed.where(which).orderBy("place").take(_PLACES)
    return [
        f"row {(row['place'] & (1 << 33) - 1) + 1} of partition {row['place'] >> 33}"
        + (f" ({row['file']})" if row["file"] else "")
        for row in rows
    ]

"""The result of a run as files that Spark writes: a directory of parts for each kind of record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, get_args

import msgspec
import pyarrow as pa
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

from dedup.engines.spark.run import SparkReport
from dedup.errors import OutputError, SettingsError
from dedup.reporting.json_encoding import encode_lines
from dedup.reporting.records import record_of
from dedup.schemas import ARTICLE_SCHEMA, OVERLAP_SCHEMA, STORY_SCHEMA

#: The formats in which a result is written.
Form = Literal["jsonl", "parquet"]
FORMS: tuple[Form, ...] = get_args(Form)


def checked_form(form: str) -> Form:
    """Return a format by its name. Raises `SettingsError` for one that Spark does not write."""
    for known in FORMS:
        if form == known:
            return known
    raise SettingsError(f"a run on Spark writes {' or '.join(FORMS)}, not {form}; convert it afterwards")


def write(report: SparkReport, directory: str, form: Form) -> None:
    """Write the overlaps, articles and stories of a run into directories of these names, and a summary.

    Parameters
    ----------
    directory : str
        On any file system that Spark writes to. The four directories must not exist.
    form : {"jsonl", "parquet"}
        JSON lines are those of `dedup.reporting.json_lines`.

    Raises
    ------
    OutputError
        One of the directories exists already, or cannot be written.
    """
    try:
        for kind, rows, schema in (
            ("overlap", report.overlaps, OVERLAP_SCHEMA),
            ("article", report.articles, ARTICLE_SCHEMA),
            ("story", report.stories, STORY_SCHEMA),
        ):
            where = f"{directory.rstrip('/')}/{_PLURAL[kind]}"
            if form == "parquet":
                rows.write.parquet(where)
            else:
                rows.mapInArrow(_encoding(kind, schema), "value string").write.text(where)
        line = msgspec.json.encode({"kind": "summary", **record_of(report.summary)}).decode()
        session = report.overlaps.sparkSession
        session.createDataFrame([(line,)], "value string").write.text(f"{directory.rstrip('/')}/summary")
    except (PySparkException, Py4JJavaError) as error:
        reason = str(error).splitlines()[0]
        raise OutputError(f"the result cannot be written to {directory}: {reason}") from error


_PLURAL = {"overlap": "overlaps", "article": "articles", "story": "stories"}


def _encoding(kind: str, schema: pa.Schema) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def encode(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            (rows,) = pa.Table.from_batches([batch]).cast(schema).combine_chunks().to_batches() or [None]
            if rows is not None:
                lines = bytes(encode_lines(rows, kind)).decode().rstrip("\n").split("\n")
                yield pa.record_batch({"value": pa.array(lines, pa.string())})

    return encode

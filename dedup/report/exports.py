"""A report as tables of other libraries, as files, and for one article."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Literal, get_args

import pyarrow as pa

from dedup.errors import SettingsError
from dedup.results import Report
from dedup.schemas import ARTICLE_SCHEMA, OVERLAP_SCHEMA, STORY_SCHEMA

Kind = Literal["overlaps", "articles", "stories"]

_ROWS_AT_ONCE = 65_536


class Exports:
    """The conversions of a `dedup.results.Report`, for classes that implement it to inherit."""

    def __repr__(self: Report) -> str:
        said = self.summary
        return (
            f"<{type(self).__name__}: {said.articles:,} articles, {said.overlaps:,} overlaps, "
            f"{said.stories:,} stories>"
        )

    def to_arrow(self: Report, kind: Kind = "overlaps") -> pa.Table:
        """Return one kind of record as a table.

        Parameters
        ----------
        kind : {"overlaps", "articles", "stories"}

        Raises
        ------
        SettingsError
            The kind is not one of these.

        Examples
        --------
        >>> from dedup.detector import find_overlaps
        >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
        ...         "and oil south until the end of the coming winter.")
        >>> report = find_overlaps([text, "News: " + text])
        >>> report
        <ScanReport: 2 articles, 1 overlaps, 1 stories>
        >>> report.to_arrow().column("relation").to_pylist()
        ['copy']
        """
        schema, batches = _batches(self, kind)
        return pa.Table.from_batches(batches, schema)

    def to_pandas(self: Report, kind: Kind = "overlaps") -> Any:
        """Return one kind of record as a pandas data frame, if pandas is installed; see `to_arrow`."""
        return Exports.to_arrow(self, kind).to_pandas()

    def to_polars(self: Report, kind: Kind = "overlaps") -> Any:
        """Return one kind of record as a polars data frame, if polars is installed; see `to_arrow`."""
        import polars

        return polars.from_arrow(Exports.to_arrow(self, kind))

    def __arrow_c_stream__(self: Report, requested_schema: object = None) -> object:
        """Stream the overlaps to any library that reads Arrow streams, one block at a time."""
        schema, batches = _batches(self, "overlaps")
        return pa.RecordBatchReader.from_batches(schema, batches).__arrow_c_stream__(requested_schema)

    def write(
        self: Report,
        path: str | os.PathLike[str],
        format: Any = None,  # noqa: A002 - the option's name
        **options: Any,
    ) -> None:
        """Write the report to a file, as `dedup scan -o` does; see `dedup.reporting.formats.write`.

        Parameters
        ----------
        path : path
        format : str, optional
            By default inferred from the suffix of the path.

        Raises
        ------
        SettingsError
            The suffix does not name a format.
        OutputError
            The file cannot be written.
        """
        from dedup.reporting.formats import format_of, write

        form = format or format_of(path)
        if form is None:
            raise SettingsError(f"path is {os.fspath(path)!r}, whose ending names no format; give `format`")
        write(self, form, path, **options)


def _batches(report: Report, kind: Kind) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    match kind:
        case "overlaps":
            return OVERLAP_SCHEMA, (report.overlap_batch(*block) for block in report.overlap_blocks())
        case "articles":
            return ARTICLE_SCHEMA, (report.article_batch(*block) for block in _blocks(len(report.articles)))
        case "stories":
            return STORY_SCHEMA, (report.story_batch(*block) for block in _blocks(len(report.stories)))
    raise SettingsError(f"kind is {kind!r}; it must be one of {', '.join(get_args(Kind))}")


def _blocks(rows: int) -> Iterator[tuple[int, int]]:
    for start in range(0, rows, _ROWS_AT_ONCE):
        yield start, min(start + _ROWS_AT_ONCE, rows)

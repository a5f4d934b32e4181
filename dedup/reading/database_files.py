"""Databases in a file: SQLite through the standard library, DuckDB through its own."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from dedup.errors import FieldError, InputError
from dedup.reading.arrow_tables import SAMPLE_ROWS, TablePlan, plan_table
from dedup.reading.extras import load_extra
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.numbered import Numbered, gather_values
from dedup.reading.records import Records
from dedup.reading.streams import read_whole
from dedup.reading.tables import has_text_column

_MOST = 512 << 20
_BATCH_ROWS = 10_000
_CLOSED = {"enable_external_access": "false", "autoinstall_known_extensions": "false"}
_TABLES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"


def read_sqlite(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a table of SQLite, or the result of a ``SELECT``; the line of a record is its number, from 1.

    Without a name, the table with a column for the text is read; if there are several, the largest.
    """
    try:
        with contextlib.closing(_connected(file, how)) as database:
            database.execute("PRAGMA query_only = 1")
            tables = [name for (name,) in database.execute(_TABLES)]
            columns = {name: _columns(database, name) for name in tables}
            query = _query(how, tables, columns.__getitem__, partial(_size, database), file)
            cursor = database.execute(query)
            names = [column[0] for column in cursor.description or ()]
            yield from gather_values(_numbered(cursor, names), file, how.selector)
    except sqlite3.Error as error:
        raise InputError(f"cannot be read as SQLite: {error}", file=file.name) from error


def _connected(file: InputFile, how: HowToRead) -> sqlite3.Connection:
    if file.path is not None and file.compression is None and file.member is None:
        database = sqlite3.connect(
            f"{file.path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False
        )
    else:
        database = sqlite3.connect(":memory:", check_same_thread=False)
        database.deserialize(read_whole(file, how.source, most=_MOST))
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    return database


def _numbered(cursor: Any, names: Sequence[str]) -> Iterator[Numbered]:
    for number, row in enumerate(cursor, 1):
        record = {
            name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value
            for name, value in zip(names, row, strict=True)
        }
        yield Numbered(number, record, sum(len(one) for one in row if isinstance(one, str)))


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f"PRAGMA table_info({_quoted(table)})")]


def _size(database: sqlite3.Connection, table: str) -> int:
    found = database.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()
    return int(found[0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _query(
    how: HowToRead,
    tables: Sequence[str],
    columns: Callable[[str], Sequence[str]],
    size: Callable[[str], int],
    file: InputFile,
) -> str:
    """Return the query that was asked for, or one for the table that holds articles."""
    asked = how.table
    if asked is not None:
        if asked.lstrip().lower().startswith(("select ", "with ")):
            return asked
        if asked not in tables:
            raise FieldError(
                f"no table {asked!r}; the tables are {', '.join(map(repr, tables)) or 'none'}", file=file.name
            )
        return f"SELECT * FROM {_quoted(asked)}"
    fitting = [name for name in tables if has_text_column(columns(name), how.selector)]
    if not fitting:
        raise FieldError(
            f"no table has a column for the text; the tables are {', '.join(map(repr, tables)) or 'none'}; "
            "name one with --table, and its column with --field text=NAME",
            file=file.name,
        )
    best = max(fitting, key=size) if len(fitting) > 1 else fitting[0]
    return f"SELECT * FROM {_quoted(best)}"


def read_duckdb(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a table of DuckDB, or the result of a ``SELECT``."""
    duckdb: Any = load_extra("duckdb", extra="databases", file=file.name)
    if file.path is None or file.compression is not None or file.member is not None:
        raise InputError("a DuckDB file is read in place; unpack or download it first", file=file.name)
    try:
        # A query must not read other files, or the network.
        with duckdb.connect(str(file.path), read_only=True, config=_CLOSED) as database:
            found = database.execute(
                "SELECT table_name, estimated_size FROM duckdb_tables() WHERE NOT internal"
            ).fetchall()
            sizes = {str(name): int(size) for name, size in found}
            columns = {
                name: [str(row[0]) for row in database.execute(f"DESCRIBE {_quoted(name)}").fetchall()]
                for name in sizes
            }
            query = _query(how, list(sizes), columns.__getitem__, sizes.__getitem__, file)
            relation = database.sql(query)
            # Version 2 has the method under another name.
            reader = getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader
            batches = reader(_BATCH_ROWS)
            first = 1
            plan: TablePlan | None = None
            for batch in batches:
                plan = plan or plan_table(batch.schema, _sampler(batch), how.selector, file)
                yield plan.records(batch, first)
                first += batch.num_rows
    except duckdb.Error as error:
        raise InputError(f"cannot be read as DuckDB: {error}", file=file.name) from error


def _sampler(batch: Any) -> Callable[[], list[dict[str, Any]]]:
    return lambda: list(batch.slice(0, SAMPLE_ROWS).to_pylist())

"""The catalogue: one SQLite file that lists everything in the index.

Readers see the state of one moment (through SQLite's write-ahead log). A writer holds the only write lock
from its first read to its commit, so two that add the same or similar articles run one after the other.
Deleted rows are overwritten with zeros.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexStoreError
from dedup.index.store.connecting import connected, identity, read_only
from dedup.index.store.files import FileRecord
from dedup.index.store.row_sums import compared, row_sum
from dedup.index.store.schema import MIGRATIONS

FILE = "catalogue.sqlite"

#: Maximum number of values in one statement.
_VALUES = 900


class Catalogue:
    """The catalogue of an index.

    Parameters
    ----------
    folder : Path
        The index' directory.
    wait : float
        Seconds to wait for another writer.
    durable : bool
        Whether a commit must survive a loss of power.

    Attributes
    ----------
    only_read : str
        Why the catalogue can be read but not written; "" if it can be written.
    """

    def __init__(self, folder: Path, *, wait: float, durable: bool = True) -> None:
        self.folder = folder
        self._wait = wait
        self._path = folder / FILE
        self.only_read = ""
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._opened = identity(self._path)
        try:
            self._connection = connected(self._path, wait)
            with self._named_errors():
                for pragma in (
                    f"synchronous = {'FULL' if durable else 'OFF'}",
                    "secure_delete = ON",
                    "cache_size = -65536",
                    "journal_size_limit = 16777216",
                ):
                    self.run(f"PRAGMA {pragma}")
            self._look()
        except sqlite3.Error as error:
            raise IndexStoreError(f"{self._path} cannot be opened ({error})") from error

    def _look(self) -> None:
        """Begin to read, from a copy if nothing can be written beside the catalogue."""
        try:
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            found = read_only(self._path, self._wait, error)
            if found is not None:  # otherwise the next statement raises the error
                self._connection.close()
                self.only_read = str(error)
                self._connection, self._copy = found

    def create(self) -> None:
        """Create the tables of a new catalogue, all or none."""
        with self._named_errors():
            self.run("PRAGMA journal_mode = WAL")
        self._opened = identity(self._path)
        with self.writing():
            self.migrate()

    def migrate(self) -> list[str]:
        """Bring the schema up to date within a transaction, and return the names of the steps run."""
        version = self.version
        steps = MIGRATIONS[version:]
        for _, script in steps:
            for statement in script.split(";"):
                if statement.strip():
                    self.run(statement)
        if steps:
            self.run(f"PRAGMA user_version = {len(MIGRATIONS)}")
        return [name for name, _ in steps]

    def check(self) -> None:
        """That this version can read the catalogue.

        Raises
        ------
        IndexStoreError
            The file is damaged, is not a catalogue, or was made by a newer version.
        """
        version = self.version
        if version > len(MIGRATIONS):
            raise IndexStoreError(
                f"{self.folder} was written by a newer version (schema {version}, this one knows "
                f"{len(MIGRATIONS)}); install that version or a later one"
            )
        if version == 0:
            raise IndexStoreError(
                f"{self._path} is not a catalogue of an index; `dedup index create` makes one"
            )

    @property
    def version(self) -> int:
        """The number of the last step of `MIGRATIONS` that was run."""
        with self._named_errors():
            return int(self.one("PRAGMA user_version"))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock; changes within the block take effect as a whole, or not at all."""
        if self.only_read:
            raise self._not_written(self.only_read)
        with self._named_errors():
            self.run("BEGIN IMMEDIATE")
        try:
            if identity(self._path) != self._opened:
                raise IndexStoreError(
                    f"another index has taken the place of {self.folder} since it was opened; open it again"
                )
            yield
            with self._named_errors():
                self.run("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See the state of one moment throughout the block."""
        if self._connection.in_transaction:
            yield
            return
        self.run("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
        if self._copy is not None:
            self._copy.cleanup()

    def run(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        with self._named_errors():
            return self._connection.execute(statement, values)

    def run_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement with each row of values."""
        with self._named_errors():
            self._connection.executemany(statement, rows)

    def one(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Return the first value of the first row, or None if there is no row."""
        row = self.run(statement, values).fetchone()
        return None if row is None else row[0]

    def among(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query with ``IN (?)`` for many values."""
        rows = []
        for start in range(0, len(values), _VALUES):
            part = values[start : start + _VALUES]
            marks = ",".join("?" * len(part))
            rows += self.run(statement.replace("(?)", f"({marks})"), part).fetchall()
        return rows

    def copy_to(self, path: Path) -> None:
        """Write a copy of the catalogue, as this connection sees it now, to a new file."""
        with self._named_errors(), closing(sqlite3.connect(path)) as copy:
            self._connection.backup(copy)

    @property
    def state(self) -> int | None:
        """A number that changes when another connection commits; None within a transaction of this one."""
        return None if self._connection.in_transaction else int(self.one("PRAGMA data_version"))

    def setting(self, name: str) -> str:
        """Return a value that the index stores about itself."""
        value = self.one("SELECT value FROM setting WHERE name = ?", [name])
        if value is None:
            raise IndexStoreError(f"{self._path} is damaged: it has no {name}; create the index anew")
        return str(value)

    def set(self, name: str, value: object) -> None:
        """Store a value about the index."""
        self.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", [name, str(value)])

    def segments(self) -> list[tuple[str, int, dict[str, FileRecord]]]:
        """Return name, number of articles and files of the segments, in the order of their articles."""
        rows = self.run("SELECT name, first, articles, files, sum FROM segment ORDER BY first").fetchall()
        for *row, total in rows:
            compared(self, "segment", total, *row)
        return [
            (name, articles, {file: FileRecord(*record) for file, record in json.loads(files).items()})
            for name, _, articles, files, _ in rows
        ]

    def add_segment(self, name: str, first: int, articles: int, files: dict[str, FileRecord]) -> None:
        """Enter a segment."""
        row = (name, first, articles, json.dumps(files))
        self.run("INSERT INTO segment VALUES (?, ?, ?, ?, ?)", [*row, row_sum(*row)])

    def removed(self) -> NDArray[np.int64]:
        """Return the numbers of removed articles that segments still hold, sorted."""
        rows = self.run("SELECT number, sum FROM removed ORDER BY number").fetchall()
        for number, total in rows:
            compared(self, "removed", total, number)
        return np.array([number for number, _ in rows], np.int64)

    def sources(self, names: Sequence[str]) -> dict[str, int]:
        """Return the numbers of sources; new sources get one."""
        wanted = list(dict.fromkeys(names))
        found = self.known_sources(wanted)
        missing = [name for name in wanted if name not in found]
        first = int(self.one("SELECT coalesce(max(number), 0) FROM source")) + 1
        new = {name: first + row for row, name in enumerate(missing)}
        self.run_many(
            "INSERT INTO source VALUES (?, ?, ?)",
            ((number, name, row_sum(number, name)) for name, number in new.items()),
        )
        return found | new

    def known_sources(self, names: Sequence[str]) -> dict[str, int]:
        """Return the numbers of those sources that have one."""
        rows = self.among("SELECT number, name, sum FROM source WHERE name IN (?)", names)
        for number, name, total in rows:
            compared(self, "source", total, number, name)
        return {name: number for number, name, _ in rows}

    def known(self, ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """Return number and digest of those articles that are stored."""
        columns = "number, id, source, published, digest, sum"
        rows = self.among(f"SELECT {columns} FROM article WHERE id IN (?)", ids)
        for *row, total in rows:
            compared(self, "article", total, *row)
        return {name: (number, digest) for number, name, _, _, digest, _ in rows}

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise IndexStoreError(
                    f"another process is writing to {self.folder}; it was waited for {self._wait:g} seconds: "
                    "wait longer with `wait`, or try again later"
                ) from error
            if "readonly" in str(error):
                raise self._not_written(error) from error
            raise IndexStoreError(
                f"{self._path} cannot be read or written ({error}); nothing was changed"
            ) from error
        except sqlite3.DatabaseError as error:
            raise IndexStoreError(
                f"{self._path} is damaged ({error}); `dedup index verify` says what is whole"
            ) from error

    def _not_written(self, reason: object) -> IndexStoreError:
        return IndexStoreError(
            f"{self.folder} can be read, but not written ({reason}); make room, or give the right to write"
        )

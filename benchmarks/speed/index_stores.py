"""Other homes for band keys, for `index.py`: the keys of the same windows, kept and asked for elsewhere.

Each store takes batches of signed articles (`dedup.corpus.inspect.sign_articles`), looks every window up
among those that came before, and keeps it. They give candidate pairs of articles; texts, alignment and
overlaps are left to whoever uses them.
"""

from __future__ import annotations

import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from dedup.corpus.inspect import SignedArticles
from dedup.lsh.bands import NO_KEY
from dedup.lsh.minhash import EMPTY, to_datasketch
from dedup.settings import Settings


class Store(Protocol):
    """What is measured."""

    def add(self, signed: SignedArticles, first: int) -> int:
        """Look up and keep articles whose numbers begin with `first`; how many candidate pairs there were."""

    def query(self, signed: SignedArticles) -> set[int]:
        """The numbers of the articles that share a bucket with the only one of `signed`."""

    def size(self) -> int | None:
        """Bytes on disk; None where all is in memory."""

    def close(self) -> None:
        """Give everything back."""


class Datasketch:
    """datasketch's MinHashLSH with the bands and rows of the settings; a window's name is its article's."""

    def __init__(self, settings: Settings, storage: dict[str, Any] | None = None) -> None:
        from datasketch import MinHashLSH

        config = {} if storage is None else {"storage_config": storage}
        functions = settings.bands * settings.rows
        self._lsh = MinHashLSH(params=(settings.bands, settings.rows), num_perm=functions, **config)
        self._passages = 0

    def add(self, signed: SignedArticles, first: int) -> int:
        pairs = set()
        for row, signature in zip(signed.windows.articles.tolist(), signed.signatures, strict=True):
            if np.any(signature == EMPTY):
                continue
            minhash, number = to_datasketch(signature), first + row
            pairs |= {(other, number) for other in self._articles(minhash) if other != number}
            self._lsh.insert(f"{number}/{self._passages}", minhash)
            self._passages += 1
        return len(pairs)

    def query(self, signed: SignedArticles) -> set[int]:
        found: set[int] = set()
        for signature in signed.signatures:
            found.update(self._articles(to_datasketch(signature)))
        return found

    def _articles(self, minhash: Any) -> set[int]:
        return {int(name.partition("/")[0]) for name in self._lsh.query(minhash)}

    def size(self) -> int | None:
        return None

    def close(self) -> None:
        """Nothing is kept elsewhere."""


class DatasketchInRedis(Datasketch):
    """The same with its tables in a Redis server that runs as long as the store."""

    def __init__(self, settings: Settings) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="dedup-redis-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = ["redis-server", "--port", str(port), "--dir", str(self._folder), "--save", ""]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        super().__init__(settings, {"type": "redis", "redis": {"host": "127.0.0.1", "port": port}})

    def close(self) -> None:
        self._server.terminate()
        self._server.wait()
        shutil.rmtree(self._folder)


class SqliteRows:
    """A table in SQLite with one row a band of a window."""

    def __init__(self, settings: Settings) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="dedup-sqlite-"))
        self._connection = sqlite3.connect(self._folder / "keys.sqlite", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(
            "CREATE TABLE bucket (band INTEGER, key INTEGER, article INTEGER, "
            "PRIMARY KEY (band, key, article)) WITHOUT ROWID"
        )

    def add(self, signed: SignedArticles, first: int) -> int:
        pairs = set()
        self._connection.execute("BEGIN IMMEDIATE")
        for window, row in enumerate(signed.windows.articles.tolist()):
            number, rows = first + row, self._rows(signed, window)
            pairs |= {(other, number) for other in self._articles(rows) if other != number}
            self._connection.executemany(
                "INSERT OR IGNORE INTO bucket VALUES (?, ?, ?)", ((*row, number) for row in rows)
            )
        self._connection.execute("COMMIT")
        return len(pairs)

    def query(self, signed: SignedArticles) -> set[int]:
        found: set[int] = set()
        for window in range(len(signed.signatures)):
            found |= self._articles(self._rows(signed, window))
        return found

    def _rows(self, signed: SignedArticles, window: int) -> list[tuple[int, int]]:
        keys = signed.keys[:, window].tolist()
        return [(band, key) for band, key in enumerate(keys) if key != NO_KEY]

    def _articles(self, rows: list[tuple[int, int]]) -> set[int]:
        ask = "SELECT article FROM bucket WHERE band = ? AND key = ?"
        return {number for row in rows for (number,) in self._connection.execute(ask, row)}

    def size(self) -> int | None:
        return sum(path.stat().st_size for path in self._folder.iterdir())

    def close(self) -> None:
        self._connection.close()
        shutil.rmtree(self._folder)


#: What can be measured, by the name in the table.
STORES: dict[str, type[Datasketch] | type[SqliteRows]] = {
    "datasketch MinHashLSH in a dictionary": Datasketch,
    "datasketch MinHashLSH in Redis": DatasketchInRedis,
    "SQLite, one row a band": SqliteRows,
}


def missing(name: str) -> str | None:
    """Why a store cannot be measured here; None when it can."""
    if STORES[name] is DatasketchInRedis:
        if shutil.which("redis-server") is None:
            return "no redis-server is installed"
        try:
            import redis  # noqa: F401
        except ImportError:
            return "the package redis is not installed"
    return None

"""Stages on disk: a lost machine costs only its tasks, and an interrupted run continues where it stopped."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import DataFrame, SparkSession

from dedup.errors import OutputError

_NAME = "dedup-run.json"
_FORMAT = 1


class WorkDirectory:
    """A directory that all executors can reach, with the finished stages of one run.

    Parameters
    ----------
    spark : SparkSession
    path : str
        On any file system that Spark writes to.
    run : dict
        What the stages depend on: fingerprints of the settings, of the input, and of the program. The
        directory of another run is refused.

    Raises
    ------
    OutputError
        The directory belongs to another run, is something else, or cannot be written.
    """

    def __init__(self, spark: SparkSession, path: str, run: dict[str, Any]) -> None:
        self._spark = spark
        self.path = path.rstrip("/")
        self._run = {"format": _FORMAT, **run}
        try:
            self._enter()
        except Py4JJavaError as error:
            raise OutputError(f"the work directory {path} cannot be used: {_cause(error)}") from error

    def _enter(self) -> None:
        found = self._read(_NAME)
        if found is None:
            if self._exists("") and self._spark_files(""):
                raise OutputError(f"{self.path} is not empty and not a work directory; name an empty one")
            self._write(_NAME, json.dumps(self._run))
            return
        try:
            known = json.loads(found)
        except ValueError:
            known = {}
        differing = [name for name in self._run if known.get(name) != self._run[name]]
        if differing:
            raise OutputError(
                f"{self.path} is the work directory of another run: its {' and '.join(differing)} "
                f"differ{'s' if len(differing) == 1 else ''}; name another, or remove it"
            )

    def stage(self, name: str, build: Callable[[], DataFrame]) -> DataFrame:
        """Return the rows of a stage: those written earlier, or those of `build`, which are written now."""
        where = f"{self.path}/{name}"
        if not self._exists(f"{name}/_SUCCESS"):
            build().write.mode("overwrite").parquet(where)
        return self._spark.read.parquet(where)

    def told(self, name: str, tell: Callable[[], Any]) -> Any:
        """Return a small JSON value: the one written earlier, or the one that `tell` returns."""
        found = self._read(f"{name}.json")
        if found is None:
            found = json.dumps(tell())
            self._write(f"{name}.json", found)
        return json.loads(found)

    def remove(self, name: str = "") -> None:
        """Remove a stage, or the whole directory."""
        path = self._path(name)
        path.getFileSystem(self._configuration()).delete(path, True)

    def _path(self, name: str) -> Any:
        return self._spark._jvm.org.apache.hadoop.fs.Path(f"{self.path}/{name}" if name else self.path)  # type: ignore[union-attr]

    def _configuration(self) -> Any:
        return self._spark._jsc.hadoopConfiguration()

    def _exists(self, name: str) -> bool:
        path = self._path(name)
        return bool(path.getFileSystem(self._configuration()).exists(path))

    def _spark_files(self, name: str) -> int:
        path = self._path(name)
        return len(path.getFileSystem(self._configuration()).listStatus(path))

    def _read(self, name: str) -> str | None:
        if not self._exists(name):
            return None
        path = self._path(name)
        stream = path.getFileSystem(self._configuration()).open(path)
        try:
            return str(self._spark._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))  # type: ignore[union-attr]
        finally:
            stream.close()

    def _write(self, name: str, text: str) -> None:
        """Write beside the target, then rename: a file exists as a whole or not at all."""
        beside = self._path(f"{name}.{uuid.uuid4().hex}")
        system = beside.getFileSystem(self._configuration())
        stream = system.create(beside, True)
        stream.write(bytearray(text.encode()))
        stream.close()
        if not system.rename(beside, self._path(name)):
            raise OutputError(f"{self.path}/{name} cannot be written")


def _cause(error: Py4JJavaError) -> str:
    return str(error.java_exception.getMessage() or error.java_exception.getClass().getName()).splitlines()[0]

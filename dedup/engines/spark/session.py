"""A Spark session for the command line, with short messages about what is missing."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
from pathlib import Path

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from dedup.errors import SettingsError

#: Maximum time for a master to answer, in seconds.
_PATIENCE = 10.0
_MASTER = re.compile(r"local(\[[^\]]*\])?|local-cluster\[\d+,\d+,\d+\]|spark://.+|yarn|k8s://.+")


def open_session(master: str) -> SparkSession:
    """Open a session on a master such as ``local[4]``, ``spark://host:7077`` or ``yarn``.

    Settings from spark-defaults.conf or ``spark-submit --conf`` are kept.

    Raises
    ------
    SettingsError
        Java is missing, or the master cannot be reached or is not a master.
    """
    _need_java()
    _need_master(master)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("dedup")
    for name, value in settings_for(master).items():
        builder = builder.config(name, value)
    try:
        session: SparkSession = builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise SettingsError(f"no Spark session on {master}: {str(error).splitlines()[0]}") from error
    except Exception as error:
        reason = str(getattr(error, "java_exception", error)).splitlines()[0]
        raise SettingsError(f"no Spark session on {master}: {reason}") from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def settings_for(master: str) -> dict[str, str]:
    """Return the Spark settings that suit the run, wherever it takes place.

    Examples
    --------
    >>> settings_for("yarn")["spark.python.daemon.module"]
    'dedup.engines.spark.daemon'
    """
    chosen = {
        # Workers are forked from a parent that has loaded the kernels.
        "spark.python.daemon.module": "dedup.engines.spark.daemon",
        "spark.io.compression.codec": "zstd",
        "spark.sql.parquet.compression.codec": "zstd",
        # Spark's default type makes other readers misread dates beyond 2262.
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.showConsoleProgress": "false",
    }
    if master.startswith("local"):
        chosen |= {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.driver.memory": "2g",
        }
    return chosen


def _need_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if home and not (Path(home) / "bin" / "java").exists():
        raise SettingsError(f"JAVA_HOME is {home}, where there is no bin/java; set it to a Java 17 or later")
    if not home and shutil.which("java") is None:
        raise SettingsError(
            "Spark needs Java 17 or later, and no java was found; install it, such as with "
            "`apt install openjdk-17-jre-headless`, or set JAVA_HOME"
        )


def _need_master(master: str) -> None:
    if not _MASTER.fullmatch(master):
        raise SettingsError(
            f"the master is {master!r}; it must be local, local[N], spark://HOST:PORT, yarn or k8s://URL"
        )
    if not master.startswith("spark://"):
        return
    hosts = master.removeprefix("spark://").split(",")
    failed = [reason for host in hosts if (reason := _unreachable(host)) is not None]
    if len(failed) == len(hosts):
        raise SettingsError(f"the master {master} cannot be reached: {failed[0]}")


def _unreachable(host: str) -> str | None:
    name, _, port = host.rpartition(":")
    if not name or not port.isdigit():
        return f"{host!r} is not HOST:PORT"
    try:
        socket.create_connection((name.strip("[]"), int(port)), _PATIENCE).close()
    except OSError as error:
        return error.strerror or str(error)
    return None

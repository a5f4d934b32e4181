"""One Spark session for all tests of the engine; without Java or PySpark they are skipped with a reason."""

from __future__ import annotations

import importlib.util
import os
import shutil
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

if importlib.util.find_spec("pyspark") is None:
    collect_ignore_glob = ["test_*.py"]


def no_java() -> bool:
    """Whether there is no Java for Spark to run on."""
    return not (os.environ.get("JAVA_HOME") or shutil.which("java"))


@pytest.fixture(scope="session")
def session() -> Iterator[SparkSession]:
    """Provide a session with two cores of this machine."""
    if no_java():
        pytest.skip("Spark needs Java; Debian has openjdk-17-jre-headless")
    from dedup.engines.spark.session import open_session

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PySpark's warnings about pandas 3, and about itself
        made = open_session("local[2]")
        yield made
        made.stop()

"""``dedup scan --engine spark``: where the run takes place, and where its result is written."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dedup.cli.inputs import open_inputs, say_what_was_read
from dedup.cli.options import RUNNING, Bundle, SpeechOptions
from dedup.cli.period import PeriodOptions
from dedup.cli.reading_options import ReadingOptions
from dedup.errors import InputError, OutputError, SettingsError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from dedup.background.tables import Background
    from dedup.engines.spark.output import Form
    from dedup.outlets import Outlets
    from dedup.results import Summary
    from dedup.settings import Settings

#: Number of rows of a file that the driver reads for the executors.
_ROWS_A_FILE = 50_000
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://")


@dataclass(frozen=True)
class EngineOptions(Bundle):
    """Options that choose where a run takes place."""

    engine: Annotated[
        Literal["local", "spark"],
        typer.Option(
            help="Run in this process (local), or on Apache Spark (spark), which needs the extra "
            "dedup-news[spark] and Java.",
            rich_help_panel=RUNNING,
        ),
    ] = "local"
    master: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            show_default="local[*]",
            help="Master of the Spark cluster, such as local[4], spark://host:7077, yarn or k8s://URL.",
            rich_help_panel=RUNNING,
        ),
    ] = None
    work: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            show_default="a temporary one, with a local master",
            help="Directory for the stages of a run on Spark, from which an interrupted run continues.",
            rich_help_panel=RUNNING,
        ),
    ] = None

    def on_spark(self, unfit: Mapping[str, object]) -> bool:
        """Whether Spark is requested.

        Parameters
        ----------
        unfit : mapping of str to object
            Options that have no meaning for Spark, with their values.

        Raises
        ------
        SettingsError
            An option belongs to the other engine.
        """
        if self.engine == "local":
            given = "--master" if self.master is not None else "--work" if self.work is not None else None
            if given:
                raise SettingsError(f"{given} is for a run on Spark; add --engine spark or leave it out")
            return False
        for option, value in unfit.items():
            if value:
                raise SettingsError(f"{option} is not for --engine spark; leave it out")
        return True


@dataclass(frozen=True)
class SparkScan:
    """A run on Spark, and the destination of its result."""

    engine: EngineOptions
    settings: Settings
    background: Background | None
    outlets: Outlets
    period: PeriodOptions
    output: str | None
    form: str

    def scan(self, paths: Sequence[str], reading: ReadingOptions, speech: SpeechOptions) -> Summary:
        """Read the articles, find what they share, and write the result.

        Parameters
        ----------
        paths : sequence of str
            Paths with a scheme, such as ``hdfs://``, are read by Spark; others are read like the inputs of
            any scan.
        """
        need_spark()
        from dedup.engines.spark.output import write
        from dedup.engines.spark.run import find_overlaps
        from dedup.engines.spark.session import open_session

        remote = [path for path in paths if _SCHEME.match(path)]
        output, form = self._checked(paths, remote, reading)
        inputs = None if remote else open_inputs(paths, reading, outlets=self.outlets)
        session = open_session(self.engine.master or "local[*]")
        try:
            opened = _read_by_spark(session, remote) if inputs is None else self._articles(session, inputs)
            with opened as articles:
                report = find_overlaps(
                    articles,
                    self.settings,
                    background=self.background,
                    outlets=self.outlets,
                    since=self.period.moment(),
                    within=self.period.span(),
                    work=self.engine.work,
                )
                write(report, output, form)
        finally:
            session.stop()
        if inputs is not None:
            say_what_was_read(inputs, quiet=speech.quiet)
        return report.summary

    def _checked(self, paths: Sequence[str], remote: list[str], reading: ReadingOptions) -> tuple[str, Form]:
        """Return the output and its format, if everything requested is possible."""
        from dedup.engines.spark.output import checked_form
        from dedup.engines.spark.run import needs_work

        if self.output is None:
            raise SettingsError("a run on Spark writes a directory; name it with --output")
        output = self.output if _SCHEME.match(self.output) else str(Path(self.output).absolute())
        there = Path(output)
        if there.exists() and (not there.is_dir() or any(there.iterdir())):
            raise OutputError(f"{self.output} exists and is not an empty directory; name another")
        master = self.engine.master or "local[*]"
        if needs_work(master) and self.engine.work is None:
            raise SettingsError(
                f"--master is {master}: name a directory that all executors reach with --work, "
                "such as hdfs:///tmp/dedup"
            )
        if remote and (len(remote) < len(paths) or reading != ReadingOptions()):
            raise SettingsError(
                f"{remote[0]} is read by Spark, which knows neither the options of reading nor inputs of "
                "this machine beside it; give files with a scheme alone"
            )
        return output, checked_form(self.form)

    @contextmanager
    def _articles(self, session: SparkSession, batches: Iterable[pa.RecordBatch]) -> Iterator[DataFrame]:
        folder = self._folder()
        try:
            _write_batches(batches, folder)
            yield session.read.parquet(f"file://{folder}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _folder(self) -> Path:
        """Return the directory where the articles of this machine are put for the executors."""
        work = self.engine.work
        if work is None:
            return Path(tempfile.mkdtemp(prefix="dedup-articles-"))
        if _SCHEME.match(work) and not work.startswith("file://"):
            raise SettingsError(
                f"--work is {work}, which is not a directory of this machine, where the inputs are; copy "
                "them there as Parquet or JSON lines and name them with their scheme"
            )
        beside = Path(work.removeprefix("file://")).absolute()
        beside.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f"{beside.name}-articles-", dir=beside.parent))


def _write_batches(batches: Iterable[pa.RecordBatch], folder: Path) -> None:
    """Write articles as Parquet files of some thousand rows each."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from dedup.reading.batches import ARTICLE_SCHEMA

    pending: list[pa.RecordBatch] = []
    number = 0
    for batch in batches:
        pending.append(batch)
        if sum(each.num_rows for each in pending) >= _ROWS_A_FILE:
            pq.write_table(pa.Table.from_batches(pending), folder / f"{number:06}.parquet")
            pending, number = [], number + 1
    if pending or not number:
        pq.write_table(pa.Table.from_batches(pending, ARTICLE_SCHEMA), folder / f"{number:06}.parquet")


@contextmanager
def _read_by_spark(session: SparkSession, paths: list[str]) -> Iterator[DataFrame]:
    from pyspark.errors import AnalysisException

    endings = {"parquet": "parquet", "orc": "orc", "json": "json", "jsonl": "json", "ndjson": "json"}
    kinds = {
        endings.get(re.sub(r"\.(gz|zst|bz2)$", "", path).rpartition(".")[2].rstrip("/")) for path in paths
    }
    kind = kinds.pop() or "parquet"
    if kinds:
        raise SettingsError("the inputs are of several formats; give those of one alone")
    try:
        found = session.read.format(kind).load(paths)
    except AnalysisException as error:
        raise InputError(str(error).splitlines()[0], file=paths[0]) from error
    yield found


def need_spark() -> None:
    """Raise `SettingsError` where PySpark is not installed."""
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise SettingsError(
            "--engine spark needs PySpark; install it with `pip install 'dedup-news[spark]'`"
        ) from error

"""Measure a run on Spark, stage by stage, beside the same run on one machine, and compare what they find.

    python benchmarks/speed/on_spark.py DIR/articles.jsonl [--master 'local[2]'] [--work DIR] [--no-local]

prints a table as Markdown: of each stage the seconds, the processor seconds of all processes, the bytes that
were shuffled and spilled per article, and how much longer its slowest task took than the median; then the
peak memory of the JVM and of the largest Python worker, the processor time per article against the local run,
and whether overlaps, articles and stories are equal. Needs the extra `spark` and Java. `corpus.py` beside
this file makes articles.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dedup.reading import read_batches

warnings.simplefilter("ignore")  # what PySpark says of pandas 3
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Stage:
    """What a stage took."""

    name: str
    seconds: float
    processor: float
    shuffled: int = 0
    spilled: int = 0
    tasks: list[list[float]] = field(default_factory=list)

    @property
    def skew(self) -> float:
        """The time of the slowest task over the median one, at worst, in steps of four tasks and more."""
        steps = [times for times in self.tasks if len(times) >= 4 and max(times) > 0.2]
        return max((max(times) / max(statistics.median(times), 0.001) for times in steps), default=0.0)


def processes() -> Iterator[tuple[int, int, str, float, int]]:
    """Of each process: number, parent, name, processor seconds with those of its dead children, bytes."""
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                text = (path / "stat").read_text()
            except OSError:
                continue
            name, _, rest = text.partition("(")[2].rpartition(")")
            fields = rest.split()
            seconds = sum(map(int, fields[11:15])) / _TICKS
            yield int(path.name), int(fields[1]), name, seconds, int(fields[21]) * _PAGE


def tree() -> list[tuple[str, float, int]]:
    """Name, processor seconds and bytes of this process and those below it."""
    found = {number: (parent, name, seconds, size) for number, parent, name, seconds, size in processes()}
    below: dict[int, list[int]] = {}
    for number, (parent, *_) in found.items():
        below.setdefault(parent, []).append(number)
    waiting, out = [os.getpid()], []
    while waiting:
        number = waiting.pop()
        if number in found:
            out.append(found[number][1:])
        waiting += below.get(number, [])
    return out


def processor_seconds() -> float:
    return sum(seconds for _, seconds, _ in tree())


class Peaks:
    """The most bytes of the JVM and of one Python worker, sampled."""

    def __init__(self) -> None:
        self.jvm = self.worker = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            for place, (name, _, size) in enumerate(tree()):
                if name == "java":
                    self.jvm = max(self.jvm, size)
                elif place:
                    self.worker = max(self.worker, size)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


def watched(session: Any) -> list[Stage]:
    """The stages of the runs from now on, as they end."""
    from dedup.engines.spark.work_directory import WorkDirectory

    stages: list[Stage] = []
    store = session.sparkContext._jsc.sc().statusStore()

    def counted(run: Callable[..., Any]) -> Callable[..., Any]:
        def measured(self: WorkDirectory, name: str, build: Callable[[], Any]) -> Any:
            before, began, processor = last_step(store), time.perf_counter(), processor_seconds()
            result = run(self, name, build)
            stage = Stage(name, time.perf_counter() - began, processor_seconds() - processor)
            for step in steps(store, before):
                stage.shuffled += step.shuffleWriteBytes()
                stage.spilled += step.diskBytesSpilled()
                stage.tasks.append(task_seconds(store, step))
            stages.append(stage)
            return result

        return measured

    WorkDirectory.stage = counted(WorkDirectory.stage)  # type: ignore[method-assign]
    WorkDirectory.told = counted(WorkDirectory.told)  # type: ignore[method-assign]
    return stages


def steps(store: Any, after: int) -> list[Any]:
    """What Spark calls stages, with greater numbers than `after`."""
    return [step for step in _stages(store) if step.stageId() > after]


def _stages(store: Any) -> list[Any]:
    quantiles, pools = (getattr(store, f"stageList$default${number}")() for number in (4, 5))
    every = store.stageList(None, False, False, quantiles, pools)
    return [every.apply(number) for number in range(every.size())]


def last_step(store: Any) -> int:
    return max((step.stageId() for step in _stages(store)), default=-1)


def task_seconds(store: Any, step: Any) -> list[float]:
    every = store.taskList(step.stageId(), step.attemptId(), 100_000)
    metrics = (every.apply(number).taskMetrics() for number in range(every.size()))
    return [each.get().executorRunTime() / 1000 for each in metrics if each.isDefined()]


def lines_of(report: Any, folder: Path) -> list[str]:
    from dedup.engines.spark.output import write

    write(report, f"file://{folder}", "jsonl")
    return sorted(line for part in folder.glob("*/part-*") for line in part.read_text().splitlines())


def table(stages: list[Stage], articles: int) -> Iterator[str]:
    yield "| stage | s | processor s | shuffled B an article | spilled B an article | slowest / median task |"
    yield "|---|---|---|---|---|---|"
    for stage in stages:
        numbers = f"{stage.shuffled / articles:,.0f} | {stage.spilled / articles:,.0f} | {stage.skew:.1f}"
        yield f"| {stage.name} | {stage.seconds:.1f} | {stage.processor:.1f} | {numbers} |"
    whole = [sum(getattr(stage, name) for stage in stages) for name in ("seconds", "processor", "shuffled")]
    yield f"| all | {whole[0]:.1f} | {whole[1]:.1f} | {whole[2] / articles:,.0f} | | |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", help="a file of articles")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--work", help="where stages and the result are kept")
    parser.add_argument("--no-local", action="store_true", help="do not run on one machine, nor compare")
    options = parser.parse_args()
    folder = Path(options.work or tempfile.mkdtemp(prefix="dedup-spark-bench-"))

    expected: list[str] = []
    local = 0.0
    if not options.no_local:
        from dedup.detector import find_overlaps
        from dedup.reporting.json_lines import write

        began = processor_seconds()
        report = find_overlaps(read_batches([options.articles]))
        with (folder / "local.jsonl").open("wb") as stream:
            write(report, stream)
        local = processor_seconds() - began
        expected = sorted((folder / "local.jsonl").read_text().splitlines())
        del report

    from dedup.engines.spark import find_overlaps as find_on_spark
    from dedup.engines.spark.session import open_session

    began, started = time.perf_counter(), processor_seconds()
    session = open_session(options.master)
    print(f"session: {time.perf_counter() - began:.1f} s, {processor_seconds() - started:.1f} processor s\n")
    batches = list(read_batches([options.articles]))
    pq.write_table(pa.Table.from_batches(batches), folder / "articles.parquet", row_group_size=20_000)
    articles = sum(batch.num_rows for batch in batches)
    size = sum(batch.column("text").nbytes for batch in batches)
    del batches
    frame = session.read.parquet(f"file://{folder}/articles.parquet")
    stages, peaks = watched(session), Peaks()
    report = find_on_spark(frame, work=f"file://{folder}/work")
    peaks.stop()
    print("\n".join(table(stages, articles)), "\n")
    print(f"articles: {articles:,} with {size / articles:,.0f} bytes of text each")
    print(f"peak memory: JVM {peaks.jvm / 1e6:,.0f} MB, a Python worker {peaks.worker / 1e6:,.0f} MB")
    print(f"found: {json.dumps([report.summary.overlaps, report.summary.stories, report.summary.cut_short])}")
    if local:
        spark = sum(stage.processor for stage in stages)
        each = [1000 * seconds / articles for seconds in (spark, local)]
        times = each[0] / each[1]
        print(f"processor time: {each[0]:.3f} ms an article, locally {each[1]:.3f}: {times:.1f} times")
        found = lines_of(report, folder / "result")
        print(f"equal: {found == expected} ({len(found):,} lines)")
    session.stop()
    if not options.work:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

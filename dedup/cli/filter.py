"""``dedup filter``: a pipeline stage that says whether each article has been seen before."""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.cli.filter_options import BATCH, FilterInputs, FilterOutputs, PolicyOptions
from dedup.cli.options import ENDED, BackgroundOption, SettingOptions, SpeechOptions, ThreadsOption
from dedup.cli.outlet_options import OutletOptions
from dedup.cli.period import PeriodOptions, WaitOption
from dedup.cli.reading_options import ReadingOptions
from dedup.errors import SettingsError
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.cli.filter_run import Done
    from dedup.decisions.record import Decision
    from dedup.index import Index
    from dedup.outlets import Outlets
    from dedup.verdicts.policy import Policy


def filter(  # noqa: A001 - the verb's name
    settings: SettingOptions,
    reading: ReadingOptions,
    kinds: OutletOptions,
    background: BackgroundOption,
    period: PeriodOptions,
    wait: WaitOption,
    threads: ThreadsOption,
    speech: SpeechOptions,
    given: FilterInputs,
    rule: PolicyOptions,
    outputs: FilterOutputs,
) -> int:
    """Write each article with a verdict on whether it has been seen before, and stop or cut what has.

    The verdict is original, copy, excerpt, partial or quotation. Every record keeps its own fields, in the
    same order, and gets a field "dedup". Without PATHS, JSON lines pass from standard input to standard
    output. On SIGTERM the lines already read are judged, stored and written, and the exit code is 143. After
    a crash, run it again with the same input: an article that is already stored gets its first verdict again.

    Examples:

    \b
    $ dedup filter < articles.jsonl > judged.jsonl
    $ dedup filter articles.jsonl --policy drop --keep longest -o kept.parquet --dropped dropped.jsonl
    $ dedup index create seen
    $ dedup filter --index seen --policy drop < new.jsonl > fresh.jsonl
    """
    started = time.monotonic()
    policy = rule.chosen()
    _check(policy, reading, given)
    outputs.check()
    known = kinds.table(settings.config)
    decisions = given.decided()
    from dedup.cli.filter_run import filter_files, filter_lines, write_report
    from dedup.index import Filter, Period

    with contextlib.ExitStack() as stack:
        judge: Filter | None = None
        if given.index is not None or given.is_stream:
            there = stack.enter_context(_opened(given.index, settings, background, wait, threads, known))
            span = Period.of(period.moment(), period.span())
            judge = stack.enter_context(
                Filter(there, policy=policy, store=given.store, period=span, decisions=decisions)
            )
        if judge is not None and given.is_stream:
            batch, need_ids = given.batch or BATCH, given.index is not None
            done = filter_lines(judge, reading, outputs, known, batch=batch, need_ids=need_ids)
        else:
            open_reading = partial(_reading, given.paths or [], reading, known, outputs)
            run = {} if judge else _run(settings, background, threads, known, decisions)
            done = filter_files(open_reading, reading, outputs, policy, judge, **run)
        learned = judge.index.learned_from if judge else None
        said = _said(done, policy, judge.index if judge else None, time.monotonic() - started)
    if outputs.report is not None:
        write_report(outputs.report, said)
    if not speech.quiet:
        _say(done, learned)
    return ENDED if done.stopped else 0


def _check(policy: Policy, reading: ReadingOptions, given: FilterInputs) -> None:
    """Refuse combinations of options that contradict each other."""
    if reading.rejects is not None and reading.on_error == "stop":
        raise SettingsError("rejects are written only with --on-error skip; add it or leave --rejects out")
    if policy.against == "index" and given.index is None:
        raise SettingsError("--against index needs an index; name it with --index DIR")
    if not given.store and given.index is None:
        raise SettingsError("--no-store has no meaning without --index; leave it out")
    at_once = not given.is_stream and given.index is None
    if policy.keep in ("longest", "origin") and given.batch is None and not at_once:
        raise SettingsError(
            f"--keep {policy.keep} chooses among all articles, which a stream or an index does not have at "
            "once; name files without --index, or say with --batch N among how many it may choose"
        )


def _reading(
    paths: list[str], options: ReadingOptions, outlets: Outlets, outputs: FilterOutputs, **how: Any
) -> Any:
    """Open the files; see `dedup.reading.keeping.KeepingReading`."""
    from dedup.reading.keeping import KeepingReading
    from dedup.runtime.overwriting import check_outputs

    if "-" in paths:
        raise SettingsError("- is standard input, which is read alone; name files, or - without others")
    reading = KeepingReading(
        paths,
        fields=options.fields(),
        encoding=options.encoding,
        on_error=options.on_error,
        options=options.reader_options(outlets),
        **how,
    )
    named = [*outputs.named(), *([("--rejects", options.rejects)] if options.rejects else [])]
    if named:
        check_outputs(named, [("an input", path) for path in reading.paths])
    return reading


def _run(
    settings: SettingOptions,
    background: BackgroundOption,
    threads: ThreadsOption,
    outlets: Outlets,
    decisions: Sequence[Decision],
) -> dict[str, Any]:
    """Return the arguments of a scan, and the decisions on its overlaps."""
    return {
        "decisions": decisions,
        "settings": settings.settings(),
        "background": background.load(),
        "threads": threads.threads,
        "outlets": outlets,
    }


@contextlib.contextmanager
def _opened(
    path: Path | None,
    settings: SettingOptions,
    background: BackgroundOption,
    wait: WaitOption,
    threads: ThreadsOption,
    outlets: Outlets,
) -> Iterator[Index]:
    """Provide the index that is named, or a temporary one that is removed when the run ends."""
    from dedup.index import Index

    chosen = settings.settings()
    if path is not None:
        if background.background is not None:
            raise SettingsError("--background has no meaning with --index, which keeps its own; leave it out")
        expected = None if chosen == Settings() else chosen
        with Index.open(path, expected, wait=wait.wait, threads=threads.threads, outlets=outlets) as index:
            yield index
        return
    from dedup.index.store.files import Files

    with tempfile.TemporaryDirectory(prefix="dedup-") as folder:
        known = background.load()
        place = Path(folder) / "seen"
        files = Files(durable=False)
        with Index.create(
            place, chosen, known, threads=threads.threads, files=files, outlets=outlets
        ) as index:
            yield index


def _said(done: Done, policy: Policy, index: Index | None, seconds: float) -> dict[str, Any]:
    """Return the counts of a run."""
    from dataclasses import asdict

    from dedup import __version__
    from dedup.runtime.measures import peak_memory

    terms = index.state.terms if index else None
    summary = done.summary
    return {
        **done.tally.as_dict(),
        "policy": asdict(policy),
        "settings": terms.settings.fingerprint() if terms else summary.settings if summary else None,
        "background": terms.background.fingerprint if terms else summary.background if summary else None,
        "seconds": round(seconds, 3),
        "peak_memory_bytes": peak_memory(),
        "version": __version__,
        "notes": list(done.notes),
    }


def _say(done: Done, learned: int | None) -> None:
    from dedup.reporting.printable import printable

    said = str(done.tally)
    if learned:
        said += f"; the background was learned from the first {learned:,} articles"
    for line in (said, *done.notes):
        print(f"dedup: {printable(line)}", file=sys.stderr)

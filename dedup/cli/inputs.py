"""From the options for reading to the articles themselves."""

from __future__ import annotations

import difflib
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.cli.progress import BYTES_READ
from dedup.cli.reading_options import ReadingOptions
from dedup.errors import InputError

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.cli.progress import Callback
    from dedup.outlets import Outlets
    from dedup.reading import Reading

#: Maximum number of rejected records that are listed.
LISTED = 10
#: Minimum size in bytes from which the size of the scratch files is announced.
WORTH_SAYING = 1_000_000_000


def open_inputs(
    paths: Sequence[str],
    options: ReadingOptions,
    progress: Callback | None = None,
    *,
    outputs: Sequence[Path | None] = (),
    others: Mapping[str, Path | None] | None = None,
    outlets: Outlets | None = None,
) -> Reading:
    """Open the inputs according to the options; nothing is read yet.

    Parameters
    ----------
    outputs : sequence of Path or None
        The files that ``--output`` makes.
    others : mapping of str to Path or None
        Files that are read besides the inputs, by their option.
    outlets : Outlets, optional
        What is known about the sources.

    Raises
    ------
    SettingsError
        An output, or the file of rejects, would overwrite an input or another output.
    """
    from dedup.reading import read_batches
    from dedup.runtime.overwriting import check_outputs

    if sys.stdin is None and "-" in paths:
        raise InputError("standard input is closed; give it JSON lines, or name files", file="-")
    reading = read_batches(
        paths,
        fields=options.fields(),
        encoding=options.encoding,
        on_error=options.on_error,
        rejects=options.rejects,
        # Unbuffered: a thread that waits in a buffered stream holds its lock, and Python then aborts on
        # Ctrl-C.
        stdin=None if sys.stdin is None else getattr(sys.stdin.buffer, "raw", sys.stdin.buffer),
        progress=None if progress is None else partial(progress, BYTES_READ),
        options=options.reader_options(outlets),
    )
    written = [*(("--output", path) for path in outputs), ("--rejects", options.rejects)]
    named = [(name, path) for name, path in written if path is not None]
    if named:
        read = [(name, path) for name, path in (others or {}).items() if path is not None]
        check_outputs(named, [*(("an input", path) for path in reading.paths), *read])
    return reading


def say_what_is_needed(reading: Reading, scratch: Path | None) -> None:
    """Say on standard error how much a large run will write to its scratch directory."""
    from dedup.detector import scratch_bytes

    needed, folder = scratch_bytes(reading), scratch or Path(tempfile.gettempdir())
    if needed >= WORTH_SAYING and folder.is_dir():  # otherwise the run itself refuses it
        free = shutil.disk_usage(folder).free
        print(
            f"dedup: needs about {needed / 1e9:,.1f} GB in {folder}, which has {free / 1e9:,.1f} GB free",
            file=sys.stderr,
            flush=True,
        )


def say_what_was_read(reading: Reading, *, quiet: bool, notes: bool = True) -> None:
    """Print how sources and ids were chosen, and what was left out, to standard error."""
    from dedup.reporting.printable import printable

    for line in () if quiet else (*(reading.notes if notes else ()), *_left_out(reading)):
        print(f"dedup: {printable(line)}", file=sys.stderr)


def _left_out(reading: Reading) -> Iterator[str]:
    for reject in reading.rejects[:LISTED]:
        place = reject.file if reject.line is None else f"{reject.file}:{reject.line}"
        yield f"left out: {place}: {reject.reason}"
    if reading.skipped:
        unlisted = reading.skipped - min(reading.skipped, LISTED)
        more = f", {unlisted:,} of them not listed here" if unlisted else ""
        yield f"left out: {reading.skipped:,} in all{more}; --rejects FILE keeps them"


def read_pair(a: str, b: str, inputs: Sequence[str], options: ReadingOptions) -> tuple[Article, Article]:
    """Return two articles: by the ids `a` and `b` among the inputs, or from the files `a` and `b`.

    Raises
    ------
    InputError
        Both are the same article, an id does not exist, or a file does not contain exactly one article.
    """
    if a == b:
        raise InputError(f"the two are one and the same article, {a}; give two different ones")
    if inputs:
        return _by_id(a, b, inputs, options)
    first, second = _only_article(a, options), _only_article(b, options)
    if first.id == second.id:
        first, second = replace(first, id=a), replace(second, id=b)
    return first, second


def _only_article(path: str, options: ReadingOptions) -> Article:
    from dedup.reading.batches import to_articles

    articles = [article for batch in open_inputs([path], options) for article in to_articles(batch)]
    if len(articles) != 1:
        raise InputError(
            f"holds {len(articles):,} articles; to pick two of them, give their ids and then the input",
            file=path,
        )
    return articles[0]


def _by_id(a: str, b: str, inputs: Sequence[str], options: ReadingOptions) -> tuple[Article, Article]:
    from dedup.reading.batches import to_articles
    from dedup.reporting.short_ids import resolve

    candidates: dict[str, Article] = {}
    ids: list[str] = []
    given = [each.partition("…")[0] for each in (a, b)]
    for batch in open_inputs(inputs, options):
        column = batch.column("id").to_pylist()
        ids += column
        if any(begin in id_ for id_ in column for begin in given):
            for article in to_articles(batch):
                if any(begin in article.id for begin in given):
                    candidates[article.id] = article
    chosen = []
    for wanted in (a, b):
        try:
            chosen.append(candidates[resolve(wanted, ids)])
        except InputError as error:
            near = difflib.get_close_matches(wanted, ids, n=1, cutoff=0.5)
            mend = f"; did you mean {near[0]}?" if near and "beginning" not in str(error) else ""
            raise InputError(f"{error}{mend}") from None
    if chosen[0].id == chosen[1].id:
        raise InputError(f"the two are one and the same article, {chosen[0].id}; give two different ones")
    return chosen[0], chosen[1]

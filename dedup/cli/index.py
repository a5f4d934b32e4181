"""``dedup index``: articles kept on disk, so that each new one is compared with all earlier ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dedup.cli.inputs import open_inputs, say_what_was_read
from dedup.cli.options import BackgroundOption, Paths, SettingOptions, SpeechOptions, ThreadsOption, writable
from dedup.cli.outlet_options import MineOption, OutletOptions
from dedup.cli.period import PeriodOptions, WaitOption, moment_of
from dedup.cli.progress import progress_bar
from dedup.cli.reading_options import ReadingOptions
from dedup.cli.scan import chosen_format, outputs_of
from dedup.reporting.formats import Format, write

if TYPE_CHECKING:
    from dedup.index import Index
    from dedup.outlets import Outlets
    from dedup.reading.records import Fault

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The directory of the index.")]
Form = Annotated[
    Format | None,
    typer.Option(
        "--format",
        show_default="by the ending of -o, else table on a terminal, jsonl elsewhere",
        help="Format of the result.",
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to this file.")
]

BROKEN = 1


def create(
    folder: Folder, settings: SettingOptions, background: BackgroundOption, speech: SpeechOptions
) -> None:
    """Create an empty index; its settings cannot be changed later.

    Example:

    \b
    $ dedup index create archive
    """
    chosen = settings.settings()
    from dedup.index import Index

    known = background.load()
    Index.create(folder, chosen, known).close()
    learned = "" if known else "; it learns its background from its first articles"
    _say(f"{folder} made with the settings {chosen.fingerprint()}{learned}", speech)


def add(
    folder: Folder,
    paths: Paths,
    reading: ReadingOptions,
    kinds: OutletOptions,
    period: PeriodOptions,
    wait: WaitOption,
    threads: ThreadsOption,
    speech: SpeechOptions,
    format: Form = None,  # noqa: A002 - the option's name
    output: Output = None,
    update: Annotated[
        bool,
        typer.Option(
            "--update", help="Let an article whose id is there with another text take the place of that text."
        ),
    ] = False,
) -> None:
    """Store articles, and show what they share with each other and with the stored articles.

    Example:

    \b
    $ dedup index add archive articles.jsonl --format jsonl
    """
    form = format or chosen_format(output)
    target, known = writable(output), kinds.table()
    with progress_bar(quiet=speech.quiet) as progress, _opened(folder, wait, threads, known) as index:
        articles = open_inputs(paths, reading, progress, outputs=outputs_of(form, target), outlets=known)
        with _refused(reading) as reject:
            report = index.add(
                articles,
                since=period.moment(),
                within=period.span(),
                on_error="update" if update else reading.on_error,
                reject=reject,
            )
    write(report, form, target, furniture=report.furniture)
    if form != "table" and not speech.quiet:  # a table ends with its notes
        for note in report.notes:
            print(f"dedup: {note}", file=sys.stderr)
    say_what_was_read(articles, quiet=speech.quiet, notes=False)


@contextmanager
def _refused(reading: ReadingOptions) -> Iterator[Callable[[Fault], None]]:
    """Takes the articles that the index refuses, and puts them behind what the reading left out."""
    from dedup.reading.rejects import Rejects
    from dedup.runtime.outputs import written_beside

    path = reading.rejects
    if path is None or reading.on_error == "stop":
        yield lambda fault: None
        return
    own = path.with_name(f".{path.name}.refused")
    try:
        with Rejects(skip=True, path=own) as rejects:
            yield rejects.take
        with written_beside([path]) as (beside,):
            beside.write_bytes(path.read_bytes() + own.read_bytes())
    finally:
        own.unlink(missing_ok=True)


def query(
    folder: Folder,
    paths: Paths,
    reading: ReadingOptions,
    kinds: OutletOptions,
    period: PeriodOptions,
    speech: SpeechOptions,
) -> None:
    """Show what articles share with those of the index, as JSON lines, without storing them.

    Example:

    \b
    $ dedup index query archive new.jsonl --within 72h
    """
    import msgspec

    from dedup.reading import to_articles
    from dedup.reporting.records import record_of

    known = kinds.table()
    with _opened(folder, WaitOption(), ThreadsOption(), known) as index:
        articles = open_inputs(paths, reading, outlets=known)
        for batch in articles:
            for article in to_articles(batch):
                for overlap in index.query(article, since=period.moment(), within=period.span()):
                    print(msgspec.json.encode({"kind": "overlap", **record_of(overlap)}).decode())
    say_what_was_read(articles, quiet=speech.quiet)


def remove(
    folder: Folder,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of the articles to remove.")],
    wait: WaitOption,
    speech: SpeechOptions,
) -> None:
    """Remove articles; their texts stay on disk until `dedup index compact`.

    Example:

    \b
    $ dedup index remove archive 004_068cc92b8fa75c2d
    """
    with _opened(folder, wait, ThreadsOption()) as index:
        count = index.remove(ids)
    _say(f"{count:,} articles removed; `dedup index compact {folder}` overwrites their texts", speech)


def prune(
    folder: Folder,
    before: Annotated[
        str, typer.Option(metavar="DATE", help="Remove articles that were published before this time.")
    ],
    wait: WaitOption,
    speech: SpeechOptions,
) -> None:
    """Remove old articles; those without a time of publication stay.

    Example:

    \b
    $ dedup index prune archive --before 2022-02-01
    """
    moment = moment_of("--before", before)
    with _opened(folder, wait, ThreadsOption()) as index:
        count = index.prune(moment)
    _say(f"{count:,} articles removed; `dedup index compact {folder}` overwrites their texts", speech)


def compact(folder: Folder, wait: WaitOption, speech: SpeechOptions) -> None:
    """Merge all segments, and delete the texts of removed articles from disk.

    Example:

    \b
    $ dedup index compact archive
    """
    with _opened(folder, wait, ThreadsOption()) as index:
        index.compact()
        info = index.info()
    _say(f"{info.articles:,} articles in {info.segments:,} segments, {info.size / 1e6:,.1f} MB", speech)


def refresh(
    folder: Folder,
    period: PeriodOptions,
    wait: WaitOption,
    threads: ThreadsOption,
    speech: SpeechOptions,
) -> None:
    """Learn the background again from all articles, and compare them all again.

    Example:

    \b
    $ dedup index refresh archive
    """
    with _opened(folder, wait, threads) as index:
        count = index.refresh(since=period.moment(), within=period.span())
    _say(f"the background was learned anew from {count:,} articles, which were all compared", speech)


def rebuild(
    folder: Folder,
    wait: WaitOption,
    threads: ThreadsOption,
    speech: SpeechOptions,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="NEW",
            help="Make the new index in this directory and leave the old one where it is.",
        ),
    ] = None,
) -> None:
    """Make a current index of the articles of an old one, whatever version of dedup made that.

    Without -o the new index takes the place of the old one, which is kept beside it. Started again after a
    break, it goes on where it was.

    Example:

    \b
    $ dedup index rebuild archive
    """
    from dedup.index.rebuilding import rebuild as made_anew

    made = made_anew(folder, output, wait=wait.wait, threads=threads.threads)
    for note in made.notes:
        _say(note, speech)
    kept = f"; the old one is {made.former}, which can be deleted" if made.former else ""
    decisions = f" and {made.decisions:,} decisions" if made.decisions else ""
    _say(f"{made.folder} has the {made.articles:,} articles{decisions} of the old index{kept}", speech)


def info(
    folder: Folder,
    speech: SpeechOptions,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["table", "json"] | None,
        typer.Option(show_default="table on a terminal, json elsewhere", help="Format of what is shown."),
    ] = None,
) -> None:
    """Show what is in an index, in numbers.

    Example:

    \b
    $ dedup index info archive --format table
    """
    with _opened(folder, WaitOption(), ThreadsOption()) as index:
        found = asdict(index.info())
    if (format or ("table" if sys.stdout.isatty() else "json")) == "json":
        import msgspec

        print(msgspec.json.encode(found).decode())
        return
    settings = found.pop("settings")
    for name, value in found.items():
        print(f"{name.replace('_', ' '):<16} {value:,}" if isinstance(value, int) else f"{name:<16} {value}")
    print("settings         " + ", ".join(f"{name} {value}" for name, value in settings.items()))


def verify(folder: Folder, speech: SpeechOptions) -> int:
    """Read the whole index and say what is damaged and what to do; exit with 1 if anything is.

    Example:

    \b
    $ dedup index verify archive
    """
    from dedup.index.verbs.verification import verify as read_through

    found = read_through(folder)
    for problem in found.problems:
        print(f"broken: {problem}")
    for note in () if speech.quiet else found.notes:
        print(f"note: {note}")
    state = "sound" if found.sound else "not sound"
    print(
        f"{folder} is {state}: {found.articles:,} articles in {found.segments:,} segments, "
        f"{found.overlaps:,} overlaps"
    )
    return 0 if found.sound else BROKEN


def backup(
    folder: Folder,
    target: Annotated[Path, typer.Argument(metavar="TO", help="The directory of the copy, which is made.")],
    speech: SpeechOptions,
) -> None:
    """Copy an index as it is at one moment, while others may go on writing to it.

    Example:

    \b
    $ dedup index backup archive archive-copy
    """
    with _opened(folder, WaitOption(), ThreadsOption()) as index:
        index.backup(target)
    _say(f"{folder} copied to {target}", speech)


def export(
    folder: Folder,
    kinds: OutletOptions,
    own: MineOption,
    speech: SpeechOptions,
    output: Output = None,
    format: Form = None,  # noqa: A002 - the option's name
    articles: Annotated[
        bool,
        typer.Option(
            "--articles",
            help="Export the articles as JSON lines, not the overlaps; works on a damaged index, too.",
        ),
    ] = False,
) -> None:
    """Show all overlaps and stories of an index as `dedup scan` would, or its articles.

    Examples:

    \b
    $ dedup index export archive -o overlaps.parquet
    $ dedup index export archive --articles -o articles-again.jsonl
    """
    if articles:
        from dedup.index.verbs.exporting import write_articles

        count = write_articles(folder, writable(output))
        _say(f"{count:,} articles written", speech)
        return
    form = format or chosen_format(output)
    target, known = writable(output), own.told(kinds.table(), form)
    with _opened(folder, WaitOption(), ThreadsOption(), known) as index:
        report = index.report()
        write(report, form, target, furniture=report.furniture, mine=known.mine)


@contextmanager
def _opened(
    folder: Path, wait: WaitOption, threads: ThreadsOption, outlets: Outlets | None = None
) -> Iterator[Index]:
    from dedup.index import Index

    with Index.open(folder, wait=wait.wait, threads=threads.threads, outlets=outlets) as index:
        yield index


def _say(message: str, speech: SpeechOptions) -> None:
    if not speech.quiet:
        print(f"dedup: {message}", file=sys.stderr)

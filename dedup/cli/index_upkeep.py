"""``dedup index``: verbs that maintain an index over the years."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from dedup.cli.opened_index import Folder, opened, say
from dedup.cli.options import SpeechOptions, ThreadsOption
from dedup.cli.period import PeriodOptions, WaitOption, moment_of

BROKEN = 1


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
    with opened(folder, wait, ThreadsOption()) as index:
        count = index.remove(ids)
    say(f"{count:,} articles removed; `dedup index compact {folder}` overwrites their texts", speech)


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
    with opened(folder, wait, ThreadsOption()) as index:
        count = index.prune(moment)
    say(f"{count:,} articles removed; `dedup index compact {folder}` overwrites their texts", speech)


def compact(folder: Folder, wait: WaitOption, speech: SpeechOptions) -> None:
    """Merge all segments, and delete the texts of removed articles from disk.

    Example:

    \b
    $ dedup index compact archive
    """
    with opened(folder, wait, ThreadsOption()) as index:
        index.compact()
        info = index.info()
    say(f"{info.articles:,} articles in {info.segments:,} segments, {info.size / 1e6:,.1f} MB", speech)


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
    with opened(folder, wait, threads) as index:
        count = index.refresh(since=period.moment(), within=period.span())
    say(f"the background was learned anew from {count:,} articles, which were all compared", speech)


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
        say(note, speech)
    kept = f"; the old one is {made.former}, which can be deleted" if made.former else ""
    decisions = f" and {made.decisions:,} decisions" if made.decisions else ""
    say(f"{made.folder} has the {made.articles:,} articles{decisions} of the old index{kept}", speech)


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
    with opened(folder, WaitOption(), ThreadsOption()) as index:
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
    with opened(folder, WaitOption(), ThreadsOption()) as index:
        index.backup(target)
    say(f"{folder} copied to {target}", speech)

"""``dedup background``: learn once what is known about a corpus as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dedup.cli.inputs import open_inputs, say_what_was_read
from dedup.cli.options import Paths, SettingOptions, SpeechOptions, ThreadsOption, writable
from dedup.cli.progress import progress_bar
from dedup.cli.reading_options import ReadingOptions


def background(
    paths: Paths,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Write the background to this file.")
    ],
    settings: SettingOptions,
    reading: ReadingOptions,
    threads: ThreadsOption,
    speech: SpeechOptions,
) -> None:
    """Learn which phrases are common and which sentences each source repeats, for later scans.

    Examples:

    \b
    $ dedup background articles.jsonl -o archive.background
    $ dedup scan new.jsonl --background archive.background
    """
    chosen = settings.settings()
    writable(output)
    with progress_bar(quiet=speech.quiet) as progress:
        from dedup.detector import learn_background

        articles = open_inputs(paths, reading, progress, outputs=[output])
        learned = learn_background(articles, chosen, threads=threads.threads, progress=progress)
    learned.save(output)
    say_what_was_read(articles, quiet=speech.quiet)
    if not speech.quiet:
        typer.echo(f"dedup: background {learned.fingerprint} written to {output}", err=True)

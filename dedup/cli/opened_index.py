"""What the verbs of ``dedup index`` have in common: the directory, opening it, messages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.options import SpeechOptions, ThreadsOption
from dedup.cli.period import WaitOption

if TYPE_CHECKING:
    from dedup.index import Index
    from dedup.outlets import Outlets

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The directory of the index.")]


@contextmanager
def opened(
    folder: Path, wait: WaitOption, threads: ThreadsOption, outlets: Outlets | None = None
) -> Iterator[Index]:
    """Provide an open index within the block."""
    from dedup.index import Index

    with Index.open(folder, wait=wait.wait, threads=threads.threads, outlets=outlets) as index:
        yield index


def say(message: str, speech: SpeechOptions) -> None:
    """Report on standard error what was done."""
    if not speech.quiet:
        print(f"dedup: {message}", file=sys.stderr)

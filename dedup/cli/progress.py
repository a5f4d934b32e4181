"""Progress on standard error, drawn only where standard error is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Called with the stage's name, the amount done, and the total if it is known.
Callback = Callable[[str, int, int | None], None]

#: The stage whose numbers are bytes of the inputs.
BYTES_READ = "bytes read"


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callback | None]:
    """Draw one bar per stage; yield None, which draws nothing, with `quiet` or without a terminal.

    The bars are removed when the block ends, so that the next output starts on a clean line.
    """
    prepare_first_run(quiet=quiet)
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<24}"), BarColumn(), TextColumn("{task.fields[amount]}"))
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total, amount="")
            bars.update(tasks[stage], completed=done, total=total, amount=_amount(stage, done, total))

        yield show


def prepare_first_run(*, quiet: bool) -> None:
    """Say why the first run takes longer, and let a second core compile too."""
    if _compiled():
        return
    if not quiet:
        print("dedup: compiling for this machine, one to two minutes, this once", file=sys.stderr, flush=True)
    from dedup.jit.beside import compile_beside
    from dedup.runtime.threads import available_threads

    if available_threads() > 1:
        compile_beside("dedup.warming", "dedup.alignment")


def _compiled() -> bool:
    """Whether an earlier run has left compiled kernels."""
    from dedup.alignment.pairs import align
    from dedup.jit.kernel_cache import is_kept

    return is_kept(align)


def _amount(stage: str, done: int, total: int | None) -> str:
    """Return the amount done, in words."""
    if stage == BYTES_READ:
        return f"{done / 1e6:,.1f} of {total / 1e6:,.1f} MB" if total else f"{done / 1e6:,.1f} MB"
    return f"{done:,} of {total:,}" if total else f"{done:,}"

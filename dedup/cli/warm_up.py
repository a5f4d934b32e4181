"""``dedup warm-up``: compile now what a first run would compile."""

from __future__ import annotations

import sys
import time

from dedup.cli.options import SpeechOptions


def warm_up(speech: SpeechOptions) -> None:
    """Compile all kernels for this machine, so that no later run waits; for images of containers.

    Kernels are kept beside the package, or where that cannot be written in the user's cache; the variable
    NUMBA_CACHE_DIR names another directory. What is kept already is not compiled again.

    Example:

    \b
    $ dedup warm-up
    """
    from dedup.cli.progress import prepare_first_run
    from dedup.jit.kernel_cache import kept_in
    from dedup.warming import compile_all

    began = time.monotonic()
    folder, before = kept_in()
    prepare_first_run(quiet=speech.quiet)
    compile_all()
    if not speech.quiet:
        _, after = kept_in()
        compiled = f"{after - before:,} kernels compiled" if after > before else "nothing to compile"
        kept = f"{after:,} are kept in {folder}" if folder else "there is no place to keep them"
        print(f"dedup: {compiled} in {time.monotonic() - began:,.0f} s; {kept}", file=sys.stderr)

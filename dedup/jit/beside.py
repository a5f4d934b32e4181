"""Kernels that a process beside this one compiles, while this one does the work before them."""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys

#: The process and what it compiles; None if there is none.
_waiting: tuple[subprocess.Popen[bytes], tuple[str, ...]] | None = None


def compile_beside(module: str, *packages: str) -> None:
    """Start a process that runs a module, which compiles the kernels of some packages and then ends.

    A caller that needs one of these kernels waits for it (`have_arrived`). The process ends with this one at
    the latest. If it cannot be started or fails, this process compiles the kernels itself.
    """
    global _waiting
    if _waiting is not None or not sys.executable:
        return
    with contextlib.suppress(OSError):
        program = [sys.executable, "-P", "-m", module, str(os.getpid())]
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(program, stdin=nothing, stdout=nothing, stderr=nothing)
        atexit.register(process.kill)
        _waiting = process, packages


def have_arrived(module: str) -> bool:
    """Wait for a module's kernels if they are being compiled beside; return whether they were."""
    if _waiting is None or not module.startswith(_waiting[1]):
        return False
    process = _waiting[0]
    done = process.poll() is not None
    process.wait()
    return not done

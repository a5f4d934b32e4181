"""Check, before anything is read, that no output overwrites an input or another output."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from dedup.errors import SettingsError

Identity = tuple[int, int] | str


def check_outputs(outputs: Sequence[tuple[str, Path]], inputs: Iterable[tuple[str, Path]]) -> None:
    """Check that no two of the files are the same file under different names or links.

    Parameters
    ----------
    outputs, inputs : sequence of (str, Path)
        The user's name for each, such as ``--output``, and its path. Devices and pipes are skipped.

    Raises
    ------
    SettingsError
        An output is also an input, or two outputs are one file. The message names both.

    Examples
    --------
    >>> check_outputs([("--output", Path("new.jsonl")), ("--rejects", Path("./new.jsonl"))], [])
    Traceback (most recent call last):
    dedup.errors.SettingsError: --output and --rejects are the same file, new.jsonl; name two different ones
    """
    taken: dict[Identity, tuple[str, Path]] = {}
    for name, path in outputs:
        identity = _identity(path)
        if identity is None:
            continue
        if identity in taken:
            raise SettingsError(
                f"{taken[identity][0]} and {name} are the same file, {taken[identity][1]}; "
                "name two different ones"
            )
        taken[identity] = name, path
    if not taken:
        return
    for name, path in inputs:
        identity = _identity(path)
        if identity is not None and identity in taken:
            output, written = taken[identity]
            raise SettingsError(
                f"{output} is {written}, which is also read ({name}) and would be overwritten; "
                "name another file"
            )


def _identity(path: Path) -> Identity | None:
    """Return a key that is equal for all names of one file, or None for what cannot be overwritten."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return os.path.realpath(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if path.is_file() else None

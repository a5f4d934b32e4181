"""Copies an index as it is at one moment, while others may write to it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from dedup.errors import IndexStoreError, OutputError
from dedup.index.store.catalogue import FILE
from dedup.index.store.files import Files
from dedup.index.store.state import SEGMENTS, State, background_path

#: Attempts at a copy whose segments another process merges away meanwhile.
_ATTEMPTS = 8


def copy_index(state: State, target: Path, *, linked: bool = False) -> None:
    """Copy an index into a directory that does not exist yet, or is empty.

    Segments never change, so they may be hard-linked if the copy is on the same file system: then only the
    catalogue is copied.

    Raises
    ------
    OutputError
        `target` exists already, or cannot be written; an incomplete copy is removed.
    IndexStoreError
        The index is damaged.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OutputError(f"{target} exists already; name a directory that does not")
    beside = target.with_name(f".{target.name}.partial")
    try:
        for left in range(_ATTEMPTS - 1, -1, -1):
            shutil.rmtree(beside, ignore_errors=True)
            try:
                _copy(state, beside, linked)
                break
            except FileNotFoundError as error:  # merged away since the catalogue was copied
                if not left:
                    raise IndexStoreError(
                        f"{error.filename} is missing; `dedup index verify` says what is whole"
                    ) from error
        if target.exists():
            target.rmdir()
        beside.rename(target)
        state.files.sync(target.parent)
    except OSError as error:
        raise OutputError(f"{target} cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _copy(state: State, folder: Path, linked: bool) -> None:
    (folder / SEGMENTS).mkdir(parents=True)
    with state.catalogue.reading():
        state.catalogue.copy_to(folder / FILE)
        names = [name for name, _, _ in state.catalogue.segments()]
        fingerprint = state.catalogue.setting("background")
    for name in names:
        to = folder / SEGMENTS / name
        to.mkdir()
        for file in sorted((state.segments / name).iterdir()):
            _put(file, to / file.name, linked, state.files)
    background = background_path(state.folder, fingerprint)
    _put(background, folder / background.name, linked, state.files)
    for path in (folder / FILE, folder / SEGMENTS, folder):
        state.files.sync(path)


def _put(file: Path, to: Path, linked: bool, files: Files) -> None:
    if linked:
        try:
            os.link(file, to)
            return
        except FileNotFoundError:
            raise
        except OSError:  # another file system, or one without hard links
            pass
    shutil.copyfile(file, to)
    files.sync(to)

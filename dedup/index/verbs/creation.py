"""Creates an index."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from dedup.background.tables import Background
from dedup.errors import BackgroundError, IndexStoreError
from dedup.index.store.catalogue import Catalogue
from dedup.index.store.files import Files
from dedup.index.store.state import SEGMENTS, background_path, enter_settings
from dedup.settings import Settings


def make(
    folder: Path, settings: Settings, background: Background | None, *, wait: float, files: Files
) -> None:
    """Create an empty index beside its place, and rename it into place; see `dedup.index.Index.create`."""
    if background is not None and background.shingle_words != settings.shingle_words:
        raise BackgroundError(
            f"the background counts {background.shingle_words}-word shingles and the settings ask for "
            f"{settings.shingle_words}; learn it anew with `shingle_words={settings.shingle_words}`"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise IndexStoreError(f"{folder} exists and is not empty; name a new directory")
    try:
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        beside.chmod(0o777 & ~_umask())
        (beside / SEGMENTS).mkdir()
        own = background or Background.empty(settings.shingle_words)
        own.save(background_path(beside, own.fingerprint))
        catalogue = Catalogue(beside, wait=wait, durable=files.durable)
        catalogue.create()
        with catalogue.writing():
            enter_settings(catalogue, settings, own, 0 if background is None else -1)
        catalogue.close()
        files.rename(beside, folder)
    except OSError as error:
        raise IndexStoreError(
            f"{folder} cannot be made ({error.strerror or error}); name another directory"
        ) from error


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current

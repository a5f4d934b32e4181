"""A folder whose new files are added to the index."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from dedup.errors import DedupError, IndexStoreError
from dedup.reading import read_batches, to_articles
from dedup.web.engine import Engine

log = logging.getLogger("dedup.desk")

_SECONDS = 2.0


class Watcher:
    """Adds the files of a folder: the existing ones, then each new or changed file.

    A file is read once its size and time have not changed between two looks, so that a file that is still
    being written is left alone.

    Parameters
    ----------
    folder : Path
    engine : Engine
    """

    def __init__(self, folder: Path, engine: Engine, seconds: float = _SECONDS) -> None:
        self._folder = folder
        self._engine = engine
        self._seconds = seconds
        self._seen: dict[Path, tuple[int, int]] = {}
        self._done: dict[Path, tuple[int, int]] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        """Start looking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking; a file that is being added is finished."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._seconds if self._engine.ready else 0.1):
            if self._engine.ready:
                self.look()

    def look(self) -> None:
        """Look once, and add the files that have arrived."""
        now: dict[Path, tuple[int, int]] = {}
        for path in sorted(self._folder.rglob("*")):
            try:
                if not path.is_file() or any(
                    part.startswith(".") for part in path.parts[len(self._folder.parts) :]
                ):
                    continue
                about = path.stat()
            except OSError:
                continue
            now[path] = (about.st_size, about.st_mtime_ns)
        for path, state in now.items():
            settled = self._seen.get(path) == state and self._done.get(path) != state
            if settled and not self._over.is_set() and self._add(path):
                self._done[path] = state
        self._seen = now

    def _add(self, path: Path) -> bool:
        """Return whether the file needs no further attempt: it was added, or nothing in it can be added."""
        try:
            reading = read_batches([path], on_error="skip")
            articles = [article for batch in reading for article in to_articles(batch)]
            self._engine.write_now(lambda index: index.put(articles))
        except IndexStoreError as error:
            log.warning("%s: not stored yet: %s", path, error)
            return False
        except (DedupError, OSError) as error:
            log.warning("%s: left out: %s", path, error)
        else:
            log.info("%s: %d articles, %d left out", path, len(articles), reading.skipped)
        return True

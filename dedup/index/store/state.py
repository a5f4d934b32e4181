"""An index as one process holds it open: its catalogue, its terms, and its segments when last read."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

import numpy as np

from dedup.background.tables import Background
from dedup.corpus.protocols import Terms
from dedup.errors import BackgroundError, IndexStoreError, SettingsError
from dedup.index.store.arrays import relieve
from dedup.index.store.catalogue import Catalogue
from dedup.index.store.files import Files
from dedup.index.store.overlap_blocks import LAYOUT
from dedup.index.store.segments import Segment
from dedup.index.store.snapshot import Snapshot
from dedup.index.store.token_shelf import TokenShelf
from dedup.outlets import Outlets
from dedup.settings import ALGORITHM, Settings

SEGMENTS = "segments"
#: Attempts to read a catalogue whose segments another process merges away meanwhile.
_LOOKS = 8


class State:
    """What the operations of an index share.

    Attributes
    ----------
    folder : Path
    catalogue : Catalogue
    files : Files
    terms : Terms
        The settings, and the background when last read.
    snapshot : Snapshot
        The articles when last read.
    shelf : TokenShelf
        The tokens of articles as they are compared, under the background when last read.
    """

    def __init__(self, folder: Path, *, wait: float, files: Files, outlets: Outlets | None = None) -> None:
        self.folder = folder
        self.files = files
        self.catalogue = Catalogue(folder, wait=wait, durable=files.durable)
        try:
            self.catalogue.check()
            settings = settings_of(self.catalogue)
        except BaseException:
            self.catalogue.close()
            raise
        self.terms = Terms(Background.empty(settings.shingle_words), settings, outlets or Outlets())
        self.snapshot = Snapshot([], np.zeros(0, np.int64))
        self._background = ""
        self._seen: int | None = None
        self.shelf = TokenShelf()

    @property
    def segments(self) -> Path:
        """The folder of the segments."""
        return self.folder / SEGMENTS

    def look(self) -> None:
        """Read what the catalogue says now, or within a transaction, what that transaction says."""
        # Read before the catalogue: what is committed between the two is seen, and read once more.
        state = self.catalogue.state
        if state is not None and state == self._seen:
            return
        for left in range(_LOOKS - 1, -1, -1):
            try:
                with self.catalogue.reading():
                    self._see()
                self._seen = state
                return
            except FileNotFoundError as error:
                # Between reading the catalogue and opening the segment, a writer has merged the segment away.
                if not left:
                    raise IndexStoreError(
                        f"{error.filename} is missing; `dedup index verify` says what is whole"
                    ) from error

    def forget(self) -> None:
        """Note that this process has changed the index, so that it is read again."""
        self._seen = None

    def _see(self) -> None:
        known = {segment.name: segment for segment in self.snapshot.segments}
        bands = self.terms.settings.bands
        segments = [
            known.get(name) or Segment(self.segments / name, bands, files)
            for name, _, files in self.catalogue.segments()
        ]
        self.snapshot = Snapshot(segments, self.catalogue.removed())
        self.take_background(self.catalogue.setting("background"))

    def take_background(self, fingerprint: str) -> None:
        """Load a background, unless it is loaded already."""
        if fingerprint == self._background:
            return
        try:
            background = Background.load(background_path(self.folder, fingerprint))
        except BackgroundError as error:
            raise IndexStoreError(f"the background of {self.folder} cannot be read: {error}") from error
        if background.fingerprint != fingerprint:
            raise IndexStoreError(
                f"{self.folder} holds another background than its own; restore {fingerprint}"
            )
        self._take(background, fingerprint)

    def keep_background(self, background: Background) -> None:
        """Store a background and make it the index' own."""
        fingerprint = background.fingerprint
        path = background_path(self.folder, fingerprint)
        if not path.exists():
            background.save(path)
            self.files.sync(path)
            self.files.sync(self.folder)
        self.catalogue.set("background", fingerprint)
        self._take(background, fingerprint)

    def _take(self, background: Background, fingerprint: str) -> None:
        self.terms = Terms(background, self.terms.settings, self.terms.outlets)
        self._background = fingerprint
        self.shelf = TokenShelf()

    def release(self) -> None:
        """Let the system reclaim the memory of mapped files."""
        self.snapshot.release()
        self.shelf.release()

    def relieve(self) -> None:
        """Release memory while the process holds too much: the tokens last, as they are needed most often."""
        relieve(self.snapshot, self.shelf)

    def new_segment(self, first: int) -> Path:
        """Return the folder of a new segment whose first article has this number."""
        return self.segments / f"{first:010}-{uuid4().hex[:12]}"

    def sweep(self) -> list[str]:
        """Remove what the catalogue does not list: leftovers of a crash, and merged segments.

        Only the holder of the write lock may call this. Returns the names of what was removed.
        """
        named = {name for name, _, _ in self.catalogue.segments()}
        kept = background_path(self.folder, self.catalogue.setting("background"))
        gone = [entry for entry in self.segments.iterdir() if entry.name not in named]
        for entry in gone:
            self.files.remove(entry)
        for path in self.folder.iterdir():
            if path != kept and path.name.startswith(("background-", ".dedup-")):
                path.unlink(missing_ok=True)
                gone.append(path)
        return [entry.name for entry in gone]


def background_path(folder: Path, fingerprint: str) -> Path:
    """Return where an index stores a background."""
    return folder / f"background-{fingerprint}.npz"


def enter_settings(catalogue: Catalogue, settings: Settings, background: Background, learned: int) -> None:
    """Store the settings and background of the index. `learned` is -1 for a background that was given."""
    catalogue.set("settings", json.dumps(asdict(settings)))
    catalogue.set("algorithm", ALGORITHM)
    catalogue.set("fingerprint", settings.fingerprint())
    catalogue.set("passages", LAYOUT)
    catalogue.set("background", background.fingerprint)
    catalogue.set("learned", learned)
    catalogue.set("next", 1)


def settings_of(catalogue: Catalogue) -> Settings:
    """Return the settings of an index. Raises `IndexStoreError` if another version made it."""
    try:
        settings = Settings(**json.loads(catalogue.setting("settings")))
    except (ValueError, TypeError, SettingsError) as error:
        raise IndexStoreError(
            f"{catalogue.folder} has settings that this version does not know ({error}); "
            f"{_rebuild(catalogue)}"
        ) from error
    made_by = catalogue.one("SELECT value FROM setting WHERE name = 'algorithm'", [])
    if made_by != str(ALGORITHM):
        raise IndexStoreError(
            f"{catalogue.folder} was made by version {made_by or 0} of the algorithm, and this program has "
            f"version {ALGORITHM}, which finds other passages; {_rebuild(catalogue)}"
        )
    if settings.fingerprint() != catalogue.setting("fingerprint"):
        raise IndexStoreError(
            f"{catalogue.folder} was made with settings of another version, whose meaning may differ; "
            f"{_rebuild(catalogue)}"
        )
    if catalogue.setting("passages") != LAYOUT:
        raise IndexStoreError(
            f"{catalogue.folder} keeps overlaps in the form of another version; {_rebuild(catalogue)}"
        )
    return settings


def _rebuild(catalogue: Catalogue) -> str:
    """Say what to do about an index of an earlier version."""
    return f"`dedup index rebuild {catalogue.folder}` makes a current one from its articles"

"""Makes a current index from the articles of an old one, whatever version made it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from dedup.background.tables import Background
from dedup.errors import BackgroundError, IndexStoreError, SettingsError
from dedup.index.store.catalogue import Catalogue
from dedup.index.store.files import checksum_of
from dedup.index.store.segments import ARTICLES
from dedup.index.store.state import SEGMENTS, background_path
from dedup.reading.batches import ARTICLE_SCHEMA
from dedup.settings import Settings


@dataclass(frozen=True, slots=True)
class Former:
    """What a new index takes over from an old one.

    Attributes
    ----------
    folder : Path
    settings : Settings
        The settings that this version knows, unchanged.
    background : Background or None
        The background that it was given; None if it learned its own.
    ids : set of str
        Ids of the articles that were not removed.
    decisions : list of str
        The records of the editors' decisions.
    segments : list of (str, str or None)
        The names of the segments in the order of their articles, and the checksums of their files of
        articles.
    notes : list of str
    """

    folder: Path
    settings: Settings
    background: Background | None
    ids: set[str]
    decisions: list[str]
    segments: list[tuple[str, str | None]]
    notes: list[str]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the articles, in the order of arrival.

        Raises
        ------
        IndexStoreError
            A file is missing, or has changed since it was written.
        """
        last: dict[str, tuple[int, int]] = {}
        for place, (name, checksum) in enumerate(self.segments):
            ids = self._reader(name, checksum, ["id"])
            every = [one for batch in ids for one in batch.column("id").to_pylist()]
            # An id that was removed and added again occurs twice; the last one counts.
            last.update({one: (place, row) for row, one in enumerate(every) if one in self.ids})
        missing = self.ids - last.keys()
        if missing:
            raise IndexStoreError(
                f"{self.folder} has no text of {len(missing):,} articles, the first is {min(missing)!r}; "
                "`dedup index verify` says what is broken and what is whole"
            )
        for place, (name, _) in enumerate(self.segments):
            row = 0
            for batch in self._reader(name, None, ARTICLE_SCHEMA.names):
                names = batch.column("id").to_pylist()
                keep = [last.get(one) == (place, row + at) for at, one in enumerate(names)]
                row += len(names)
                if any(keep):
                    yield batch.filter(pa.array(keep))

    def _reader(self, name: str, checksum: str | None, wanted: list[str]) -> Iterator[pa.RecordBatch]:
        path = self.folder / SEGMENTS / name / ARTICLES
        try:
            if checksum is not None and checksum_of(path) != checksum:
                raise IndexStoreError(
                    f"{path} has changed since it was written; `dedup index export --articles` writes what "
                    "is whole"
                )
            with pa.memory_map(str(path)) as stored:
                reader = pa.ipc.open_file(stored)
                names = [one for one in wanted if one in reader.schema.names]
                for number in range(reader.num_record_batches):
                    yield reader.get_batch(number).select(names)
        except (OSError, pa.ArrowException) as error:
            raise IndexStoreError(f"{path} cannot be read ({error})") from error


def former(folder: Path, *, wait: float) -> Former:
    """Read the contents of an index of any version.

    Raises
    ------
    IndexStoreError
        The folder is not an index, or the index was made by a newer version or is damaged.
    """
    catalogue = Catalogue(folder, wait=wait)
    try:
        catalogue.check()
        with catalogue.reading():
            settings, notes = _settings(catalogue)
            background, said = _background(catalogue, settings)
            tables = {name for (name,) in catalogue.run("SELECT name FROM sqlite_master").fetchall()}
            asked = (
                "SELECT record FROM decision ORDER BY number" if "decision" in tables else "SELECT 0 LIMIT 0"
            )
            segments = catalogue.run("SELECT name, files FROM segment ORDER BY first").fetchall()
            return Former(
                folder,
                settings,
                background,
                {name for (name,) in catalogue.run("SELECT id FROM article").fetchall()},
                [record for (record,) in catalogue.run(asked).fetchall()],
                [(name, _checksum(files)) for name, files in segments],
                [*notes, *said],
            )
    finally:
        catalogue.close()


def _settings(catalogue: Catalogue) -> tuple[Settings, list[str]]:
    known = {field.name for field in fields(Settings)}
    try:
        told: dict[str, Any] = json.loads(catalogue.setting("settings"))
        gone = sorted(told.keys() - known)
        settings = Settings(**{name: value for name, value in told.items() if name in known})
    except (ValueError, TypeError, AttributeError, SettingsError) as error:
        raise IndexStoreError(
            f"{catalogue.folder} has settings that cannot be read ({error}); export its articles with "
            "`dedup index export --articles`, and create the index anew"
        ) from error
    said = f"settings that this version does not have are left out: {', '.join(gone)}"
    return settings, [said] if gone else []


def _background(catalogue: Catalogue, settings: Settings) -> tuple[Background | None, list[str]]:
    """Return the background that the index was given."""
    if catalogue.setting("learned") != "-1":
        return None, []
    path = background_path(catalogue.folder, catalogue.setting("background"))
    try:
        background = Background.load(path)
    except BackgroundError as error:
        return None, [f"the background that it was given cannot be read, and is learned anew ({error})"]
    if background.shingle_words != settings.shingle_words:
        return None, ["the background that it was given counts other shingles, and is learned anew"]
    return background, []


def _checksum(files: str) -> str | None:
    try:
        return str(json.loads(files)[ARTICLES][1])
    except (ValueError, KeyError, IndexError, TypeError):
        return None

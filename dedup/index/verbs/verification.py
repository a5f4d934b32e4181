"""Reads a whole index: every checksum, every count, and whether the parts agree."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dedup.background.tables import Background
from dedup.errors import DedupError
from dedup.index.store.catalogue import FILE, Catalogue
from dedup.index.store.files import FileRecord, checksum_of
from dedup.index.store.overlap_blocks import all_overlaps, count_overlaps, every_pair, places_out_of_range
from dedup.index.store.row_sums import damaged_rows
from dedup.index.store.segments import Segment
from dedup.index.store.snapshot import Snapshot
from dedup.index.store.state import SEGMENTS, background_path, settings_of
from dedup.reading.batches import ARTICLE_SCHEMA
from dedup.settings import Settings


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a verification.

    Attributes
    ----------
    problems : tuple of str
        What is broken, and what can be done about it.
    notes : tuple of str
        Facts worth knowing that are not faults, such as removed texts that wait for `compact`.
    articles, segments, overlaps : int
        How many of each were checked.
    """

    problems: tuple[str, ...]
    notes: tuple[str, ...]
    articles: int
    segments: int
    overlaps: int

    @property
    def sound(self) -> bool:
        """Whether nothing is broken."""
        return not self.problems


#: Number of times that verification restarts because a writer merges segments away meanwhile.
_LOOKS = 5


class _MergedAwayError(Exception):
    """A segment was merged away while it was being read."""


def verify(folder: Path) -> Verification:
    """Check an index, even one that can no longer be opened, while others may read it and write to it."""
    for left in range(_LOOKS - 1, -1, -1):
        looked = _Look(folder)
        try:
            looked.through()
        except _MergedAwayError:
            if left:
                continue
            looked.problems.append(f"{folder} changes all the time; look again when less is written")
        except DedupError as error:
            looked.problems.append(str(error))
        except sqlite3.Error as error:
            looked.problems.append(f"{folder / FILE} is damaged ({error}); {_AGAIN}")
        break
    return Verification(
        tuple(looked.problems), tuple(looked.notes), looked.articles, looked.segments, looked.overlaps
    )


#: What can be done, for messages.
_AGAIN = "restore it from a copy, or create the index anew"
_EXPORT = "`dedup index export --articles` writes those articles that are whole, for a new index"


class _Look:
    """One verification, with its findings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.articles = self.segments = self.overlaps = 0
        self._whole: list[Segment] = []

    def through(self) -> None:
        catalogue = Catalogue(self.folder, wait=5)
        try:
            catalogue.check()
            settings_of(catalogue)  # an index of another version is not broken; its message says what to do
            if catalogue.only_read:
                self.notes.append(f"it can be read, but not written ({catalogue.only_read})")
            with catalogue.reading():
                for (said,) in catalogue.run("PRAGMA integrity_check").fetchall():
                    if said != "ok":
                        self.problems.append(f"{self.folder / FILE}: {said}; {_AGAIN}")
                self.problems += [f"{said}; {_AGAIN}" for said in damaged_rows(catalogue)]
                self._background(catalogue)
                stored = self._stored(catalogue)
                self._compare(catalogue, stored)
                self._stories(catalogue)
                self._left_over(catalogue)
        finally:
            catalogue.close()

    def _background(self, catalogue: Catalogue) -> None:
        path = background_path(self.folder, catalogue.setting("background"))
        try:
            found = Background.load(path).fingerprint
        except DedupError as error:
            self.problems.append(f"{error}; `dedup index refresh` cannot do without it: {_AGAIN}")
            return
        if found != catalogue.setting("background"):
            self.problems.append(f"{path} is the background {found}; {_AGAIN}")

    def _stored(self, catalogue: Catalogue) -> dict[int, str]:
        """Return the ids of the articles in all intact segments, by their numbers."""
        bands = Settings(**_json(catalogue.setting("settings"))).bands
        stored: dict[int, str] = {}
        for name, count, files in catalogue.segments():
            self.segments += 1
            broken = list(_broken_files(self.folder / SEGMENTS / name, files))
            if broken and name not in _named_now(self.folder):
                raise _MergedAwayError
            if broken:
                self.problems += [f"{said}; its {count:,} articles are lost: {_EXPORT}" for said in broken]
                continue
            segment = Segment(self.folder / SEGMENTS / name, bands, files)
            if len(segment) != count:
                self.problems.append(
                    f"segment {name} holds {len(segment):,} articles, not {count:,}; {_EXPORT}"
                )
            numbers = segment.columns.numbers
            if not np.all(numbers[1:] > numbers[:-1]):
                self.problems.append(f"the numbers of segment {name} do not ascend; {_EXPORT}")
            ids = [name for batch in segment.batches for name in batch.column("id").to_pylist()]
            stored |= dict(zip(numbers.tolist(), ids, strict=True))
            self._sources(catalogue, segment)
            self._whole.append(segment)
            segment.release()
        return stored

    def _sources(self, catalogue: Catalogue, segment: Segment) -> None:
        """Check that the numbers of sources agree with the articles."""
        names = dict(catalogue.run("SELECT number, name FROM source").fetchall())
        said = [name for batch in segment.batches for name in batch.column("source").to_pylist()]
        live = ~np.isin(segment.columns.numbers, catalogue.removed())
        pairs = set(zip(segment.columns.sources[live].tolist(), np.array(said, object)[live], strict=True))
        for number, name in sorted(pairs):
            if names.get(number) != name:
                self.problems.append(
                    f"the source {name!r} of articles in {segment.name} is {names.get(number)!r} in the "
                    f"catalogue; {_AGAIN}"
                )

    def _compare(self, catalogue: Catalogue, stored: dict[int, str]) -> None:
        """Compare the articles of the catalogue with those of the segments."""
        removed = set(catalogue.removed().tolist())
        entered = dict(catalogue.run("SELECT number, id FROM article").fetchall())
        self.articles = len(entered)
        missing = entered.keys() - stored.keys()
        if missing:
            first = entered[min(missing)]
            self.problems.append(f"{len(missing):,} articles have no text, the first is {first!r}; {_EXPORT}")
        strange = stored.keys() - entered.keys() - removed
        if strange:
            self.problems.append(f"{len(strange):,} articles in segments are not in the catalogue; {_AGAIN}")
        differing = [number for number in entered.keys() & stored.keys() if entered[number] != stored[number]]
        if differing:
            self.problems.append(f"{len(differing):,} articles have another id in their segment; {_AGAIN}")
        waiting = removed & stored.keys()
        if waiting:
            self.notes.append(
                f"the texts of {len(waiting):,} removed articles are in the files until `dedup index compact`"
            )

    def _stories(self, catalogue: Catalogue) -> None:
        """Check that overlaps refer to stored articles, and that stories contain the overlapping articles."""
        self.overlaps = count_overlaps(catalogue)
        rows = catalogue.run("SELECT number, coalesce(story, -1) FROM article ORDER BY number").fetchall()
        numbers, stories = np.array(rows, np.int64).reshape(-1, 2).T
        a, b, copied = every_pair(catalogue)
        there = np.isin(a, numbers) & np.isin(b, numbers)
        held = np.concatenate([np.zeros(0, np.int64), *(one.columns.numbers for one in self._whole)])
        if np.isin(np.concatenate([a, b]), held).all():
            wrong = places_out_of_range(all_overlaps(catalogue), Snapshot(self._whole, catalogue.removed()))
            if wrong.any():
                count = int(np.count_nonzero(wrong))
                self.problems.append(f"{count:,} passages are not within their articles; {_REFRESH}")
        lost = int(np.count_nonzero(~there))
        if lost:
            self.problems.append(f"{lost:,} overlaps are of articles that are not there; {_REFRESH}")
        one, two = (stories[np.searchsorted(numbers, each[there & copied])] for each in (a, b))
        apart = int(np.count_nonzero((one < 0) | (one != two)))
        if apart:
            self.problems.append(f"{apart:,} overlaps are of articles of different stories; {_REFRESH}")

    def _left_over(self, catalogue: Catalogue) -> None:
        named = {name for name, _, _ in catalogue.segments()}
        left = [path for path in (self.folder / SEGMENTS).iterdir() if path.name not in named]
        if left:
            self.notes.append(
                f"{len(left):,} folders are of an add that did not end; the next one removes them"
            )


_REFRESH = "`dedup index refresh` finds all overlaps anew"


def _named_now(folder: Path) -> set[str]:
    """Return the names of the segments in the catalogue at this moment."""
    catalogue = Catalogue(folder, wait=5)
    try:
        return {name for name, _, _ in catalogue.segments()}
    finally:
        catalogue.close()


def _broken_files(folder: Path, files: dict[str, FileRecord]) -> Iterator[str]:
    for name, record in files.items():
        path = folder / name
        if not path.is_file():
            yield f"{path} is missing"
        elif path.stat().st_size != record.size:
            yield f"{path} has {path.stat().st_size:,} bytes and had {record.size:,}"
        elif checksum_of(path) != record.checksum:
            yield f"{path} has changed since it was written"


def whole_articles(folder: Path) -> Iterator[pa.RecordBatch]:
    """Yield the articles of all intact segments, even of an index that can no longer be opened."""
    catalogue = Catalogue(folder, wait=5)
    try:
        catalogue.check()
        with catalogue.reading():
            bands = Settings(**_json(catalogue.setting("settings"))).bands
            removed = catalogue.removed()
            segments = catalogue.segments()
    finally:
        catalogue.close()
    for name, _, files in segments:
        if any(_broken_files(folder / SEGMENTS / name, files)):
            continue
        segment = Segment(folder / SEGMENTS / name, bands, files)
        live = ~np.isin(segment.columns.numbers, removed)
        start = 0
        for batch in segment.batches:
            keep = live[start : start + batch.num_rows]
            start += batch.num_rows
            yield batch.select(ARTICLE_SCHEMA.names).filter(pa.array(keep))


def _json(text: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(text)
    return values

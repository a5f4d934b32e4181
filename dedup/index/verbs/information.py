"""The contents of an index, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dedup.index.store.overlap_blocks import count_overlaps
from dedup.index.store.state import State
from dedup.settings import Settings


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """The contents of an index, in numbers.

    Attributes
    ----------
    articles, sources, overlaps, stories : int
    removed : int
        Removed articles whose text is still stored until `compact`.
    segments : int
    size : int
        Size on disk in bytes.
    first_published, last_published : datetime or None
    settings : Settings
    fingerprint : str
        The fingerprint of the settings.
    background : str
        The fingerprint of the background.
    learned_from : int or None
        The number of articles from which the index learned its background; None if it was given one.
    schema : int
    """

    articles: int
    sources: int
    overlaps: int
    stories: int
    removed: int
    segments: int
    size: int
    first_published: datetime | None
    last_published: datetime | None
    settings: Settings
    fingerprint: str
    background: str
    learned_from: int | None
    schema: int


def look_into(state: State) -> IndexInfo:
    """Count the contents of an index at one moment."""
    with state.catalogue.reading():
        state.look()
        one = state.catalogue.one
        first, last = state.catalogue.run("SELECT min(published), max(published) FROM article").fetchone()
        return IndexInfo(
            articles=one("SELECT count(*) FROM article"),
            sources=one("SELECT count(DISTINCT source) FROM article"),
            overlaps=count_overlaps(state.catalogue),
            stories=one("SELECT count(DISTINCT story) FROM article WHERE story IS NOT NULL"),
            removed=len(state.snapshot.removed),
            segments=len(state.snapshot.segments),
            size=sum(path.stat().st_size for path in state.folder.rglob("*") if path.is_file()),
            first_published=_moment(first),
            last_published=_moment(last),
            settings=state.terms.settings,
            fingerprint=state.terms.settings.fingerprint(),
            background=state.terms.background.fingerprint,
            learned_from=learned_from(state),
            schema=state.catalogue.version,
        )


def learned_from(state: State) -> int | None:
    """Return the number of articles from which the index learned its background; None if it was given one."""
    learned = int(state.catalogue.setting("learned"))
    return None if learned < 0 else learned


def _moment(microseconds: int | None) -> datetime | None:
    if microseconds is None:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)

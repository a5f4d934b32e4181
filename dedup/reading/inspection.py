"""What would be read from some inputs, before anything is compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from dedup.article import Article
from dedup.reading.batches import to_articles
from dedup.reading.languages import LOOKED_AT, languages_of
from dedup.reading.run import Reading

#: Number of articles that are shown.
SHOWN = 3
# Number of sources that are listed, the largest first.
_LISTED = 10


@dataclass(frozen=True, slots=True)
class FileKind:
    """Files that were read in one way; see `dedup.reading.choices.ReadAs`."""

    files: int
    format: str
    preset: str
    mapping: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What inputs contain.

    Attributes
    ----------
    files : tuple of FileKind
        The formats, presets and fields by which files were read, and the number of files for each.
    articles, skipped : int
        Number of articles that are read, and of articles or files that cannot be read.
    characters : int
        Number of characters in all texts.
    empty : int
        Number of articles without text.
    sources : int
        Number of different sources.
    largest_sources : dict of str to int
        The ten sources with the most articles, and their numbers of articles.
    without_source : int
        Number of articles that name no source and count as a source of their own.
    dated : int
        Number of articles with a date.
    first_published, last_published : datetime or None
    precisions : dict of str to int
        Number of dates by precision.
    zone_assumed : int
        Number of dates whose zone is not known.
    languages : dict of str to int
        Number of articles by the language that they name.
    languages_found : dict of str to int
        Languages detected in the first texts whose articles name none; empty without py3langid.
    examples : tuple of Article
        The first three articles.
    notes : tuple of str
        How the inputs were read, and what looks wrong.
    left_out : tuple of str
        The first articles and files that cannot be read, and the reasons.
    """

    files: tuple[FileKind, ...]
    articles: int
    skipped: int
    characters: int
    empty: int
    sources: int
    largest_sources: dict[str, int]
    without_source: int
    dated: int
    first_published: datetime | None
    last_published: datetime | None
    precisions: dict[str, int]
    zone_assumed: int
    languages: dict[str, int]
    languages_found: dict[str, int]
    examples: tuple[Article, ...]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]


def inspect(reading: Reading) -> Inspection:
    """Read the inputs to their end and summarise them; only the names of sources are kept in memory.

    Examples
    --------
    >>> import io
    >>> from dedup.reading import read_batches
    >>> lines = b'{"id": 1, "source": "A", "text": "Rain.", "date": "2022-02"}\\n{"id": 2, "text": "Snow."}'
    >>> found = inspect(read_batches(["-"], stdin=io.BytesIO(lines)))
    >>> found.articles, found.largest_sources, found.without_source, found.precisions
    (2, {'A': 1, '2': 1}, 1, {'month': 1})
    """
    counts: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    precisions: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    nameless: list[str] = []
    bounds: list[datetime] = []
    examples: list[Article] = []
    for batch in reading:
        counts.update(_counts(batch))
        _count(sources, batch.column("source"))
        _count(precisions, batch.column("published_precision"))
        _count(languages, batch.column("language"))
        if len(nameless) < LOOKED_AT and batch.column("language").null_count:
            without = batch.column("text").filter(batch.column("language").is_null())
            nameless += without.slice(0, LOOKED_AT - len(nameless)).to_pylist()
        ends = pc.min_max(batch.column("published")).as_py().values()
        bounds += [moment for moment in ends if moment is not None]
        if len(examples) < SHOWN:
            examples += to_articles(batch.slice(0, SHOWN - len(examples)))
    return Inspection(
        files=tuple(FileKind(count, *kind) for kind, count in reading.read_as.items()),
        articles=counts["articles"],
        skipped=reading.skipped,
        characters=counts["characters"],
        empty=counts["empty"],
        sources=len(sources),
        largest_sources=dict(sources.most_common(_LISTED)),
        without_source=counts["without_source"],
        dated=counts["dated"],
        first_published=min(bounds, default=None),
        last_published=max(bounds, default=None),
        precisions=dict(precisions.most_common()),
        zone_assumed=counts["zone_assumed"],
        languages=dict(languages.most_common()),
        languages_found=dict(languages_of(nameless).most_common()),
        examples=tuple(examples),
        notes=tuple(reading.notes),
        left_out=tuple(
            f"{reject.file}{'' if reject.line is None else f':{reject.line}'}: {reject.reason}"
            for reject in reading.rejects[:_LISTED]
        ),
    )


def _counts(batch: pa.RecordBatch) -> dict[str, int]:
    lengths = pc.utf8_length(batch.column("text"))
    return {
        "articles": batch.num_rows,
        "characters": pc.sum(lengths).as_py() or 0,
        "empty": pc.sum(pc.equal(lengths, 0)).as_py() or 0,
        "without_source": pc.sum(pc.equal(batch.column("source"), batch.column("id"))).as_py() or 0,
        "dated": batch.num_rows - batch.column("published").null_count,
        "zone_assumed": pc.sum(pc.equal(batch.column("published_zone"), "assumed")).as_py() or 0,
    }


def _count(into: Counter[str], column: pa.StringArray) -> None:
    for each in column.drop_null().value_counts().to_pylist():
        into[each["values"]] += each["counts"]

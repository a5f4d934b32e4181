"""Verdicts for a pipeline: whether an article has been seen before, where, and whether it passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.index.gathering import Gathered, kept_pairs, numbered, rows_of
from dedup.index.snapshot import Window
from dedup.index.store import Index
from dedup.index.story_labels import story_ids
from dedup.index.writing import Added, add, digest_of
from dedup.overlaps import AlignedColumns, OverlapColumns
from dedup.relations import EXCERPT, OVERLAP_RELATIONS
from dedup.report import overlap_records, own_agency
from dedup.results import Overlap
from dedup.stories import group, likely_origin

Kind = Literal["original", "copy", "excerpt", "partial", "quotation"]
Policy = Literal["annotate", "drop", "keep-first", "keep-longest", "keep-origin"]

#: Digits behind the point of a score.
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A passage of the article and its place in the article that it follows; spans are half-open."""

    start: int
    end: int
    other_start: int
    other_end: int
    relation: str
    similarity: float
    words: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the filter says of an article.

    Attributes
    ----------
    verdict : {"original", "copy", "excerpt", "partial", "quotation"}
        "original" when nothing that came before shares a passage with it. A whole that holds an earlier
        excerpt is "partial".
    follows : str or None
        The id of the earlier article that shares most of it.
    source : str or None
        The source of that article.
    relation : str or None
        The relation of the two, as `dedup.results.Overlap` has it.
    coverage, similarity : float
        Share of its words that lie in passages of that article, and how alike these are.
    syndicated : bool
        A credit says that an agency or a feed supplied the text.
    agency : str or None
    passages : tuple of SharedPassage
        Those shared with that article.
    story : str or None
        The id of its story: the smallest id among the articles that were known then.
    """

    verdict: Kind = "original"
    follows: str | None = None
    source: str | None = None
    relation: str | None = None
    coverage: float = 0.0
    similarity: float = 0.0
    syndicated: bool = False
    agency: str | None = None
    passages: tuple[SharedPassage, ...] = ()
    story: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and whether the policy lets the article pass."""

    verdict: Verdict
    kept: bool


class Filter:
    """Judges batches of articles, each against all that came before, and stores them.

    An article that comes again with the same text gets the verdict that it got at first; so a run that was
    killed can be started again with the same input.

    Parameters
    ----------
    index : Index
    policy : {"annotate", "drop", "keep-first", "keep-longest", "keep-origin"}
        "annotate" lets everything pass. "drop" stops an article that follows another with at least
        `min_coverage`. The others let one article of each group of copies pass: the first, the longest, or
        the likely origin. A group is made within a batch; one that reaches back to an earlier batch, where
        its article has passed, passes nothing more.
    min_coverage : float, optional
        In [0, 1]; the settings' ``most_share`` by default.
    window : Window
        Which articles are compared.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from dedup.article import Article
    >>> from dedup.reading.batches import to_batches
    >>> text = "The ministers met in Moscow on Thursday to sign a pact on grain and on oil for the winter."
    >>> articles = [Article(id="a", text=text), Article(id="b", text=text)]
    >>> with Index.create(Path(tempfile.mkdtemp()) / "seen") as index:
    ...     judged = Filter(index, policy="drop").judge(next(to_batches(articles)))
    >>> [(each.verdict.verdict, each.verdict.follows, each.kept) for each in judged]
    [('original', None, True), ('copy', 'a', False)]
    """

    def __init__(
        self,
        index: Index,
        *,
        policy: Policy = "annotate",
        min_coverage: float | None = None,
        window: Window | None = None,
    ) -> None:
        self.index = index
        self.policy = policy
        self.min_coverage = index.settings.most_share if min_coverage is None else min_coverage
        self._window = window or Window()
        self._decode = msgspec.json.Decoder(Verdict).decode

    def judge(self, batch: pa.RecordBatch) -> list[Judged]:
        """Store the articles of a batch and judge them, in their order.

        Raises
        ------
        DuplicateIdError
            An id is there with another text; then nothing of the batch is stored.
        """
        index = self.index
        with index.writing():
            ids = batch.column("id").to_pylist()
            earlier = self._stored(ids)
            added = add(index.state, [batch], window=self._window, on_error="stop", threads=index.threads)
            new = self._judge_new(added)
            self._keep(new)
            numbers = {name: number for name, (number, _) in index.state.catalogue.known(ids).items()}
        index.tidy()
        return [earlier[name] if name in earlier else new[numbers[name]] for name in ids]

    def refused(self, batch: pa.RecordBatch) -> list[int]:
        """The rows whose id is there with another text or source."""
        ids, texts = batch.column("id").to_pylist(), batch.column("text").to_pylist()
        known = self.index.state.catalogue.known(ids)
        sources = batch.column("source").to_pylist()
        return [
            row
            for row, name in enumerate(ids)
            if name in known and known[name][1] != digest_of(sources[row], texts[row])
        ]

    def _stored(self, ids: Sequence[str]) -> dict[str, Judged]:
        """The verdicts of articles that are there already."""
        known = {number: name for name, (number, _) in self.index.state.catalogue.known(ids).items()}
        found = {name: Judged(Verdict(), True) for name in known.values()}
        rows = self.index.state.catalogue.among(
            "SELECT number, verdict, policy, kept FROM verdict WHERE number IN (?)", list(known)
        )
        for number, said, policy, kept in rows:
            verdict = self._decode(said)
            same = policy == self._terms
            found[known[number]] = Judged(verdict, bool(kept) if same else self._passes(verdict))
        return found

    @property
    def _terms(self) -> str:
        """What a stored decision was made by."""
        return f"{self.policy} {self.min_coverage:g}"

    def _passes(self, verdict: Verdict) -> bool:
        """Whether an article passes by its verdict alone."""
        copied = verdict.verdict in ("copy", "excerpt", "partial")
        return self.policy == "annotate" or not (copied and verdict.coverage >= self.min_coverage)

    def _judge_new(self, added: Added) -> dict[int, Judged]:
        every = added.every_number
        verdicts = {number: Verdict() for number in every.tolist()}
        found = added.overlaps
        if found is None or not len(found.a):
            return {number: Judged(verdict, True) for number, verdict in verdicts.items()}
        state = self.index.state
        numbers = np.unique(np.concatenate([every, found.a, found.b]))
        gathered = Gathered.stored(state.snapshot, numbers, state.terms)
        rows = rows_of(found, numbers, gathered)
        columns = gathered.related(rows)
        number_of_row = numbers[np.argsort(gathered.rows)]
        followed = _followed(numbered(rows, number_of_row), columns, int(every[0]))
        stories = story_ids(state.catalogue, every.tolist())
        verdicts |= _verdicts(
            gathered, rows, followed, number_of_row, self.index.settings.most_share, stories
        )
        dropped = self._dropped(gathered, rows, columns, number_of_row, int(every[0]), verdicts)
        return {number: Judged(said, number not in dropped) for number, said in verdicts.items()}

    def _dropped(
        self,
        gathered: Gathered,
        rows: AlignedColumns,
        columns: OverlapColumns,
        number_of_row: NDArray[np.int64],
        first: int,
        verdicts: dict[int, Verdict],
    ) -> set[int]:
        """The new articles that the policy stops."""
        if self.policy in ("annotate", "drop"):
            return {number for number, said in verdicts.items() if not self._passes(said)}
        enough = columns.copied & (np.maximum(columns.coverage_a, columns.coverage_b) >= self.min_coverage)
        groups = group(len(gathered), rows.a[enough], rows.b[enough])
        lengths = np.diff(gathered.offsets)
        if self.policy == "keep-origin":
            kept, _ = likely_origin(
                groups,
                own_agency=own_agency(gathered),
                published=gathered.published,
                credited=gathered.credited,
                words=lengths,
            )
        else:
            longest = -lengths[groups.members] if self.policy == "keep-longest" else 0 * groups.members
            order = np.lexsort((number_of_row[groups.members], longest, groups.of_article[groups.members]))
            kept = groups.members[order[groups.offsets[:-1]]]
        dropped = set()
        for story, chosen in enumerate(kept.tolist()):
            members = groups.members[groups.offsets[story] : groups.offsets[story + 1]]
            own = number_of_row[members]
            passed_before = bool((own < first).any())
            dropped |= {number for number in own.tolist() if passed_before or number != number_of_row[chosen]}
        return dropped

    def _keep(self, judged: dict[int, Judged]) -> None:
        """Store the verdicts that are not the plain one."""
        plain = Judged(Verdict(), True)
        self.index.state.catalogue.run_many(
            "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?)",
            (
                [number, msgspec.json.encode(said.verdict), self._terms, int(said.kept)]
                for number, said in judged.items()
                if said != plain
            ),
        )


def _followed(found: AlignedColumns, columns: OverlapColumns, first: int) -> dict[int, int]:
    """Of each new article the overlap with the earlier one that shares most of it.

    An overlap that is more than a quotation goes before one that is not; the smaller number decides last.
    """
    later = np.maximum(found.a, found.b)
    own = np.where(found.a > found.b, columns.coverage_a, columns.coverage_b)
    shown = OVERLAP_RELATIONS.index("quotation") <= columns.relation
    order = np.lexsort((np.minimum(found.a, found.b), -own, ~columns.copied))
    order = order[(later >= first)[order] & shown[order]]
    numbers, places = np.unique(later[order], return_index=True)
    return dict(zip(numbers.tolist(), order[places].tolist(), strict=True))


def _verdicts(
    gathered: Gathered,
    rows: AlignedColumns,
    followed: dict[int, int],
    number_of_row: NDArray[np.int64],
    most_share: float,
    stories: dict[int, str],
) -> dict[int, Verdict]:
    """The verdicts of the articles that follow others, and of those that others follow."""
    keep = np.zeros(len(rows.a), np.bool_)
    keep[list(followed.values())] = True
    chosen = kept_pairs(rows, keep)
    columns = gathered.related(chosen)
    records = overlap_records(gathered, columns, 0, len(columns)) if len(columns) else []
    place = np.cumsum(keep) - 1
    verdicts = {number: Verdict(story=story) for number, story in stories.items()}
    for number, pair in followed.items():
        at = int(place[pair])
        own_is_a = bool(number_of_row[chosen.a[at]] == number)
        verdicts[number] = _verdict(records[at], own_is_a, most_share, stories.get(number))
    return verdicts


def _verdict(overlap: Overlap, own_is_a: bool, most_share: float, story: str | None) -> Verdict:
    coverage = overlap.coverage_a if own_is_a else overlap.coverage_b
    whole = overlap.relation == OVERLAP_RELATIONS[EXCERPT] and coverage < most_share
    kind = "partial" if whole else overlap.relation
    passages = []
    for each in overlap.passages:
        own, other = (each.a, each.b) if own_is_a else (each.b, each.a)
        similarity = round(each.similarity, _DIGITS)
        passages.append(SharedPassage(*own, *other, each.relation, similarity, each.words))
    return Verdict(
        kind,  # type: ignore[arg-type]
        overlap.b if own_is_a else overlap.a,
        overlap.b_source if own_is_a else overlap.a_source,
        overlap.relation,
        round(coverage, _DIGITS),
        round(overlap.similarity, _DIGITS),
        overlap.syndicated,
        overlap.agency,
        tuple(sorted(passages, key=lambda passage: passage.start)),
        story,
    )

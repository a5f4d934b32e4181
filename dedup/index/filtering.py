"""Verdicts for a pipeline: whether an article has been seen before, where, and whether it passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
import pyarrow as pa

from dedup.index.gathering import Gathered, kept_pairs, rows_of
from dedup.index.overlap_rows import overlaps_with_earlier
from dedup.index.snapshot import Window
from dedup.index.state import State
from dedup.index.store import Index
from dedup.index.story_labels import story_ids
from dedup.index.writing import Added, add, digests_of
from dedup.overlap_batches import overlap_batch, overlap_records
from dedup.overlaps import AlignedColumns
from dedup.relations import EXCERPT, OVERLAP_RELATIONS, QUOTATION
from dedup.report import own_agency
from dedup.results import Overlap
from dedup.stories import Stories, group, likely_origin

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
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the harvest of next year is brought in.")
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
        ids = batch.column("id").to_pylist()
        known = self.index.state.catalogue.known(ids)
        if not known:
            return []
        return [
            row
            for row, (name, digest) in enumerate(zip(ids, digests_of(batch), strict=True))
            if name in known and known[name][1] != digest
        ]

    def _stored(self, ids: Sequence[str]) -> dict[str, Judged]:
        """The verdicts of articles that are there already: as they were given, or from their overlaps."""
        state = self.index.state
        names = {number: name for name, (number, _) in state.catalogue.known(ids).items()}
        rows = state.catalogue.among(
            "SELECT number, verdict, policy, kept FROM verdict WHERE number IN (?)", list(names)
        )
        found: dict[int, Judged] = {}
        for number, said, policy, kept in rows:
            verdict = self._decode(said) if said else Verdict()
            same = policy == self._terms
            found[number] = Judged(verdict, bool(kept) if same else self._passes(verdict))
        others = sorted(names.keys() - found.keys())
        if others:
            overlaps = overlaps_with_earlier(state.catalogue, others)
            verdicts = self._verdicts(_Found(state, overlaps, others), others)
            found |= {number: Judged(said, self._passes(said)) for number, said in verdicts.items()}
        return {names[number]: judged for number, judged in found.items()}

    @property
    def _terms(self) -> str:
        """What a stored decision was made by."""
        return f"{self.policy} {self.min_coverage:g}"

    def _passes(self, verdict: Verdict) -> bool:
        """Whether an article passes by its verdict alone."""
        copied = verdict.verdict in ("copy", "excerpt", "partial")
        return self.policy == "annotate" or not (copied and verdict.coverage >= self.min_coverage)

    def _judge_new(self, added: Added) -> dict[int, Judged]:
        every, overlaps = added.every_number.tolist(), added.overlaps
        if overlaps is None:
            return {}
        found = _Found(self.index.state, overlaps, every)
        verdicts = self._verdicts(found, every)
        dropped = self._dropped(found, every, verdicts)
        return {number: Judged(said, number not in dropped) for number, said in verdicts.items()}

    def _verdicts(self, found: _Found, numbers: list[int]) -> dict[int, Verdict]:
        """The verdicts of articles by their overlaps with earlier ones."""
        stories = story_ids(self.index.state.catalogue, numbers)
        verdicts = {number: Verdict(story=stories.get(number)) for number in numbers}
        followed = found.followed(numbers)
        for number, (overlap, own_is_a) in found.records(followed).items():
            said = _verdict(overlap, own_is_a, self.index.settings.most_share, stories.get(number))
            verdicts[number] = said
        return verdicts

    def _dropped(self, found: _Found, new: list[int], verdicts: dict[int, Verdict]) -> set[int]:
        """The new articles that the policy stops."""
        if self.policy in ("annotate", "drop"):
            return {number for number, said in verdicts.items() if not self._passes(said)}
        groups, columns = found.groups(self.min_coverage), found.gathered
        lengths = np.diff(columns.offsets)
        if self.policy == "keep-origin":
            kept, _ = likely_origin(
                groups,
                own_agency=own_agency(columns),
                published=columns.published,
                credited=columns.credited,
                words=lengths,
            )
        else:
            longest = -lengths[groups.members] if self.policy == "keep-longest" else 0 * groups.members
            in_order = (found.numbers[groups.members], longest, groups.of_article[groups.members])
            kept = groups.members[np.lexsort(in_order)[groups.offsets[:-1]]]
        dropped: set[int] = set()
        for number, chosen in enumerate(kept.tolist()):
            members = groups.members[groups.offsets[number] : groups.offsets[number + 1]]
            own = set(found.numbers[members].tolist())
            reaches_back = not own <= set(new)
            dropped |= own if reaches_back else own - {int(found.numbers[chosen])}
        return dropped & set(new)

    def _keep(self, judged: dict[int, Judged]) -> None:
        """Store the verdicts; the plain one as nothing."""
        plain, encode = Verdict(), msgspec.json.encode
        self.index.state.catalogue.run_many(
            "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?)",
            (
                [number, b"" if each.verdict == plain else encode(each.verdict), self._terms, int(each.kept)]
                for number, each in judged.items()
            ),
        )


class _Found:
    """Overlaps in columns, with the articles that take part.

    Attributes
    ----------
    numbers : ndarray of shape (n_articles,), dtype int64
        The number of each gathered article.
    """

    def __init__(self, state: State, overlaps: AlignedColumns, others: list[int]) -> None:
        every = np.unique(np.concatenate([overlaps.a, overlaps.b, np.array(others, np.int64)]))
        self.gathered = Gathered.stored(state.snapshot, every, state.terms)
        self.numbers = np.empty(len(every), np.int64)
        self.numbers[self.gathered.rows] = every
        self._rows = rows_of(overlaps, every, self.gathered)
        self._columns = self.gathered.related(self._rows)

    def followed(self, wanted: list[int]) -> dict[int, int]:
        """Of each article the overlap with the earlier one that shares most of it.

        An overlap that is more than a quotation goes before one that is not; the smaller number decides last.
        """
        columns = self._columns
        a, b = self.numbers[self._rows.a], self.numbers[self._rows.b]
        later = np.maximum(a, b)
        own = np.where(a > b, columns.coverage_a, columns.coverage_b)
        order = np.lexsort((np.minimum(a, b), -own, ~columns.copied))
        shown = (columns.relation >= QUOTATION) & np.isin(later, wanted)
        order = order[shown[order]]
        numbers, places = np.unique(later[order], return_index=True)
        return dict(zip(numbers.tolist(), order[places].tolist(), strict=True))

    def records(self, followed: dict[int, int]) -> dict[int, tuple[Overlap, bool]]:
        """The overlap of each article as a record, and whether the article is its `a`."""
        keep = np.zeros(len(self._rows.a), np.bool_)
        keep[list(followed.values())] = True
        chosen = kept_pairs(self._rows, keep)
        columns = self.gathered.related(chosen)
        made = overlap_records(overlap_batch(self.gathered, columns, 0, len(columns))) if len(columns) else []
        place = np.cumsum(keep) - 1
        first = self.numbers[chosen.a]
        return {
            number: (made[place[pair]], bool(first[place[pair]] == number))
            for number, pair in followed.items()
        }

    def groups(self, min_coverage: float) -> Stories:
        """Groups of articles of which one covers so much of the next."""
        columns = self._columns
        enough = columns.copied & (np.maximum(columns.coverage_a, columns.coverage_b) >= min_coverage)
        return group(len(self.gathered), self._rows.a[enough], self._rows.b[enough])


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

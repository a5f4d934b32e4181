"""Verdicts for a pipeline: whether an article has been seen before, where, and whether it passes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec
import numpy as np
import pyarrow as pa

from dedup.index.compare.gathering import Gathered
from dedup.index.compare.incoming import Prepared, prepare
from dedup.index.filter.verdicts import Judged, verdicts_on
from dedup.index.index import Index
from dedup.index.store.overlap_blocks import overlaps_with_earlier
from dedup.index.store.snapshot import Period
from dedup.index.store.state import State
from dedup.index.store.story_labels import story_ids
from dedup.index.verbs.writing import Added, add, digests_of
from dedup.overlaps.align import AlignedColumns
from dedup.overlaps.relations import OverlapCode
from dedup.reading.ahead import read_ahead
from dedup.reading.data import Data, as_batches, one_batch
from dedup.results import Verdict
from dedup.runtime.unique import distinct
from dedup.stories.groups import Stories, group, likely_origin
from dedup.stories.standing import own_agency

Policy = Literal["annotate", "drop", "keep-first", "keep-longest", "keep-origin"]


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
    period : Period
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
        period: Period | None = None,
    ) -> None:
        self.index = index
        self.policy = policy
        self.min_coverage = index.settings.most_share if min_coverage is None else min_coverage
        self._period = period or Period()
        self._decode = msgspec.json.Decoder(Verdict).decode
        #: Whether no batch is being compared, which takes all processors.
        self._free = threading.Event()
        self._free.set()

    def judge_all(self, articles: Data) -> Iterator[list[Judged]]:
        """Judge batch after batch; each is cut and sketched while the one before it is judged and stored.

        Parameters
        ----------
        articles
            As for `dedup.find_overlaps`; record batches are judged one at a time.
        """
        batches = as_batches(articles, first=self._next)
        for batch, ahead in read_ahead((batch, self.prepare(batch)) for batch in batches):
            yield self.judge(batch, ahead)

    @property
    def _next(self) -> int:
        """The number of the next article, from which those without ids are numbered."""
        return int(self.index.state.catalogue.setting("next")) - 1

    def prepare(self, batch: pa.RecordBatch) -> Prepared:
        """Cut and sketch the articles of a batch that is to be judged: in another thread, beside a judgement.

        It waits until the articles of that are compared; the rest of it leaves processors free.
        """
        self._free.wait()
        terms = self.index.state.terms
        return Prepared(prepare(batch, terms, 1), terms)

    def judge(self, batch: Data, ahead: Prepared | None = None) -> list[Judged]:
        """Store the articles of a batch and judge them, in their order.

        Parameters
        ----------
        batch
            Articles as for `dedup.find_overlaps`.
        ahead : Prepared, optional
            From `prepare`, of the same batch: what it holds need not be made here.

        Raises
        ------
        DuplicateIdError
            An id is there with another text; then nothing of the batch is stored.
        FieldError
            A column is missing, or cannot be read.
        """
        self._free.clear()
        try:
            return self._judge(one_batch(batch, first=self._next), ahead)
        finally:
            self._free.set()

    def _judge(self, batch: pa.RecordBatch, ahead: Prepared | None) -> list[Judged]:
        index = self.index
        with index.writing():
            ids = batch.column("id").to_pylist()
            earlier = self._stored(ids)
            added = add(
                index.state,
                [batch],
                period=self._period,
                on_error="stop",
                threads=index.threads,
                ahead=ahead,
                compared=self._free.set,
            )
            new = self._judge_new(added)
            self._keep(new)
        index.tidy()
        fresh = dict.fromkeys(name for name in ids if name not in earlier)
        judged = earlier | dict(zip(fresh, new.values(), strict=True))
        return [judged[name] for name in ids]

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
            verdicts = self._verdicts(_Found(state, overlaps), others)
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
        if not added.found:
            return {}
        found = _Found(self.index.state, overlaps)
        verdicts = self._verdicts(found, every)
        dropped = self._dropped(found, every, verdicts)
        return {number: Judged(said, number not in dropped) for number, said in verdicts.items()}

    def _verdicts(self, found: _Found, numbers: list[int]) -> dict[int, Verdict]:
        """The verdicts of articles by their overlaps with earlier ones."""
        stories = story_ids(self.index.state.catalogue, numbers)
        plain = Verdict()  # most are
        verdicts = {
            number: Verdict(story=stories[number]) if number in stories else plain for number in numbers
        }
        followed = found.followed(numbers)
        return verdicts | found.verdicts(followed, stories, self.index.threads)

    def _dropped(self, found: _Found, new: list[int], verdicts: dict[int, Verdict]) -> set[int]:
        """The new articles that the policy stops."""
        if self.policy == "annotate":
            return set()
        if self.policy == "drop":
            return {number for number, said in verdicts.items() if not self._passes(said)}
        groups, columns = found.groups(self.min_coverage), found.gathered
        lengths = np.diff(columns.offsets)
        if self.policy == "keep-origin":
            kept, _ = likely_origin(
                groups,
                own_agency=own_agency(columns.sources, columns.source_names, columns.agency_names),
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

    def __init__(self, state: State, overlaps: AlignedColumns) -> None:
        every = distinct(np.concatenate([overlaps.a, overlaps.b]))
        self.gathered = Gathered.stored(state.snapshot, every, state.terms)
        self.numbers = np.empty(len(every), np.int64)
        self.numbers[self.gathered.rows] = every
        self._rows = self.gathered.rows_of(overlaps, every)
        self._columns = self.gathered.related(self._rows, placed=False)

    def followed(self, wanted: list[int]) -> dict[int, int]:
        """Of each article the overlap with the earlier one that shares most of it.

        An overlap that is more than a quotation goes before one that is not; the smaller number decides last.
        """
        columns = self._columns
        a, b = self.numbers[self._rows.a], self.numbers[self._rows.b]
        later = np.maximum(a, b)
        own = np.where(a > b, columns.coverage_a, columns.coverage_b)
        order = np.lexsort((np.minimum(a, b), -own, ~columns.copied))
        shown = (columns.relation > OverlapCode.FURNITURE) & np.isin(later, wanted)
        order = order[shown[order]]
        numbers, places = np.unique(later[order], return_index=True)
        return dict(zip(numbers.tolist(), order[places].tolist(), strict=True))

    def verdicts(
        self, followed: dict[int, int], stories: Mapping[int, str], threads: int
    ) -> dict[int, Verdict]:
        """The verdicts on articles that follow others."""
        own, chosen = (np.array([*values], np.int64) for values in (followed.keys(), followed.values()))
        said = verdicts_on(
            self.gathered,
            self._rows,
            chosen,
            self.numbers[self._rows.a[chosen]] == own,
            [stories.get(number) for number in followed],
            threads=threads,
        )
        return dict(zip(followed, said, strict=True))

    def groups(self, min_coverage: float) -> Stories:
        """Groups of articles of which one covers so much of the next."""
        columns = self._columns
        enough = columns.copied & (np.maximum(columns.coverage_a, columns.coverage_b) >= min_coverage)
        return group(len(self.gathered), self._rows.a[enough], self._rows.b[enough])

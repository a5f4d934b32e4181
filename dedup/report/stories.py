"""What a run says about its stories, as Arrow batches; `dedup.results.Story` is derived here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.report.derived import Derived, named
from dedup.report.findings import Findings
from dedup.results import Story
from dedup.runtime.unique import distinct
from dedup.stories.groups import ORIGIN_REASONS, Stories, first_of
from dedup.stories.suppliers import bits_of, supplier_of_source


@dataclass(frozen=True)
class StoryRows:
    """The stories ``start:end`` of a run."""

    found: Findings
    start: int
    end: int

    @cached_property
    def members(self) -> NDArray[np.int64]:
        """The articles of the stories, story by story, in the order of their ids."""
        offsets = self.found.stories.offsets
        return self.found.stories.members[offsets[self.start] : offsets[self.end]]

    @cached_property
    def bounds(self) -> NDArray[np.int64]:
        """The members of story i are ``members[bounds[i]:bounds[i + 1]]``."""
        offsets = self.found.stories.offsets[self.start : self.end + 1]
        return np.asarray(offsets - offsets[0])

    def articles(self) -> pa.ListArray:
        ids = self.found.ids(self.members).cast(pa.string())
        return pa.ListArray.from_arrays(self.bounds.astype(np.int32), ids)

    def sources(self) -> NDArray[np.int64]:
        number = np.repeat(np.arange(self.end - self.start, dtype=np.uint64), np.diff(self.bounds))
        of_source = distinct((number << np.uint64(32)) | self.found.corpus.sources[self.members])
        return np.bincount((of_source >> np.uint64(32)).astype(np.int64), minlength=self.end - self.start)

    @property
    def numbers(self) -> range:
        return range(self.start, self.end)

    def first(self) -> pa.StringArray:
        found = self.found
        chosen = Stories(found.stories.of_article - self.start, self.members, self.bounds)
        return found.ids(first_of(chosen, found.corpus.published, found.until))

    def origin_reason(self) -> pa.StringArray:
        return named(self.found.origin_reasons[self.start : self.end], ORIGIN_REASONS)

    def origin_agency(self) -> list[str | None]:
        """Return the supplier that most articles of a story credit, unless one of them is its own."""
        found, made = self.found, []
        each, sources = found.suppliers.each, found.corpus.source_names
        own = [supplier_of_source(name, found.corpus.outlets) for name in sources]
        for low, high in pairwise(self.bounds.tolist()):
            members = self.members[low:high]
            whole = found.suppliers.whole[members]
            credited = whole[whole.any(axis=1)]
            counts = Counter(each[bit] for words in credited for bit in bits_of(words) if each[bit].name)
            for source in np.unique(found.corpus.sources[members]).tolist():
                counts.pop(own[source], None)
            best = max(counts, key=lambda one: (counts[one], one.kind != "feed", one.name), default=None)
            made.append(None if best is None else best.name)
        return made

    def first_precision(self) -> list[str | None]:
        """Return how precisely the earliest moment of each story is known."""
        corpus, made = self.found.corpus, []
        moments = corpus.published[self.members]
        for low, high in pairwise(self.bounds.tolist()):
            known = np.flatnonzero(~np.isnat(moments[low:high]))
            first = known[np.argmin(moments[low:high][known])] if len(known) else None
            made.append(None if first is None else corpus.precision[self.members[low + first]])
        return made

    def first_published(self) -> pa.Array:
        if self.start == self.end:
            return pa.array([], pa.timestamp("us", tz="UTC"))
        moments = self.found.corpus.published[self.members]
        first = np.fmin.reduceat(moments, self.bounds[:-1])  # NaT where no time is known
        return pa.array(first.astype("datetime64[us]")).cast(pa.timestamp("us", tz="UTC"))


STORIES: Derived[StoryRows, Story] = Derived(
    Story,
    {
        "id": lambda each: each.found.ids(each.members[each.bounds[:-1]]),
        "articles": StoryRows.articles,
        "sources": StoryRows.sources,
        "origin": lambda each: each.found.ids(each.found.origins[each.start : each.end]),
        "origin_agency": StoryRows.origin_agency,
        "origin_reason": StoryRows.origin_reason,
        "first_published": StoryRows.first_published,
        "first_precision": StoryRows.first_precision,
        "first": StoryRows.first,
        "core_words": lambda each: each.found.core_words[each.start : each.end],
        "versions": lambda each: [each.found.versions_of_stories.get(n, []) for n in each.numbers],
        "digests": lambda each: [each.found.digests_of_stories.get(n, []) for n in each.numbers],
        "related": lambda each: [each.found.related_stories.get(n, []) for n in each.numbers],
    },
)

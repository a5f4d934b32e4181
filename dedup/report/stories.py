"""What a run says of its stories, as Arrow batches; a new field of `dedup.results.Story` is derived here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.report.derived import Derived, named
from dedup.report.findings import Findings
from dedup.results import Story
from dedup.runtime.unique import distinct
from dedup.stories.groups import ORIGIN_REASONS, Stories, first_of


@dataclass(frozen=True)
class StoryRows:
    """The stories ``start:end`` of a run."""

    found: Findings
    start: int
    end: int

    @cached_property
    def members(self) -> NDArray[np.int64]:
        """Their articles, story by story, in the order of the ids."""
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
        "origin_reason": StoryRows.origin_reason,
        "first_published": StoryRows.first_published,
        "first": StoryRows.first,
        "versions": lambda each: [each.found.versions_of_stories.get(n, []) for n in each.numbers],
        "digests": lambda each: [each.found.digests_of_stories.get(n, []) for n in each.numbers],
        "related": lambda each: [each.found.related_stories.get(n, []) for n in each.numbers],
    },
)

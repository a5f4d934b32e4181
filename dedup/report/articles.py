"""What a run says of its articles and stories, as Arrow batches; and records made of them.

A new field of `dedup.results.ArticleSummary` or `Story` gets its derivation here: from a column of
`dedup.stories.standing.Standing`, or of the articles themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus.protocols import ComparedArticles
from dedup.report.derived import Derived, named
from dedup.results import ArticleSummary, Story
from dedup.runtime.unique import distinct
from dedup.stories.groups import ORIGIN_REASONS, Stories
from dedup.stories.standing import Standing


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run has found of its articles, in columns.

    Attributes
    ----------
    lengths : ndarray of shape (n_articles,), dtype int64
        The number of words of each article, without site furniture.
    standing : Standing
    stories : Stories
    origins : ndarray of shape (n_stories,), dtype int64
        Article numbers.
    origin_reasons : ndarray of shape (n_stories,), dtype uint8
        Numbers into `dedup.stories.groups.ORIGIN_REASONS`.
    """

    corpus: ComparedArticles
    lengths: NDArray[np.int64]
    standing: Standing
    stories: Stories
    origins: NDArray[np.int64]
    origin_reasons: NDArray[np.uint8]

    def ids(self, rows: NDArray[np.int64]) -> pa.StringArray:
        """The ids of some articles; null for -1."""
        return self.corpus.ids.take(pa.array(rows, mask=rows < 0))


@dataclass(frozen=True)
class ArticleRows:
    """The articles ``start:end`` of a run."""

    found: Findings
    start: int
    end: int

    @property
    def rows(self) -> slice:
        return slice(self.start, self.end)

    def furniture(self) -> NDArray[np.float64]:
        words = np.diff(self.found.corpus.offsets[self.start : self.end + 1])
        return np.asarray(1.0 - self.found.lengths[self.rows] / np.maximum(words, 1)) * (words > 0)

    def story(self) -> pa.StringArray:
        stories = self.found.stories
        number = stories.of_article[self.rows]
        return self.found.ids(np.where(number >= 0, stories.firsts[number], -1) if len(stories) else number)


def _moments(times: NDArray[np.datetime64]) -> pa.Array:
    return pa.array(times.astype("datetime64[us]")).cast(pa.timestamp("us", tz="UTC"))


ARTICLES: Derived[ArticleRows, ArticleSummary] = Derived(
    ArticleSummary,
    {
        "id": lambda each: each.found.corpus.ids.slice(each.start, each.end - each.start),
        "source": lambda each: named(each.found.corpus.sources[each.rows], each.found.corpus.source_names),
        "title": lambda each: each.found.corpus.metadata("title", each.start, each.end),
        "url": lambda each: each.found.corpus.metadata("url", each.start, each.end),
        "published": lambda each: _moments(each.found.corpus.published[each.rows]),
        "published_precision": lambda each: each.found.corpus.metadata(
            "published_precision", each.start, each.end
        ),
        "published_zone": lambda each: each.found.corpus.metadata("published_zone", each.start, each.end),
        "words": lambda each: each.found.lengths[each.rows],
        "copied": lambda each: each.found.standing.copied[each.rows],
        "quoted": lambda each: each.found.standing.quoted[each.rows],
        "furniture": ArticleRows.furniture,
        "agency": lambda each: named(each.found.standing.agency[each.rows], each.found.corpus.agency_names),
        "credited": lambda each: each.found.corpus.credited[each.rows],
        "passages": lambda each: each.found.standing.passages[each.rows],
        "others": lambda each: each.found.standing.others[each.rows],
        "earliest": lambda each: each.found.ids(each.found.standing.earliest[each.rows]),
        "story": ArticleRows.story,
    },
)


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
    },
)

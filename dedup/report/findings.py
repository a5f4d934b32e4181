"""What a run has found about its articles, as columns that records of every kind are derived from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus.protocols import ComparedArticles
from dedup.stories.groups import Stories
from dedup.stories.hubs import Grouping
from dedup.stories.standing import Standing
from dedup.stories.suppliers import Suppliers


@dataclass(frozen=True)
class Findings:
    """What a run has found about its articles, in columns.

    Attributes
    ----------
    lengths : ndarray of shape (n_articles,), dtype int64
        The number of words of each article, without site furniture.
    standing : Standing
    suppliers : Suppliers
    stories : Stories
    origins : ndarray of shape (n_stories,), dtype int64
        Article numbers.
    origin_reasons : ndarray of shape (n_stories,), dtype uint8
        Indices into `dedup.stories.groups.ORIGIN_REASONS`.
    grouping : Grouping
        The stories, with articles numbered by their place among the sorted ids, and their relations.
    rows : ndarray of shape (n_articles,), dtype int64
        The article at each place of the sorted ids.
    since, until : ndarray of shape (n_articles,), dtype int64
        From `dedup.stories.moments.intervals`.
    core_words : ndarray of shape (n_stories,), dtype int64
    contributed : mapping of int to (str, int)
        For an article that shares text with one to which a supplier contributed: the supplier's name, and the
        other article.
    """

    corpus: ComparedArticles
    lengths: NDArray[np.int64]
    standing: Standing
    stories: Stories
    origins: NDArray[np.int64]
    origin_reasons: NDArray[np.uint8]
    suppliers: Suppliers
    grouping: Grouping
    rows: NDArray[np.int64]
    since: NDArray[np.int64]
    until: NDArray[np.int64]
    core_words: NDArray[np.int64]
    contributed: Mapping[int, tuple[str, int]]

    @cached_property
    def digest(self) -> NDArray[np.bool_]:
        """Which articles are digests, shape (n_articles,)."""
        found = np.zeros(len(self.rows), np.bool_)
        found[self.rows] = self.grouping.digest
        return found

    @cached_property
    def stories_of_digests(self) -> dict[int, list[str]]:
        """The ids of the stories of each digest."""
        firsts = self.ids(self.stories.firsts).to_pylist()
        found: dict[int, list[str]] = {}
        pairs = zip(self.rows[self.grouping.digest_article].tolist(), self.grouping.digest_story, strict=True)
        for article, story in pairs:
            found.setdefault(article, []).append(firsts[story])
        return found

    @cached_property
    def digests_of_stories(self) -> dict[int, list[str]]:
        """The ids of the digests of each story."""
        names = self.ids(self.rows[self.grouping.digest_article]).to_pylist()
        found: dict[int, list[str]] = {}
        for name, story in zip(names, self.grouping.digest_story.tolist(), strict=True):
            found.setdefault(story, []).append(name)
        return found

    @cached_property
    def versions_of_stories(self) -> dict[int, list[list[str]]]:
        """The groups of nearly equal texts in each story."""
        versions, stories = self.grouping.versions, self.grouping.stories
        names = self.ids(self.rows[versions.members]).to_pylist()
        found: dict[int, list[list[str]]] = {}
        for low, high in pairwise(versions.offsets.tolist()):
            story = int(stories.of_article[versions.members[low]])
            found.setdefault(story, []).append(names[low:high])
        return found

    @cached_property
    def related_stories(self) -> dict[int, list[dict[str, Any]]]:
        """The stories related to each story."""
        firsts = self.ids(self.stories.firsts).to_pylist()
        through = self.grouping.through
        via = self.ids(
            np.where(through >= 0, self.rows[through], -1) if len(through) else through
        ).to_pylist()
        found: dict[int, list[dict[str, Any]]] = {}
        columns = zip(self.grouping.related.tolist(), self.grouping.related_words.tolist(), via, strict=True)
        for (one, other), words, digest in columns:
            for story, met in ((one, other), (other, one)):
                item = {"story": firsts[met], "words": words, "through": digest}
                found.setdefault(story, []).append(item)
        return found

    def ids(self, rows: NDArray[np.int64]) -> pa.StringArray:
        """Return the ids of some articles; null for -1."""
        return self.corpus.ids.take(pa.array(rows, mask=rows < 0))

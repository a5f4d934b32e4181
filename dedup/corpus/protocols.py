"""What the stages after the candidates need of the articles, wherever these are kept.

A scan keeps them in its scratch directory (`dedup.corpus.first_pass.Corpus`), an index in its segments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.article import Article
from dedup.background.tables import Background
from dedup.outlets import Outlets
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.cleaning.credits import Credits
    from dedup.corpus.prepare import ComparedTokens


class ComparisonContext(Protocol):
    """The terms on which articles are compared."""

    @property
    def background(self) -> Background:
        """What is known about the corpus as a whole."""

    @property
    def settings(self) -> Settings:
        """What counts as an overlap."""

    @property
    def outlets(self) -> Outlets:
        """What is known about the sources."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A `ComparisonContext` without articles: the terms on which articles are compared."""

    background: Background
    settings: Settings
    outlets: Outlets = field(default_factory=Outlets)


class ComparedArticles(ComparisonContext, Protocol):
    """Articles that were compared; `dedup.corpus.first_pass.Corpus` describes the columns."""

    ids: pa.StringArray
    sources: NDArray[np.uint32]
    source_names: list[str]
    published: NDArray[np.datetime64]
    precision: NDArray[np.object_]
    agencies: NDArray[np.int32]
    agency_names: list[str]
    credited: NDArray[np.bool_]
    credits: Credits
    outlets: Outlets
    offsets: NDArray[np.int64]

    def __len__(self) -> int: ...

    def texts(self, rows: NDArray[np.int64]) -> pa.StringArray | pa.LargeStringArray:
        """Return the texts of some articles."""

    def excerpts(
        self, rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> pa.StringArray:
        """Return the characters ``starts[i]:ends[i]`` of the text of article ``rows[i]``."""

    def metadata(self, name: str, start: int, end: int) -> pa.StringArray:
        """Return a text column of the articles ``start:end`` as they were read: title, url or language."""

    def article(self, row: int) -> Article:
        """Return one article as it was read."""

    def placed_tokens(self, rows: NDArray[np.int64]) -> ComparedTokens:
        """Return the compared tokens of some articles, with their places in the texts."""

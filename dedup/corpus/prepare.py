"""Texts to compared tokens: written once, for the scan, the index and every inspection.

Whatever changes a text before it is compared belongs here. `whole_tokens` sees the text: changes in how it is
read (markup, folding) go there. `compared_tokens` sees the tokens of whole articles and leaves out those that
do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.cleaning.embedded import mark_embedded
from dedup.cleaning.furniture import mark_furniture
from dedup.cleaning.name_lists import mark_listed_names
from dedup.corpus.protocols import ComparisonContext
from dedup.settings import Settings
from dedup.text.flags import FURNITURE
from dedup.text.tokens import Tokens, tokenise


def _no_places() -> NDArray[np.uint32]:
    return np.zeros(0, np.uint32)


@dataclass(frozen=True, slots=True)
class ComparedTokens:
    """The tokens by which articles are compared, one article after the other.

    Attributes
    ----------
    hashes : ndarray of shape (n_tokens,), dtype uint32
        As in `dedup.text.tokens.Tokens`, without site furniture and repeated sentences.
    flags : ndarray of shape (n_tokens,), dtype uint8
        As in `dedup.text.tokens.Tokens`. If the settings ask for furniture, it is left in with the flag
        `FURNITURE`.
    offsets : ndarray of shape (n_articles + 1,), dtype int64
        The tokens of article i are ``offsets[i]:offsets[i + 1]``.
    starts, ends : ndarray of shape (n_tokens,) or (0,), dtype uint32
        Half-open places in the characters of the whole texts; empty unless asked for.
    """

    hashes: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    starts: NDArray[np.uint32] = field(default_factory=_no_places)
    ends: NDArray[np.uint32] = field(default_factory=_no_places)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[NDArray[np.uint32]]:
        """Iterate over the hashes, article by article."""
        for start, end in zip(self.offsets[:-1], self.offsets[1:], strict=True):
            yield self.hashes[start:end]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The number of tokens of each article, shape (n_articles,)."""
        return np.diff(self.offsets)

    @classmethod
    def concat(cls, parts: Sequence[ComparedTokens]) -> ComparedTokens:
        """Return the articles of all parts, one part after another, without places.

        Examples
        --------
        >>> parts = [ComparedTokens(np.array([7], np.uint32), np.zeros(1, np.uint8), np.array([0, 1]))] * 2
        >>> ComparedTokens.concat(parts).offsets.tolist()
        [0, 1, 2]
        """
        lengths = np.concatenate([np.zeros(0, np.int64), *(part.lengths for part in parts)])
        return cls(
            np.concatenate([np.zeros(0, np.uint32), *(part.hashes for part in parts)]),
            np.concatenate([np.zeros(0, np.uint8), *(part.flags for part in parts)]),
            np.concatenate(([0], np.cumsum(lengths))),
        )


def prepare(
    texts: pa.StringArray | Sequence[str],
    sources: NDArray[np.uint32],
    context: ComparisonContext,
    *,
    places: bool = False,
) -> ComparedTokens:
    """Cut texts into the tokens by which they are compared.

    Parameters
    ----------
    texts : pyarrow.StringArray or sequence of str
        Without nulls.
    sources : ndarray of shape (n_articles,), dtype uint32
        From `dedup.background.tables.source_hashes`.
    context : ComparisonContext
        The background says which sentences a source repeats; the settings say whether furniture stays.
    places : bool
        Whether to compute `starts` and `ends`.
    """
    return compared_tokens(whole_tokens(texts, context.settings, places=places), sources, context)


def whole_tokens(
    texts: pa.StringArray | Sequence[str], settings: Settings, *, places: bool = False
) -> Tokens:
    """Cut whole texts into tokens, with site furniture and teasers marked in their flags.

    Examples
    --------
    >>> tokens = whole_tokens(["Skip to content\\nPutin met Khan."], Settings())
    >>> (tokens.flags & FURNITURE != 0).tolist()
    [True, True, True, False, False, False]
    """
    tokens = tokenise(texts, places=places, fold=settings.fold, text_as=settings.text_as)
    tokens = mark_embedded(texts, mark_furniture(tokens), text_as=settings.text_as)
    return mark_listed_names(texts, tokens, fold=settings.fold, text_as=settings.text_as)


def compared_tokens(whole: Tokens, sources: NDArray[np.uint32], context: ComparisonContext) -> ComparedTokens:
    """Remove site furniture and repeated sentences, or mark them if the settings ask to see them.

    Parameters
    ----------
    whole : Tokens
        From `whole_tokens`.
    sources, context
        As for `prepare`.
    """
    furniture = context.background.standing(whole, sources, context.settings)
    furniture |= whole.flags & FURNITURE != 0
    if context.settings.furniture:
        marked = whole.flags | np.where(furniture, FURNITURE, np.uint8(0))
        return ComparedTokens(whole.hashes, marked, whole.offsets, whole.starts, whole.ends)
    kept = whole.select(~furniture)
    return ComparedTokens(kept.hashes, kept.flags, kept.offsets, kept.starts, kept.ends)

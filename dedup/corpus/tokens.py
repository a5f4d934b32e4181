"""The tokens of all articles on disk: whole at first, then replaced in place by the compared ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dedup.corpus.prepare import ComparedTokens
from dedup.runtime.scratch import Column, Scratch
from dedup.text.tokens import Tokens

#: Number of tokens in a block that is prepared at once.
_BLOCK = 300_000


class CorpusTokens:
    """The tokens of whole articles, written once by the first pass, then read block by block.

    `replace` ends this: the compared tokens take the room of the whole ones, and are returned as
    `ComparedTokens`.

    Attributes
    ----------
    offsets : ndarray of shape (n_articles + 1,), dtype int64
        The whole tokens of article i are ``offsets[i]:offsets[i + 1]``. The offsets stay known after
        `replace`.

    Examples
    --------
    >>> from dedup.corpus.prepare import whole_tokens
    >>> from dedup.settings import Settings
    >>> tokens = CorpusTokens(Scratch())
    >>> tokens.append(whole_tokens(["one two", "three"], Settings())); tokens.close()
    >>> tokens.offsets.tolist(), len(tokens.block(1, 2).hashes)
    ([0, 2, 3], 1)
    """

    def __init__(self, scratch: Scratch) -> None:
        self._columns = scratch.column("tokens", np.uint32), scratch.column("flags", np.uint8)
        self._lengths = [np.zeros(0, np.int64)]
        self._whole: tuple[NDArray[np.uint32], NDArray[np.uint8]] | None = None
        self.offsets = np.zeros(1, np.int64)

    def append(self, tokens: Tokens) -> None:
        """Append the tokens of further articles."""
        hashes, flags = self._columns
        hashes.append(tokens.hashes)
        flags.append(tokens.flags)
        self._lengths.append(np.diff(tokens.offsets))

    def close(self) -> None:
        """Map the written tokens for reading; nothing more can be appended."""
        hashes, flags = self._columns
        self.offsets = np.concatenate(([0], np.cumsum(np.concatenate(self._lengths))))
        self._whole = hashes.read(), flags.read()

    def block(self, start: int, end: int) -> Tokens:
        """Return the whole tokens of articles ``start:end``, without places.

        Raises
        ------
        ValueError
            The tokens have been replaced.
        """
        if self._whole is None:
            raise ValueError("the tokens of whole articles are not there: not yet written, or replaced")
        first, last = self.offsets[start], self.offsets[end]
        hashes, flags = self._whole
        return Tokens(hashes[first:last], flags[first:last], self.offsets[start : end + 1] - first)

    def blocks(self, tokens: int = _BLOCK) -> Iterator[tuple[int, int]]:
        """Yield runs of articles ``start, end`` with about this many tokens, at least one article each."""
        start, articles = 0, len(self.offsets) - 1
        while start < articles:
            end = int(np.searchsorted(self.offsets, self.offsets[start] + tokens, side="right")) - 1
            end = min(max(end, start + 1), articles)
            yield start, end
            start = end

    def replace(self) -> TokenReplacement:
        """Begin to write the compared tokens over the whole ones, from the first article on.

        A block has at most as many compared tokens as whole ones, so it can still be read until its own
        compared tokens are written.
        """
        return TokenReplacement(self, self._columns)

    def forget_whole(self) -> None:
        """Release the whole tokens: `block` raises from now on."""
        self._whole = None

    def remove(self) -> None:
        """Remove the columns from the disk once nothing more will be compared."""
        self.forget_whole()
        for column in self._columns:
            column.remove()


class TokenReplacement:
    """Writes compared tokens over the whole ones; see `CorpusTokens.replace`."""

    def __init__(self, tokens: CorpusTokens, columns: tuple[Column, Column]) -> None:
        self._tokens = tokens
        self._columns = columns
        self._lengths = [np.zeros(0, np.int64)]
        for column in columns:
            column.rewrite()

    def append(self, tokens: ComparedTokens) -> None:
        """Write the compared tokens of the next articles."""
        hashes, flags = self._columns
        hashes.append(tokens.hashes)
        flags.append(tokens.flags)
        self._lengths.append(tokens.lengths)

    def close(self) -> ComparedTokens:
        """Return the compared tokens of all articles, memory-mapped."""
        self._tokens.forget_whole()
        hashes, flags = self._columns
        offsets = np.concatenate(([0], np.cumsum(np.concatenate(self._lengths))))
        return ComparedTokens(hashes.read(), flags.read(), offsets)

"""Text to tokens: one hash per word, its place in the text, and flags for what is around it.

A token is a run of letters, marks and digits, folded (`dedup.text.folding`). Every quotation mark, dash and
other sign is dropped, and invisible characters (soft hyphens, joiners, direction marks) neither divide a word
nor count in it. In scripts written without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) each character with
its marks is a token. One table of characters decides, so the rule is the same for every language. HTML tags
and Markdown addresses are skipped (`dedup.text.markup`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numba as nb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.text.characters import character_table
from dedup.text.walking import AUTO, HTML, PLAIN, walk


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a batch of articles, one article after another.

    Attributes
    ----------
    hashes : ndarray of shape (n_tokens,), dtype uint32
        Words that are equal after folding have equal hashes; see `dedup.text.word_hashes` for their last two
        bits.
    flags : ndarray of shape (n_tokens,), dtype uint8
        `LINE`, `SENTENCE`, `QUOTED`, `NUMBER`, `CAPITAL` of `dedup.text.flags`.
    offsets : ndarray of shape (n_articles + 1,), dtype int64
        The tokens of article i are ``offsets[i]:offsets[i + 1]``.
    starts, ends : ndarray of shape (n_tokens,) or (0,), dtype uint32
        Half-open places in characters; empty unless asked for.
    lines : ndarray of shape (n_lines,), dtype int64
        For each token with `LINE`, the byte at which its line begins, in the bytes that `utf8_of` returns for
        the texts. Valid as long as no token was dropped.
    """

    hashes: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    starts: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))
    ends: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))
    lines: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[NDArray[np.uint32]]:
        """Iterate over the hashes, article by article."""
        for start, end in zip(self.offsets[:-1], self.offsets[1:], strict=True):
            yield self.hashes[start:end]

    def select(self, keep: NDArray[np.bool_]) -> Tokens:
        """Keep only some tokens; places still refer to the whole text.

        A dropped token takes its flags with it, so a line whose first token is dropped has no `LINE` flag.
        """
        placed = len(self.starts) == len(self.hashes)
        count = int(np.count_nonzero(keep))
        hashes, flags = np.empty(count, np.uint32), np.empty(count, np.uint8)
        offsets = np.zeros(len(self.offsets), np.int64)
        _compress(self.hashes, self.flags, self.offsets, keep, hashes, flags, offsets)
        starts = self.starts[keep] if placed else self.starts
        return Tokens(hashes, flags, offsets, starts, self.ends[keep] if placed else self.ends)


READINGS = {"plain": PLAIN, "auto": AUTO, "html": HTML}


def tokenise(
    texts: pa.StringArray | Sequence[str],
    *,
    places: bool = False,
    fold: str = "standard",
    text_as: str = "auto",
) -> Tokens:
    """Cut texts into tokens.

    Parameters
    ----------
    texts : pyarrow.StringArray or sequence of str
        Without nulls. An Arrow array is read in place.
    places : bool
        Whether to compute `starts` and `ends`.
    fold : {"standard", "accents"}
        Which letters count as equal; see `dedup.text.folding.folded`.
    text_as : {"auto", "plain", "html"}
        Whether tags and entities are read as such. With `auto`, those known in HTML, and addresses of
        Markdown links; with `html`, whatever looks like a tag.

    Examples
    --------
    >>> tokens = tokenise(["Pakistan’s premier met Putin.", "PAKISTAN'S PREMIER"], places=True)
    >>> tokens.offsets.tolist(), (tokens.hashes[:3] == tokens.hashes[5:]).tolist()
    ([0, 5, 8], [True, True, True])
    >>> list(zip(tokens.starts[:3].tolist(), tokens.ends[:3].tolist()))
    [(0, 8), (9, 10), (11, 18)]
    """
    data, text_offsets = utf8_of(texts)
    # A token and the sign after it take at least two bytes, a single character at least three.
    capacity = int(text_offsets[-1] - text_offsets[0] + 1) // 2 + len(text_offsets)
    hashes = np.empty(capacity, np.uint32)
    flags = np.empty(capacity, np.uint8)
    starts = np.empty(capacity if places else 0, np.uint32)
    ends = np.empty(capacity if places else 0, np.uint32)
    offsets = np.zeros(len(text_offsets), np.int64)
    lines = np.empty(capacity, np.int64)
    count, line_count = walk(
        data,
        text_offsets,
        character_table(fold),
        READINGS[text_as],
        hashes,
        flags,
        starts,
        ends,
        offsets,
        lines,
    )
    return Tokens(
        hashes[:count], flags[:count], offsets, starts[:count], ends[:count], lines[:line_count].copy()
    )


def hash_words(phrase: str) -> NDArray[np.uint32]:
    """Return the token hashes of a phrase.

    Examples
    --------
    >>> bool((hash_words("Keep reading") == hash_words("“KEEP — READING”")).all())
    True
    """
    return tokenise([phrase]).hashes


def utf8_of(texts: pa.StringArray | Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the UTF-8 bytes of texts, and the offset of each text; an Arrow array is not copied.

    Returns
    -------
    data : ndarray of shape (n_bytes,), dtype uint8
    offsets : ndarray of shape (n_texts + 1,), dtype int64
    """
    if isinstance(texts, pa.Array):
        array = texts
        if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
            array = array.cast(pa.large_string())  # views and other types have other buffers
    else:
        joined = "".join(texts)
        if joined.isascii():  # then characters are bytes, and one copy is enough
            lengths = np.fromiter(map(len, texts), np.int64, len(texts))
            data = np.frombuffer(joined.encode("ascii"), np.uint8)  # read-only, as bytes are
            return data, np.concatenate(([0], np.cumsum(lengths)))
        array = pa.array(texts, pa.large_string())
    wide = pa.types.is_large_string(array.type)
    _, offset_buffer, data_buffer = array.buffers()
    if offset_buffer is None or len(array) == 0:
        return np.frombuffer(b"", np.uint8), np.zeros(len(array) + 1, np.int64)
    offsets: NDArray[Any] = np.frombuffer(offset_buffer, np.int64 if wide else np.int32)
    offsets = offsets[array.offset : array.offset + len(array) + 1].astype(np.int64)
    data = np.frombuffer(b"" if data_buffer is None else data_buffer, np.uint8)
    data.flags.writeable = False  # some buffers are writable; kernels are compiled for read-only arrays
    return data, offsets


@nb.njit(nogil=True, cache=True)
def _compress(hashes, flags, offsets, keep, out_hashes, out_flags, out_offsets):  # type: ignore[no-untyped-def]
    kept = 0
    for article in range(len(offsets) - 1):
        first, last = offsets[article], offsets[article + 1]
        if np.all(keep[first:last]):  # true of most articles
            out_hashes[kept : kept + last - first] = hashes[first:last]
            out_flags[kept : kept + last - first] = flags[first:last]
            kept += last - first
        else:
            for token in range(first, last):
                if keep[token]:
                    out_hashes[kept] = hashes[token]
                    out_flags[kept] = flags[token]
                    kept += 1
        out_offsets[article + 1] = kept

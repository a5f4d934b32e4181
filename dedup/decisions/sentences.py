"""Digests of normalised sentences, by which a decision is found wherever the same text is run."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

# A sentence ends at the end of a line, at a full stop before a space, or at a full stop of a script without
# spaces.
_END = re.compile(r"\n+|[.!?…।॥؟۔]+[\"'”’»)\]]*\s+|[。！？]+[」』”]*")
_WORD = re.compile(r"\w+")


class Sentence(NamedTuple):
    """A part of a passage that is in one sentence.

    Attributes
    ----------
    whole, part : str
        Digests of the sentence, and of its part in the passage; 16 hex digits each.
    letters : int
        Number of letters and digits in that part.
    inside : bool
        Whether at least half of the sentence is in the passage.
    """

    whole: str
    part: str
    letters: int
    inside: bool


def sentence_bounds(text: str) -> list[tuple[int, int]]:
    """Return where the sentences of a text begin and end, in characters."""
    bounds, start = [], 0
    for match in _END.finditer(text):
        if match.end() > start:
            bounds.append((start, match.end()))
            start = match.end()
    if start < len(text):
        bounds.append((start, len(text)))
    return bounds


def sentences_in(
    text: str, start: int, end: int, bounds: Sequence[tuple[int, int]] | None = None
) -> Iterator[Sentence]:
    """Yield the sentences of a text that a span touches, except those without a word.

    Examples
    --------
    >>> one, two = sentences_in("It rained. The pier closed.", 0, 27)
    >>> again, = sentences_in("“THE PIER CLOSED”", 0, 17)
    >>> two.whole == again.whole, one.letters
    (True, 8)
    """
    for low, high in sentence_bounds(text) if bounds is None else bounds:
        if high <= start or low >= end:
            continue
        part = _plain(text[max(low, start) : min(high, end)])
        if part:
            whole = part if start <= low and high <= end else _plain(text[low:high])
            yield Sentence(_digest(whole), _digest(part), _letters(part), 2 * len(part) >= len(whole))


def text_digest(text: str) -> str:
    """Return the digest of a whole text: 16 hex digits that do not depend on case, punctuation or spacing."""
    return _digest(_plain(text))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _letters(plain: str) -> int:
    return len(plain) - plain.count(" ")


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:16]

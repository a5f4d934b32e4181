"""Cuts seen text out of an article: passages, sentences, paragraphs, or blocks of HTML.

The cuts are spans of the text as it was given. The rest stays character for character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.article import Span
from dedup.text.flags import SENTENCE
from dedup.verdicts.policy import CutUnit

#: A unit is cut if at least this share of its words was seen.
HALF = 0.5
_BLOCKS = (
    "address|article|aside|blockquote|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|"
    "h[1-6]|header|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_TAG = re.compile(rf"<(/?)({_BLOCKS})\b[^<>]*>", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
#: Signs that end a sentence where no space follows.
_ENDERS = "。！？｡．…!?."
_OPENING = "\"'“‘«‹「『（([{【《〈"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text.

    Attributes
    ----------
    starts, ends : ndarray of shape (n,)
        Half-open places in characters.
    flags : ndarray of shape (n,), dtype uint8
        See `dedup.text.flags`.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    flags: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.starts)

    def within(self, spans: Sequence[Span]) -> NDArray[np.bool_]:
        """Return which words begin in one of these spans, which are sorted and disjoint."""
        if not spans:
            return np.zeros(len(self), np.bool_)
        starts, ends = np.array(spans).T
        at = np.searchsorted(starts, self.starts, side="right") - 1
        return np.asarray((at >= 0) & (self.starts < ends[at]))


def cut_spans(
    text: str, words: Words, seen: Sequence[Span], unit: CutUnit, *, html: bool = True
) -> list[Span]:
    """Find the spans to cut out of a text.

    Parameters
    ----------
    seen : sequence of Span
        What was seen of the text, sorted and disjoint.
    html : bool
        Whether to look for tags: from a text with blocks of HTML whole blocks are cut, whatever the unit.

    Returns
    -------
    list of Span
        Return a text without some spans.
    """
    if not seen or not len(words):
        return []
    covered = words.within(seen)
    if html and (blocks := _blocks(text)):
        return _without_blocks(text, words, covered, blocks)
    if unit == "passage":
        return _joined(text, [_with_signs(text, words, span) for span in seen])
    edges = _sentence_edges(text, words) if unit == "sentence" else _paragraph_edges(text)
    return _joined(text, _mostly_seen(words, covered, edges))


def without(text: str, spans: Sequence[Span]) -> str:
    """A text without some spans.

    Examples
    --------
    >>> without("One. Two. Three.", [Span(5, 10)])
    'One. Three.'
    """
    kept, end = [], 0
    for span in spans:
        kept.append(text[end : span.start])
        end = span.end
    return "".join([*kept, text[end:]])


def _mostly_seen(words: Words, covered: NDArray[np.bool_], edges: list[int]) -> list[Span]:
    """Return the units between edges of which enough words were seen."""
    of_unit = np.searchsorted(edges, words.starts, side="right") - 1
    units = len(edges) - 1
    total = np.bincount(of_unit, minlength=units)[:units]
    seen = np.bincount(of_unit, covered, minlength=units)[:units]
    gone = (total > 0) & (seen >= HALF * total)
    return [Span(edges[unit], edges[unit + 1]) for unit in np.flatnonzero(gone).tolist()]


def _sentence_edges(text: str, words: Words) -> list[int]:
    """Return where sentences and lines begin, with the signs before them, and the end of the text."""
    edges = [0]
    firsts = np.flatnonzero(words.flags & SENTENCE)
    for row in firsts[firsts > 0].tolist():
        edges.append(_edge(text, int(words.ends[row - 1]), int(words.starts[row])))
    return [*edges, len(text)]


def _edge(text: str, before: int, after: int) -> int:
    """Return where a sentence begins, between the end of a word and the start of the next."""
    for place in range(after - 1, before - 1, -1):
        if text[place].isspace():
            return place + 1
    for place in range(after - 1, before - 1, -1):
        if text[place] in _ENDERS:
            return next((at for at in range(place + 1, after) if text[at] in _OPENING), after)
    return after


def _paragraph_edges(text: str) -> list[int]:
    """Return where paragraphs begin: after blank lines, or without any, after each line end."""
    breaks = [match.end() for match in _BLANK_LINE.finditer(text)]
    if not breaks:
        breaks = [match.end() for match in re.finditer(r"\n", text)]
    return [0, *dict.fromkeys(each for each in breaks if each < len(text)), len(text)]


def _with_signs(text: str, words: Words, span: Span) -> Span:
    """Extend a passage by the signs that belong to its ends, up to the next space or word."""
    after = np.searchsorted(words.starts, span.end)
    limit = int(words.starts[after]) if after < len(words) else len(text)
    end = span.end
    while end < limit and not text[end].isspace() and text[end] not in _OPENING:
        end += 1
    before = np.searchsorted(words.ends, span.start, side="right") - 1
    limit = int(words.ends[before]) if before >= 0 else 0
    start = span.start
    while start > limit and text[start - 1] in _OPENING:
        start -= 1
    while end < len(text) and text[end].isspace() and (start == 0 or text[start - 1].isspace()):
        end += 1
    return Span(start, end)


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """Merge spans that touch or have only space between them."""
    found: list[Span] = []
    for span in sorted(span for span in spans if span.end > span.start):
        if found and (span.start <= found[-1].end or not text[found[-1].end : span.start].strip()):
            found[-1] = Span(found[-1].start, max(span.end, found[-1].end))
        else:
            found.append(span)
    return found


@dataclass(slots=True)
class _Block:
    """A block of HTML, up to the end of its closing tag; `parent` is the enclosing block."""

    start: int
    end: int
    parent: int
    leaf: bool = True


def _blocks(text: str) -> list[_Block]:
    """Return the closed blocks of a text, outer blocks before those within them."""
    open_blocks: list[tuple[str, _Block]] = []
    found: list[_Block] = []
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if not match[1]:
            if (
                name == "p" and open_blocks and open_blocks[-1][0] == "p"
            ):  # a paragraph ends where the next begins
                open_blocks.pop()[1].end = match.start()
            block = _Block(match.start(), -1, -1)
            open_blocks.append((name, block))
            found.append(block)
        elif any(name == each for each, _ in open_blocks):
            while open_blocks:
                inner, block = open_blocks.pop()
                block.end = match.end() if inner == name else match.start()
                if inner == name:
                    break
    for _, block in open_blocks:
        block.end = len(text) if block.end < 0 else block.end
    closed = [block for block in found if block.end > block.start]
    nested: list[int] = []
    for number, block in enumerate(closed):
        while nested and closed[nested[-1]].end < block.end:
            nested.pop()
        if nested:
            block.parent = nested[-1]
            closed[nested[-1]].leaf = False
        nested.append(number)
    return closed


def _without_blocks(text: str, words: Words, covered: NDArray[np.bool_], blocks: list[_Block]) -> list[Span]:
    """Return the blocks to cut: innermost blocks, and blocks all of whose words are cut with them."""
    gone = np.zeros(len(words), np.bool_)
    own = np.full(len(words), -1)
    for number, block in enumerate(blocks):  # the innermost comes last
        own[np.searchsorted(words.starts, block.start) : np.searchsorted(words.starts, block.end)] = number
    spans: list[Span] = []
    for number, block in enumerate(blocks):
        mine = own == number
        total = int(mine.sum())
        if total and int(covered[mine].sum()) >= HALF * total:
            gone[mine] = True
            if block.leaf:
                spans.append(Span(block.start, block.end))
    for block in blocks:
        first, last = np.searchsorted(words.starts, [block.start, block.end])
        if last > first and gone[first:last].all() and not block.leaf:
            spans.append(Span(block.start, block.end))
    loose = own == -1
    for first, last in _runs(loose):  # text between blocks
        if covered[first:last].mean() >= HALF:
            spans.append(Span(int(words.starts[first]), int(words.ends[last - 1])))
    return _joined(text, spans)


def _runs(chosen: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.diff(chosen.astype(np.int8), prepend=0, append=0)
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))

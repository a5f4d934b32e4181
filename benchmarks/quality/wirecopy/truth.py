"""The text of an article with the place of every word, and the passages that two articles share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wirecopy.words import Origin, Paragraph

#: An aligned passage ends where more than this many words follow without one that agrees, on either side.
MAX_GAP = 24
#: Passages with fewer words that agree may be found or not.
MIN_WORDS = 12
#: Words beyond the ends of a passage within which a chance agreement may be found or not.
FRINGE = 8
#: Passages with fewer words that agree are not mentioned at all.
WORTH_MENTION = 4
#: With fewer words that agree outside quotation marks two articles quote the same statement, no more.
MIN_UNQUOTED = 10
#: The share of an article from which on it is called most of it.
MOST = 0.65
#: Pairs with fewer words that agree may be found or not.
MIN_PAIR_WORDS = 25


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word of a finished text: its place in characters, and its length in tokens (Han: characters)."""

    folded: str
    start: int
    end: int
    origin: Origin | None
    quoted: bool
    tokens: int


@dataclass(frozen=True, slots=True)
class TruePassage:
    """An aligned passage of the truth.

    Attributes
    ----------
    a_start, a_end, b_start, b_end : int
        Characters, half-open; the ends are words that agree.
    relation : {"verbatim", "edited", "quotation"}
    words, quoted_words : int
        Words that agree, and those of them within quotation marks on either side.
    span_a, span_b : int
        Words in each span.
    edits : int
        Words substituted, inserted or dropped between the two.
    optional : bool
        Too short to be asked for.
    """

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    relation: str
    words: int
    quoted_words: int
    span_a: int
    span_b: int
    edits: int
    optional: bool


def lay_out(paragraphs: Sequence[Paragraph], joiner: str = " ") -> tuple[str, list[PlacedWord]]:
    """Write paragraphs as text, and say where each word stands."""
    parts: list[str] = []
    placed: list[PlacedWord] = []
    length = 0
    for number, paragraph in enumerate(paragraphs):
        lead = "\n\n" if number else ""
        for sentence in paragraph:
            for word in sentence:
                piece = lead + word.before
                start = length + len(piece)
                piece += word.text + word.after
                if word.text:
                    tokens = len(word.text) if not joiner and not word.text.isascii() else 1
                    placed.append(
                        PlacedWord(
                            word.text.casefold(),
                            start,
                            start + len(word.text),
                            word.origin,
                            word.quoted,
                            tokens,
                        )
                    )
                parts.append(piece)
                length += len(piece)
                lead = joiner
    return "".join(parts), placed


def true_passages(a: Sequence[PlacedWord], b: Sequence[PlacedWord]) -> list[TruePassage]:
    """The aligned passages of two texts, exact by construction.

    A word agrees with the word that it was copied from. Words that agree are chained while both texts go
    forward and neither skips more than `MAX_GAP` words; each chain is a passage, and grows over the words
    next to its ends that agree too.
    """
    places = {word.origin: j for j, word in enumerate(b) if word.origin is not None}
    # An outlet's own words have no origin, and there is no place for that in b.
    copied = [(i, places[word.origin]) for i, word in enumerate(a) if word.origin in places]
    agree = [(i, j) for i, j in copied if a[i].folded == b[j].folded]
    before_a, before_b = _tokens_before(a), _tokens_before(b)
    chains: list[list[tuple[int, int]]] = []
    for i, j in agree:
        if chains:
            last_i, last_j = chains[-1][-1]
            gap_a = before_a[i] - before_a[last_i + 1]
            if j > last_j and gap_a <= MAX_GAP and before_b[j] - before_b[last_j + 1] <= MAX_GAP:
                chains[-1].append((i, j))
                continue
        chains.append([(i, j)])
    for chain in chains:
        _grow(chain, a, b)
    passages = [_passage(chain, a, b, before_a, before_b) for chain in chains]
    passages = [passage for passage in passages if passage.words >= WORTH_MENTION]
    fringes = [fringe for chain in chains for fringe in _fringes(chain, a, b)] if passages else []
    return passages + fringes


def _grow(chain: list[tuple[int, int]], a: Sequence[PlacedWord], b: Sequence[PlacedWord]) -> None:
    """Take in the words next to the ends that agree: after a quotation, two outlets name one speaker."""
    i, j = chain[0][0] - 1, chain[0][1] - 1
    while min(i, j) >= 0 and a[i].folded == b[j].folded:
        chain.insert(0, (i, j))
        i, j = i - 1, j - 1
    i, j = chain[-1][0] + 1, chain[-1][1] + 1
    while i < len(a) and j < len(b) and a[i].folded == b[j].folded:
        chain.append((i, j))
        i, j = i + 1, j + 1


def _fringes(
    chain: list[tuple[int, int]], a: Sequence[PlacedWord], b: Sequence[PlacedWord]
) -> Iterator[TruePassage]:
    """What lies beyond the ends, up to the last of the next few words that agrees: neither right nor wrong.

    Both outlets name the speaker beside a quotation, one as "Khan said" and the other as "said Khan".
    """
    for (i, j), step in ((chain[-1], 1), (chain[0], -1)):
        near = [
            (i + step * x, j + step * y)
            for x in range(1, FRINGE + 1)
            for y in range(1, FRINGE + 1)
            if 0 <= i + step * x < len(a)
            and 0 <= j + step * y < len(b)
            and a[i + step * x].folded == b[j + step * y].folded
        ]
        if near:
            far_i = max((x for x, _ in near), key=lambda x: step * x)
            far_j = max((y for _, y in near), key=lambda y: step * y)
            low_i, high_i = sorted((i + step, far_i))
            low_j, high_j = sorted((j + step, far_j))
            yield TruePassage(
                a_start=a[low_i].start, a_end=a[high_i].end, b_start=b[low_j].start, b_end=b[high_j].end,
                relation="edited", words=0, quoted_words=0, span_a=0, span_b=0, edits=0, optional=True,
            )  # fmt: skip


def _passage(
    chain: list[tuple[int, int]],
    a: Sequence[PlacedWord],
    b: Sequence[PlacedWord],
    before_a: list[int],
    before_b: list[int],
) -> TruePassage:
    (first_i, first_j), (last_i, last_j) = chain[0], chain[-1]
    words = sum(a[i].tokens for i, _ in chain)
    quoted = sum(a[i].tokens for i, j in chain if a[i].quoted or b[j].quoted)
    # Where one side lacks three words and the other has two in their place, three were changed.
    edits = sum(
        max(before_a[i] - before_a[last + 1], before_b[j] - before_b[last_b + 1])
        for (last, last_b), (i, j) in pairwise(chain)
    )
    span_a = before_a[last_i + 1] - before_a[first_i]
    span_b = before_b[last_j + 1] - before_b[first_j]
    relation = (
        "quotation" if 5 * quoted > 3 * words else "verbatim" if span_a == span_b == words else "edited"
    )
    return TruePassage(
        a_start=a[first_i].start, a_end=a[last_i].end, b_start=b[first_j].start, b_end=b[last_j].end,
        relation=relation, words=words, quoted_words=quoted, span_a=span_a, span_b=span_b,
        edits=edits, optional=words < MIN_WORDS,
    )  # fmt: skip


def _tokens_before(words: Sequence[PlacedWord]) -> list[int]:
    total, out = 0, [0]
    for word in words:
        total += word.tokens
        out.append(total)
    return out


def pair_relation(passages: Sequence[TruePassage], share_a: float, share_b: float) -> str:
    """Quotation where hardly a word outside quotation marks agrees; else by the shares."""
    words, quoted = sum(p.words for p in passages), sum(p.quoted_words for p in passages)
    if quoted > 0 and words - quoted < MIN_UNQUOTED:
        return "quotation"
    if min(share_a, share_b) >= MOST:
        return "copy"
    return "excerpt" if max(share_a, share_b) >= MOST else "partial"

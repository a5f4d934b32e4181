"""Cuts out and reads the lines of a batch of articles that may hold a credit."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.cleaning.agencies import agencies
from dedup.cleaning.credit_grammar import FLAT_LINE, Line, Reading, read_line
from dedup.cleaning.credit_lines import (
    DATED,
    HEAD,
    HEAD_LINES,
    LAST,
    LAST_LINES,
    LATE,
    credit_lines,
    sought_names,
)
from dedup.cleaning.places import line_ends
from dedup.text.tokens import Tokens

#: Lines of at most this many bytes are often the same in many articles.
_SHORT_LINE = 160
#: A line of at most this many bytes may be a short name and nothing else.
_TINY_LINE = 16
#: Separators between the lines of a text that has lost its line ends.
_LOST_ENDS = re.compile(r"\s+#{2,}\s+|\s+\|{2,}\s+|\t+|\s{3,}")
_SENTENCE_END = re.compile(r"[.!?…।؟۔。！？።။][\"'”’»)]*\s+(?=\S)")
_FOOTER = 80  # maximum number of characters in a line of tags or a date
_PLACES = ((HEAD, "head"), (LATE, "late"), (LAST, "last"), (DATED, "dated"))


class CandidateLine(NamedTuple):
    """A line that may hold a credit.

    `byte` is where it begins in its article, and `before` the last character before it; `names` and `words`
    are as in `dedup.cleaning.credit_lines.CreditLines`.
    """

    row: int
    byte: int
    text: bytes
    place: int
    before: str
    names: tuple[int, ...]
    words: int


def candidate_lines(
    data: NDArray[np.uint8], offsets: NDArray[np.int64], tokens: Tokens
) -> Iterator[CandidateLine]:
    """Yield the lines of the texts in `data` that may hold a credit, in order."""
    lines = credit_lines(tokens)
    starts, bounds = tokens.lines[lines.number], np.append(tokens.lines, 0)
    last = lines.stop == tokens.offsets[lines.article + 1]
    # Up to the next line with tokens there may be lines without any.
    ends = line_ends(data, starts, np.where(last, offsets[lines.article + 1], bounds[lines.number + 1]))
    begins = offsets[lines.article]
    whole = data.data
    columns = (lines.article, starts, ends, begins, lines.place, lines.words)
    names = map(tuple, lines.names.tolist())
    for row, start, end, begin, place, words, named in zip(
        *(column.tolist() for column in columns), names, strict=True
    ):
        if place & LATE and b"ing by" in bytes(whole[start : start + 40]):
            joined = _with_editing(whole, end, int(offsets[row + 1]))
            if joined > end:
                end, words = joined, -1
        before = ""
        if place & HEAD and start > begin:
            before = _last_character(whole[max(begin, start - 16) : start].tobytes())
        yield CandidateLine(row, start - begin, whole[start:end].tobytes(), place, before, named, words)


@lru_cache(maxsize=1 << 12)
def _last_character(lead: bytes) -> str:
    return lead.decode(errors="ignore").rstrip()[-1:]


def _with_editing(data: memoryview, end: int, last: int) -> int:
    """Return the end of a line, or of the next one if it continues with "Editing by": a two-line sign-off."""
    after = bytes(data[end : min(end + 16, last)]).strip(b"\r\n \t")
    if not after[:10].lower().startswith(b"editing by"):
        return end
    start = end + 16 - len(bytes(data[end : end + 16]).lstrip(b"\r\n \t"))
    rest = bytes(data[start : min(start + _SHORT_LINE, last)])
    return start + len(rest.split(b"\n", 1)[0])


def read_candidate(line: CandidateLine, article: NDArray[np.uint8]) -> list[tuple[Reading, int]]:
    """Return the credits of a line, each with the number of bytes of the line before its places count."""
    ending = line.before if line.before in '.!?)]”"' else ""
    short = len(line.text) <= _SHORT_LINE
    letters = _letters(line.text, article) if len(line.text) <= _TINY_LINE else ""
    read = _read_again if short else _read_pieces
    return read(line.text, line.place, ending, letters, line.names, line.words)


def _read_pieces(
    line: bytes, place: int, before: str, letters: str, names: tuple[int, ...], words: int
) -> list[tuple[Reading, int]]:
    """Return the credits of a line, or of each of its pieces if the text has lost its line ends."""
    text = line.decode()
    if "<" in text or "&" in text:
        plain = _without_markup(text)
        if plain is not None:
            read = _read_pieces(plain.text.encode(), place, before, letters, names, words)
            return [plain.placed(reading, byte) for reading, byte in read]
    sought = _sought(names)
    found = []
    for start, end, place_of_piece, ending in _pieces(text, place, before):
        piece = text[start:end]
        lead = start + len(piece) - len(piece.lstrip())
        readings = read_line(Line(piece.strip(), _places(place_of_piece), ending, letters, sought, words))
        if readings:
            byte = len(text[:lead].encode())
            found += [(reading, byte) for reading in readings]
    return found


class _Plain(NamedTuple):
    """A line without its markup, and where each of its characters begins and ends in the line."""

    text: str
    starts: list[int]
    ends: list[int]

    def placed(self, reading: Reading, byte: int) -> tuple[Reading, int]:
        """Convert a reading of `text` to one of the line."""
        before = len(self.text.encode()[:byte].decode(errors="ignore"))
        start, end = self.starts[before + reading.start], self.ends[before + reading.end - 1]
        return reading._replace(start=start, end=end), 0


#: A tag, or an entity.
_MARKUP = re.compile(r"<[/!]?[A-Za-z][^<>]{0,400}>|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")


def _without_markup(text: str) -> _Plain | None:
    """Return the line without tags and with entities decoded; None if it has none.

    Examples
    --------
    >>> plain = _without_markup("Rain fell. <i>(PTI)</i></p>")
    >>> plain.text, plain.starts[11], plain.ends[15]
    ('Rain fell. (PTI)', 14, 19)
    """
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in [*_MARKUP.finditer(text), None]:
        begin, stop = match.span() if match else (len(text), len(text))
        pieces.append(text[at:begin])
        starts += range(at, begin)
        ends += range(at + 1, begin + 1)
        if match and match[0][0] == "&":
            letter = html.unescape(match[0])
            if len(letter) != 1:
                letter = " "
            pieces.append(letter)
            starts.append(begin)
            ends.append(stop)
        at = stop
    plain = "".join(pieces)
    return None if plain == text else _Plain(plain, starts, ends)


_read_again = lru_cache(maxsize=1 << 14)(_read_pieces)


@lru_cache(maxsize=1 << 12)
def _sought(names: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(sought_names()[number] for number in names if number >= 0)


@cache
def _places(place: int) -> frozenset[str]:
    return frozenset(name for bit, name in _PLACES if place & bit)


def _pieces(text: str, place: int, before: str) -> Iterator[tuple[int, int, int, str]]:
    """Yield where the pieces of a line begin and end, their place in the article, and what precedes them."""
    lost = len(text) > _SHORT_LINE and any(sign in text for sign in ("##", "||", "\t", "   "))
    cuts = list(_LOST_ENDS.finditer(text)) if lost else []
    bounds = [0, *(place for cut in cuts for place in cut.span()), len(text)]
    pieces = list(zip(bounds[::2], bounds[1::2], strict=True))
    if len(pieces) == 1:
        yield 0, len(text), place, before
        if len(text) > FLAT_LINE and place & HEAD and place & LATE:
            # A text without line ends: the part after its last sentence may have been a line.
            ends = [match.end() for match in _SENTENCE_END.finditer(text, len(text) - _SHORT_LINE)]
            if ends:
                yield ends[-1], len(text), LATE | LAST, ""
        return
    long = [number for number, (start, end) in enumerate(pieces) if end - start > _FOOTER]
    for number, (start, end) in enumerate(pieces):
        own = HEAD if number < HEAD_LINES else 0
        own |= LATE if number >= len(pieces) - LAST_LINES or 2 * number >= len(pieces) else 0
        own |= LAST if number >= (long[-1] if long else -1) else 0
        yield start, end, place & own, text[:start].rstrip(" \t#|")[-1:] if number else before


@cache
def _lettered() -> tuple[frozenset[str], str]:
    """Return names that count alone on a line in texts with certain letters, and all these letters."""
    with_letters = [agency for agency in agencies() if agency.letters]
    named = frozenset(name for agency in with_letters for name in agency.strict)
    return named, "".join(agency.letters for agency in with_letters)


def _letters(line: bytes, article: NDArray[np.uint8]) -> str:
    names, letters = _lettered()
    if line.decode().strip(" \t.()/-–—") not in names:
        return ""
    text = article.tobytes().decode()
    return "".join(letter for letter in letters if letter in text)

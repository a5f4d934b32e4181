"""Credits: the lines and marks by which an article names the agency or the feed that supplied it.

A credit is a sign-off ("(PTI)", "— AFP"), a dateline ("MOSCOW (Reuters) -"), a byline, a source line, an
acknowledgement ("With inputs from ANI") or a disclaimer ("published from a syndicated feed"). The name of
an agency in running text, or under a photograph, is none, and neither is a credit of another story that is
teased below the article.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa

from dedup.cleaning import credit_patterns as patterns
from dedup.cleaning.credit_lines import (
    DATED,
    DATELINE,
    DISCLAIMER,
    HEAD,
    LAST,
    LATE,
    SHORT,
    SIGN_OFF,
    credit_lines,
    line_ends,
)
from dedup.cleaning.credit_patterns import Name, names_in
from dedup.cleaning.furniture import mark_furniture
from dedup.text.tokens import Tokens, tokenise, utf8_of

#: A credit that fills a line has at most so many characters, a list of nothing but names so many.
_LINE_CHARACTERS, _NAMES_CHARACTERS = 160, 60
#: A dateline stands within so many first characters of its line, a sign-off within so many last.
_DATELINE_CHARACTERS, _SIGN_OFF_CHARACTERS = 140, 100


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit in an article's text.

    Attributes
    ----------
    agency : str or None
        The agency's name as ``agencies.toml`` gives it; None where a feed or "agencies" are credited.
    kind : {"agency", "feed"}
        Whether agencies are named as the author, or a feed as the way by which the text came.
    start, end : int
        The place in the text, half-open, in characters.
    """

    agency: str | None
    kind: Literal["agency", "feed"]
    start: int
    end: int


class Credits(NamedTuple):
    """The credits of a batch of articles.

    Attributes
    ----------
    agency : pyarrow.StringArray of length n_articles
        Null where no agency is named.
    credited : pyarrow.BooleanArray of length n_articles
        Whether there is a credit.
    """

    agency: pa.StringArray
    credited: pa.BooleanArray


class _Line(NamedTuple):
    """A line without the space around it, and what `credit_lines` knows of its place."""

    text: str
    place: int

    def credit(self, name: Name, start: int, end: int) -> Credit:
        """A credit in the characters start:end of the line."""
        return Credit(name.agency, "feed" if name.agency is None else "agency", start, end)


def find_credit(text: str) -> Credit | None:
    """The credit of an article: of several, one that names an agency comes first.

    Examples
    --------
    >>> find_credit("The two met in Moscow, state-run TASS news agency reported.\\n(PTI)")
    Credit(agency='PTI', kind='agency', start=60, end=65)
    >>> find_credit("Government sources confirmed to PTI that they met.") is None
    True
    """
    texts = pa.array([text], pa.large_string())
    found = _credits(texts, mark_furniture(tokenise(texts))).get(0)
    if found is None:
        return None
    byte, credit = found
    before = len(text.encode()[:byte].decode())
    return Credit(credit.agency, credit.kind, before + credit.start, before + credit.end)


def find_credits(texts: pa.StringArray, tokens: Tokens | None = None) -> Credits:
    """The credits of many articles.

    Parameters
    ----------
    texts : pyarrow.StringArray or pyarrow.LargeStringArray
        Without nulls.
    tokens : Tokens, optional
        Their tokens, all of them and marked by `dedup.cleaning.mark_furniture`, if they are at hand.

    Examples
    --------
    >>> find_credits(pa.array(["Putin met Khan. (PTI)", "Putin met Khan."])).agency.to_pylist()
    ['PTI', None]
    """
    found = _credits(texts, mark_furniture(tokenise(texts)) if tokens is None else tokens)
    agency: list[str | None] = [None] * len(texts)
    credited = np.zeros(len(texts), np.bool_)
    for row, (_, credit) in found.items():
        agency[row], credited[row] = credit.agency, True
    return Credits(pa.array(agency, pa.string()), pa.array(credited))


def _credits(texts: pa.StringArray, tokens: Tokens) -> dict[int, tuple[int, Credit]]:
    """The credit of each row that has one: the byte at which its line begins, and its place in the line."""
    found: dict[int, tuple[int, Credit]] = {}
    for row, byte, line, place in _lines(texts, tokens):
        if row not in found or found[row][1].agency is None:
            before, credit = _read(line, place) if len(line) > _LINE_CHARACTERS else _read_again(line, place)
            if credit is not None and (row not in found or credit.agency is not None):
                found[row] = byte + before, credit
    return found


def _lines(texts: pa.StringArray, tokens: Tokens) -> Iterator[tuple[int, int, bytes, int]]:
    """The lines that may hold a credit: row, the byte at which they begin there, UTF-8, place."""
    data, offsets = utf8_of(texts)
    lines = credit_lines(tokens)
    starts, bounds = tokens.lines[lines.number], np.append(tokens.lines, 0)
    last = lines.stop == tokens.offsets[lines.article + 1]
    # Up to the next line that has tokens there may be some that have none.
    ends = line_ends(data, starts, np.where(last, offsets[lines.article + 1], bounds[lines.number + 1]))
    columns = (lines.article, starts, ends, starts - offsets[lines.article], lines.place)
    whole = data.data
    for row, start, end, byte, place in zip(*(column.tolist() for column in columns), strict=True):
        yield row, byte, bytes(whole[start:end]), place


def _read(line: bytes, place: int) -> tuple[int, Credit | None]:
    """How many bytes of space a line begins with, and the credit in the rest."""
    text = line.decode()
    rest = text.lstrip()
    return len(text[: len(text) - len(rest)].encode()), _credit(_Line(rest.rstrip(), place))


#: Short lines are the same in many articles.
_read_again = lru_cache(maxsize=1 << 14)(_read)


def _credit(line: _Line) -> Credit | None:
    credit = None
    if line.place & SHORT and len(line.text) <= _LINE_CHARACTERS:
        credit = _whole_line(line) or _byline(line) or _acknowledgement(line, line.text)
    if credit is None and line.place & DATELINE:
        credit = _dateline(line)
    if credit is None and line.place & SIGN_OFF:
        credit = _sign_off(line)
    if credit is None and line.place & DISCLAIMER:
        credit = _disclaimer(line)
    return credit


def _whole_line(line: _Line) -> Credit | None:
    """A line of names: "(PTI)", "— AFP", "PTI KJ DIV", "Reuters"."""
    core = line.text.strip(patterns.LINE_MARKS)
    names = patterns.only_names(core) if len(core) <= _NAMES_CHARACTERS else ()
    if not names:
        return None
    bracketed = line.text.startswith(patterns.BRACKETED)
    if not bracketed and all(name.strict for name in names):
        return None
    marked = bracketed or line.text.startswith(patterns.MARKED)
    stands = line.place & (LATE | DATED if marked else LAST | DATED)
    return line.credit(names[0], 0, len(line.text)) if stands else None


def _byline(line: _Line) -> Credit | None:
    """ "By First Last, Associated Press"."""
    if not line.place & (HEAD | LAST) or line.text.endswith((".", "!", "?", ":")):
        return None
    match = patterns.BYLINE.fullmatch(line.text.strip(patterns.LINE_MARKS))
    name = patterns.author_name(match["names"]) if match else None
    return line.credit(name, 0, len(line.text)) if name else None


def _acknowledgement(line: _Line, words: str) -> Credit | None:
    """ "With inputs from ANI", "Source: IANS", "(Reporting by …; editing by …)"."""
    core = words.strip(patterns.LINE_MARKS)
    if patterns.REUTERS_SIGN_OFF.match(core):
        return line.credit(Name("Reuters", False), 0, len(line.text))
    for pattern in patterns.ACKNOWLEDGEMENTS:
        match = pattern.fullmatch(core)
        name = next(names_in(match["names"]), None) if match else None
        if name is not None:
            return line.credit(name, line.text.rindex(core), line.text.rindex(core) + len(core))
    return None


def _dateline(line: _Line) -> Credit | None:
    """ "NEW DELHI, Feb 24 (PTI) -", "Moscow | AP", "МОСКВА, 24 февраля. /ТАСС/."."""
    opening = line.text[:_DATELINE_CHARACTERS]
    for match in patterns.DATELINE_BRACKET.finditer(opening):
        place, names = opening[: match.start()], patterns.only_names(match[1])
        if names and patterns.is_place(place) and not patterns.spells_out(place, match[1]):
            return line.credit(names[0], match.start(), match.end(1) + 1)
    for sign, pattern in patterns.DATELINES:
        dateline = pattern.match(opening) if sign in opening else None
        names = patterns.only_names(dateline["names"]) if dateline else ()
        if dateline and names and not names[0].strict and patterns.is_place(dateline["place"]):
            return line.credit(names[0], *dateline.span("names"))
    if len(line.text) <= _DATELINE_CHARACTERS and "|" in line.text:
        found = [name for part in line.text.split("|") for name in patterns.only_names(part.strip())]
        return line.credit(found[0], 0, len(line.text)) if found else None
    return None


def _sign_off(line: _Line) -> Credit | None:
    """Behind the last sentence of a paragraph: "… he said. (PTI)", "… he said. — AFP"."""
    offset = max(0, len(line.text) - _SIGN_OFF_CHARACTERS)
    # Most lines that end with an agency's name in running text have none of these, and go no further.
    signed = line.text.rstrip(". ").endswith(patterns.CLOSING) or line.text[-3:].isupper()
    signed = signed or any(dash in line.text[-_NAMES_CHARACTERS:] for dash in patterns.DASHES)
    match = patterns.SIGN_OFF.search(line.text, offset) if signed else None
    if match is None:
        return None
    start, end = match.span("credit")
    if match["bracket"]:
        names = patterns.only_names(match["bracket"])
        if not names:
            return _acknowledgement(line, match["bracket"])
        return line.credit(names[0], start, end)
    names = patterns.only_names(match["dash"] or match["bare"])
    if names and not names[0].strict and (match["dash"] or line.place & LAST):
        return line.credit(names[0], start, end)
    return None


def _disclaimer(line: _Line) -> Credit | None:
    """ "This story has been published from a wire agency feed without modifications to the text."."""
    for disclaimer in patterns.DISCLAIMERS:
        sentence = disclaimer.search(line.text)
        if sentence is not None:
            agency = patterns.agency_within(sentence[0])
            return Credit(agency, "feed", 0, len(line.text))
    if patterns.REUTERS_SIGN_OFF.match(line.text):
        return line.credit(Name("Reuters", False), 0, len(line.text))
    return None

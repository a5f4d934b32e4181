"""Credits: the lines and marks by which an article names the agency or the feed that supplied it.

A credit is a sign-off ("(PTI)", "— AFP"), a dateline ("MOSCOW (Reuters) -"), a byline, a source line, an
acknowledgement ("With inputs from ANI") or a disclaimer ("published from a syndicated feed"). The name of
an agency in running text, or under a photograph, is none, and neither is a credit of another story that is
teased below the article.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.cleaning import credit_patterns as patterns
from dedup.cleaning.credit_patterns import Name, names_in

#: A credit that fills a line has at most so many characters.
_LINE_CHARACTERS = 160
#: Lines at the head of an article that may hold its dateline or byline.
_HEAD_LINES = 12
#: A dateline stands within so many first characters of its line, a sign-off within so many last.
_DATELINE_CHARACTERS, _SIGN_OFF_CHARACTERS = 140, 100
#: A longer line is taken for story text.
_TEASER_CHARACTERS = 140
#: A line below the sign-off, such as tags or a date, has at most so many characters.
_FOOTER_CHARACTERS = 60
#: A sign-off stands among so many last lines, or in the second half of the story.
_LAST_LINES = 3


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
    """A line without the space around it, and where it begins."""

    text: str
    start: int

    def credit(self, name: Name, start: int, end: int) -> Credit:
        """A credit in the characters start:end of the line."""
        kind: Literal["agency", "feed"] = "feed" if name.agency is None else "agency"
        return Credit(name.agency, kind, self.start + start, self.start + end)


class _Place(NamedTuple):
    """Where in the story a line stands."""

    number: int
    story: list[_Line]

    @property
    def head(self) -> bool:
        """Among the lines that may hold a byline."""
        return self.number < _HEAD_LINES

    @property
    def late(self) -> bool:
        """Where a sign-off may stand, and a caption's credit seldom does."""
        return self.number >= min(len(self.story) - _LAST_LINES, len(self.story) / 2)

    @property
    def last(self) -> bool:
        """Nothing but short lines, such as tags and dates, follows."""
        return all(len(line.text) <= _FOOTER_CHARACTERS for line in self.story[self.number + 1 :])

    @property
    def dated(self) -> bool:
        """At the head, next to a date: what stands there is a byline rather than a caption."""
        around = (
            self.story[max(0, self.number - 1) : self.number] + self.story[self.number + 1 : self.number + 2]
        )
        return self.head and any(
            len(line.text) <= _FOOTER_CHARACTERS and patterns.DATED.search(line.text) for line in around
        )


def find_credit(text: str) -> Credit | None:
    """The credit of an article: of several, one that names an agency comes first.

    Examples
    --------
    >>> find_credit("The two met in Moscow, state-run TASS news agency reported.\\n(PTI)")
    Credit(agency='PTI', kind='agency', start=60, end=65)
    >>> find_credit("Government sources confirmed to PTI that they met.") is None
    True
    """
    nameless = None
    for credit in _credits(text):
        if credit.agency is not None:
            return credit
        nameless = nameless or credit
    return nameless


def find_credits(texts: pa.StringArray) -> Credits:
    """The credits of many articles.

    Parameters
    ----------
    texts : pyarrow.StringArray or pyarrow.LargeStringArray
        Without nulls.

    Examples
    --------
    >>> find_credits(pa.array(["Putin met Khan. (PTI)", "Putin met Khan."])).agency.to_pylist()
    ['PTI', None]
    """
    matched = pc.match_substring_regex(texts, patterns.candidate_pattern())
    candidates = np.flatnonzero(matched.to_numpy(zero_copy_only=False))
    agency: list[str | None] = [None] * len(texts)
    credited = np.zeros(len(texts), np.bool_)
    for row in candidates.tolist():
        credit = find_credit(str(texts[row]))
        if credit is not None:
            agency[row], credited[row] = credit.agency, True
    return Credits(pa.array(agency, pa.string()), pa.array(credited))


def _credits(text: str) -> Iterator[Credit]:
    """All credits, in the order of the text; of a line at most one."""
    story = _story_lines(text)
    disclaimed = patterns.may_disclaim(text)
    for number, line in enumerate(story):
        place = _Place(number, story)
        credit = None
        if len(line.text) <= _LINE_CHARACTERS:
            credit = _whole_line(line, place) or _byline(line, place) or _acknowledgement(line, line.text)
        if credit is None and number < _HEAD_LINES:
            credit = _dateline(line)
        if credit is None and place.late:
            credit = _sign_off(line, place)
        if credit is None and disclaimed:
            credit = _disclaimer(line)
        if credit is not None:
            yield credit


def _story_lines(text: str) -> list[_Line]:
    """The lines that are not blank, up to a heading that other stories' teasers follow."""
    lines = []
    start = 0
    for piece in text.split("\n"):
        stripped = piece.strip()
        if stripped:
            lines.append(_Line(stripped, start + len(piece) - len(piece.lstrip())))
        start += len(piece) + 1
    in_story = False
    for number, line in enumerate(lines):
        if len(line.text) > _TEASER_CHARACTERS:
            in_story = True
        elif in_story and patterns.is_teaser_heading(line.text):
            below = [other.text for other in lines[number + 1 :]]
            if max(map(len, below), default=0) <= _TEASER_CHARACTERS or any(map(patterns.ends_teaser, below)):
                return lines[:number]
    return lines


def _whole_line(line: _Line, place: _Place) -> Credit | None:
    """A line of names: "(PTI)", "— AFP", "PTI KJ DIV", "Reuters"."""
    core = line.text.strip(patterns.LINE_MARKS)
    names = patterns.only_names(core) if len(core) <= _FOOTER_CHARACTERS else []
    if not names:
        return None
    if line.text.startswith(patterns.BRACKETED):
        stands = place.late or place.dated
    elif all(name.strict for name in names):
        stands = False
    elif line.text.startswith(patterns.MARKED):
        stands = place.late or place.dated
    else:
        stands = place.last or place.dated
    return line.credit(names[0], 0, len(line.text)) if stands else None


def _byline(line: _Line, place: _Place) -> Credit | None:
    """ "By First Last, Associated Press"."""
    if not (place.head or place.last) or line.text.endswith((".", "!", "?", ":")):
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
    for pattern in patterns.DATELINES:
        dateline = pattern.match(opening)
        names = patterns.only_names(dateline["names"]) if dateline else []
        if dateline and names and not names[0].strict and patterns.is_place(dateline["place"]):
            return line.credit(names[0], *dateline.span("names"))
    if len(line.text) <= _DATELINE_CHARACTERS and "|" in line.text:
        found = [name for part in line.text.split("|") for name in patterns.only_names(part.strip())]
        return line.credit(found[0], 0, len(line.text)) if found else None
    return None


def _sign_off(line: _Line, place: _Place) -> Credit | None:
    """Behind the last sentence of a paragraph: "… he said. (PTI)", "… he said. — AFP"."""
    offset = max(0, len(line.text) - _SIGN_OFF_CHARACTERS)
    match = patterns.SIGN_OFF.search(line.text, offset)
    if match is None:
        return None
    start, end = match.span("credit")
    if match["bracket"]:
        names = patterns.only_names(match["bracket"])
        if not names:
            return _acknowledgement(line, match["bracket"])
        return line.credit(names[0], start, end)
    names = patterns.only_names(match["dash"] or match["bare"])
    if names and not names[0].strict and (match["dash"] or place.last):
        return line.credit(names[0], start, end)
    return None


def _disclaimer(line: _Line) -> Credit | None:
    """ "This story has been published from a wire agency feed without modifications to the text."."""
    if not patterns.may_disclaim(line.text):
        return None
    for disclaimer in patterns.DISCLAIMERS:
        sentence = disclaimer.search(line.text)
        if sentence is not None:
            agency = patterns.agency_within(sentence[0])
            return Credit(agency, "feed", line.start, line.start + len(line.text))
    if patterns.REUTERS_SIGN_OFF.match(line.text):
        return line.credit(Name("Reuters", False), 0, len(line.text))
    return None

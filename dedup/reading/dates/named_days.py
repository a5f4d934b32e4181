"""Dates whose month is a word, and the words around any date."""

from __future__ import annotations

import re
from datetime import datetime

from dedup.reading.dates.calendars import UnreadableDateError
from dedup.reading.dates.days import Day, century, written_day
from dedup.reading.dates.words import Vocabulary, vocabulary
from dedup.reading.dates.zones import offset_of_name

_TOKEN = re.compile(r"(?P<number>\d+)(?P<stop>\.)?|(?P<word>[^\W\d_](?:[^\s\d\[\](){}|,;:/\\\"<>+*=_-])*)")
_PLACE = re.compile(r"[a-z]+(?:/[a-z_]+)+(?:[+-]\d{1,2})?")
_PHRASE = re.compile(r"\w+ (?:(?:standard|daylight|mean|summer) )?(?:time|время|时间)(?!\w)")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_OFFSET_AGAIN = re.compile(r"m=[+-][\d.]+$")
_NO_DATE = "it contains no date"


class Leftover:
    """The text of a date without its time and its numeric date.

    Parameters
    ----------
    before, behind : str
        The text before and after the time; without a time, all of it is before.

    Attributes
    ----------
    zone : str
        The name of a zone, "" if there is none.
    weekday : int
        0 for Monday to 6, -1 if none is named.
    half : str
        "am", "pm", "noon", "night" or "".
    """

    def __init__(self, before: str, behind: str) -> None:
        self.before = before
        self.behind = behind
        self.zone = ""
        self.weekday = -1
        self.half = ""

    def take_zone(self, *, known: bool) -> None:
        """Remove the name of a zone from the text after the time; ignore it if the offset is known."""
        if known:
            self.behind = _OFFSET_AGAIN.sub("", _BRACKETS.sub(" ", self.behind))
        elif self.behind:
            self.behind = re.sub(r"[()\[\]]", " ", self.behind)
        for pattern in (_PLACE, _PHRASE):
            if found := pattern.search(self.behind):
                self._take(found, known=known)
        for found in re.finditer(r"(?<!\w)[^\W\d_]+(?:/[^\W\d_]+)*", self.behind):
            if offset_of_name(found[0], datetime(2000, 1, 1)) is not None:
                self._take(found, known=known)
                break

    def _take(self, found: re.Match[str], *, known: bool) -> None:
        if offset_of_name(found[0], datetime(2000, 1, 1)) is None and not known:
            return
        self.zone = self.zone or ("" if known else found[0])
        self.behind = self.behind[: found.start()] + " | " + self.behind[found.end() :]


def named_day(leftover: Leftover, zone_known: bool) -> Day:
    """Read a date whose month is a word, such as ``24 mars 2022`` or ``Feb 24, 2022``.

    Raises
    ------
    UnreadableDateError
        There is no month, no year, or more than a date.
    """
    leftover.take_zone(known=zone_known)
    numbers, months = _tokens(leftover)
    if not months:
        raise UnreadableDateError(_NO_DATE)
    dotted = [stop for text, stop in numbers if len(text) <= 2]
    month = _month(months, bool(dotted and dotted[0]))
    if len(numbers) == 1 and len(numbers[0][0]) == 4:
        return Day(((written_day(int(numbers[0][0]), month, None), None),), "month", 0, 0)
    if len(numbers) != 2:
        raise UnreadableDateError("it contains no year" if len(numbers) == 1 else _NO_DATE)
    (first, _), (second, _) = numbers
    if len(first) == 4 or (len(second) < 4 and int(first) > 31):
        first, second = second, first
    if len(first) > 2 or len(second) not in (2, 4) or int(first) == 0:
        raise UnreadableDateError(_NO_DATE)
    year = int(second) if len(second) == 4 else century(int(second))
    return Day(((written_day(year, month, int(first)), None),), "day", 0, 0)


def without_date(leftover: Leftover, zone_known: bool) -> None:
    """Check that only words of a date surround a numeric date.

    Raises
    ------
    UnreadableDateError
        There is more: another number, another date, or a word that does not belong to a date.
    """
    leftover.take_zone(known=zone_known)
    numbers, _ = _tokens(leftover)
    if numbers:
        raise UnreadableDateError("it holds more numbers than a date")


def _tokens(leftover: Leftover) -> tuple[list[tuple[str, bool]], list[tuple[str, int]]]:
    """Return numbers, with whether a full stop follows, and months, as (word, month or 0 for several)."""
    known = vocabulary()
    tokens = list(_TOKEN.finditer(f"{leftover.before} | {leftover.behind}"))
    words = [(token["word"] or "").strip(".'").replace(".", "").removeprefix("d'") for token in tokens]
    numbers: list[tuple[str, bool]] = []
    months: list[tuple[str, int]] = []
    skip = -1
    for place, token in enumerate(tokens):
        if place == skip:
            continue
        if token["number"]:
            numbers.append((token["number"], bool(token["stop"])))
            continue
        pair = " ".join(words[place : place + 2])
        if pair in known.months:
            months.append((pair, known.months[pair]))
            skip = place + 1
        else:
            _take_word(words[place], known, leftover, months)
    _check_last(leftover.behind)
    if len(months) > 1:  # "mar" is a weekday in some languages and a month in others
        months = [one for one in months if one[0] not in known.weekdays] or months[-1:]
    return numbers, months


def _take_word(word: str, known: Vocabulary, leftover: Leftover, months: list[tuple[str, int]]) -> None:
    if word in known.months or word in known.several:
        months.append((word, known.months.get(word, 0)))
    elif word in known.weekdays:
        leftover.weekday = known.weekdays[word]
    elif word in known.meridiems:
        leftover.half = known.meridiems[word]
    elif word in known.calendars:
        calendar = known.calendars[word]
        raise UnreadableDateError(f"{word!r} belongs to the {calendar} calendar", calendar)
    elif word and word not in known.fillers:
        raise UnreadableDateError(f"{_NO_DATE}: {word[:40]!r} belongs to none")


def _check_last(behind: str) -> None:
    """Refuse a lone letter after the time: few people know the military's zones."""
    found = re.search(r"(?<![^\s|])([a-gi-z])[\s|]*$", behind)
    if found:
        raise UnreadableDateError(f"a lone letter, {found[1].upper()}, is not a usual zone")


def _month(months: list[tuple[str, int]], dotted: bool) -> int:
    found = {month or vocabulary().several[name][0 if dotted else 1] for name, month in months}
    if len(found) > 1:
        raise UnreadableDateError("it holds two dates")
    month = found.pop()
    if month == 0:
        raise UnreadableDateError(f"{months[0][0]!r} names different months in several languages")
    return month

"""One line's credits: the rules of ``credits.toml`` are tried in turn, and the first fit takes a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Literal, NamedTuple

from dedup.cleaning import credit_patterns as patterns
from dedup.cleaning.credit_names import NAMELESS, PLAIN, STRICT, Name, SignedLine, sign_names

Form = Literal["dateline", "byline", "sign_off", "contribution", "copyright", "feed", "metadata", "mention"]
CreditKind = Literal["agency", "feed", "press", "outlet"]

#: A rule for a whole line is tried only on lines of at most this many characters.
_LINE_CHARACTERS = 200
#: A rule for a line's start or end is tried if a name begins within this many first or last characters.
_START_ZONE, _END_ZONE = 110, 90
#: Places that are computed only if a rule matches.
_ZONES = frozenset({"opening", "ending", "byline_place"})
#: A line with more characters may be a whole article without line ends, so its head and its end are zones.
FLAT_LINE, _HEAD_ZONE, _OPENING = 600, 700, 400
#: A name of several words below a caption is still a byline; a single word may be the picture's credit.
_SENTENCE_ENDS = tuple('.!?)]”"')
#: Reuters' own sign-off names only its people.
_REUTERS = Name("Reuters", "agency", PLAIN, True, "")
_FEED = Name(None, "feed", NAMELESS, False, "")


class Line(NamedTuple):
    """The input of `read_line`.

    Attributes
    ----------
    text : str
        The line without surrounding space.
    places : frozenset of str
        ``head``, ``late``, ``last``, ``dated``: where the line is in its article.
    before : str
        The last character of the line before, if there is one.
    letters : str
        Those letters of the article that `Name.letters` asks for.
    sought : tuple of str
        The names that may occur in the line; all names if empty.
    words : int
        The bits of `dedup.cleaning.credit_patterns.rule_words` for the line's words; all bits if negative.
    """

    text: str
    places: frozenset[str]
    before: str = ""
    letters: str = ""
    sought: tuple[str, ...] = ()
    words: int = -1


class Reading(NamedTuple):
    """A credit, or a mention of a supplier, in a line.

    Attributes
    ----------
    name : str or None
    kind : {"agency", "feed", "press", "outlet"}
    form : str
    start, end : int
        Half-open place in characters of the line.
    """

    name: str | None
    kind: CreditKind
    form: Form
    start: int
    end: int


def read_line(line: Line) -> tuple[Reading, ...]:
    """Return the credits and mentions of a line, in order.

    Examples
    --------
    >>> read_line(Line("HARROW (AP) — Rain fell on Monday.", frozenset({"head"})))
    (Reading(name='AP', kind='agency', form='dateline', start=7, end=11),)
    >>> read_line(Line("He told Reuters on Monday.", frozenset()))
    (Reading(name='Reuters', kind='agency', form='mention', start=8, end=15),)
    """
    signed = sign_names(line.text, line.sought)
    count, outlets = len(signed.names), line.words & patterns.nameless_bits()
    taken: set[int] = set()
    found: list[Reading] = []
    if count or outlets:
        for rule in _rules_for(signed, line):
            if len(taken) == count and not outlets:
                break
            if rule.needs == "none" or len(taken) < count:
                for match in _matches(rule, signed.text):
                    found += _credits_of(rule, match, signed, line, taken)
    if line.words & patterns.DISCLAIMER:
        found += _disclaimers(line, signed, taken)
    for number, (name, (_, start, end)) in enumerate(zip(signed.names, signed.places, strict=True)):
        if number not in taken and name.supplier is not None and name.spoken:
            found.append(Reading(name.supplier, name.kind, "mention", start, end))
    found.sort(key=_start)
    return tuple(found)


_start = attrgetter("start")


def _rules_for(signed: SignedLine, line: Line) -> tuple[patterns.Rule, ...]:
    """Return the rules that may match the line; most lines that name an agency in a sentence get none."""
    text = signed.text
    first, last = (signed.places[0][0], signed.places[-1][0]) if signed.places else (len(text), -1)
    length = len(line.text)
    return _asked(
        line.places,
        (
            length <= _LINE_CHARACTERS,
            first <= _START_ZONE,
            last >= len(text) - _END_ZONE,
            length > FLAT_LINE,
            PLAIN in text or STRICT in text,
        ),
        line.words & patterns.rule_bits(),
        tuple([sign in text for sign in patterns.rule_signs()]),
    )


@lru_cache(maxsize=1 << 14)
def _asked(
    places: frozenset[str], kind: tuple[bool, ...], words: int, signs: tuple[bool, ...]
) -> tuple[patterns.Rule, ...]:
    """Return the rules for a kind of line, given the bits of its words and the signs that it contains."""
    whole, starts, ends, flat, named = kind
    possible = {"line": whole, "start": starts, "end": ends, "any": True}
    there = {sign for sign, occurs in zip(patterns.rule_signs(), signs, strict=True) if occurs}
    return tuple(
        rule
        for rule in patterns.rules()
        if possible[rule.at]
        and (named or rule.needs != "name")
        and (
            not rule.where
            or rule.where & places
            or "byline_place" in rule.where
            or (flat and rule.where & _ZONES)
        )
        and (not rule.bit or rule.bit & words)
        and (not rule.signs or not there.isdisjoint(rule.signs))
    )


def _matches(rule: patterns.Rule, text: str) -> Iterable[re.Match[str]]:
    if rule.at == "any":
        return rule.pattern.finditer(text)
    if rule.at == "line":
        match = rule.pattern.fullmatch(text)
    elif rule.at == "start":
        match = rule.pattern.match(text)
    else:
        # Only the end is examined, because an expression that may begin anywhere is slow on a long line.
        match = rule.pattern.search(text, max(0, len(text) - _LINE_CHARACTERS))
    return () if match is None else (match,)


def _credits_of(
    rule: patterns.Rule, match: re.Match[str], signed: SignedLine, line: Line, taken: set[int]
) -> Iterator[Reading]:
    groups = rule.groups
    first, last = match.span("credit" if "credit" in groups and match["credit"] is not None else 0)
    numbers = [
        number
        for number, (sign, _, _) in enumerate(signed.places)
        if first <= sign < last and number not in taken
    ]
    meant = [signed.names[number] for number in numbers]
    if "people" in groups:
        meant = [name for name in meant if name.supplier] or [_REUTERS]
    elif "outlet" in groups:
        outlet = (match["outlet"] or match["outlet2"]).strip().removeprefix("the ")
        inside = [name for name in meant if name.supplier]
        if not inside and any(sign in outlet for sign in (PLAIN, STRICT, NAMELESS)):
            return
        if not inside:
            start, end = _original_span(signed, first, last)
            yield Reading(outlet.rstrip("."), "outlet", rule.form, start, end)  # type: ignore[arg-type]
            return
    elif not numbers:
        return
    if not _stands(rule, match, signed, line, meant):
        return
    taken |= set(numbers)
    if rule.form == "photo":
        return
    named = [name for name in meant if name.supplier is not None]
    start, end = _original_span(signed, first, last)
    form = _form(rule, match, line)
    for name in dict.fromkeys(named or [_FEED]):
        yield Reading(name.supplier, name.kind, form if named else _nameless(form), start, end)


def _nameless(form: Form) -> Form:
    """Return the form of a nameless credit: "(Agencies)" is a feed, "with agency inputs" a contribution."""
    return form if form == "contribution" else "feed"


def _original_span(signed: SignedLine, first: int, last: int) -> tuple[int, int]:
    start, end = signed.original_place(first), signed.original_place(last)
    words = signed.original[start:end]
    start += len(words) - len(words.lstrip(' \t.!?…"”»'))
    return start, max(start + 1, end - (len(words) - len(words.rstrip())))


def _stands(
    rule: patterns.Rule, match: re.Match[str], signed: SignedLine, line: Line, meant: list[Name]
) -> bool:
    """Whether the match is at the place that its rule requires, and its places and names are really such."""
    groups = rule.groups
    if "place" in groups and not _is_dateline(match, signed, meant, bare="bare" in groups):
        return False
    if (
        ("alone" in groups or "sure" in groups)
        and any(name.sign == STRICT for name in meant)
        and not _means_it(line, meant)
    ):
        return False
    if not rule.where:
        return True
    flat = len(line.text) > FLAT_LINE
    places = set(line.places)
    if flat and match.start() > _HEAD_ZONE:
        places.discard("head")
    if flat and 2 * match.end() < len(line.text):
        places -= {"late", "last"}
    if flat and "head" in places and match.start() < _OPENING:
        places.add("opening")
    if flat and "late" in places:
        places.add("ending")
    if "head" in places and not line.before.endswith(_SENTENCE_ENDS):
        places.add("byline_place")
    if "head" in places and "alone" in groups and " " in signed.original.strip() and PLAIN in match[0]:
        places.add("byline_place")
    return bool(rule.where & places)


def _means_it(line: Line, meant: list[Name]) -> bool:
    """Whether a short name with other meanings counts although it fills a line: "AP", or "PAP" in Polish."""
    return all(
        name.sign != STRICT or name.spoken or bool(set(name.letters) & set(line.letters)) for name in meant
    )


def _is_dateline(match: re.Match[str], signed: SignedLine, meant: list[Name], *, bare: bool) -> bool:
    place = match["place"]
    if not patterns.is_place(place, bare=bare):
        return False
    if not place.strip():
        return True
    first = next((number for number, name in enumerate(signed.names) if name is meant[0]), 0)
    _, start, end = signed.places[first]
    return not patterns.spells_out(place, signed.original[start:end])


def _form(rule: patterns.Rule, match: re.Match[str], line: Line) -> Form:
    if rule.form == "source" or "alone" in rule.groups:
        return "byline" if "head" in line.places and "last" not in line.places else "sign_off"
    if rule.form == "dateline" and rule.at == "line" and "head" not in line.places:
        return "sign_off"
    return rule.form  # type: ignore[return-value]


def _disclaimers(line: Line, signed: SignedLine, taken: set[int]) -> Iterator[Reading]:
    """Yield disclaimers: "This story has been published from a wire agency feed without modifications"."""
    for disclaimer in patterns.disclaimers():
        sentence = disclaimer.search(line.text)
        if sentence is None:
            continue
        inside = [
            number
            for number, (_, start, end) in enumerate(signed.places)
            if sentence.start() <= start and end <= sentence.end()
        ]
        meant = [signed.names[number] for number in inside if signed.names[number].supplier]
        taken |= set(inside)
        for name in dict.fromkeys(meant or [_FEED]):
            yield Reading(name.supplier, name.kind, "feed", 0, len(line.text))
        return

"""How credits are worded: the expressions that `dedup.cleaning.credits` looks for, and the names in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from dedup.cleaning.agencies import agencies, generic_names, read_data

_WORDING = read_data("credits.toml")
_OPEN, _CLOSE, _DASH = r"[(\[（]", r"[)\]）]", r"[-–—―−]"

CLOSING, DASHES = tuple(")]）"), tuple("-–—―−")
#: What may stand around a name that fills a line.
LINE_MARKS = " \t\xa0()[]{}（）【】<>–—―−-_*•·|/.:;'\"“”‘’"
#: A line that begins so marks its name as a credit; brackets do it even for names with other meanings.
MARKED, BRACKETED = tuple("([（【–—―−-/|"), tuple("([（【/")

#: "PLACE, date (NAMES) -": the bracket and what follows; the place stands before.
DATELINE_BRACKET = re.compile(rf"{_OPEN}([^()\[\]（）\n]{{2,40}}){_CLOSE}\s*\.?\s*(?:{_DASH}|:)")
#: Other datelines, each with a sign that stands in it.
DATELINES = tuple((style["sign"], re.compile(style["pattern"])) for style in _WORDING["datelines"])
#: The end of a sentence, then names in brackets, behind a dash, or bare in capitals with the desk's letters.
SIGN_OFF = re.compile(
    rf"""(?:[.!?…।؟۔。！？]["'”’»]?|["”»」])\s*
    (?P<credit>
        {_OPEN}\s*(?P<bracket>[^()\[\]（）\n]{{2,80}}?)\s*\.?{_CLOSE}
      | {_DASH}{{1,2}}\s*(?P<dash>[^-–—―−().,\n]{{2,40}}?)
      | (?<=\s)(?P<bare>[A-Z]{{3,8}}(?:\s[A-Z]{{2,5}}){{0,4}})
    )\.?\s*\Z""",
    re.VERBOSE,
)
#: Letters of the desk behind a name: "PTI KJ DIV", "dpa/lnw".
_DESK = re.compile(r"(?P<names>[A-Z]{3,8})(?:\s[A-Z]{2,5}){1,5}|(?P<dpa>dpa)(?:/[a-z]{2,4})+")
BYLINE = re.compile(_WORDING["byline"], re.IGNORECASE)
#: What a byline may add to the agency's name.
_OFFICE = re.compile(r"\s+(?:Staff|Writers?|\w+ Writers?|Correspondent|Bureau|news agency)$", re.IGNORECASE)
ACKNOWLEDGEMENTS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _WORDING["acknowledgements"])
#: Reuters' own sign-off names its people only.
REUTERS_SIGN_OFF = re.compile(
    r"[(\[]?(?:additional )?reporting by .{2,200}?;.{0,200}?editing by ", re.IGNORECASE
)
DISCLAIMERS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _WORDING["disclaimers"])

#: Between the names of a joint credit.
_PARTS = re.compile(r"\s*[/,;&|+、，]\s*|\s+(?:and|und|et|y|e|och|og|और|و)\s+|\s+-\s+")
_ARTICLE = re.compile(
    r"^(?:l['’]|(?:the|die|der|la|el|le|news agency|agencia|agence|agenzia|agência)\s)", re.IGNORECASE
)
_PLACE_WORDS = frozenset(_WORDING["place_words"].split())
#: A dateline's place and date have at most so many words.
_PLACE_LENGTH = 8
_LETTERS = re.compile(r"[^\W\d_]+")


class Name(NamedTuple):
    """What a name in a credit means: an agency, or None for "agencies"; `strict` as in ``agencies.toml``."""

    agency: str | None
    strict: bool


@cache
def _names() -> dict[str, Name]:
    names = {}
    for generic in generic_names():
        for spelling in (generic, generic.upper(), generic.capitalize(), generic.title()):
            names[spelling] = Name(None, False)
    for agency in agencies():
        for alias in agency.strict:
            names[alias] = Name(agency.name, True)
        for alias in agency.aliases:
            names[alias] = names[alias.upper()] = Name(agency.name, False)
    return names


def name_of(words: str) -> Name | None:
    """What a name means, with or without an article before it.

    Examples
    --------
    >>> name_of("the Associated Press")
    Name(agency='AP', strict=False)
    >>> name_of("Ministry") is None
    True
    """
    words = " ".join(words.split())
    return _names().get(words) or _names().get(_ARTICLE.sub("", words)) or _names().get(words.rstrip("."))


def names_in(words: str) -> Iterator[Name]:
    """The agencies that a list such as "PTI and our bureau" names, in its order."""
    for part in (words, *_PARTS.split(words)):
        name = name_of(_OFFICE.sub("", part.strip(LINE_MARKS)))
        if name is not None:
            yield name


@lru_cache(maxsize=1 << 12)
def only_names(words: str) -> tuple[Name, ...]:
    """The agencies of a list of nothing else, such as "PTI/ANI", "PTI KJ DIV" or "dpa/lnw"; else nothing."""
    whole = name_of(words)
    if whole is not None:
        return (whole,)
    desk = _DESK.fullmatch(words)
    names = [name_of(part) for part in ([desk["names"] or desk["dpa"]] if desk else _PARTS.split(words))]
    return tuple(name for name in names if name is not None) if None not in names else ()


def author_name(words: str) -> Name | None:
    """The agency in a byline: one of its parts, or its last words ("FIRST LAST The Associated Press")."""
    named = next(names_in(words), None)
    if named is not None:
        return named
    parts = _OFFICE.sub("", words).split()
    endings = (name_of(" ".join(parts[-count:])) for count in range(1, 5))
    return next((name for name in endings if name is not None and name.agency and not name.strict), None)


def agency_within(sentence: str) -> str | None:
    """The agency that a disclaimer names, if it names one."""
    match = _named_agency().search(sentence)
    name = name_of(match[0]) if match else None
    return name.agency if name else None


@cache
def _named_agency() -> re.Pattern[str]:
    names = [words for words, name in _names().items() if name.agency and not name.strict]
    return re.compile(
        rf"\b(?:{'|'.join(re.escape(name) for name in sorted(names, key=len, reverse=True))})\b"
    )


@lru_cache(maxsize=1 << 12)
def is_place(words: str) -> bool:
    """Whether words before an agency's name may be a place and a date, rather than a sentence.

    Examples
    --------
    >>> is_place("NEW DELHI, Feb 24 "), is_place("The minister told the news agency ")
    (True, False)
    """
    found = _LETTERS.findall(words)
    lower = all(word.islower() <= (word in _PLACE_WORDS) for word in found)
    return len(found) <= _PLACE_LENGTH and lower and name_of(words.strip()) is None


@lru_cache(maxsize=1 << 12)
def spells_out(words: str, short: str) -> bool:
    """Whether words before a bracket are what the short form in it stands for.

    Examples
    --------
    >>> spells_out("The Aam Aadmi Party ", "AAP"), spells_out("NEW DELHI, Feb 24 ", "PTI")
    (True, False)
    """
    return "".join(word[0] for word in _LETTERS.findall(words) if not word.islower()).endswith(short)

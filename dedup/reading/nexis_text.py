"""The documents of LexisNexis and Nexis Uni, as their text exports write them."""

from __future__ import annotations

import re

from dedup.reading.fields import Row
from dedup.reading.sniffing import NEXIS_COUNT, NEXIS_END

_COUNTED = re.compile(NEXIS_COUNT, re.MULTILINE)
_ENDED = re.compile(NEXIS_END, re.MULTILINE)
_FIELD = re.compile(r"^([A-ZÄÖÜÉÈÓÍ][A-ZÄÖÜÉÈÓÍ -]{2,30}):[ \t]*(.*)$")
_LABEL = re.compile(
    r"^(Byline|Section|Length|Highlight|Dateline|Body|Copyright|Load-Date|Language|Graphic|Publication-Type"
    r"|Subject|Classification|Series|Autor|Rubrik|Länge|Text|Update|Sprache|Auteur|Longueur|Rubrique|Corps"
    r"|Langue|Notes|Industry|Person|Geographic|Company|Organization)(?::[ \t]*(.*))?$"
)
# Names of the fields in the interface's other languages.
_IN_ENGLISH = {
    name: english
    for english, names in {
        "BYLINE": ("AUTOR", "AUTEUR"),
        "SECTION": ("RUBRIK", "RUBRIQUE", "SECCIÓN"),
        "LENGTH": ("LÄNGE", "LONGUEUR", "LONGITUD", "LENGTE"),
        "HEADLINE": ("TITEL",),
        "BODY": ("TEXT", "CORPS", "CUERPO"),
        "LOAD-DATE": ("UPDATE", "DATE-CHARGEMENT"),
        "LANGUAGE": ("SPRACHE", "LANGUE", "IDIOMA", "TAAL"),
    }.items()
    for name in names
}
_BEFORE_THE_TEXT = {"BYLINE", "SECTION", "LENGTH", "HIGHLIGHT", "DATELINE", "SERIES", "HEADLINE", "NAME"}
_MONTH = (
    "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|mars|avr|juin|juil|août"
    "|ene|abr|ago|dic|gen|mag|giu|lug|set|ott)"
)
_DATE = re.compile(
    rf"\b(?:{_MONTH}\w*\.? \d{{1,2}},? \d{{4}}|\d{{1,2}}\.? (?:de )?{_MONTH}\w*\.?,? (?:de )?\d{{4}})",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"^[^\W\d_]+(?:,| (?=\d{1,2}\.? [^\W\d_]))\s*")
_AFTER_THE_TEXT = {
    "LOAD-DATE",
    "LANGUAGE",
    "GRAPHIC",
    "PUBLICATION-TYPE",
    "SUBJECT",
    "CLASSIFICATION",
    "DOCUMENT-TYPE",
    "JOURNAL-CODE",
    "ORGANIZATION",
    "PERSON",
    "GEOGRAPHIC",
    "COUNTRY",
    "STATE",
    "CITY",
    "INDUSTRY",
    "COMPANY",
    "TICKER",
    "CORRECTION-DATE",
}


#: A line that names the owner of a text.
COPYRIGHT = re.compile(
    r"^(?:Copyright|©|\(c\)) ?.*\d{4}|^(?:All Rights Reserved|Alle Rechte vorbehalten|Tous droits réservés)",
    re.IGNORECASE,
)


def nexis_parts(text: str) -> list[str]:
    """Return the documents of an export."""
    if _COUNTED.search(text):
        return _COUNTED.split(text)[1:]
    return _closed(text, _ENDED)


def nexis_row(part: str) -> Row | None:
    """Read one document: outlet, date and headline in either order, then fields, text, fields."""
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", part) if block.strip()]
    facts: dict[str, str] = {}
    head: list[str] = []
    body: list[str] = []
    in_body = ended = False
    for block in blocks:
        line = " ".join(block.split())
        field = _FIELD.match(line) or _LABEL.match(line)
        name = field[1].upper() if field else ""
        name = _IN_ENGLISH.get(name, name)
        is_after = name in _AFTER_THE_TEXT
        if name == "BODY" and not ended:
            in_body = True
            body += [field[2]] if field and field[2] else []
        elif field and (is_after or (not body and (not in_body or name in _BEFORE_THE_TEXT))):
            facts.setdefault(name, field[2] or "")
            in_body = in_body or name == "LENGTH"
            ended = ended or (is_after and bool(body))
        elif ended:
            continue
        elif COPYRIGHT.match(line):
            facts.setdefault("COPYRIGHT", line)
        elif in_body:
            body.append(block if len(block) < 2 else line)
        else:
            head.append(line)
    if not body:
        return None
    # An export's cover sheet also contains dates; the article's date begins a line, and is the last.
    places = [at for at, line in enumerate(head) if _DATE.match(_WEEKDAY.sub("", line))]
    places = places[-1:] or [at for at, line in enumerate(head) if _DATE.search(line)]
    dated = places[0] if places else None
    day = None if dated is None else _DATE.search(head[dated])
    before = head[:dated] if dated is not None else head
    after = head[dated + 1 :] if dated is not None else []
    # The old form has the outlet, the date, the headline; the new one has headline, outlet, date.
    source, title = (before[-1] if before else None), facts.get("HEADLINE") or (after[0] if after else None)
    if title is None and len(before) > 1:
        title = before[-2]
    return {
        "text": "\n\n".join(body),
        "title": title,
        "source": source,
        "published": day[0] if day else None,
        "language": (facts.get("LANGUAGE") or "").partition(";")[0].capitalize() or None,
    }


def _closed(text: str, mark: re.Pattern[str]) -> list[str]:
    """Return the parts before each mark, which ends its document."""
    parts = mark.split(text)
    return parts[:-1] or parts

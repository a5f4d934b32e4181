"""Exports of press archives, many articles a file: LexisNexis, Factiva, Europresse, ProQuest, and wires."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dedup.errors import InputError
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.inputs import InputFile
from dedup.reading.numbered import gather_rows
from dedup.reading.records import Records
from dedup.reading.sniffing import FACTIVA_MARK, PROQUEST_MARK
from dedup.reading.text_files import whole_text

_COUNTED = re.compile(
    r"^[ \t]*(?:Document |Dokument )?\d+ (?:of|von|de|van|di) \d+ [A-Z]+[ \t]*$", re.MULTILINE
)
_ENDED = re.compile(r"^[ \t]*End of Document[ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"^([A-Z][A-Z -]{2,30}):[ \t]*(.*)$")
_LABEL = re.compile(
    r"^(Byline|Section|Length|Highlight|Dateline|Body|Copyright|Load-Date|Language|Graphic|Publication-Type"
    r"|Subject|Classification)(?::[ \t]*(.*))?$"
)
_MONTH = (
    "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|mars|avr|juin|juil|août"
    "|ene|abr|ago|dic|gen|mag|giu|lug|set|ott)"
)
_DATE = re.compile(
    rf"\b(?:{_MONTH}\w*\.? \d{{1,2}},? \d{{4}}|\d{{1,2}}\.? (?:de )?{_MONTH}\w*\.?,? (?:de )?\d{{4}})",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"^(?:Copyright|©|\(c\)) ?.*\d{4}|^All Rights Reserved", re.IGNORECASE)
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


def read_nexis(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a text export of LexisNexis or Nexis Uni."""
    return _read(file, how, _nexis_parts, _nexis)


def read_factiva_text(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a text export of Factiva."""
    return _read(file, how, lambda text: _closed(text, FACTIVA_MARK), _factiva)


def read_proquest_text(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a text export of ProQuest."""
    return _read(file, how, lambda text: PROQUEST_MARK.split(text), _proquest)


def read_anpa(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a file of wire stories in the form of ANPA 1312; the header and the trailer are not text."""
    return _read(file, how, _anpa_parts, _anpa)


def rows_of_nexis(text: str) -> list[tuple[int, Row]]:
    """The articles of a text export of LexisNexis, each with the line where it begins."""
    return _rows(text, _nexis_parts, _nexis)


def rows_of_factiva(text: str) -> list[tuple[int, Row]]:
    """The articles of a text export of Factiva, each with the line where it begins."""
    return _rows(text, lambda whole: _closed(whole, FACTIVA_MARK), _factiva)


def _read(
    file: InputFile, how: HowToRead, cut: Callable[[str], list[str]], read: Callable[[str], Row | None]
) -> Iterator[Records]:
    rows = _rows(whole_text(file, how.source), cut, read)
    if not rows:
        raise InputError(
            "no articles in it: it looks like an export, but none of its parts holds a text", file=file.name
        )
    yield from gather_rows(rows, file)


def _rows(
    text: str, cut: Callable[[str], list[str]], read: Callable[[str], Row | None]
) -> list[tuple[int, Row]]:
    text = text.replace("\r\n", "\n")
    rows: list[tuple[int, Row]] = []
    at, line = 0, 1
    for part in cut(text):
        begin = max(at, text.find(part, at))
        line, at = line + text.count("\n", at, begin), begin
        row = read(part) if part.strip() else None
        if row is not None and row["text"]:
            rows.append((line, row))
    return rows


def _closed(text: str, mark: re.Pattern[str]) -> list[str]:
    """The parts before each mark, which ends its document."""
    parts = mark.split(text)
    return parts[:-1] or parts


def _nexis_parts(text: str) -> list[str]:
    if _COUNTED.search(text):
        return _COUNTED.split(text)[1:]
    return _closed(text, _ENDED)


def _nexis(part: str) -> Row | None:
    """One document: outlet, date and headline in either order, fields in capitals or labels, text, fields."""
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", part) if block.strip()]
    facts: dict[str, str] = {}
    head: list[str] = []
    body: list[str] = []
    in_body = False
    for block in blocks:
        line = " ".join(block.split())
        field = _FIELD.match(line) or _LABEL.match(line)
        name = field[1].upper() if field else ""
        if name == "BODY":
            in_body = True
            body += [field[2]] if field and field[2] else []
        elif field and (not in_body or name in _AFTER_THE_TEXT) and (not body or name in _AFTER_THE_TEXT):
            facts.setdefault(name, field[2] or "")
            in_body = in_body or name == "LENGTH"
        elif _COPYRIGHT.match(line):
            facts.setdefault("COPYRIGHT", line)
        elif in_body:
            body.append(block if len(block) < 2 else line)
        else:
            head.append(line)
    if not body:
        return None
    dated = next((at for at, line in enumerate(head) if _DATE.search(line)), None)
    day = None if dated is None else _DATE.search(head[dated])
    before = head[:dated] if dated is not None else head
    after = head[dated + 1 :] if dated is not None else []
    # The old form has the outlet, the date, the headline; the new one headline, outlet, date.
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


_FACTIVA_TAG = re.compile(
    r"^(HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPD|IPC|PUB|AN|SE|CLM|ART)\b[ \t]*(.*)$"
)
_WORD_COUNT = re.compile(r"^[\d,.]+ (?:words|Wörter|mots|palabras|parole|woorden|palavras)$")
_CLOCK = re.compile(r"^\d{1,2}:\d{2}$")


def _factiva(part: str) -> Row | None:
    """One document: with tags at the start of lines, or in the order headline, count, date, outlet, text."""
    lines = part.strip("\n").split("\n")
    if any(_FACTIVA_TAG.match(line) for line in lines):
        return of_factiva_fields(_tagged(lines))
    plain_lines = [line.strip() for line in lines]
    counted = next((at for at, line in enumerate(plain_lines) if _WORD_COUNT.match(line)), None)
    if counted is None:
        return None
    head = [line for line in plain_lines[:counted] if line]
    rest = plain_lines[counted + 1 :]
    date = next((at for at, line in enumerate(rest) if line), None)
    if date is None:
        return None
    following = [at for at in range(date + 1, len(rest)) if rest[at] and not _CLOCK.match(rest[at])]
    source = rest[following[0]] if following else None
    begins = next(
        (at for at in following if _COPYRIGHT.match(rest[at]) or rest[at] in ("English", "German", "French")),
        None,
    )
    text_from = max(
        [at for at in following if at <= (begins or 0) or _COPYRIGHT.match(rest[at])] or following[:1]
    )
    paragraphs = re.split(r"\n\s*\n", "\n".join(rest[text_from + 1 :]))
    return {
        "text": "\n\n".join(" ".join(one.split()) for one in paragraphs if one.strip()),
        "title": head[0] if head else None,
        "source": source,
        "published": rest[date],
    }


def _tagged(lines: list[str]) -> dict[str, str]:
    facts: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        match = _FACTIVA_TAG.match(line)
        if match:
            name = match[1]
            facts.setdefault(name, []).append(match[2])
        elif name:
            facts[name].append(line)
    return {key: "\n".join(value).strip() for key, value in facts.items()}


def of_factiva_fields(facts: dict[str, str]) -> Row | None:
    """A document of Factiva from its fields: HD headline, PD date, SN outlet, LP and TD the text."""
    text = "\n\n".join(filter(None, (facts.get("LP"), facts.get("TD"))))
    if not text.strip():
        return None
    day, clock = facts.get("PD"), facts.get("ET")
    return {
        "id": facts.get("AN"),
        "text": "\n\n".join(" ".join(one.split()) for one in re.split(r"\n\s*\n", text) if one.strip()),
        "title": " ".join((facts.get("HD") or facts.get("SE") or "").split()) or None,
        "source": facts.get("SN"),
        "published": f"{day} {clock}" if day and clock else day,
        "language": facts.get("LA"),
    }


def _proquest(part: str) -> Row | None:
    found = re.split(r"^([A-Z][A-Za-z /-]{2,40}): ", part, flags=re.MULTILINE)
    facts = {name: value.strip() for name, value in zip(found[1::2], found[2::2], strict=True)}
    text = facts.get("Full text") or facts.get("Full Text")
    if not text:
        return None
    return {
        "id": facts.get("ProQuest document ID"),
        "text": text,
        "title": facts.get("Title") or (found[0].strip().split("\n")[-1] or None),
        "source": facts.get("Publication title"),
        "published": facts.get("Publication date"),
        "url": facts.get("Document URL"),
        "language": facts.get("Language of publication") or facts.get("Language"),
    }


_ANPA = re.compile(r"\x01(.*?)(?=\x01|\Z)", re.DOTALL)
_ANPA_TRAILER = re.compile(
    r"\x03?([A-Z]+)-[A-Z]{2}-(\d\d)-(\d\d)-(\d\d) (\d\d)(\d\d)([A-Z]{2,4})?", re.DOTALL
)


def _anpa_parts(text: str) -> list[str]:
    return [match[0] for match in _ANPA.finditer(text)] or [text]


def _anpa(part: str) -> Row | None:
    """One story: after STX the headline up to ``<``, then the text up to ETX and the dated trailer."""
    _, _, story = part.partition("\x02")
    story, _, trailer = story.partition("\x03")
    title, mark, text = story.partition("<")
    if not mark:
        title, text = "", story
    told = _ANPA_TRAILER.search(trailer)
    lines = [
        " ".join(line.strip(" \t\r\x04\x13\x14\x11\x12").split())
        for line in text.replace("\r", "\n").split("\n")
    ]
    published = None
    if told:
        _, month, day, year, hour, minute, zone = told.groups()
        published = f"20{year}-{month}-{day}T{hour}:{minute}" + ("Z" if zone in ("GMT", "UTC") else "")
        if zone and zone not in ("GMT", "UTC"):
            published = f"{month}/{day}/20{year} {hour}:{minute} {zone}"
    return {
        "text": "\n\n".join(line for line in lines if line),
        "title": " ".join(title.replace("^", " ").split()) or None,
        "published": published,
    }

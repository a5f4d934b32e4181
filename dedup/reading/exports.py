"""Press archive exports with many articles per file: LexisNexis, Factiva, Europresse, ProQuest, wires."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dedup.errors import InputError
from dedup.reading.factiva_text import factiva_parts, factiva_row
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.nexis_text import nexis_parts, nexis_row
from dedup.reading.numbered import gather_rows
from dedup.reading.records import Records
from dedup.reading.sniffing import PROQUEST_MARK
from dedup.reading.text_files import whole_text


def read_nexis(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a text export of LexisNexis or Nexis Uni."""
    return _read(file, how, nexis_parts, nexis_row)


def read_factiva_text(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a text export of Factiva."""
    return _read(file, how, factiva_parts, factiva_row)


def read_proquest_text(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a text export of ProQuest."""
    return _read(file, how, lambda text: PROQUEST_MARK.split(text), _proquest)


def read_anpa(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a file of wire stories in ANPA 1312; the header and the trailer are not text."""
    return _read(file, how, _anpa_parts, _anpa)


def rows_of_nexis(text: str) -> list[tuple[int, Row]]:
    """Return the articles of a LexisNexis text export, each with the line where it begins."""
    return _rows(text, nexis_parts, nexis_row)


def rows_of_factiva(text: str) -> list[tuple[int, Row]]:
    """Return the articles of a Factiva text export, each with the line where it begins."""
    return _rows(text, factiva_parts, factiva_row)


def rows_of_proquest(text: str) -> list[tuple[int, Row]]:
    """The articles of a text export of ProQuest, each with the line where it begins."""
    return _rows(text, PROQUEST_MARK.split, _proquest)


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
        line += text.count("\n", at, begin)
        at = begin + len(part)
        row = read(part) if part.strip() else None
        if row is not None and row["text"]:
            rows.append((line, row))
        line += part.count("\n")
    return rows


def _proquest(part: str) -> Row | None:
    found = re.split(r"^([A-Z][A-Za-z /-]{2,40}):(?: |$)", part, flags=re.MULTILINE)
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
    return [match[0] for match in _ANPA.finditer(text) if "\x02" in match[0]] or [text]


def _anpa(part: str) -> Row | None:
    """Read one story: after STX the headline up to ``<``, then the text up to ETX and the dated trailer."""
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


_RIS_LINE = re.compile(r"^([A-Z][A-Z0-9])  - ?(.*)$")


def read_ris(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read references in RIS; what reference managers store as the abstract or as notes is the text."""
    return _read(file, how, lambda text: re.split(r"^ER  -.*$", text, flags=re.MULTILINE), _reference)


def _reference(part: str) -> Row | None:
    facts: dict[str, list[str]] = {}
    name = ""
    for line in part.split("\n"):
        if match := _RIS_LINE.match(line):
            name = match[1]
            facts.setdefault(name, []).append(match[2].strip())
        elif name and line.strip():
            facts[name][-1] += "\n" + line

    def first(*names: str) -> str | None:
        return next((facts[one][0] for one in names if facts.get(one) and facts[one][0]), None)

    text = max((first("AB") or "", first("N2") or "", first("N1") or ""), key=len)
    day = first("DA", "Y1", "PY")
    return {
        "id": first("ID", "AN"),
        "text": text or None,
        "title": first("TI", "T1"),
        "source": first("T2", "JO", "JF", "PB"),
        "published": day.rstrip("/") if day else None,
        "url": first("UR", "L1"),
        "language": first("LA"),
    }

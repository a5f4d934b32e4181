"""SGML of the classic collections: Reuters-21578, and documents of TREC."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from dedup.errors import InputError
from dedup.reading.encodings import decode_declared
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.numbered import gather_rows
from dedup.reading.records import Records
from dedup.reading.streams import read_bytes

_REUTERS = re.compile(r"<REUTERS\b([^>]*)>(.*?)</REUTERS>", re.DOTALL)
_DOC = re.compile(r"<DOC\b([^>]*)>(.*?)</DOC>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*\"([^\"]*)\"")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_CONTROL = re.compile(r"&#\d+;|[\x00-\x08\x0b-\x1f]")
_LONGEST = 64 << 20
# Document numbers give the agency and the day: AFP_ENG_20040501.0001, AP880212-0001.
_OF_AN_AGENCY = re.compile(
    r"(?P<agency>[A-Z]{2,4})(?:_[A-Z]{3}_)?(?P<day>(?:(?:19|20)\d\d|[89]\d)[01]\d[0-3]\d)[.-]\d+$"
)


def read_sgml(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read the documents of a file; the line of one is its number in the file, from 1."""
    yield from gather_rows(_rows(file, how), file)


def _rows(file: InputFile, how: HowToRead) -> Iterator[tuple[int, Row]]:
    number = 0
    rest = ""
    for chunk in read_bytes(file, how.source):
        rest += decode_declared(chunk, encoding=how.source.encoding)
        end = 0
        for match in _documents(rest):
            number, end = number + 1, match.end()
            row = _reuters(match) if match.re is _REUTERS else _trec(match)
            if row["text"]:
                yield number, row
        rest = rest[end:]
        if len(rest) > _LONGEST:
            raise InputError(f"a document of more than {_LONGEST >> 20} MiB", file=file.name)
    if not number:
        raise InputError("no articles in it: no document is closed", file=file.name)


def _documents(text: str) -> Iterator[re.Match[str]]:
    yield from (_REUTERS if "<REUTERS" in text else _DOC).finditer(text)


def _reuters(match: re.Match[str]) -> Row:
    facts = dict(_ATTRIBUTE.findall(match[1]))
    text = _inner(match[2], "BODY") or ""
    return {
        "id": facts.get("NEWID"),
        "text": _clean(re.sub(r"\s*\bReuter\s*(?:&#3;)?\s*$", "", text)),
        "title": _line(_inner(match[2], "TITLE")),
        "source": "Reuters",
        "published": _line(_inner(match[2], "DATE")),
    }


def _trec(match: re.Match[str]) -> Row:
    inner = match[2]
    number = _line(_inner(inner, "DOCNO", "DOCID")) or dict(_ATTRIBUTE.findall(match[1])).get("id")
    numbered = _OF_AN_AGENCY.match(number or "")
    return {
        "id": number,
        "text": _clean(_inner(inner, "TEXT", "BODY", "GRAPHIC") or ""),
        "title": _line(_inner(inner, "HEADLINE", "HEAD", "HL", "TITLE", "TI")),
        "source": _line(_inner(inner, "SOURCE", "SO", "PUB")) or (numbered and numbered["agency"]),
        "published": _line(_inner(inner, "DATE_TIME", "DATE", "DATE1", "PUBDATE"))
        or (numbered and _day(numbered["day"])),
        "url": _line(_inner(inner, "URL", "DOCHDR")),
    }


def _day(digits: str) -> str:
    whole = digits if len(digits) == 8 else f"19{digits}"
    return f"{whole[:4]}-{whole[4:6]}-{whole[6:]}"


def _inner(text: str, *names: str) -> str | None:
    for name in names:
        found = re.findall(rf"<{name}\b[^>]*>(.*?)</{name}>", text, re.DOTALL)
        if found:
            return "\n".join(found)
    return None


def _clean(text: str) -> str:
    return html.unescape(_CONTROL.sub("", _TAG.sub("\n", text))).strip()


def _line(text: str | None) -> str | None:
    return None if text is None else " ".join(_clean(text).split()) or None

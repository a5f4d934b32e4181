"""HTML exports of press archives with many articles per file: Factiva, Europresse, LexisNexis."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from dedup.errors import InputError
from dedup.reading.encodings import decode_declared
from dedup.reading.exports import rows_of_nexis, rows_of_proquest
from dedup.reading.factiva_text import of_factiva_fields
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.numbered import gather_rows
from dedup.reading.records import Records
from dedup.reading.sniffing import FACTIVA_PAGE
from dedup.reading.streams import read_whole

_MOST = 256 << 20
_ROW = re.compile(r"<tr\b[^>]*>(.*?)(?=<tr\b|</table>)", re.DOTALL | re.IGNORECASE)
_CODE = re.compile(
    r"^\s*<td[^>]*>\s*(?:<b>)?\s*([A-Z]{2,3})\s*(?:&nbsp;)?\s*(?:</b>)?\s*</td>\s*<td[^>]*>(.*?)\s*(?:</td>\s*)?(?:</tr>)?\s*$",
    re.DOTALL,
)
_BREAK = re.compile(r"</p>|<br\s*/?>\s*<br\s*/?>|</div>|</h\d>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_WORDS = re.compile(r"^[\d.,\s]+(?:words|mots|Wörter|palabras|parole)$", re.IGNORECASE)
_DAY = re.compile(r"\d{1,2}\.? \w+\.? \d{4}|\w+ \d{1,2}, \d{4}")


def read_factiva(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read Factiva's HTML; the line of an article is its number in the file, from 1."""
    page = decode_declared(read_whole(file, how.source, most=_MOST), encoding=how.source.encoding)
    parts = [page[start.start() : end] for start, end in _bounds(page, FACTIVA_PAGE)]
    rows = [row for part in parts if (row := _factiva(part)) is not None and row["text"]]
    if not rows:
        raise InputError("no articles in it: it looks like a Factiva export without texts", file=file.name)
    yield from gather_rows(enumerate(rows, 1), file)


def read_nexis_html(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read LexisNexis's HTML, which has the paragraphs of its text export."""
    page = decode_declared(read_whole(file, how.source, most=_MOST), encoding=how.source.encoding)
    rows = rows_of_nexis(_plain(re.sub(r"<(head|style|script)\b.*?</\1>", "", page, flags=re.DOTALL)))
    if not rows:
        raise InputError(
            "no articles in it: it looks like an export of LexisNexis without texts", file=file.name
        )
    yield from gather_rows(rows, file)


def read_proquest_html(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read ProQuest's HTML, whose documents end in a rule across the page."""
    page = decode_declared(read_whole(file, how.source, most=_MOST), encoding=how.source.encoding)
    page = re.sub(r"<(head|style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    rows = rows_of_proquest(_plain(re.sub(r"<hr\b[^>]*>", f"</p>{'_' * 30}</p>", page)))
    if not rows:
        raise InputError("no articles in it: it looks like a ProQuest export without texts", file=file.name)
    yield from gather_rows(rows, file)


def _bounds(page: str, mark: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int]]:
    found = list(mark.finditer(page))
    for number, one in enumerate(found):
        yield one, found[number + 1].start() if number + 1 < len(found) else len(page)


def _factiva(part: str) -> Row | None:
    facts = {match[1]: _plain(match[2]) for row in _ROW.findall(part) if (match := _CODE.match(row))}
    if facts.get("TD") or facts.get("LP"):
        return of_factiva_fields(facts)
    # Without the field codes: headline, word count, date, outlet, then paragraphs.
    title = re.search(r"class=[\"']?(?:enHeadline|[a-z]{2}Headline|headline)\b[^>]*>(.*?)</", part, re.DOTALL)
    divs = [
        line
        for one in re.findall(r"<div\b[^>]*>(.*?)</div>", part, re.DOTALL)
        if (line := " ".join(_plain(one).split()))
    ]
    counted = next((at for at, line in enumerate(divs) if _WORDS.match(line)), None)
    texts = [" ".join(_plain(one).split()) for one in re.findall(r"<p\b[^>]*>(.*?)</p>", part, re.DOTALL)]
    if counted is None or len(divs) < counted + 3 or not texts:
        return None
    return {
        "text": "\n\n".join(filter(None, texts)),
        "title": " ".join(_plain(title[1]).split()) if title else divs[0],
        "source": divs[counted + 2]
        if not re.match(r"\d{1,2}:\d{2}$", divs[counted + 2])
        else divs[counted + 3],
        "published": divs[counted + 1],
    }


def read_europresse(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read Europresse's HTML; the line of an article is its number in the file, from 1."""
    page = decode_declared(read_whole(file, how.source, most=_MOST), encoding=how.source.encoding)
    rows = [
        row
        for part in re.findall(r"<article\b.*?</article>", page, re.DOTALL)
        if (row := _europresse(part))["text"]
    ]
    if not rows:
        raise InputError("no articles in it: it looks like a Europresse export without texts", file=file.name)
    yield from gather_rows(enumerate(rows, 1), file)


def _europresse(part: str) -> Row:
    name = _of_class(part, "DocPublicationName")
    header = _of_class(part, "DocHeader") or ""
    day = _DAY.search(header)
    text = re.search(
        r"class=[\"'][^\"']*(?:docOcurrContainer|DocText|rdp__doctext)[^\"']*[\"'][^>]*>(.*)", part, re.DOTALL
    )
    body = text[1] if text else ""
    body = re.split(r"<(?:div|footer|p)[^>]*class=[\"'][^\"']*(?:publiC-lblNodoc|DocCopyright|certif)", body)[
        0
    ]
    return {
        "text": _plain(body).strip(),
        "title": " ".join(
            (_of_class(part, "titreArticleVisu") or _of_class(part, "titreArticle") or "").split()
        )
        or None,
        "source": re.split(r",| \(", " ".join((name or "").split()))[0].strip() or None,
        "published": day[0] if day else None,
    }


def _of_class(part: str, name: str) -> str | None:
    found = re.search(
        rf"<(\w+)[^>]*class=[\"'][^\"']*\b(?:rdp__)?{name}\b[^\"']*[\"'][^>]*>(.*?)</\1>", part, re.DOTALL
    )
    return _plain(found[2]) if found else None


def _plain(markup: str) -> str:
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n\n", markup)))
    paragraphs = (" ".join(one.split()) for one in re.split(r"\n\s*\n", text))
    return "\n\n".join(one for one in paragraphs if one)

"""What a web page says about itself: JSON-LD, OpenGraph, meta tags, the canonical address."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_META = re.compile(r"<meta\b([^>]*(?:\"[^\"]*\"[^>]*|'[^']*'[^>]*)*)>", re.IGNORECASE)
_LINK = re.compile(r"<link\b([^>]*)>", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_HTML = re.compile(r"<html\b([^>]*)>", re.IGNORECASE)
_H1 = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.IGNORECASE | re.DOTALL)
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)
_TIME = re.compile(r"<time\b([^>]*)>", re.IGNORECASE)
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)|Page saved with SingleFile\s+url:\s*(\S+)")
_TAG = re.compile(r"<[^>]*>")
_DAY_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:/|-|$)")
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Review|NewsItem)$")
#: Names of meta tags that hold the publication time, best first; without case and hyphens.
_DATES = (
    *("article:published_time", "og:article:published_time", "og:published_time", "datepublished"),
    *("dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dcterms.date"),
    *("dc.date", "article:published", "article.published", "published_time", "publishdate"),
    *("publish_date", "pubdate", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime"),
    *("article_date_original", "originalpublicationdate", "release_date", "date_published"),
    *("article.created", "publication_date", "citation_publication_date", "citation_date"),
    *("iso-8601-publish-date", "ptime", "rnews:datepublished", "date"),
)
_SOURCES = (
    "og:site_name",
    "application-name",
    "cre",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
    "article:publisher_name",
)
_CREDITING = ("creditText", "sourceOrganization", "copyrightHolder", "copyrightNotice")
_MARKS_OF_TIME = ("publish", "pubdate", "entry-date", "created", "posted")
_HEAD = 400_000


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says about itself; missing values are None.

    Attributes
    ----------
    body : str or None
        The article's text according to JSON-LD.
    credit_lines : str or None
        What JSON-LD says about credit and copyright, one statement per line.
    """

    title: str | None = None
    source: str | None = None
    url: str | None = None
    published: str | None = None
    language: str | None = None
    body: str | None = None
    credit_lines: str | None = None


def page_metadata(page: str, url: str | None = None) -> PageMetadata:
    """Read a page's head, and its JSON-LD wherever it is.

    Parameters
    ----------
    page : str
        HTML.
    url : str, optional
        The address from which it was fetched, if it is known from elsewhere.

    Examples
    --------
    >>> page_metadata('<meta property="og:site_name" content="The Post"><title>Fish</title>').source
    'The Post'
    """
    head = page[:_HEAD]
    meta = _meta(head)
    linked = _article(head_and_scripts(page), meta.get("og:url") or url)
    saved = _SAVED.search(head[:4000])
    address = _address(head, meta, linked, url or (saved and (saved[1] or saved[2])) or None)
    return PageMetadata(
        title=_title(head, meta, linked),
        source=_source(meta, linked),
        url=address,
        published=_published(page, meta, linked, address),
        language=_language(head, meta, linked),
        body=_body(linked),
        credit_lines="\n".join(filter(None, (_name(linked.get(name)) for name in _CREDITING))) or None,
    )


def head_and_scripts(page: str) -> list[str]:
    """Return the JSON-LD of a page, block by block."""
    # Most of a page is other script, which a case-insensitive search for a tag would read letter by letter.
    mark = "LD+JSON" if "LD+JSON" in page else "ld+json"
    blocks: list[str] = []
    behind = 0
    while (at := page.find(mark, behind)) >= 0:
        match = _SCRIPT.match(page, max(page.rfind("<", behind, at), 0))
        if match is not None:
            blocks.append(match[2])
        behind = max(at + 1, match.end() if match else 0)
    return blocks


def _attributes(inside: str) -> dict[str, str]:
    return {
        match[1].lower(): html.unescape(next(filter(None, match.groups()[1:]), "")).strip()
        for match in _ATTRIBUTE.finditer(inside)
    }


def _meta(head: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _META.finditer(head):
        facts = _attributes(match[1])
        name = facts.get("property") or facts.get("name") or facts.get("itemprop") or ""
        if facts.get("content"):
            found.setdefault(name.lower(), facts["content"])
    return found


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for one in value:
            yield from _objects(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "itemListElement", "item", "hasPart"):
            if key in value:
                yield from _objects(value[key], depth + 1)


def _article(blocks: list[str], url: str | None) -> dict[str, Any]:
    """Return the JSON-LD object of the page's article; a broken block does not lose the others."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        text = (
            block.strip()
            .removeprefix("<!--")
            .removesuffix("-->")
            .removeprefix("//<![CDATA[")
            .removesuffix("//]]>")
        )
        for attempt in (text, html.unescape(text), text.rstrip().rstrip(";")):
            try:
                found += _objects(json.loads(attempt, strict=False))
                break
            except (ValueError, RecursionError):
                continue
    articles = [one for one in found if any(map(_ARTICLE_TYPE.search, _types(one)))]
    same = [one for one in articles if url and url in (_url_of(one), one.get("@id"))]
    with_body = [one for one in same or articles if one.get("articleBody")]
    return next(iter(with_body or same or articles), {})


def _types(one: dict[str, Any]) -> list[str]:
    kind = one.get("@type")
    return [str(each) for each in (kind if isinstance(kind, list) else [kind]) if each]


def _name(value: Any) -> str | None:
    if isinstance(value, list):
        return next(filter(None, map(_name, value)), None)
    if isinstance(value, dict):
        return _name(value.get("name") or value.get("legalName"))
    return html.unescape(value).strip() or None if isinstance(value, str) else None


def _url_of(one: dict[str, Any]) -> str | None:
    for value in (one.get("url"), one.get("mainEntityOfPage")):
        found = value.get("@id") or value.get("url") if isinstance(value, dict) else value
        if isinstance(found, str) and found.startswith("http"):
            return found
    return None


def _title(head: str, meta: dict[str, str], linked: dict[str, Any]) -> str | None:
    named = (
        _name(linked.get("headline"))
        or meta.get("og:title")
        or meta.get("twitter:title")
        or meta.get("dc.title")
    )
    title = _TITLE.search(head)
    whole = _line(title[1]) if title else None
    if named:
        return " ".join(named.split())
    heading = _H1.search(head)
    first = _line(heading[1]) if heading else None
    if first and (whole is None or first.lower() in whole.lower()):
        return first
    return whole


def _line(markup: str) -> str | None:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split()) or None


def _source(meta: dict[str, str], linked: dict[str, Any]) -> str | None:
    named = (
        meta.get("og:site_name")
        or _name(linked.get("publisher"))
        or next(filter(None, map(meta.get, _SOURCES)), None)
    )
    return " ".join(named.split()) if named else None


def _address(head: str, meta: dict[str, str], linked: dict[str, Any], url: str | None) -> str | None:
    links = (_attributes(match[1]) for match in _LINK.finditer(head))
    canonical = next(
        (one.get("href") for one in links if one.get("rel", "").lower() == "canonical" and one.get("href")),
        None,
    )
    base = url or meta.get("og:url") or ""
    for found in (canonical, meta.get("og:url"), _url_of(linked), url):
        whole = urljoin(base, found) if found else ""
        if not whole.startswith(("http://", "https://")):
            continue
        # Some sites name their front page on every page.
        if (
            urlsplit(whole).path in ("", "/")
            and found is not url
            and any(map(_is_deep, (meta.get("og:url"), url)))
        ):
            continue
        return whole
    return None


def _is_deep(address: str | None) -> bool:
    try:
        return bool(address) and urlsplit(address or "").path not in ("", "/")
    except ValueError:
        return False


def _published(page: str, meta: dict[str, str], linked: dict[str, Any], url: str | None) -> str | None:
    stated = meta.get(_DATES[0]) or linked.get("datePublished")
    if isinstance(stated, str) and stated:
        return stated
    found = next((meta[name] for name in _DATES if meta.get(name)), None)
    if found:
        return found
    for match in _TIME.finditer(page):
        facts = _attributes(match[1])
        # The mark of the publication time may be an attribute without a value.
        if facts.get("datetime") and any(mark in match[1].lower() for mark in _MARKS_OF_TIME):
            return facts["datetime"]
    only = {
        facts["datetime"]
        for match in _TIME.finditer(page)
        if (facts := _attributes(match[1])).get("datetime")
    }
    if len(only) == 1:
        return only.pop()
    day = _DAY_IN_URL.search(url or "")
    return (
        f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
        if day and int(day[2]) < 13 and int(day[3]) < 32
        else None
    )


def _language(head: str, meta: dict[str, str], linked: dict[str, Any]) -> str | None:
    root = _HTML.search(head)
    told = _attributes(root[1]).get("lang") if root else None
    return told or _name(linked.get("inLanguage")) or meta.get("content-language") or meta.get("language")


def _body(linked: dict[str, Any]) -> str | None:
    body = linked.get("articleBody")
    if isinstance(body, list):
        body = "\n\n".join(one for one in body if isinstance(one, str))
    if not isinstance(body, str) or not body.strip():
        return None
    text = html.unescape(body)
    if re.search(r"</?(?:p|div|br|a|strong|em)\b", text):
        text = html.unescape(_TAG.sub("", re.sub(r"</p>|<br\s*/?>|</div>", "\n\n", text)))
    return re.sub(r"[ \t\xa0]*\n\s*", "\n\n", text).strip()

"""XML of agencies, archives and extractors, distinguished by the root element."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element, tostring

from dedup.errors import InputError
from dedup.reading.envelopes import Articles
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.numbered import Gathering, Numbered, gather_rows, take_value
from dedup.reading.records import Records
from dedup.reading.values import plain
from dedup.reading.xml_records import record_of
from dedup.reading.xml_trees import child, find, find_all, local, paragraphs, parse_file, words_of

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_xml(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read one document of XML; the line of an article is its number in the document, from 1.

    Raises
    ------
    InputError
        The document is not valid, or does not hold an article's text, such as a sitemap.
    """
    root = parse_file(file, how)
    name = local(root)
    if name in ("urlset", "sitemapindex"):
        raise InputError("it is a sitemap: it lists addresses and holds no text of articles", file=file.name)
    for tag, reader in _READERS.items():
        rows = [row for one in _outermost(root, tag) if (row := reader(one)) is not None and row["text"]]
        if rows:
            yield from gather_rows(enumerate(rows, 1), file)
            return
    run = Gathering(file)
    take_value(Numbered(1, {name: record_of(root)}), run, Articles(how.selector), whole=True)
    yield run.records()


def _outermost(root: Element, name: str) -> list[Element]:
    if local(root) == name:
        return [root]
    return find_all(root, name)


def _news_item(item: Element) -> Row | None:
    """Read NewsML-G2."""
    if local(item) != "newsItem":
        return None
    content = child(item, "contentSet")
    meta, about = child(item, "itemMeta"), child(item, "contentMeta")
    text = _of_content_set(content) if content is not None else None
    if text is None or meta is None:
        return None
    about = about if about is not None else meta
    return {
        "id": item.get("guid"),
        "text": text,
        "title": words_of(find(about, "headline")) or words_of(find(meta, "title")),
        "source": _party(find(meta, "provider")) or _party(find(about, "infoSource")),
        "published": words_of(find(about, "contentCreated"))
        or words_of(find(meta, "firstCreated"))
        or words_of(find(meta, "versionCreated")),
        "url": next(
            (one.get("href") for one in find_all(item, "link") if one.get("rel") == "irel:canonical"), None
        ),
        "language": item.get(_LANG) or _attribute(find(about, "language"), "tag"),
        "credit_lines": _lines(item, "creditline", "copyrightHolder", "copyrightNotice", "usageTerms"),
    }


def _of_content_set(content: Element) -> str | None:
    """Return the text in the content set: paragraphs of its XML, or data that is not an encoded picture."""
    for inline in find_all(content, "inlineXML"):
        body = find(inline, "body.content", "body", "div")
        if body is not None and (text := paragraphs(body)):
            return text
    for inline in find_all(content, "inlineData"):
        if not inline.get("encoding") and (text := "".join(inline.itertext())).strip():
            return text
    return None


def _party(element: Element | None) -> str | None:
    if element is None:
        return None
    return (
        words_of(child(element, "name"))
        or element.get("literal")
        or element.get("uri")
        or element.get("qcode")
    )


def _lines(element: Element, *names: str) -> str | None:
    """Return the contents of the elements with these names, one per line."""
    found = [one for name in names for one in find_all(element, name)]
    said = [words_of(one) or one.get("literal") or one.get("holder") or one.get("owner") for one in found]
    return "\n".join(dict.fromkeys(filter(None, said))) or None


def _news_ml_1(item: Element) -> Row | None:
    """Read NewsML 1: a news item with its components."""
    content = find(item, "DataContent")
    if content is None:
        return None
    inner = find(content, "body.content", "body")
    provider = find(item, "Source", "Provider")
    identifier = find(item, "NewsIdentifier")
    party = find(provider, "Party") if provider is not None else None
    return {
        "id": words_of(find(identifier, "PublicIdentifier")) if identifier is not None else None,
        "text": paragraphs(inner if inner is not None else content),
        "title": words_of(find(item, "HeadLine", "NewsLine")),
        "source": _attribute(party, "FormalName") or (words_of(find(item, "ProviderId"))),
        "published": words_of(find(item, "FirstCreated", "ThisRevisionCreated", "DateId")),
        "language": _attribute(find(item, "Language"), "FormalName") or item.get(_LANG),
        "credit_lines": _lines(
            item, "CreditLine", "CopyrightLine", "CopyrightHolder", "RightsLine", "UsageRights"
        ),
    }


def _reuters_item(item: Element) -> Row | None:
    """Read an item of the Reuters Corpus, volume 1."""
    text = child(item, "text")
    if text is None:
        return None
    facts = {one.get("element"): one.get("value") for one in find_all(item, "dc")}
    return {
        "id": item.get("itemid"),
        "text": paragraphs(text),
        "title": words_of(child(item, "headline")) or words_of(child(item, "title")),
        "source": facts.get("dc.source") or facts.get("dc.publisher"),
        "published": item.get("date") or facts.get("dc.date.published"),
        "language": item.get(_LANG),
        "credit_lines": _lines(item, "copyright"),
    }


def _nitf(root: Element) -> Row | None:
    """Read NITF, including that of the New York Times corpus."""
    body = find(root, "body.content")
    if body is None:
        return None
    full = [one for one in find_all(body, "block") if one.get("class") == "full_text"]
    plain_blocks = [
        one
        for one in find_all(body, "block")
        if one.get("class") not in ("lead_paragraph", "online_lead_paragraph")
    ]
    blocks = full[:1] or plain_blocks or [body]
    if len(plain_blocks) < len(find_all(body, "p")) and not full and not plain_blocks:
        blocks = [body]
    data = find(root, "pubdata")
    day = _attribute(data, "date.publication") or _attribute(find(root, "date.issue"), "norm")
    return {
        "id": _attribute(find(root, "doc-id"), "id-string"),
        "text": "\n\n".join(filter(None, map(paragraphs, blocks))),
        "title": words_of(find(root, "hl1")) or words_of(find(root, "title")),
        "source": _attribute(data, "name")
        or _attribute(find(root, "doc.copyright"), "holder")
        or words_of(find(root, "distributor")),
        # The New York Times corpus writes midnight for every day.
        "published": day[:8] if day and day.endswith("T000000") else day,
        "url": _attribute(data, "ex-ref"),
        "language": root.get(_LANG) or _attribute(root, "lang"),
        "credit_lines": _lines(root, "doc.copyright", "copyrite", "rights", "distributor", "doc.rights"),
    }


def _proquest(record: Element) -> Row | None:
    """Read a record of ProQuest."""
    holder = find(record, "TextInfo")
    text = find(holder if holder is not None else record, "Text", "FullText", "HiddenText")
    if text is None:
        return None
    publication = find(record, "PubFrosting", "PublicationInfo", "DFS")
    inner = "".join(text.itertext())
    return {
        "id": words_of(find(record, "GOID", "DocumentID")),
        "text": inner if text.get("HTMLContent") or not len(text) else paragraphs(text),
        "title": _title_of(record),
        "source": words_of(find(publication, "Title", "PubTitle")) if publication is not None else None,
        "published": words_of(find(record, "NumericDate", "StartDate")),
        "language": words_of(find(record, "RawLang", "ISOLang", "Language")),
    }


def _title_of(record: Element) -> str | None:
    holder = find(record, "TitleAtt", "ObjectInfo")
    title = words_of(find(holder if holder is not None else record, "Title"))
    return None if title is None else plain(title)


def _trafilatura(doc: Element) -> Row | None:
    """Read the XML of trafilatura; a headline that begins its text is kept."""
    main = child(doc, "main")
    if main is None:
        return None
    return {
        "id": doc.get("id"),
        "text": paragraphs(main),
        "title": doc.get("title"),
        "source": doc.get("sitename") or doc.get("hostname"),
        "url": doc.get("url") or doc.get("source"),
        "published": doc.get("date"),
        "language": doc.get("language"),
    }


def _tei(root: Element) -> Row | None:
    """Read TEI, as corpora and extractors write it."""
    text = find(root, "body")
    header = child(root, "teiHeader")
    if text is None or header is None:
        return None
    kept = [one for one in text if one.get("type") != "comments"] or [text]
    target = next(
        (one.get("target") for one in header.iter() if local(one) in ("ptr", "ref") and one.get("target")),
        None,
    )
    dates = [one.get("when") or words_of(one) for one in find_all(header, "date")]
    return {
        "id": words_of(next((one for one in find_all(header, "idno") if one.get("type") == "id"), None)),
        "text": "\n\n".join(filter(None, map(paragraphs, kept))),
        "title": words_of(find(header, "title")),
        "source": words_of(find(header, "publisher", "distributor")),
        "url": target,
        "published": next(filter(None, dates), None),
        "language": root.get(_LANG) or _attribute(find(header, "language"), "ident"),
    }


def _attribute(element: Element | None, name: str) -> str | None:
    return None if element is None else element.get(name)


def markup_of(element: Element) -> str:
    """Return the contents of an element, with its tags."""
    return (element.text or "") + "".join(tostring(one, "unicode") for one in element)


_READERS: dict[str, Callable[[Element], Row | None]] = {
    "newsItem": _news_item,
    "newsitem": _reuters_item,
    "NewsItem": _news_ml_1,
    "nitf": _nitf,
    "RECORD": _proquest,
    "doc": _trafilatura,
    "TEI": _tei,
}

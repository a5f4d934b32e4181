"""Feeds saved to disk: all versions of RSS, Atom, and WordPress exports."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, tostring

from dedup.errors import InputError
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.numbered import gather_rows
from dedup.reading.records import Records
from dedup.reading.values import plain
from dedup.reading.xml_trees import child, items, local, words_of

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_MEDIA = "http://search.yahoo.com/mrss/"
_XHTML = "http://www.w3.org/1999/xhtml"


def read_feed(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a feed; the line of an item is its number in the feed, from 1."""
    yield from gather_rows(_rows(file, how), file)


def _rows(file: InputFile, how: HowToRead) -> Iterator[tuple[int, Row]]:
    found = 0
    for number, (item, around) in enumerate(items(file, how, {"item", "entry"}), 1):
        row = _entry(item, around) if local(item) == "entry" else _item(item, around)
        if row is not None:
            found += 1
            yield number, row
    if not found:
        raise InputError("no articles in it: no item of the feed holds text", file=file.name)


def _item(item: Element, around: list[Element]) -> Row | None:
    """Read an RSS item; None for entries of a site's export other than articles."""
    by_name = _by_name(item)
    kind, status = words_of(by_name.get("post_type")), words_of(by_name.get("status"))
    if (kind is not None and kind not in ("post", "page")) or (status is not None and status != "publish"):
        return None
    text = _string(item.find(f"{{{_CONTENT}}}encoded")) or _string(by_name.get("encoded"))
    text = text or _string(by_name.get("description")) or _string(by_name.get("summary"))
    if text is None:
        return None
    gmt = words_of(by_name.get("post_date_gmt"))
    address = words_of(by_name.get("link")) or _attribute(item, "about")
    guid = by_name.get("guid")
    if address is None and guid is not None and guid.get("isPermaLink", "true") == "true":
        address = words_of(guid)
    return {
        "text": text,
        "title": _title(by_name.get("title")),
        "url": address,
        "source": words_of(by_name.get("source")) or (None if address else _channel(around, "title")),
        "published": f"{gmt}Z"
        if gmt and gmt[:4] != "0000"
        else _first(by_name, "pubDate", "date", "published"),
        "language": words_of(by_name.get("language")) or _channel(around, "language"),
        "credit_lines": _first(by_name, "credit", "rights", "copyright"),
    }


def _entry(entry: Element, around: list[Element]) -> Row | None:
    """Read an Atom entry; None for what an export of Blogger holds beside its articles."""
    kinds = [one.get("term", "") for one in entry if local(one) == "category"]
    if any("/blogger/2008/kind#" in kind and not kind.endswith(("#post", "#page")) for kind in kinds):
        return None
    by_name = _by_name(entry)
    text = _construct(by_name.get("content")) or _construct(by_name.get("summary"))
    if text is None:
        return None
    links = [one for one in entry if local(one) == "link"]
    address = next((one.get("href") for one in links if one.get("rel", "alternate") == "alternate"), None)
    source = by_name.get("source")
    named = words_of(child(source, "title")) if source is not None else None
    return {
        "text": text,
        "title": _title(by_name.get("title")),
        "url": address,
        "source": named or (None if address else _channel(around, "title")),
        "published": words_of(by_name["published"] if "published" in by_name else by_name.get("updated")),
        "language": entry.get("{http://www.w3.org/XML/1998/namespace}lang") or _language(around),
        "credit_lines": words_of(by_name.get("rights")),
    }


def _by_name(item: Element) -> dict[str, Element]:
    """Return the first child of each name, without those that describe a picture or a film."""
    found: dict[str, Element] = {}
    for one in item:
        if not one.tag.startswith(f"{{{_MEDIA}}}"):
            found.setdefault(local(one), one)
    return found


def _first(by_name: dict[str, Element], *names: str) -> str | None:
    return next((words for name in names if (words := words_of(by_name.get(name)))), None)


def _string(element: Element | None) -> str | None:
    text = "" if element is None else "".join(element.itertext())
    return text if text.strip() else None


def _construct(element: Element | None) -> str | None:
    """Return the text of an Atom construct; XHTML is returned as HTML markup."""
    if element is None or element.get("src"):
        return None
    if element.get("type") == "xhtml" and len(element):
        inner = "".join(tostring(one, "unicode") for one in element)
        return inner.replace(f' xmlns:html="{_XHTML}"', "").replace("<html:", "<").replace("</html:", "</")
    return _string(element)


def _title(element: Element | None) -> str | None:
    words = words_of(element)
    return None if words is None else plain(words)


def _channel(around: list[Element], name: str) -> str | None:
    for holder in reversed(around):
        if local(holder) in ("channel", "feed"):
            return words_of(child(holder, name))
    channel = next((one for holder in around for one in holder if local(one) == "channel"), None)
    return None if channel is None else words_of(child(channel, name))


def _language(around: list[Element]) -> str | None:
    return around[0].get("{http://www.w3.org/XML/1998/namespace}lang") if around else None


def _attribute(item: Element, name: str) -> str | None:
    return next((value for key, value in item.attrib.items() if key.endswith(f"}}{name}")), None)

"""XML of no known kind as records, in which the usual names are looked for."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from dedup.reading.xml_trees import local, paragraphs

_OF_TEXT = {
    "p",
    "para",
    "paragraph",
    "br",
    "b",
    "i",
    "em",
    "strong",
    "a",
    "span",
    "div",
    "h1",
    "h2",
    "h3",
    "li",
    "ul",
    "ol",
}


def record_of(element: Element) -> Any:
    """An element as a value: a string for one of text, else an object of its attributes and children.

    Children of one name become an array; children that are paragraphs make a text.

    Examples
    --------
    >>> from dedup.reading.xml_trees import parse
    >>> record_of(parse("<a><t>One</t><body><p>x</p><p>y</p></body></a>", "a.xml"))
    {'t': 'One', 'body': 'x\\n\\ny'}
    """
    children = [one for one in element if local(one)]
    if not children or all(local(one).lower() in _OF_TEXT for one in children):
        text = paragraphs(element) if children else (element.text or "").strip()
        return text if text or not element.attrib else dict(element.attrib)
    record: dict[str, Any] = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    for one in children:
        name, value = local(one), record_of(one)
        if name not in record or name in element.attrib:
            record[name] = value
        elif isinstance(record[name], list):
            record[name].append(value)
        else:
            record[name] = [record[name], value]
    return record

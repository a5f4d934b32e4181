"""XML of no known kind as records, which are searched for the common names."""

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
# Values of a list in Solr's responses.
_OF_A_VALUE = {"str", "int", "long", "float", "double", "bool", "date"}


def record_of(element: Element) -> Any:
    """Convert an element: a string if it holds text, else an object of its attributes and children.

    Children with the same name become an array; children that are paragraphs become a text.

    Examples
    --------
    >>> from dedup.reading.xml_trees import parse
    >>> record_of(parse("<a><t>One</t><body><p>x</p><p>y</p></body></a>", "a.xml"))
    {'t': 'One', 'body': 'x\\n\\ny'}
    """
    children = [one for one in element if local(one)]
    if not children or all(local(one).lower() in _OF_TEXT for one in children):
        text = paragraphs(element) if children else (element.text or "").strip()
        return text if text or not element.attrib.keys() - {"name"} else dict(element.attrib)
    if all(local(one) in _OF_A_VALUE and not one.get("name") for one in children):
        return [record_of(one) for one in children]
    record: dict[str, Any] = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    named = all(one.get("name") for one in children)
    for one in children:
        # Databases and search engines write the name of a field as an attribute.
        name, value = one.get("name", "") if named else local(one), record_of(one)
        if named and isinstance(value, dict):
            value = {key: inner for key, inner in value.items() if key != "name"}
        if name not in record or name in element.attrib:
            record[name] = value
        elif isinstance(record[name], list):
            record[name].append(value)
        else:
            record[name] = [record[name], value]
    return record

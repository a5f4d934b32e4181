"""The overlaps as a graph, whose nodes are articles and whose edges are overlaps."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from dedup.reporting.records import record_of
from dedup.results import Overlap, Report
from dedup.schemas import fields_of

#: Characters that XML 1.0 cannot represent.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NODE = {"source": "string", "title": "string", "published": "string", "story": "string"}
_TYPES: dict[Any, str] = {str: "string", int: "long", float: "double", bool: "boolean"}
#: The attributes of an edge: all plain fields of an overlap.
EDGE = {
    field.name: _TYPES[field.kind]
    for field in fields_of(Overlap)
    if field.kind in _TYPES and not field.many and field.name not in ("a", "b")
}


def write_edges(report: Report, stream: BinaryIO) -> None:
    """Write the edges as CSV: ``source,target`` (the articles' ids), then the plain fields of the overlap.

    Gephi and networkx expect these names in an edge list.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        writer = csv.writer(text)
        writer.writerow(["source", "target", *EDGE])
        for record in map(record_of, report.overlaps):
            writer.writerow([record["a"], record["b"], *(record[name] for name in EDGE)])
    finally:
        text.detach()  # the stream belongs to the caller


def write_graphml(report: Report, stream: BinaryIO) -> None:
    """Write the graph as GraphML: all articles, and one edge per overlap with its plain fields."""
    for line in _graphml(report):
        stream.write(_NOT_XML.sub("\ufffd", line).encode() + b"\n")


def _graphml(report: Report) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for kind, fields in (("node", _NODE), ("edge", EDGE)):
        for name, type_ in fields.items():
            key = f"{kind}-{name}"
            yield f'  <key id="{key}" for="{kind}" attr.name="{name}" attr.type="{type_}"/>'
    yield '  <graph edgedefault="undirected">'
    for article in report.articles:
        values = {name: getattr(article, name) for name in _NODE}
        moment = article.published
        values["published"] = None if moment is None else moment.isoformat()
        yield f"    <node id={quoteattr(article.id)}>{_data('node', values)}</node>"
    for record in map(record_of, report.overlaps):
        values = {name: record[name] for name in EDGE}
        ends = f"source={quoteattr(record['a'])} target={quoteattr(record['b'])}"
        yield f"    <edge {ends}>{_data('edge', values)}</edge>"
    yield "  </graph>"
    yield "</graphml>"


def _data(kind: str, values: dict[str, Any]) -> str:
    return "".join(
        f'<data key="{kind}-{name}">{_text(value)}</data>'
        for name, value in values.items()
        if value is not None
    )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else escape(str(value))

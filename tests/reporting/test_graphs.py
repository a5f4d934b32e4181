"""The overlaps as a graph."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

from dedup.detector import find_overlaps

TEXT = (
    "Two lighthouse keepers & a cook were taken off the rock on Sunday <at last> after nine weeks of gales "
    "that had kept every boat in the harbour."
)
RECORDS = [
    {"id": 'a"1', "source": "Echo & Sons", "title": "Off\x00 the rock", "text": TEXT.replace("\x00", "")},
    {"id": "b<2", "source": "Bugle", "text": "News: " + TEXT, "published": "2026-05-01"},
    {"id": "c", "source": "Post", "text": "Snow fell."},
]
SPACE = "{http://graphml.graphdrawing.org/xmlns}"


def test_graphml_has_all_articles_and_overlaps(tmp_path: Path) -> None:
    report = find_overlaps(RECORDS)
    report.write(tmp_path / "out.graphml")
    root = ElementTree.parse(tmp_path / "out.graphml").getroot()
    assert [node.get("id") for node in root.iter(f"{SPACE}node")] == ['a"1', "b<2", "c"]
    (edge,) = root.iter(f"{SPACE}edge")
    assert (edge.get("source"), edge.get("target")) == ('a"1', "b<2")
    said = {data.get("key"): data.text for data in edge}
    assert said["edge-relation"] == "copy"
    assert float(said["edge-jaccard"] or 0) > 0.8
    keys = {key.get("id") for key in root.iter(f"{SPACE}key")}
    assert {data.get("key") for data in root.iter(f"{SPACE}data")} <= keys


def test_edges_are_a_list_for_spreadsheets_and_graph_libraries(tmp_path: Path) -> None:
    report = find_overlaps(RECORDS)
    report.write(tmp_path / "edges.csv", "edges")
    (row,) = csv.DictReader(io.StringIO((tmp_path / "edges.csv").read_text(), newline=""))
    assert (row["source"], row["target"], row["relation"]) == ('a"1', "b<2", "copy")
    assert int(row["words"]) == report.overlaps[0].words

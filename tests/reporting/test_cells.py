"""Values as cells of CSV, over every type of a record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from every_type import EVERYTHING, Everything, Part
from hypothesis import given

from dedup.reporting.cells import cell_names, cells_of

PART = Part(name="n", share=1.0, words=1, certain=True, since=None, tags=(), pieces=())
ONE = Everything(
    id="-7",
    title=None,
    role="origin",
    words=-7,
    gap=None,
    share=1 / 3,
    own=None,
    moved=True,
    earlier=None,
    published=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    first=None,
    agencies=("PTI", "=now()"),
    digests=None,
    span=(3, 9),
    cut=((0, 15), (20, 33)),
    versions=(("a", "b"), ("c",)),
    credits=(PART,),
    suppliers=(),
    supplier=PART,
    t1="",
    t2="plain",
    t3="+1",
    t4="@x",
    t5="\tx",
    t6="\rx",
)


def cells(item: Everything) -> dict[str, object]:
    return dict(zip(cell_names(Everything), cells_of(item), strict=True))


def test_each_type_has_its_cell_and_what_is_nested_has_none() -> None:
    assert cells(ONE) == {
        "id": "'-7",
        "title": None,
        "role": "origin",
        "words": -7,
        "gap": None,
        "share": 0.3333,
        "own": None,
        "moved": "true",
        "earlier": None,
        "published": "2026-03-01T09:30:00Z",
        "first": None,
        "agencies": "PTI; =now()",
        "digests": None,
        "span": "3-9",
        "cut": "0-15; 20-33",
        "t1": "",
        "t2": "plain",
        "t3": "'+1",
        "t4": "'@x",
        "t5": "'\tx",
        "t6": "'\rx",
    }


def test_a_list_that_begins_like_a_formula_is_guarded_and_an_empty_one_is_empty() -> None:
    assert cells(replace(ONE, agencies=("=now()", "PTI")))["agencies"] == "'=now(); PTI"
    assert cells(replace(ONE, agencies=()))["agencies"] == ""


@given(item=EVERYTHING)
def test_no_text_begins_like_a_formula(item: Everything) -> None:
    texts = {name: cell for name, cell in cells(item).items() if isinstance(cell, str)}
    spans = {"span", "cut"}  # their numbers may be negative here, but not in a result
    assert not [name for name in texts.keys() - spans if texts[name].startswith(tuple("=+-@\t\r"))]

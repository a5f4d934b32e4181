"""The table of columns: what it gives to the formats, and that nothing in it can be omitted."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated, get_args

import pyarrow as pa
import pytest

from dedup.overlaps.relations import OverlapCode, PassageCode
from dedup.report.derived import Derived
from dedup.reporting.json_schema import json_schema
from dedup.reporting.records import record_of
from dedup.reporting.styles import RELATION_STYLES
from dedup.results import RECORDS, AlignedPassages, Column, OverlapRelation, PassageRelation, SharedPassage
from dedup.results.planned import PLANNED
from dedup.schemas import OVERLAP_SCHEMA, fields_of, schema_of

#: The order of schema 2, including fields that are only planned.
SCHEMA_2 = {
    "overlap": "a b a_source b_source relation syndicated agency agencies similarity jaccard coverage_a "
    "coverage_b words quoted_words longest_run earlier gap_seconds same_story reasons passages",
    "passage": "a_start a_end b_start b_end relation similarity jaccard cosine words quoted_words agencies "
    "moved pieces a_text b_text a_readable b_readable",
    "article": "id source title url published published_precision published_zone words copied quoted own "
    "furniture agency credited suppliers credits sentence passages others earliest parts story stories role",
    "story": "id articles sources origin origin_agency origin_reason first_published first_precision first "
    "core_words versions digests related",
    "summary": "schema articles skipped only_furniture undated overlaps stories related cut_short settings "
    "algorithm background version",
    "verdict": "verdict follows source relation coverage similarity seen earlier syndicated agency suppliers "
    "passages story kept kept_instead cut",
    "shared_passage": "start end other other_start other_end relation similarity words",
}
NAMED = {**RECORDS, "passage": AlignedPassages, "shared_passage": SharedPassage}


@pytest.mark.parametrize("kind", SCHEMA_2)
def test_what_is_printed_and_what_is_planned_make_up_schema_2(kind: str) -> None:
    order = [field.name for field in fields_of(NAMED[kind])]
    waiting = [each for each in PLANNED if each.record == kind]
    assert not {each.name for each in waiting} & {*order}, "a field that is printed is planned no more"
    while waiting:
        ready = [each for each in waiting if each.after in order]
        assert ready, f"nothing precedes {waiting}"
        for each in ready:
            order.insert(order.index(str(each.after)) + 1, each.name)
            waiting.remove(each)
    assert order == SCHEMA_2[kind].split()


def test_a_field_that_says_nothing_of_itself_is_refused() -> None:
    @dataclass
    class Silent:
        id: str

    with pytest.raises(TypeError, match=r"Silent\.id has no Column"):
        fields_of(Silent)


def test_a_type_that_no_format_writes_is_refused() -> None:
    @dataclass
    class Odd:
        id: Annotated[complex, Column("A number of another kind.")]

    Odd.__annotations__["id"] = Annotated[complex, Column("A number of another kind.")]
    with pytest.raises(TypeError, match=r"Odd\.id has a type that no format writes"):
        fields_of(Odd)


@dataclass(frozen=True, kw_only=True)
class Inner:
    """Nested in the next."""

    share: Annotated[float, Column("A share.")]
    runs: Annotated[tuple[tuple[int, int], ...], Column("Spans.")]


@dataclass(frozen=True, kw_only=True)
class Outer:
    """Every type that a record may have."""

    name: Annotated[str | None, Column("A name.")]
    at: Annotated[datetime | None, Column("A time.")]
    tags: Annotated[tuple[str, ...], Column("Tags.")]
    inner: Annotated[tuple[Inner, ...], Column("Records.")]
    share: Annotated[float | None, Column("A share.")]


def test_every_type_goes_through_arrow_and_back() -> None:
    rows = [
        {
            "name": "a",
            "at": datetime(2026, 1, 2, 3),
            "tags": ["x", "y"],
            "inner": [{"share": 0.123456, "runs": [[1, 2], [3, 4]]}, {"share": 1.0, "runs": []}],
            "share": 0.5,
        },
        {"name": None, "at": None, "tags": [], "inner": [], "share": None},
    ]
    columns = {
        name: (
            lambda given, name=name: pa.array([row[name] for row in given], schema_of(Outer).field(name).type)
        )
        for name in rows[0]
    }
    derived: Derived[list[dict[str, object]], Outer] = Derived(Outer, columns)
    first, second = derived.records(derived.batch(rows))
    assert first.inner == (Inner(share=0.123456, runs=((1, 2), (3, 4))), Inner(share=1.0, runs=()))
    assert (first.tags, second.name, second.at, second.share) == (("x", "y"), None, None, None)
    record = record_of(first)
    assert record["inner"][0] == {"share": 0.1235, "runs": ((1, 2), (3, 4))}
    assert record["at"].isoformat() == "2026-01-02T03:00:00+00:00"


@pytest.mark.parametrize(("extra", "word"), [({}, "no derivation of b"), ({"c": len}, "no field c")])
def test_a_derivation_too_few_or_too_many_stops_the_import(extra: dict[str, object], word: str) -> None:
    names = [field.name for field in fields_of(RECORDS["overlap"])]
    given = {name: len for name in names if extra or name != "b"} | extra
    with pytest.raises(TypeError, match=word):
        Derived(RECORDS["overlap"], given)  # type: ignore[arg-type]


def test_the_schema_of_arrow_follows_the_fields() -> None:
    assert [field.name for field in fields(RECORDS["overlap"])] == OVERLAP_SCHEMA.names
    passages = OVERLAP_SCHEMA.field("passages").type.value_type
    assert [each.name for each in passages] == [field.name for field in fields(AlignedPassages)]


def test_the_json_schema_names_every_field_and_every_relation() -> None:
    definitions = json_schema()["$defs"]
    for kind, record in RECORDS.items():
        names = [field.name for field in fields_of(record)]
        expected = names if kind == "verdict" else ["kind", *names]
        assert definitions[kind]["required"] == expected == list(definitions[kind]["properties"])
    assert definitions["overlap"]["properties"]["relation"]["enum"] == [*get_args(OverlapRelation)]
    assert definitions["overlap"]["properties"]["agency"]["anyOf"][1] == {"type": "null"}


def test_every_relation_has_a_code_and_a_colour() -> None:
    names = {*get_args(OverlapRelation), *get_args(PassageRelation)}
    assert names == {code.name.lower() for code in (*OverlapCode, *PassageCode)} == {*RELATION_STYLES}

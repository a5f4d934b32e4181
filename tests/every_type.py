"""A record with every type that `dedup.results` may have, and values of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from hypothesis import strategies as st

from dedup.results import Column


@dataclass(frozen=True, kw_only=True)
class Part:
    """Nested in the next."""

    name: Annotated[str | None, Column("A name.")]
    share: Annotated[float | None, Column("A share.")]
    words: Annotated[int | None, Column("A number.")]
    certain: Annotated[bool | None, Column("A flag.")]
    since: Annotated[datetime | None, Column("A time.")]
    tags: Annotated[tuple[str, ...], Column("Texts.")]
    pieces: Annotated[tuple[tuple[int, int, int, int], ...], Column("Four numbers each.")]


@dataclass(frozen=True, kw_only=True)
class Everything:
    """Every type that a record may have, and more texts than any record has today."""

    id: Annotated[str, Column("An id.")]
    title: Annotated[str | None, Column("A text.")]
    role: Annotated[Literal["origin", "version"] | None, Column("A choice.")]
    words: Annotated[int, Column("A number.")]
    gap: Annotated[int | None, Column("A number.")]
    share: Annotated[float, Column("A score.")]
    own: Annotated[float | None, Column("A score.")]
    moved: Annotated[bool, Column("A flag.")]
    earlier: Annotated[bool | None, Column("A flag.")]
    published: Annotated[datetime, Column("A time.")]
    first: Annotated[datetime | None, Column("A time.")]
    agencies: Annotated[tuple[str, ...], Column("Texts.")]
    digests: Annotated[tuple[str, ...] | None, Column("Texts.")]
    span: Annotated[tuple[int, int] | None, Column("A span.")]
    cut: Annotated[tuple[tuple[int, int], ...], Column("Spans.")]
    versions: Annotated[tuple[tuple[str, ...], ...], Column("Lists of texts.")]
    credits: Annotated[tuple[Part, ...], Column("Records.")]
    suppliers: Annotated[tuple[Part, ...], Column("More records.")]
    supplier: Annotated[Part | None, Column("A record.")]
    t1: Annotated[str, Column("A text.")]
    t2: Annotated[str, Column("A text.")]
    t3: Annotated[str, Column("A text.")]
    t4: Annotated[str, Column("A text.")]
    t5: Annotated[str, Column("A text.")]
    t6: Annotated[str | None, Column("A text.")]


#: Every kind of character that is escaped, and runs that are long enough for the steps of the kernel.
TEXTS = st.text(
    st.sampled_from([*map(chr, range(33)), '"', "\\", "/", "\x7f", "é", "ह", "🙂", "a", "b"]), max_size=90
) | st.sampled_from(["a" * 31, "a" * 32, "a" * 64 + '"', '"' + "a" * 70, "=1+1"])
SCORES, WHOLES = st.floats(0, 1), st.integers(1 - 2**63, 2**63 - 1)
TIMES = st.datetimes(timezones=st.just(UTC)) | st.datetimes(timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)


def _tuples(items: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=3).map(tuple)


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


PARTS = st.builds(
    Part,
    name=_maybe(TEXTS),
    share=_maybe(SCORES),
    words=_maybe(WHOLES),
    certain=_maybe(st.booleans()),
    since=_maybe(TIMES),
    tags=_tuples(TEXTS),
    pieces=_tuples(st.tuples(WHOLES, WHOLES, WHOLES, WHOLES)),
)
EVERYTHING = st.builds(
    Everything,
    id=TEXTS,
    title=_maybe(TEXTS),
    role=_maybe(st.sampled_from(["origin", "version"])),
    words=WHOLES,
    gap=_maybe(WHOLES),
    share=SCORES,
    own=_maybe(SCORES),
    moved=st.booleans(),
    earlier=_maybe(st.booleans()),
    published=TIMES,
    first=_maybe(TIMES),
    agencies=_tuples(TEXTS),
    digests=_maybe(_tuples(TEXTS)),
    span=_maybe(st.tuples(WHOLES, WHOLES)),
    cut=_tuples(st.tuples(WHOLES, WHOLES)),
    versions=_tuples(_tuples(TEXTS)),
    credits=_tuples(PARTS),
    suppliers=_tuples(PARTS),
    supplier=_maybe(PARTS),
    **dict.fromkeys(("t1", "t2", "t3", "t4", "t5"), TEXTS),
    t6=_maybe(TEXTS),
)

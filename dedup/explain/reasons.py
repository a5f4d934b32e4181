"""An explanation of a pair of articles in words: the answer first, then stage by stage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.explain.pair import Explanation

#: Maximum number of pairs of windows, and of dropped passages, that are shown.
SHOWN_WINDOWS = 5


def reasons(found: Explanation) -> Iterator[str]:
    """Yield the answer, and what each stage found, one line each."""
    settings, closest = found.settings, found.closest
    yield answer(found)
    if not found.compared:
        yield f"scope: both are of the source {found.a.source}, which a scan compares with scope = all only"
    for side in (found.a, found.b):
        yield (
            f"{side.id}: {side.words:,} words, {side.furniture_words:,} of them furniture "
            f"({side.repeated_words:,} in lines that its source repeats); {side.shingles:,} shingles, "
            f"{side.common_shingles:,} of them common phrases; {side.passages:,} windows"
        )
    yield (
        f"shingles: {found.shared_shingles:,} shared, {found.shared_common:,} of them common; Jaccard "
        f"{found.jaccard:.3f}; at most {found.longest_run:,} words in a row"
    )
    if closest:
        agreed = len(closest[0].bands)
        yield (
            f"closest windows: Jaccard {closest[0].jaccard:.3f}, {agreed} of {settings.bands} bands agree; "
            f"two such windows share a bucket with a probability of {closest[0].probability:.3f}"
        )
    if found.overlap is not None:
        yield f"alignment: {len(found.overlap.passages)} passages, {found.overlap.words:,} words that agree"
    for drop in found.dropped[:SHOWN_WINDOWS]:
        place = f"{drop.passages.a_start:,}–{drop.passages.a_end:,} of {found.a.id}"
        yield f"dropped: {place}: {drop.reason}"
    if len(found.dropped) > SHOWN_WINDOWS:
        yield f"dropped: {len(found.dropped) - SHOWN_WINDOWS:,} more, with fewer words"


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def answer(found: Explanation) -> str:
    """Say in an editor's words whether a scan finds the pair and what, or the first stage that lost it."""
    width = found.settings.shingle_words
    words = f"{_NUMBERS[width] if width < len(_NUMBERS) else width} words"
    shared = (
        f"they share {found.shared_shingles:,} phrase{'' if found.shared_shingles == 1 else 's'} of {words} "
        f"and nothing longer than {found.longest_run:,} words"
    )
    for side in (found.a, found.b):
        if not side.shingles and not found.candidate:
            return f"not found: {side.id} has no {words} in a row outside furniture"
    if not found.compared:
        return "not found: the scope does not compare the two, as both are of one source"
    if not found.shared_shingles and not found.candidate:
        aside = ", furniture aside" if found.a.furniture_words or found.b.furniture_words else ""
        return f"not found: the two share no {words} in a row{aside}"
    if not found.candidate:
        common = found.shared_common == found.shared_shingles
        why = (
            "all of these are phrases that many articles have" if common else "no two windows share a bucket"
        )
        more = "" if common else "; more bands or fewer rows find less similar ones"
        return f"not found: {shared}; {why}{more}"
    if found.overlap is None:
        if not found.dropped:
            return f"not found: {shared}; too few of them are near each other"
        return f"not found: {shared}; the thresholds dropped all of it: {found.dropped[0].reason}"
    overlap = found.overlap
    passages = f"{len(overlap.passages)} passage{'' if len(overlap.passages) == 1 else 's'}"
    lost = sum(drop.passages.words for drop in found.dropped)
    left = f"; {lost:,} more were left out, see below" if lost else ""
    return (
        f"found: {overlap.relation}: {overlap.words:,} words agree in {passages}; "
        f"{'; '.join(overlap.reasons)}{left}"
    )

"""Results as plain records: the one place that settles names, order, rounding and times for every format.

The keys are the fields of the dataclasses in `dedup.results`, in their order. Scores are rounded to four
digits, which is as much as they mean and is read back as the same number; times are in UTC.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from dedup.results import AlignedPassages, ArticleSummary, Overlap, Story, Summary
from dedup.schemas import SCORE_DIGITS

Record = dict[str, Any]
_PARTS = 10.0**SCORE_DIGITS

Score = TypeVar("Score", float, NDArray[np.float64])


def rounded(score: Score) -> Score:
    """A score, or a column of them, as it is written.

    Examples
    --------
    >>> rounded(1 / 3)
    0.3333
    """
    if isinstance(score, np.ndarray):
        return np.rint(score * _PARTS) / _PARTS
    return round(score * _PARTS) / _PARTS


def passage_record(passage: AlignedPassages) -> Record:
    """Read an aligned pair of passages."""
    # Written out, as the next one is: of the ways to make a dict this is the fastest by half.
    return {
        "a_start": passage.a_start,
        "a_end": passage.a_end,
        "b_start": passage.b_start,
        "b_end": passage.b_end,
        "relation": passage.relation,
        "similarity": rounded(passage.similarity),
        "jaccard": rounded(passage.jaccard),
        "cosine": rounded(passage.cosine),
        "words": passage.words,
        "quoted_words": passage.quoted_words,
        "a_text": passage.a_text,
        "b_text": passage.b_text,
    }


def overlap_record(overlap: Overlap) -> Record:
    """Read an overlap; its passages are nested records."""
    return {
        "a": overlap.a,
        "b": overlap.b,
        "a_source": overlap.a_source,
        "b_source": overlap.b_source,
        "relation": overlap.relation,
        "syndicated": overlap.syndicated,
        "agency": overlap.agency,
        "similarity": rounded(overlap.similarity),
        "jaccard": rounded(overlap.jaccard),
        "coverage_a": rounded(overlap.coverage_a),
        "coverage_b": rounded(overlap.coverage_b),
        "words": overlap.words,
        "quoted_words": overlap.quoted_words,
        "longest_run": overlap.longest_run,
        "reasons": overlap.reasons,
        "passages": [passage_record(passage) for passage in overlap.passages],
    }


def article_record(summary: ArticleSummary) -> Record:
    """Read what a run says of one article."""
    return {
        "id": summary.id,
        "source": summary.source,
        "copied": rounded(summary.copied),
        "quoted": rounded(summary.quoted),
        "furniture": rounded(summary.furniture),
        "agency": summary.agency,
        "credited": summary.credited,
        "passages": summary.passages,
        "others": summary.others,
        "earliest": summary.earliest,
        "story": summary.story,
    }


def summary_record(summary: Summary) -> Record:
    """Read the numbers of a run."""
    return _fields(summary)


def story_record(story: Story) -> Record:
    """Read a story; `first_published` comes in UTC."""
    record = _fields(story)
    record["first_published"] = utc(story.first_published)
    return record


def _fields(item: Story | Summary) -> Record:
    return {field.name: getattr(item, field.name) for field in fields(item)}


def utc(moment: datetime | None) -> datetime | None:
    """Move a time to UTC; a time without a zone counts as UTC already."""
    if moment is None or moment.tzinfo is UTC:
        return moment
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

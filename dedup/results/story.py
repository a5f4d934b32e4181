"""Stories: articles that hang together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from dedup.results.columns import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A connected group of overlapping articles, with its likely origin."""

    id: Annotated[str, Column("The smallest id among its articles.")]
    articles: Annotated[tuple[str, ...], Column("Ids of its articles.", "Sorted.")]
    sources: Annotated[int, Column("How many different sources ran it.")]
    origin: Annotated[
        str,
        Column(
            "Id of the article that is likely nearest to the source of the text.",
            "Asked in this order: the agency's own article; the one published first; one with a credit; the "
            "most complete text; the smallest id.",
        ),
    ]
    origin_reason: Annotated[str, Column("Which of these questions decided.")]
    first_published: Annotated[
        datetime | None, Column("The earliest `published` among its articles.", "Null if none is known.")
    ]

"""Stories: articles that hang together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from dedup.results.columns import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedStory:
    """A story that shares text with another."""

    story: Annotated[str, Column("Id of the story.")]
    words: Annotated[int, Column("How many words an article of each has in common, at most.")]
    through: Annotated[
        str | None, Column("Id of the digest that has text of both.", "Null if they share text themselves.")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that share text around one hub, with their likely origin."""

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
    first: Annotated[
        str | None,
        Column(
            "Id of the article that was published first.",
            "Null where the dates are not exact enough to tell.",
        ),
    ] = None
    versions: Annotated[
        tuple[tuple[str, ...], ...],
        Column("Its articles whose texts are nearly equal, together.", "At least 90 % of both."),
    ] = ()
    digests: Annotated[tuple[str, ...], Column("Ids of articles with text of this and other stories.")] = ()
    related: Annotated[
        tuple[RelatedStory, ...], Column("Stories that share text with it and are not the same.")
    ] = ()

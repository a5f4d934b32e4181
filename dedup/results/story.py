"""Stories: groups of connected articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from dedup.article import Precision
from dedup.results.columns import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedStory:
    """A story that shares text with another."""

    story: Annotated[str, Column("Id of the story.")]
    words: Annotated[int, Column("Largest number of words that an article of each has in common.")]
    through: Annotated[
        str | None, Column("Id of the digest that has text of both.", "Null if they share text themselves.")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that share text around one hub, with their likely origin.

    Examples
    --------
    >>> import dedup
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the harvest of next year is brought in.")
    >>> report = dedup.find_overlaps([dedup.Article(id="a", source="Herald", text=text),
    ...                               dedup.Article(id="b", source="Courier", text="News: " + text)])
    >>> [(story.id, story.articles, story.origin) for story in report.stories]
    [('a', ('a', 'b'), 'a')]
    """

    id: Annotated[str, Column("The smallest id among its articles.")]
    articles: Annotated[tuple[str, ...], Column("Ids of its articles.", "Sorted.")]
    sources: Annotated[int, Column("How many different sources ran it.")]
    origin: Annotated[
        str,
        Column(
            "Id of the article that is likely nearest to the source of the text.",
            "Criteria in this order: the agency's own article; the one published first; one with a credit; "
            "the most complete text; the smallest id.",
        ),
    ]
    origin_agency: Annotated[
        str | None,
        Column(
            "The agency or feed that supplied the text, where its own article is not in the collection.",
            "The one that most of the story's articles credit for the whole.",
        ),
    ] = None
    origin_reason: Annotated[str, Column("Which of these criteria decided.")]
    first_published: Annotated[
        datetime | None, Column("The earliest `published` among its articles.", "Null if none is known.")
    ]
    first_precision: Annotated[
        Precision | None,
        Column("How exactly `first_published` is known."),
    ] = None
    first: Annotated[
        str | None,
        Column(
            "Id of the article that was published first.",
            "Null where the dates are not exact enough to tell.",
        ),
    ] = None
    core_words: Annotated[
        int,
        Column(
            "Words of the origin's text that its story has in common.",
            "Those that at least half of the articles which were compared with it share.",
        ),
    ] = 0
    versions: Annotated[
        tuple[tuple[str, ...], ...],
        Column("Groups of its articles with nearly equal texts.", "At least 90 % of both."),
    ] = ()
    digests: Annotated[tuple[str, ...], Column("Ids of articles with text of this and other stories.")] = ()
    related: Annotated[
        tuple[RelatedStory, ...], Column("Stories that share text with it and are not the same.")
    ] = ()

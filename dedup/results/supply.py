"""Who supplied the text of an article, and what the article says about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from dedup.results.columns import Column

SupplierKind = Literal["agency", "feed", "press", "outlet"]
CreditForm = Literal[
    "dateline", "byline", "sign_off", "contribution", "copyright", "feed", "metadata", "mention"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A credit in an article's text, or a mention of a possible supplier."""

    name: Annotated[str | None, Column("Who is named.", "Null for a feed that is not named.")]
    kind: Annotated[SupplierKind, Column("What the name is.")]
    state: Annotated[
        Literal["credited", "named"], Column("Whether it is a credit, or only a name in the text.")
    ]
    form: Annotated[CreditForm, Column("How it is worded; `mention` if the state is named.")]
    vouches: Annotated[
        Literal["whole", "part"] | None,
        Column("What it says is the supplier's: the article or a part of it.", "Null for a mention."),
    ]
    start: Annotated[int | None, Column("Where it begins in the text.")]
    end: Annotated[int | None, Column("Where it ends in the text.")]
    text: Annotated[str, Column("Its words.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """An agency, a feed or a press release service whose copy is in an article."""

    name: Annotated[str | None, Column("Its name.", "Null for a feed that is not named.")]
    kind: Annotated[SupplierKind, Column("What it is.")]
    words: Annotated[
        int,
        Column(
            "How many of the article's words are its copy.",
            "Words of passages that an article has which credits the supplier for the whole of its text, or "
            "which the supplier's own site ran.",
        ),
    ]
    share: Annotated[float, Column("The share of the article's words.", "words / the article's `words`")]
    state: Annotated[
        Literal["credited", "named", "not_found"],
        Column("Whether the article's own text credits it, only names it, or neither."),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Copied words of an article that have one supplier and one earliest article."""

    words: Annotated[int, Column("How many words.")]
    share: Annotated[float, Column("The share of the article's words.")]
    supplier: Annotated[str | None, Column("The supplier whose copy they are.", "Null if no credit says so.")]
    earliest: Annotated[
        str | None, Column("Id of the article that ran them first.", "Null if that is not certain.")
    ]
    others: Annotated[int, Column("Number of other sources that ran them.")]

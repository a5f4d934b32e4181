"""What two articles share but the result lacks: which rule kept each passage out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from dedup.alignment.batch import agreeing_runs
from dedup.alignment.seeding import SIXTHS
from dedup.alignment.worth import passage_worth
from dedup.article import Article
from dedup.background.tables import Background
from dedup.detector import compare
from dedup.results import AlignedPassages, Overlap
from dedup.settings import Settings
from dedup.text.tokens import Tokens, tokenise
from dedup.text.word_hashes import KIND
from dedup.thresholds import LEAST_WEIGHT


@dataclass(frozen=True, slots=True)
class DroppedPassages:
    """Aligned passages that a rule kept out of the result.

    Attributes
    ----------
    passages : AlignedPassages
    reason : str
        The value and the limit, with the setting that changes the limit if there is one.
    """

    passages: AlignedPassages
    reason: str


def dropped_passages(
    a: Article, b: Article, settings: Settings, kept: Overlap | None, *, background: Background | None = None
) -> Iterator[DroppedPassages]:
    """Align once more without limits, and yield what the result lacks.

    Parameters
    ----------
    a, b : Article
        `a.id` sorts before `b.id`.
    settings : Settings
    kept : Overlap or None
        The result of `dedup.detector.compare` under these settings.
    background : Background, optional

    Yields
    ------
    DroppedPassages
        The passages with most words first.

    Examples
    --------
    >>> one, two = (Article(id=name, text="They met in Moscow to sign a pact on grain.") for name in "ab")
    >>> [drop.reason for drop in dropped_passages(one, two, Settings(), None)]
    ['10 words agree in all passages of the pair; min_overlap_words asks for 20']
    """
    loose = replace(settings, min_words=1, min_overlap_words=1, min_similarity=0.0, furniture=True)
    everything = compare(a, b, loose, background=background, floors=False)
    single = kept or compare(a, b, replace(settings, min_overlap_words=1), background=background)
    if kept is None and background is not None and (plain := compare(a, b, settings)) is not None:
        # Without the corpus they would be found: only the corpus knows the common phrases.
        yield from (
            DroppedPassages(
                passage, "its phrases are those of many articles of the corpus: a form of the trade"
            )
            for passage in sorted(plain.passages, key=lambda passage: -passage.words)
        )
        return
    for passage in sorted(everything.passages if everything else (), key=lambda passage: -passage.words):
        if single is None or not _meets(passage, single):
            yield DroppedPassages(passage, _why_dropped(passage, settings))
        elif kept is None:  # each passage would pass, but all of them together do not
            asked = f"min_overlap_words asks for {settings.min_overlap_words}"
            worth = sum(_words_worth(each, settings) for each in single.passages)
            yield DroppedPassages(passage, f"{worth:g} words agree in all passages of the pair; {asked}")


def _words_worth(passage: AlignedPassages, settings: Settings) -> float:
    """Convert the tokens that agree to words, as alignment does where it counts words."""
    sixths = SIXTHS[_tokens(passage.a_text, settings).hashes & KIND]
    return round(passage.words * float(np.mean(sixths)) / 6, 1)


def _tokens(text: str, settings: Settings) -> Tokens:
    return tokenise([text], fold=settings.fold, text_as=settings.text_as)


def _meets(passage: AlignedPassages, overlap: Overlap) -> bool:
    return any(
        passage.a_start < other.a_end
        and other.a_start < passage.a_end
        and passage.b_start < other.b_end
        and other.b_start < passage.b_end
        for other in overlap.passages
    )


def _why_dropped(passage: AlignedPassages, settings: Settings) -> str:
    worth = _words_worth(passage, settings)
    if worth < settings.min_words:
        return f"{worth:g} words agree; min_words asks for {settings.min_words}"
    if passage.similarity < settings.min_similarity:
        return f"similarity {passage.similarity:.2f}; min_similarity asks for {settings.min_similarity}"
    if passage.relation == "furniture" and not settings.furniture:
        return "it is site furniture, which only furniture = true reports"
    # It would pass by itself, but a scan sees less of it, without furniture and beside other passages.
    left = "site furniture or another passage takes words from it, and what is left is too little"
    return _unworthy(passage, settings) or left


def _unworthy(passage: AlignedPassages, settings: Settings) -> str | None:
    """Weigh the spans as alignment does. Cutting a token out of its article does not change it."""
    one, two = _tokens(passage.a_text, settings), _tokens(passage.b_text, settings)
    runs = agreeing_runs(one.hashes, two.hashes, settings)
    worth = passage_worth(one.hashes, one.flags, two.flags, runs, settings)
    if worth.weight < LEAST_WEIGHT:
        return (
            f"the {passage.words} words that agree weigh {worth.weight:.2f}, as short ones and gaps lower "
            f"it; any passage must weigh {LEAST_WEIGHT:g}"
        )
    if worth.plain_words < worth.plain_words_asked:
        return (
            f"of the {passage.words} words that agree {worth.plain_words} are neither names, numbers, short "
            f"nor repeated; a passage so long must have {worth.plain_words_asked}"
        )
    return None

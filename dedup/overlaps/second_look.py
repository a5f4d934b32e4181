"""A second look at some pairs: quotations, forms with other facts, facts in a single sentence.

Alignment counts words. It does not ask who said them, or which words differ. Few pairs need these questions,
so only the articles of those are cut into tokens once more.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.cleaning.agencies import agencies
from dedup.cleaning.credits import KINDS
from dedup.corpus.prepare import ComparedTokens
from dedup.corpus.protocols import ComparedArticles
from dedup.outlets import same_source
from dedup.overlaps.align import AlignedColumns
from dedup.overlaps.attribution import attributed_words, attributing_words
from dedup.overlaps.relations import OverlapCode, PassageCode
from dedup.overlaps.templates import templates
from dedup.runtime.threads import map_in_order
from dedup.text.flags import SENTENCE
from dedup.text.tokens import tokenise
from dedup.thresholds import (
    SINGLE_SENTENCE_COVERAGE,
    SINGLE_SENTENCE_WORDS,
    SPEAKER_BEFORE,
    STORY_MUTUAL,
    TEMPLATE_FRAME,
    TEMPLATE_OUTSIDE,
    TEMPLATE_SLOTS,
)

_PAIRS_A_BLOCK = 512
#: What precedes a statement: the lead, a colon, and at most two words that the passage leaves out.
_LEAD = re.compile(r"(?:^|\n|[.!?…]\s)\s*([^\n.!?:]{1,100}):(?:\s*\W{0,3}|\s?(?:\S+ ){1,2})$")
#: Number of words in a lead that consists of names alone: a single word is more likely a label.
_SPEAKER_WORDS = range(2, 5)
#: Words of labels, which are not speakers: "Breaking News:", "Live Updates:".
_LABELS = frozenset(
    {
        "analysis",
        "breaking",
        "column",
        "comment",
        "editorial",
        "exclusive",
        "explainer",
        "fact",
        "gallery",
        "live",
        "news",
        "opinion",
        "photo",
        "photos",
        "picture",
        "pictures",
        "read",
        "report",
        "review",
        "top",
        "update",
        "updates",
        "video",
        "watch",
    }
)


class SecondLook(NamedTuple):
    """The results of the second look.

    Attributes
    ----------
    quoted_words : ndarray of shape (n_passages,), dtype int32
        Number of words that count towards a quotation.
    template, sentence : ndarray of shape (n_pairs,), dtype bool
        Whether the pair is one form with other facts; whether it shares only facts in a single sentence.
    differing : mapping of int to str
        For a pair that is a template, what differs, in words.
    """

    quoted_words: NDArray[np.int32]
    template: NDArray[np.bool_]
    sentence: NDArray[np.bool_]
    differing: dict[int, str]


class Measured(NamedTuple):
    """What is known of the pairs beforehand: relations as codes, coverage, and words that agree."""

    passage_relation: NDArray[np.uint8]
    relation: NDArray[np.uint8]
    coverage_a: NDArray[np.float64]
    coverage_b: NDArray[np.float64]
    words: NDArray[np.int64]


def second_look(
    corpus: ComparedArticles,
    lengths: NDArray[np.int64],
    aligned: AlignedColumns,
    spans: NDArray[np.int64],
    known: Measured,
    *,
    threads: int = 1,
) -> SecondLook:
    """Look at the pairs whose relation depends on more than the number of words that agree.

    Parameters
    ----------
    lengths : ndarray of shape (n_articles,), dtype int64
        Number of tokens of each article that were compared.
    spans : ndarray of shape (n_passages, 4), dtype int64
        The places of the passages in characters; all 0 if they were not asked for.
    known : Measured
    """
    found, pairs = aligned.passages, len(aligned.a)
    look = SecondLook(found.quoted_words.copy(), np.zeros(pairs, np.bool_), np.zeros(pairs, np.bool_), {})
    stated = _stated(corpus, aligned, spans, known.passage_relation)
    asked = _Asked(
        _may_be_forms(corpus, lengths, aligned, known),
        _may_be_sentences(known),
        (known.passage_relation == PassageCode.QUOTATION) | stated.any(axis=1),
        stated,
    )
    wanted = asked.form | asked.sentence
    wanted[found.pair[asked.quotation]] = True
    chosen = np.flatnonzero(wanted)

    def work(block: NDArray[np.int64]) -> None:
        _look_at(corpus, aligned, block, asked, look)

    blocks = (chosen[start : start + _PAIRS_A_BLOCK] for start in range(0, len(chosen), _PAIRS_A_BLOCK))
    for _ in map_in_order(work, blocks, threads):
        pass
    return look


class _Asked(NamedTuple):
    """The open questions: which pairs may be forms or single sentences, and which passages quotations."""

    form: NDArray[np.bool_]
    sentence: NDArray[np.bool_]
    quotation: NDArray[np.bool_]
    stated: NDArray[np.bool_]


def _look_at(
    corpus: ComparedArticles,
    aligned: AlignedColumns,
    pairs: NDArray[np.int64],
    asked: _Asked,
    look: SecondLook,
) -> None:
    """Look at the pairs with these ascending numbers, and enter the results in `look`."""
    first, last = np.searchsorted(aligned.passages.pair, [pairs[0], pairs[-1] + 1])
    passages = first + np.flatnonzero(np.isin(aligned.passages.pair[first:last], pairs))
    here = aligned.take(pairs)
    rows = np.unique(np.concatenate([here.a, here.b]))
    tokens = corpus.placed_tokens(rows)
    a, b = np.searchsorted(rows, here.a), np.searchsorted(rows, here.b)
    found, settings = here.passages, corpus.settings

    quotation = np.flatnonzero(asked.quotation[passages])
    of = found.take(quotation)
    number = passages[quotation]
    look.quoted_words[number] = attributed_words(
        tokens, a[of.pair], b[of.pair], of, asked.stated[number], settings
    )
    form = np.flatnonzero(asked.form[pairs])
    told = templates(tokens, a[form], b[form], settings)
    look.template[pairs[form]] = told.template
    for one in np.flatnonzero(told.template).tolist():
        pair = int(form[one])
        texts = _differing(
            corpus, tokens, (rows[a[pair]], rows[b[pair]]), (a[pair], b[pair]), told.differing[one]
        )
        look.differing[int(pairs[pair])] = texts
    single = np.flatnonzero(asked.sentence[pairs])
    look.sentence[pairs[single]] = [
        _is_sentence(tokens, int(a[pair]), found.a_start[found.pair == pair], found.a_end[found.pair == pair])
        and _is_sentence(
            tokens, int(b[pair]), found.b_start[found.pair == pair], found.b_end[found.pair == pair]
        )
        for pair in single.tolist()
    ]


def _may_be_forms(
    corpus: ComparedArticles, lengths: NDArray[np.int64], aligned: AlignedColumns, known: Measured
) -> NDArray[np.bool_]:
    """Return the pairs in which enough agrees and enough differs, except those with a press release."""
    a, b = lengths[aligned.a], lengths[aligned.b]
    # Words before the first passage and behind the last agree too, but only a look at the text shows how
    # many.
    frame = 2 * known.words >= (TEMPLATE_FRAME - TEMPLATE_OUTSIDE) * (a + b)
    differing = np.minimum(a, b) - known.words >= TEMPLATE_SLOTS
    press = _press(corpus)
    chosen = frame & differing & (known.relation > OverlapCode.QUOTATION)
    return np.asarray(chosen & ~press[aligned.a] & ~press[aligned.b])


def _press(corpus: ComparedArticles) -> NDArray[np.bool_]:
    """Whether each article is a press release, by its source or its credit; shape (n_articles,)."""
    names = {
        same_source(name)
        for agency in agencies()
        if agency.kind == "press"
        for name in (agency.name, *agency.aliases)
    }
    of_source = []
    for source in corpus.source_names:
        outlet = corpus.outlets.named(source)
        kind = None if outlet is None else outlet.kind
        of_source.append(kind == "press" or (kind is None and same_source(source) in names))
    press = np.array(of_source, np.bool_)[corpus.sources] if of_source else np.zeros(len(corpus), np.bool_)
    said = corpus.credits
    rows = np.repeat(np.arange(len(said.offsets) - 1), np.diff(said.offsets))
    press[rows[said.whole & (said.kind == KINDS.index("press"))]] = True
    return press


def _may_be_sentences(known: Measured) -> NDArray[np.bool_]:
    """Return the pairs of few words that cover neither article as a whole and would make a copy, an excerpt
    or a story."""
    larger = np.maximum(known.coverage_a, known.coverage_b)
    whole = (known.relation == OverlapCode.COPY) | (known.relation == OverlapCode.EXCERPT)
    whole |= (known.relation == OverlapCode.PARTIAL) & (larger >= STORY_MUTUAL)
    return np.asarray(whole & (known.words < SINGLE_SENTENCE_WORDS) & (larger < SINGLE_SENTENCE_COVERAGE))


def _is_sentence(
    tokens: ComparedTokens, article: int, starts: NDArray[np.int32], ends: NDArray[np.int32]
) -> bool:
    """Whether the passages of an article begin in one sentence and end in it."""
    first, last = (
        int(tokens.offsets[article]) + int(starts.min()),
        int(tokens.offsets[article]) + int(ends.max()),
    )
    return not (tokens.flags[first + 1 : last] & SENTENCE).any()


def _differing(
    corpus: ComparedArticles,
    tokens: ComparedTokens,
    rows: tuple[int, int],
    articles: tuple[int, int],
    places: NDArray[np.int32],
) -> str:
    """Return what differs, as the texts have it: "12" / "31", "Harrow Springs" / "Port Ellery"."""
    kept = places[places[:, 1] > 0]
    sides = []
    for row, article, column in ((rows[0], articles[0], 0), (rows[1], articles[1], 2)):
        base = tokens.offsets[article]
        starts = tokens.starts[base + kept[:, column]].astype(np.int64)
        ends = tokens.ends[base + kept[:, column + 1] - 1].astype(np.int64)
        sides.append(corpus.excerpts(np.full(len(kept), row), starts, ends).to_pylist())
    pairs = zip(*sides, strict=True)
    return "; ".join(f"“{' '.join(one.split())}” / “{' '.join(two.split())}”" for one, two in pairs)


def _stated(
    corpus: ComparedArticles,
    aligned: AlignedColumns,
    spans: NDArray[np.int64],
    relation: NDArray[np.uint8],
) -> NDArray[np.bool_]:
    """Whether a speaker and a colon immediately precede each passage in a and in b, shape (n_passages, 2)."""
    out = np.zeros((len(relation), 2), np.bool_)
    pair = aligned.passages.pair
    for side, articles in ((0, aligned.a), (1, aligned.b)):
        starts = spans[:, 2 * side]
        asked = np.flatnonzero((relation > PassageCode.FURNITURE) & (starts > 0))
        if not len(asked):
            continue
        ends = starts[asked]
        before = corpus.excerpts(articles[pair[asked]], np.maximum(ends - SPEAKER_BEFORE, 0), ends)
        near = np.asarray(pc.match_substring_regex(before, r":(?:\W*|\s?(?:\S+ ){1,2})$").fill_null(False))
        out[asked[near], side] = [_names_a_speaker(text) for text in before.filter(near).to_pylist()]
    return out


def _names_a_speaker(before: str) -> bool:
    """Whether a text ends with a speaker and a colon.

    Examples
    --------
    >>> [_names_a_speaker(text) for text in ("It rained. She wrote: ", "Jo Park: ", "We know: ", "News: ")]
    [True, True, False, False]
    """
    match = _LEAD.search(before)
    if match is None:
        return False
    words = match[1].split()
    if len(words) in _SPEAKER_WORDS and all(word[:1].isupper() for word in words):
        return not any(word.casefold() in _LABELS for word in words)
    return bool(np.isin(tokenise([match[1]]).hashes, attributing_words()).any())

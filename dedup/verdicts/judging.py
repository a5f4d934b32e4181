"""The judgement on articles: the verdict, whether the article passes, and its text without the cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.article import Span
from dedup.corpus.protocols import ComparedArticles
from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.relations import OverlapCode
from dedup.results import Verdict
from dedup.runtime.threads import map_in_order
from dedup.text.tokens import tokenise
from dedup.verdicts.cutting import Words, cut_spans, without
from dedup.verdicts.deciding import Decision, decide
from dedup.verdicts.evidence import Edges, Spans, order_of
from dedup.verdicts.policy import Policy
from dedup.verdicts.telling import Told

_ARTICLES_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and what happens to the article.

    Attributes
    ----------
    verdict : Verdict
    kept : bool
        Whether the article passes; with "annotate" all do.
    text : str or None
        What is left of the text; None if nothing was cut.

    Examples
    --------
    >>> import dedup
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the harvest of next year is brought in.")
    >>> report = dedup.find_overlaps([dedup.Article(id="a", source="Herald", text=text),
    ...                               dedup.Article(id="b", source="Courier", text="News: " + text)])
    >>> [judged.kept for judged in report.verdicts("drop")]
    [True, False]
    """

    verdict: Verdict
    kept: bool
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Articles with their overlaps, and how they arrived.

    Attributes
    ----------
    corpus : ComparedArticles
    columns : OverlapColumns
    lengths : ndarray of shape (n_articles,), dtype int64
        Number of compared words.
    arrival : ndarray of shape (n_articles,), dtype int64
        When each article arrived.
    stored : ndarray of shape (n_articles,), dtype bool
        Articles that are not judged, because they were judged before.
    held : ndarray of shape (n_articles,), dtype bool
        Those of the stored articles that an index held before the run.
    stories : mapping of int to str
        The id of each row's story.
    closed : ndarray of shape (n_pairs,), dtype bool, optional
        The pairs that editors' decisions have closed, which do not count.
    redirect : callable
        Takes rows of stored articles that were stopped, and returns the ids of the articles kept in their
        place.
    """

    corpus: ComparedArticles
    columns: OverlapColumns
    lengths: NDArray[np.int64]
    arrival: NDArray[np.int64]
    stored: NDArray[np.bool_]
    held: NDArray[np.bool_]
    stories: Mapping[int, str]
    closed: NDArray[np.bool_] | None = None
    redirect: Callable[[list[int]], Mapping[int, str | None]] = lambda rows: {}


def judge(case: Case, policy: Policy, *, threads: int = 1) -> dict[int, Judged]:
    """Judge the articles of a case that are not stored.

    Returns
    -------
    dict of int to Judged
        Keyed by row. An article without an entry shares nothing that counts, and passes.
    """
    corpus, columns, stored = case.corpus, case.columns, case.stored
    if case.closed is not None:
        columns = replace(columns, relation=np.where(case.closed, OverlapCode.FURNITURE, columns.relation))
    order = order_of(corpus, "first", case.arrival, stored)
    edges = Edges.before(columns, order)
    shown = (columns.relation != OverlapCode.FURNITURE)[edges.pair]
    edges = edges.where(shown & ~stored[edges.own]).against(policy.against, case.held)
    told = Told(corpus, columns, case.lengths, edges, order).verdicts(case.stories)
    decision = decide(
        columns,
        case.lengths,
        order_of(corpus, policy.keep, case.arrival, stored),
        policy,
        stored,
        case.held,
        most_share=corpus.settings.most_share,
    )
    cuts = _cuts(corpus, decision.seen, policy, threads) if policy.action == "cut" else {}
    rows = sorted({*told, *np.flatnonzero(decision.stopped).tolist(), *cuts, *case.stories})
    instead = _instead(case, decision, rows)
    judged = {}
    for row in rows:
        if stored[row]:
            continue
        said = told.get(row) or Verdict(story=case.stories.get(row))
        judged[row] = _judged(said, bool(decision.stopped[row]), instead.get(row), cuts.get(row), policy)
    return judged


@dataclass(frozen=True, slots=True)
class _Cut:
    """The cuts in an article, the text that is left, and its number of words."""

    spans: list[Span]
    text: str
    words: int


def _judged(said: Verdict, stopped: bool, instead: str | None, cut: _Cut | None, policy: Policy) -> Judged:
    if policy.action != "cut":
        if stopped:
            said = replace(said, kept=False, kept_instead=instead)
        return Judged(said, kept=policy.action == "annotate" or not stopped)
    if cut is None or not cut.spans:
        return Judged(said, kept=True)
    kept = cut.words >= policy.min_words_left
    said = replace(
        said,
        kept=kept,
        kept_instead=None if kept else instead or said.follows,
        cut=tuple((span.start, span.end) for span in cut.spans),
    )
    return Judged(said, kept, cut.text)


def _instead(case: Case, decision: Decision, rows: Iterable[int]) -> dict[int, str | None]:
    """Return the ids of the articles kept in place of stopped ones, keyed by the rows of the latter."""
    chosen = [row for row in rows if decision.stopped[row] and decision.instead[row] >= 0]
    kept = decision.instead[chosen]
    moved = case.redirect(sorted({row for row in kept.tolist() if case.stored[row]}))
    names = case.corpus.ids.take(pa.array(kept, pa.int64())).to_pylist()
    return {
        row: moved.get(other, name) for row, other, name in zip(chosen, kept.tolist(), names, strict=True)
    }


def _cuts(corpus: ComparedArticles, seen: Spans, policy: Policy, threads: int) -> dict[int, _Cut]:
    """Compute the cuts in each article of which something was seen."""
    rows, firsts = np.unique(seen.article, return_index=True)
    bounds = np.append(firsts, len(seen.article))

    def work(start: int) -> dict[int, _Cut]:
        part = rows[start : start + _ARTICLES_AT_ONCE]
        texts: list[str] = corpus.texts(part).to_pylist()
        settings = corpus.settings
        placed = corpus.placed_tokens(part)
        whole = tokenise(texts, places=True, fold=settings.fold, text_as=settings.text_as)
        made = {}
        for number, (row, text) in enumerate(zip(part.tolist(), texts, strict=True)):
            own = slice(int(whole.offsets[number]), int(whole.offsets[number + 1]))
            words = Words(
                whole.starts[own].astype(np.int64), whole.ends[own].astype(np.int64), whole.flags[own]
            )
            here = slice(int(bounds[start + number]), int(bounds[start + number + 1]))
            base = int(placed.offsets[number])
            spans = [
                Span(int(placed.starts[base + first]), int(placed.ends[base + last - 1]))
                for first, last in zip(seen.start[here].tolist(), seen.end[here].tolist(), strict=True)
            ]
            cut = cut_spans(text, words, spans, policy.cut_unit, html=settings.text_as != "plain")
            made[row] = _Cut(cut, without(text, cut), int((~words.within(cut)).sum()))
        return made

    found: dict[int, _Cut] = {}
    for part in map_in_order(work, range(0, len(rows), _ARTICLES_AT_ONCE), threads):
        found |= part
    return found

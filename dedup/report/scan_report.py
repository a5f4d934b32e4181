"""The result of a run: columns internally, records when they are read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.article import Article, Span
from dedup.cleaning.credits import FORMS, KINDS
from dedup.corpus.protocols import ComparedArticles
from dedup.overlaps.align import Sides
from dedup.overlaps.measure import OverlapColumns
from dedup.report.articles import ARTICLES, ArticleRows
from dedup.report.exports import Exports
from dedup.report.findings import Findings
from dedup.report.overlaps import OVERLAPS, blocks, overlap_batch
from dedup.report.sequences import Records
from dedup.report.stories import STORIES, StoryRows
from dedup.results import SCHEMA, ArticleReport, ArticleSummary, Overlap, Story, Summary
from dedup.settings import ALGORITHM
from dedup.stories.core import core_words
from dedup.stories.groups import Stories, likely_origin
from dedup.stories.hubs import group_stories
from dedup.stories.moments import intervals
from dedup.stories.standing import counted, own_agency, standing_of
from dedup.stories.suppliers import supplier_of_source, suppliers_of
from dedup.text.flags import FURNITURE
from dedup.text.tokens import tokenise
from dedup.verdicts.judging import Case, judge
from dedup.verdicts.policy import Policy
from dedup.verdicts.whole import Verdicts


class ScanReport(Exports):
    """The result of `dedup.detector.find_overlaps`: a `dedup.results.Report`.

    It reads the texts from the run's scratch directory, which is removed with the report. Several threads may
    read it at once.

    Parameters
    ----------
    lengths : ndarray of shape (n_articles,), dtype int64
        The number of words of each article, without site furniture.
    counted : ndarray of int64, optional
        The rows of the articles that the summary counts; by default all of `corpus`.
    arrival : ndarray of shape (n_articles,), dtype int64, optional
        When each article arrived; by default the order of the rows.

    Examples
    --------
    >>> import dedup
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the harvest of next year is brought in.")
    >>> report = dedup.find_overlaps([dedup.Article(id="a", source="Herald", text=text),
    ...                               dedup.Article(id="b", source="Courier", text="News: " + text)])
    >>> len(report.overlaps), [article.id for article in report.articles]
    (1, ['a', 'b'])
    >>> report.to_arrow().num_rows
    1
    """

    def __init__(
        self,
        corpus: ComparedArticles,
        columns: OverlapColumns,
        lengths: NDArray[np.int64],
        *,
        skipped: int,
        cut_short: int,
        notes: Sequence[str],
        version: str,
        counted: NDArray[np.int64] | None = None,
        arrival: NDArray[np.int64] | None = None,
    ) -> None:
        self._corpus = corpus
        self._arrival = np.arange(len(corpus)) if arrival is None else arrival
        self._columns = columns
        self._found = findings_of(corpus, columns, lengths)
        self.notes: Sequence[str] = tuple(notes)
        self.overlaps: Sequence[Overlap] = Records(len(columns), self._overlaps)
        self.articles: Sequence[ArticleSummary] = Records(len(corpus), self._summaries)
        self.stories: Sequence[Story] = Records(len(self._found.stories), self._stories)
        self._counted, self._lengths = counted, lengths
        self._skipped, self._cut_short, self._version = skipped, cut_short, version
        self._rows: dict[str, int] | None = None

    @cached_property
    def summary(self) -> Summary:
        """What was read and found, in numbers.

        Made when it is asked for: to name the background takes longer than to check one article.
        """
        corpus, counted = self._corpus, self._counted
        published = corpus.published if counted is None else corpus.published[counted]
        return Summary(
            schema=SCHEMA,
            articles=len(published),
            skipped=self._skipped,
            only_furniture=int(_only_furniture(corpus, self._lengths, counted).sum()),
            undated=int(np.isnat(published).sum()),
            overlaps=len(self._columns),
            stories=len(self._found.stories),
            related=len(self._found.grouping.related),
            cut_short=self._cut_short,
            settings=corpus.settings.fingerprint(),
            algorithm=ALGORITHM,
            background=corpus.background.fingerprint,
            version=self._version,
        )

    @property
    def story_labels(self) -> NDArray[np.int64]:
        """The number of each article's story, -1 for none, in the order of reading; shape (n_articles,)."""
        return self._found.stories.of_article

    def article(self, id: str) -> Article:  # noqa: A002 - the field's name
        """Return the article as it was read. Raises `KeyError` for an unknown id."""
        return self._corpus.article(self._row(id))

    def for_article(self, id: str) -> ArticleReport:  # noqa: A002 - the field's name
        """Return the summary of one article, and all its overlaps. Raises `KeyError` for an unknown id."""
        row, aligned = self._row(id), self._columns.aligned
        pairs = np.flatnonzero((aligned.a == row) | (aligned.b == row)).tolist()
        return ArticleReport(self.articles[row], tuple(self.overlaps[pair] for pair in pairs))

    def verdicts(
        self,
        policy: str | Policy = "annotate",
        *,
        keep: str | None = None,
        min_coverage: float | None = None,
        threads: int = 1,
        closed: NDArray[np.bool_] | None = None,
    ) -> Verdicts:
        """Apply a policy to all articles together; see `dedup.Policy`.

        `closed` marks overlaps that do not count, from `dedup.decisions.answered.closed_overlaps`.

        Examples
        --------
        >>> from dedup.detector import find_overlaps
        >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
        ...         "and oil south until the end of the coming winter.")
        >>> find_overlaps([text, "News: " + text, "Snow fell."]).verdicts("drop").kept.tolist()
        [True, False, True]
        """
        given = {"keep": keep, "min_coverage": min_coverage}
        chosen = Policy.of(policy, **{name: each for name, each in given.items() if each is not None})
        none = np.zeros(len(self._corpus), np.bool_)
        labels, names = self.story_labels, self.story_batch(0, len(self.stories)).column("id").to_pylist()
        case = Case(
            corpus=self._corpus,
            columns=self._columns,
            lengths=self._found.lengths,
            arrival=self._arrival,
            stored=none,
            held=none,
            stories={row: names[labels[row]] for row in np.flatnonzero(labels >= 0).tolist()},
            closed=closed,
        )
        return Verdicts(self._corpus.ids, judge(case, chosen, threads=threads))

    def furniture(self, articles: Sequence[Article]) -> list[list[Span]]:
        """Return where site furniture occurs in some of the run's articles, as runs of words."""
        if not articles:
            return []
        texts, settings = [each.text for each in articles], self._corpus.settings
        whole = tokenise(texts, places=True, fold=settings.fold, text_as=settings.text_as)
        compared = self._corpus.placed_tokens(np.array([self._row(each.id) for each in articles]))
        found = []
        for number in range(len(articles)):
            own = slice(int(whole.offsets[number]), int(whole.offsets[number + 1]))
            kept = slice(int(compared.offsets[number]), int(compared.offsets[number + 1]))
            story_text = compared.starts[kept][compared.flags[kept] & FURNITURE == 0]
            furniture = np.isin(whole.starts[own], story_text, invert=True, assume_unique=True)
            edges = np.diff(furniture.astype(np.int8), prepend=0, append=0)
            starts, ends = whole.starts[own][edges[:-1] == 1], whole.ends[own][edges[1:] == -1]
            found.append([Span(int(start), int(end)) for start, end in zip(starts, ends, strict=True)])
        return found

    def _row(self, name: str) -> int:
        rows = self._rows
        if rows is None:
            rows = self._rows = {name: row for row, name in enumerate(self._corpus.ids.to_pylist())}
        return rows[name]

    def overlap_blocks(self) -> list[tuple[int, int]]:
        """Return runs ``start, end`` of overlaps for `overlap_batch`, each with a few MB of text."""
        return blocks(self._columns)

    def overlap_batch(self, start: int, end: int) -> pa.RecordBatch:
        """Return the overlaps ``start:end`` with `dedup.schemas.OVERLAP_SCHEMA`."""
        return overlap_batch(self._corpus, self._columns, start, end, self._found.stories.of_article)

    def article_batch(self, start: int, end: int) -> pa.RecordBatch:
        """Return the articles ``start:end`` with `dedup.schemas.ARTICLE_SCHEMA`."""
        return ARTICLES.batch(ArticleRows(self._found, start, end))

    def story_batch(self, start: int, end: int) -> pa.RecordBatch:
        """Return the stories ``start:end`` with `dedup.schemas.STORY_SCHEMA`."""
        return STORIES.batch(StoryRows(self._found, start, end))

    def _overlaps(self, start: int, end: int) -> list[Overlap]:
        return OVERLAPS.records(self.overlap_batch(start, end))

    def _summaries(self, start: int, end: int) -> list[ArticleSummary]:
        return ARTICLES.records(self.article_batch(start, end))

    def _stories(self, start: int, end: int) -> list[Story]:
        return STORIES.records(self.story_batch(start, end))


def _only_furniture(
    corpus: ComparedArticles, lengths: NDArray[np.int64], counted: NDArray[np.int64] | None
) -> NDArray[np.bool_]:
    """Whether an article has words, but no words of its own."""
    nothing = (lengths == 0) & (np.diff(corpus.offsets) > 0)
    return np.asarray(nothing if counted is None else nothing[counted])


def findings_of(corpus: ComparedArticles, columns: OverlapColumns, lengths: NDArray[np.int64]) -> Findings:
    """Derive the results for each article from the overlaps: standing, story, and the story's origin."""
    # Stories are computed with the articles in the order of their ids, so nothing depends on the order of
    # reading.
    rows = np.asarray(pc.sort_indices(corpus.ids)).astype(np.int64)
    ranks = np.argsort(rows)
    copied = counted(columns)[0]
    grouping = group_stories(columns, copied, ranks)
    by_id = grouping.stories
    since, until = intervals(corpus.published, corpus.precision)
    suppliers = suppliers_of(corpus.credits, corpus.sources, corpus.source_names, corpus.outlets)
    standing = standing_of(
        columns,
        lengths=lengths,
        sources=corpus.sources,
        suppliers=suppliers.whole,
        since=since,
        until=until,
        ranks=ranks,
    )
    own = own_agency(corpus.sources, corpus.source_names, corpus.agency_names)
    supplying = [supplier_of_source(name, corpus.outlets) is not None for name in corpus.source_names]
    own |= np.array(supplying, np.bool_)[corpus.sources] if supplying else own
    origins, reasons = likely_origin(
        by_id,
        own_agency=own[rows],
        published=corpus.published[rows],
        credited=corpus.credited[rows],
        words=(standing.copied * lengths).astype(np.int64)[rows],
        until=until[rows],
    )
    stories = Stories(by_id.of_article[ranks], rows[by_id.members], by_id.offsets)
    sides = columns.aligned.sides.of(copied)
    return Findings(
        corpus=corpus,
        lengths=lengths,
        standing=standing,
        stories=stories,
        origins=rows[origins],
        origin_reasons=reasons,
        suppliers=suppliers,
        grouping=grouping,
        rows=rows,
        since=since,
        until=until,
        core_words=core_words(sides, stories, rows[origins], lengths),
        contributed=_contributed(corpus, sides, ranks),
    )


def _contributed(
    corpus: ComparedArticles, sides: Sides, ranks: NDArray[np.int64]
) -> dict[int, tuple[str, int]]:
    """Map articles that share text with one to which a supplier contributed to its name and that article.

    Of several such articles, the one with the smallest id is used.
    """
    said = corpus.credits
    rows = np.repeat(np.arange(len(said.offsets) - 1), np.diff(said.offsets))
    supplied = said.kind != KINDS.index("outlet")  # the first to report has not contributed
    part = np.flatnonzero((said.form == FORMS.index("contribution")) & ~said.whole & supplied)
    name_of: dict[int, str] = {}
    for row, name in zip(rows[part].tolist(), said.name.take(part).to_pylist(), strict=True):
        if name is not None:
            name_of.setdefault(row, name)
    if not name_of:
        return {}
    there = np.flatnonzero(np.isin(sides.other, list(name_of)))
    there = there[np.argsort(ranks[sides.other[there]], kind="stable")]
    found: dict[int, tuple[str, int]] = {}
    for article, other in zip(sides.article[there].tolist(), sides.other[there].tolist(), strict=True):
        if article not in name_of:
            found.setdefault(article, (name_of[other], other))
    return found

"""The data block of the HTML page: each article once, with spans as numbers; a script draws them on demand.

Places count UTF-16 units, as JavaScript does; everywhere else they count characters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from heapq import nlargest
from typing import Any

import msgspec

from dedup.article import Article, Span
from dedup.outlets import same_source
from dedup.reporting.ordering import leading_pairs, story_members
from dedup.reporting.outlets import outlet_table
from dedup.reporting.page_options import PageOptions
from dedup.reporting.page_values import (
    credit_row,
    inert,
    is_language,
    is_web_address,
    runs,
    utf16_places,
    writable,
)
from dedup.reporting.wording import agency_share, count, credit_state, headline, verdict
from dedup.results import ArticleSummary, Overlap, Report, Story

_RELATIONS = ("copy", "excerpt", "partial", "quotation", "template", "furniture")

Furniture = Callable[[Sequence[Article]], Sequence[Sequence[Span]]]


class PageData:
    """Chooses what a page shows of a report, and arranges it.

    Parameters
    ----------
    report : Report
    furniture : callable, optional
        Returns the places of an article's text that are site furniture.
    options : PageOptions
    """

    def __init__(self, report: Report, furniture: Furniture | None, options: PageOptions) -> None:
        self._report = report
        self._furniture = furniture
        self._options = options
        self._places: dict[str, Callable[[int], int]] = {}
        self._mine = {same_source(name) for name in options.mine}
        summaries = [each for each in report.articles if each.passages]
        self._listed = nlargest(options.limit, summaries, key=self._urgency)
        self._with_text = len(summaries)
        # Records are built again each time that they are read, so they are read once.
        self._overlaps = list(report.overlaps)
        self._pairs = leading_pairs(self._overlaps, {each.id for each in self._listed}, options.limit)
        stories = report.stories
        self._stories = nlargest(options.limit, stories, key=lambda each: (len(each.articles), each.sources))

    @property
    def totals(self) -> dict[str, int]:
        """The numbers of articles with shared text, of pairs and of stories in the report, shown or not."""
        return {
            "articles": self._with_text,
            "pairs": len(self._report.overlaps),
            "stories": len(self._report.stories),
        }

    @cached_property
    def articles(self) -> list[dict[str, Any]]:
        """The articles on the page: the listed articles come first, in order of urgency."""
        ids = [each.id for each in self._listed]
        ids += [id_ for pair in self._pairs for id_ in (pair.a, pair.b)]
        ids += [id_ for story in self._stories for id_ in story_members(story)]
        wanted = dict.fromkeys(ids)
        summaries = {each.id: each for each in self._report.articles if each.id in wanted}
        listed = {each.id for each in self._listed}
        texts = [self._report.article(id_) for id_ in wanted]
        furniture = self._furniture(texts) if self._furniture else [()] * len(texts)
        return [
            self._article(article, summaries[article.id], spans, listed=article.id in listed)
            for article, spans in zip(texts, furniture, strict=True)
        ]

    def number(self, id: str) -> int:  # noqa: A002 - the field's name
        """Return the place of an article among `articles`."""
        return self._numbers[writable(id)]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {each["id"]: number for number, each in enumerate(self.articles)}

    @property
    def overlaps(self) -> list[Overlap]:
        """The pairs on the page, those with most shared words first."""
        return self._pairs

    def encoded(self) -> str:
        """Return the block as JSON without any ``<``, so that no text can end the element around it."""
        outlets = sorted({each["source"] for each in self.articles}, key=str.casefold)
        code = {name: number for number, name in enumerate(outlets)}
        rows = [each | {"source": code[each["source"]]} for each in self.articles]
        pairs = [self._pair(each) for each in self._pairs]
        block = {
            "outlets": outlets,
            "articles": rows,
            "pairs": pairs,
            "stories": [self._story(each) for each in self._stories],
            "totals": self.totals,
            "outletsShown": outlets,
            "agencies": sorted({name for each in rows for name in each["agencies"]}),
            "relations": sorted({each["relation"] for each in pairs}, key=_RELATIONS.index),
            "mine": list(self._options.mine),
            "fresh": self._options.known is not None,
            "outletTable": outlet_table(self._report, self._overlaps),
            "emptyHint": empty_hint(self._report),
        }
        return inert(block)

    def _urgency(self, summary: ArticleSummary) -> tuple[Any, ...]:
        """Sort by what an editor decides first: own outlets, copy without a credit, then the larger share."""
        state = credit_state(summary)
        return (
            same_source(summary.source) in self._mine,
            bool(summary.copied) and state == "not_found",
            bool(summary.copied) and state == "named",
            summary.copied,
            summary.quoted,
        )

    def _article(
        self, article: Article, summary: ArticleSummary, furniture: Sequence[Span], *, listed: bool
    ) -> dict[str, Any]:
        place = self._places[summary.id] = utf16_places(article.text)
        suppliers = [msgspec.to_builtins(each) for each in summary.suppliers]
        agency = [each for each in suppliers if each["kind"] in ("agency", "feed")]
        names = [each["name"] for each in agency if each["name"]]
        times = self._options.times
        first = self._report.article(summary.earliest) if summary.earliest else None
        return {
            "id": writable(summary.id),
            "source": writable(summary.source),
            "headline": writable(headline(article, furniture)),
            "url": article.url if is_web_address(article.url) else None,
            "when": None
            if article.published is None
            else times.moment(article.published, article.published_precision),
            "at": int(article.published.timestamp()) if article.published else None,
            "published": article.published.isoformat() if article.published else None,
            "language": article.language if is_language(article.language) else None,
            "text": None if self._options.excerpts_only else writable(article.text),
            "excerpts": self._excerpts(article, place) if self._options.excerpts_only else None,
            "words": summary.words,
            "copied": round(summary.copied, 4),
            "quoted": round(summary.quoted, 4),
            "agencyShare": round(agency_share(summary), 4),
            "agencies": [writable(name) for name in names or ([summary.agency] if summary.agency else [])],
            "credit": credit_state(summary),
            "credits": [credit_row(each, place) for each in summary.credits],
            "furniture": [] if self._options.excerpts_only else runs(article.text, furniture, place),
            "sentence": writable(times.sentence(summary.sentence or verdict(self._report, summary), first)),
            "others": summary.others,
            "story": self._story_numbers.get(summary.story) if summary.story else None,
            "mine": same_source(summary.source) in self._mine,
            "creditsMine": self._credits_mine(summary),
            "listed": listed,
            "fresh": summary.id in self._fresh_ids,
        }

    def _credits_mine(self, summary: ArticleSummary) -> bool:
        """Whether an article credits one of the reader's outlets."""
        named = (each.name for each in summary.credits if each.state == "credited" and each.name)
        return any({same_source(name), same_source(name.removeprefix("The "))} & self._mine for name in named)

    @cached_property
    def _fresh_ids(self) -> set[str]:
        known = self._options.known
        if known is None:
            return set()
        return {id_ for each in self._pairs if (each.a, each.b) not in known for id_ in (each.a, each.b)}

    @cached_property
    def _story_numbers(self) -> dict[str, int]:
        return {story.id: number for number, story in enumerate(self._stories)}

    @cached_property
    def _spans(self) -> dict[str, list[Span]]:
        """The passages of each article, for a page that contains only these."""
        spans: dict[str, list[Span]] = {}
        for pair in self._pairs:
            for each in pair.passages:
                spans.setdefault(pair.a, []).append(each.a)
                spans.setdefault(pair.b, []).append(each.b)
        return spans

    def _excerpts(self, article: Article, place: Callable[[int], int]) -> list[tuple[int, str]]:
        merged: list[list[int]] = []
        for start, end in sorted(self._spans.get(article.id, [])):
            if merged and start <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([start, end])
        return [(place(start), writable(article.text[start:end])) for start, end in merged]

    def _pair(self, overlap: Overlap) -> dict[str, Any]:
        a, b = self._places[overlap.a], self._places[overlap.b]
        agencies = overlap.agencies
        return {
            "a": self.number(overlap.a),
            "b": self.number(overlap.b),
            "relation": overlap.relation,
            "syndicated": overlap.syndicated,
            "agencies": [writable(name) for name in agencies],
            "similarity": round(overlap.similarity, 4),
            "jaccard": round(overlap.jaccard, 4),
            "coverage": [round(overlap.coverage_a, 4), round(overlap.coverage_b, 4)],
            "words": overlap.words,
            "quoted": overlap.quoted_words,
            "longest": overlap.longest_run,
            "earlier": overlap.earlier,
            "gap": overlap.gap_seconds,
            "reasons": [writable(reason) for reason in overlap.reasons],
            "fresh": self._options.known is not None and (overlap.a, overlap.b) not in self._options.known,
            "passages": [
                [
                    *(a(each.a_start), a(each.a_end), b(each.b_start), b(each.b_end)),
                    *(each.relation, each.words, each.quoted_words, int(getattr(each, "moved", False))),
                    *(round(score, 4) for score in (each.similarity, each.jaccard, each.cosine)),
                ]
                for each in overlap.passages
            ],
        }

    def _story(self, story: Story) -> dict[str, Any]:
        members = story_members(story)
        first = story.first_published
        related = [
            {"story": self._story_numbers[each.story], "headline": self._headline_of(each.story)}
            for each in story.related
            if each.story in self._story_numbers
        ]
        return {
            "id": writable(story.id),
            "articles": [self.number(id_) for id_ in members],
            "size": len(story.articles),
            "sources": story.sources,
            "origin": self.number(story.origin) if story.origin else None,
            "reason": writable(story.origin_reason),
            "agency": None if story.origin_agency is None else writable(story.origin_agency),
            "core": story.core_words,
            "when": self._options.times.moment(first, story.first_precision) if first else None,
            "at": int(first.timestamp()) if first else None,
            "versions": [len(each) for each in story.versions if len(each) > 1],
            "related": related,
        }

    def _headline_of(self, story: str) -> str:
        return writable(headline(self._report.article(story)))


def empty_hint(report: Report) -> str:
    """Say what was compared, for a report without overlaps."""
    sources = {each.source for each in report.articles}
    compared = "was" if len(report.articles) == 1 else "were"
    read = f"{count(len(report.articles), 'article')} of {count(len(sources), 'outlet')} {compared} compared."
    if len(sources) == 1 and len(report.articles) > 1:
        return (
            f"{read} Articles of one outlet are not compared with each other unless --scope all asks for it."
        )
    return f"{read} A shared passage is found from some 15 words on."

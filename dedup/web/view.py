"""What the lists of the desk show for a period: cases by queue, stories, and outlets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from dedup.article import Article
from dedup.decisions.ledger import Answer, Ledger
from dedup.decisions.record import Decision, State
from dedup.index.index import Index
from dedup.index.verbs.reports import StoredReport
from dedup.reporting.outlets import OutletRow, outlet_matrix, outlet_rows
from dedup.reporting.wording import credit_state
from dedup.results import ArticleSummary, Overlap, Report, Story
from dedup.web.keys import key_of
from dedup.web.options import DeskOptions

#: Periods by their name in addresses, counted back from the newest article.
PERIODS: dict[str, timedelta | None] = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "all": None,
}
#: Maximum number of articles in a view: the latest arrivals.
MOST_ARTICLES = 20_000
#: Overlaps below this are not a case, unless asked for.
LEAST_WORDS, LEAST_SHARE = 60, 0.10
_QUIET = ("quotation", "furniture", "template")

OPEN_QUEUES = ("ours", "agency", "resembles", "unsure", "other")
DECIDED_QUEUES = ("waiting", "closed")
SMALL = "small"


@dataclass(frozen=True, slots=True)
class Case:
    """One article that an editor looks at.

    Attributes
    ----------
    queue : str
        One of `OPEN_QUEUES`, `DECIDED_QUEUES`, or `SMALL`.
    pairs : tuple of Overlap
        The pairs that make it a case, the most important one first.
    credit : str or None
        "credited", "named" or "not_found": whether it credits the supplier of its text.
    evidence : str
        The words of the credit or mention; empty if there is none.
    words : int
        Number of shared words outside quotations, in the first pair.
    """

    summary: ArticleSummary
    queue: str
    pairs: tuple[Overlap, ...]
    state: State
    decision: Decision | None
    credit: str | None
    evidence: str
    words: int

    @property
    def key(self) -> str:
        """The key of the article in addresses."""
        return key_of(self.summary.id)

    @property
    def other(self) -> str:
        """The id of the other article in the first pair."""
        pair = self.pairs[0]
        return pair.b if pair.a == self.summary.id else pair.a


@dataclass(frozen=True)
class View:
    """A period of the index, as the lists show it."""

    report: StoredReport
    period: str
    since: datetime | None
    newest: datetime | None
    ledger: Ledger
    options: DeskOptions
    cut: bool
    cases: tuple[Case, ...] = field(default=())

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of cases in each queue."""
        counts = dict.fromkeys((*OPEN_QUEUES, *DECIDED_QUEUES, SMALL), 0)
        for case in self.cases:
            counts[case.queue] += 1
        return counts

    @cached_property
    def stories(self) -> dict[str, Story]:
        """The stories by key."""
        return {key_of(story.id): story for story in self.report.stories}

    @cached_property
    def story_of(self) -> dict[str, str]:
        """The key of each article's story, by the article's key, so that a story's former keys lead to it."""
        return {key_of(id_): key for key, story in self.stories.items() for id_ in story.articles}

    @cached_property
    def summaries(self) -> dict[str, ArticleSummary]:
        """The articles by id."""
        return {each.id: each for each in self.report.articles}

    @cached_property
    def outlets(self) -> list[OutletRow]:
        """The figures of each outlet."""
        return outlet_rows(self.report)

    @cached_property
    def matrix(self) -> tuple[list[str], list[list[object]]]:
        """What each outlet shares with each other."""
        return outlet_matrix(self.report)  # type: ignore[return-value]


def make_view(
    index: Index, period: str, ledger: Ledger, options: DeskOptions, report: StoredReport | None = None
) -> View:
    """Build the view of a period; `report` is reused where only decisions have changed."""
    newest = _newest(index)
    span = PERIODS[period]
    since = None if span is None or newest is None else newest - span
    if report is None:
        report = index.recent(since, MOST_ARTICLES)
    return View(
        report,
        period,
        since,
        newest,
        ledger,
        options,
        cut=report.summary.articles >= MOST_ARTICLES,
        cases=tuple(_cases(report, ledger, options)),
    )


def answered_by(view: View, decisions: Sequence[Decision]) -> int:
    """Return how many open cases of a period the decisions would answer if they were logged."""
    ledger = Ledger([*view.ledger.decisions, *decisions])
    found = 0
    for case in view.cases:
        if case.state == "open":
            answers = [ledger.answer(each, view.report.article) for each in case.pairs]
            found += _together(answers).state != "open"
    return found


def _newest(index: Index) -> datetime | None:
    now = int(datetime.now(UTC).timestamp() * 1e6)
    found = index.state.catalogue.one("SELECT max(published) FROM article WHERE published <= ?", [now])
    return None if found is None else datetime.fromtimestamp(found / 1e6, UTC)


def _cases(report: Report, ledger: Ledger, options: DeskOptions) -> list[Case]:
    pairs: dict[str, list[Overlap]] = defaultdict(list)
    for overlap in report.overlaps:
        if overlap.relation not in _QUIET:
            pairs[overlap.a].append(overlap)
            pairs[overlap.b].append(overlap)
    cases = [
        case
        for summary in report.articles
        if summary.id in pairs
        and (case := _case(report, summary, pairs[summary.id], ledger, options)) is not None
    ]
    # Most unquoted words first; among equals, the newest first.
    return sorted(cases, key=lambda each: (-each.words, -_time(each.summary), each.summary.id))


def _case(
    report: Report, summary: ArticleSummary, pairs: Sequence[Overlap], ledger: Ledger, options: DeskOptions
) -> Case | None:
    queue, chosen, credit, evidence = _question(report, summary, pairs, options)
    if not chosen:
        return None
    chosen = sorted(chosen, key=lambda each: each.quoted_words - each.words)
    words = chosen[0].words - chosen[0].quoted_words
    if words < LEAST_WORDS and summary.copied < LEAST_SHARE:
        queue = SMALL
    answers = [ledger.answer(each, report.article) for each in chosen] if ledger else []
    answer = _together(answers)
    return Case(
        summary,
        queue if answer.state == "open" else answer.state,
        tuple(chosen),
        answer.state,
        answer.decision,
        credit,
        evidence,
        words,
    )


def _question(
    report: Report, summary: ArticleSummary, pairs: Sequence[Overlap], options: DeskOptions
) -> tuple[str, list[Overlap], str | None, str]:
    """Return the queue that an article is in, the pairs behind it, and how it credits its supplier."""
    mine = options.is_mine(summary.source)
    theirs = [each for each in pairs if options.is_mine(_other_source(each, summary.id)) != mine]
    if mine:
        state = credit_state(summary)
        agencies = [each for each in summary.suppliers if each.kind in ("agency", "feed")]
        if agencies and state in ("not_found", "named"):
            return ("agency" if state == "not_found" else "unsure"), list(pairs), state, _mentions(summary)
        before = [each for each in theirs if _other_is(each, summary.id, "earlier")]
        if before and not agencies:
            return "resembles", before, state, _mentions(summary)
        return "other", [], state, ""
    # An agency's copy that also ran at one of our outlets does not need our credit.
    own = [each for each in theirs if not each.agencies] if options.mine else []
    ours = [each for each in own if not _other_is(each, summary.id, "later")]
    if ours:
        state, evidence = _credit_of_mine(report.article(summary.id), summary, options)
        if state == "credited":
            return "other", [], state, evidence
        known = any(_other_is(each, summary.id, "earlier") for each in ours)
        return ("ours" if state == "not_found" and known else "unsure"), ours, state, evidence
    if options.mine:
        return "other", [], None, ""
    state = credit_state(summary)
    queue = {"not_found": "agency", "named": "unsure"}.get(state or "", "other")
    return queue, list(pairs), state, _mentions(summary)


def _credit_of_mine(article: Article, summary: ArticleSummary, options: DeskOptions) -> tuple[str, str]:
    """Return whether an article credits the newsroom, and with which words."""
    for each in summary.credits:
        if each.state == "credited" and each.name is not None and options.is_mine(each.name):
            return "credited", each.text
    for name in names_of_mine(options):
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", article.text, re.IGNORECASE)
        if found:
            start, end = max(0, found.start() - 40), min(len(article.text), found.end() + 40)
            return "named", " ".join(article.text[start:end].split())
    return "not_found", ""


def names_of_mine(options: DeskOptions) -> list[str]:
    """Return what a credit of the newsroom may say: its names, its writers, its own wording."""
    names: list[str] = []
    for outlet in options.outlets:
        if outlet.mine:
            wording = () if outlet.credit_as is None else (outlet.credit_as,)
            names += [outlet.name, *outlet.aliases, *wording, *outlet.writers]
    return list(dict.fromkeys(names))


def _mentions(summary: ArticleSummary) -> str:
    return "; ".join(" ".join(each.text.split())[:90] for each in summary.credits)


def _together(answers: Sequence[Answer]) -> Answer:
    """Combine the answers on all pairs of a case: open if one is open, else waiting if one is waiting."""
    for state in ("open", "waiting", "closed"):
        found = [each for each in answers if each.state == state]
        if found:
            return max(found, key=lambda each: each.decision.at.timestamp() if each.decision else 0.0)
    return Answer("open", None)


def _other_source(overlap: Overlap, id: str) -> str:  # noqa: A002 - the field's name
    return overlap.b_source if overlap.a == id else overlap.a_source


def _other_is(overlap: Overlap, id: str, when: str) -> bool:  # noqa: A002
    """Whether the other article of a pair is known to be the earlier, or the later."""
    if overlap.earlier is None:
        return False
    own = "a" if overlap.a == id else "b"
    return (overlap.earlier == own) == (when == "later")


def _time(summary: ArticleSummary) -> float:
    return summary.published.timestamp() if summary.published else 0.0

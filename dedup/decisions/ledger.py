"""The decisions in force, and which of them answer a pair of articles."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from dedup.article import Article
from dedup.decisions.record import HOLD_ANYWHERE, Decision, State
from dedup.decisions.sentences import Sentence, sentence_bounds, sentences_in, text_digest
from dedup.results import Overlap

#: A passage is answered if at least this share of it is in decided sentences.
ANSWERED = 0.9
#: Decisions are about copied text. Quotations and furniture do not raise a case.
_QUIET = ("quotation", "furniture", "template")
_TEXTS = 4_096


class Answer(NamedTuple):
    """What the decisions say about a pair.

    Attributes
    ----------
    state : {"open", "waiting", "closed"}
    decision : Decision or None
        The decision that answers the pair. For an open case, an older decision that the text has outgrown.
    """

    state: State
    decision: Decision | None


class Ledger:
    """The decisions in force, for looking up pairs.

    Parameters
    ----------
    decisions : iterable of Decision
        In the order in which they were made.
    now : datetime, optional
        Decisions whose `until` is before this moment have expired.
    """

    def __init__(self, decisions: Iterable[Decision], now: datetime | None = None) -> None:
        moment = now or datetime.now(UTC)
        self.decisions = tuple(decisions)
        undone = _undone(self.decisions)
        self.active = [
            each
            for each in self.decisions
            if each.kind != "undo" and each.id not in undone and (each.until is None or each.until > moment)
        ]
        self._by_sentence: dict[str, list[int]] = defaultdict(list)
        self._by_pair: dict[frozenset[str], list[int]] = defaultdict(list)
        for number, each in enumerate(self.active):
            for sentence in each.sentences:
                self._by_sentence[sentence].append(number)
            self._by_pair[frozenset({each.a, each.b})].append(number)
        self._bounds: OrderedDict[str, list[tuple[int, int]]] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self.active)

    def answer(self, overlap: Overlap, article: Callable[[str], Article]) -> Answer:
        """Return what the decisions say about a pair of articles.

        The pair is answered if each of its passages is, apart from quotations and furniture: at least nine
        tenths of the passage, on either side, must be in sentences that were decided about. So text that one
        of the two changes later is raised again.
        """
        passages = [each for each in overlap.passages if each.relation not in _QUIET]
        if not self.active or not passages:
            return Answer("open", None)
        sources = frozenset({overlap.a_source.casefold(), overlap.b_source.casefold()})
        found: list[int] = []
        for passage in passages:
            sides = (
                (overlap.a, passage.a_start, passage.a_end),
                (overlap.b, passage.b_start, passage.b_end),
            )
            latest = [
                self._decided(self._sentences(article(id_), start, end), sources) for id_, start, end in sides
            ]
            known = [each for each in latest if each is not None]
            if len(known) < len(sides):
                former = self._by_pair.get(frozenset({overlap.a, overlap.b}))
                return Answer("open", self.active[former[-1]] if former else None)
            found.append(max(known))
        last = self.active[max(found)]
        return Answer(last.state, last)

    def ignores(self, article: Article, start: int, end: int) -> bool:
        """Whether a passage of an article must never be shown."""
        decided = self._decided(self._sentences(article, start, end), frozenset(), only="ignore_passage")
        return decided is not None

    def _decided(
        self, sentences: Sequence[Sentence], sources: frozenset[str], only: str | None = None
    ) -> int | None:
        """Return the latest decision on a passage, if enough of the passage was decided about."""
        total = answered = 0
        latest = -1
        for each in sentences:
            total += each.letters
            numbers = {*self._by_sentence.get(each.whole, ()), *self._by_sentence.get(each.part, ())}
            holding = [number for number in numbers if self._holds(number, sources, only)]
            if holding:
                answered += each.letters
                latest = max(latest, *holding)
        return latest if total and answered >= ANSWERED * total else None

    def _holds(self, number: int, sources: frozenset[str], only: str | None) -> bool:
        decision = self.active[number]
        if only is not None:
            return decision.kind == only
        return decision.kind in HOLD_ANYWHERE or decision.sources == sources

    def _sentences(self, article: Article, start: int, end: int) -> list[Sentence]:
        bounds = self._bounds.get(article.text)
        if bounds is None:
            bounds = self._bounds[article.text] = sentence_bounds(article.text)
            if len(self._bounds) > _TEXTS:
                self._bounds.popitem(last=False)
        return list(sentences_in(article.text, start, end, bounds))


def decided_sentences(
    overlap: Overlap, article: Callable[[str], Article], numbers: Sequence[int] | None = None
) -> tuple[str, ...]:
    """Return the digests that store a decision on a pair: sentences of its passages, on both sides.

    `numbers` chooses some of the passages, counted from 0. By default all count except quotations and
    furniture.
    """
    digests: dict[str, None] = {}
    for number, passage in enumerate(overlap.passages):
        if passage.relation in _QUIET if numbers is None else number not in numbers:
            continue
        for id_, start, end in (
            (overlap.a, passage.a_start, passage.a_end),
            (overlap.b, passage.b_start, passage.b_end),
        ):
            for each in sentences_in(article(id_).text, start, end):
                if each.inside:
                    digests[each.whole] = None
                digests[each.part] = None
    return tuple(digests)


def text_digests(overlap: Overlap, article: Callable[[str], Article]) -> tuple[str, str]:
    """Return the digests of both whole texts."""
    return text_digest(article(overlap.a).text), text_digest(article(overlap.b).text)


def _undone(decisions: Sequence[Decision]) -> set[str]:
    """Return the ids of decisions that were undone. An undo that was itself undone has no effect."""
    undone: set[str] = set()
    for each in reversed(decisions):
        if each.kind == "undo" and each.id not in undone and each.undoes:
            undone.add(each.undoes)
    return undone

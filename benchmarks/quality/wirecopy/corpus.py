"""Puts a corpus together: events, wire stories, what outlets make of them, and the truth about the pairs."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

from wirecopy import furniture
from wirecopy.furniture import AGENCIES, CREDITS, Outlet, make_outlet
from wirecopy.grammar import Grammar, languages, read_grammar
from wirecopy.style import WIRE_STYLE, in_style, random_style
from wirecopy.telling import (
    Event,
    Wording,
    dateline,
    new_event,
    own_story,
    wire_story,
    with_new_quotes,
    wording,
)
from wirecopy.treatments import (
    cut_from_end,
    drop_sentences,
    edit_words,
    insert_clause,
    insert_paragraphs,
    merge_and_split,
    move_paragraphs,
    weave,
    words_in,
)
from wirecopy.truth import MIN_PAIR_WORDS, PlacedWord, TruePassage, lay_out, pair_relation, true_passages
from wirecopy.words import Paragraph, plain

#: What is done to agency copy, and how often. From the lightest to the hardest: of two versions of one story
#: the harder names the pair.
TREATMENTS = {
    "whole": 4,
    "restructured": 3,
    "cut": 3,
    "own lead": 2,
    "own paragraphs": 2,
    "excerpt": 2,
    "partial": 3,
    "small part": 2,
}  # fmt: skip
HARDNESS = ("wire", *TREATMENTS, "woven", "quotations", "own telling")

EDIT_RATES = (0.0, 0.05, 0.1, 0.2, 0.3)


@dataclass
class WireArticle:
    """A finished article with what the truth needs of it.

    Attributes
    ----------
    id, source, title, language, text : str
    published : datetime
    kind : str
        The treatment; "wire" for the agency's own.
    group : int
        The event, or the block of boilerplate, that it has in common with others.
    words : list of PlacedWord
        Furniture aside; places count in `text`.
    """

    id: str
    source: str
    title: str
    language: str
    published: datetime
    text: str
    kind: str
    group: int
    words: list[PlacedWord]


@dataclass
class Corpus:
    """Articles and the truth about them, as lines for JSON."""

    articles: list[WireArticle] = field(default_factory=list)
    overlaps: list[dict[str, Any]] = field(default_factory=list)
    negatives: list[dict[str, Any]] = field(default_factory=list)
    stories: list[dict[str, Any]] = field(default_factory=list)


def make_corpus(
    seed: int,
    stories: int,
    *,
    rates: Sequence[float] = EDIT_RATES,
    only: Sequence[str] | None = None,
) -> Corpus:
    """Generate a corpus.

    Parameters
    ----------
    seed : int
    stories : int
        Events that an agency reports; each gives up to ten articles.
    rates : sequence of float
        Shares of words that an outlet changes; each version draws one.
    only : sequence of str, optional
        ISO 639-1 codes; by default seven stories in ten are English and the rest in the other languages.
    """
    desk = _Desk(random.Random(f"wire {seed}"), tuple(rates))
    others = [code for code in languages() if code != "en"]
    for number in range(stories):
        if only:
            language = only[number % len(only)]
        else:
            language = "en" if number % 10 < 7 else others[(number // 10 * 3 + number % 10 - 7) % len(others)]
        desk.report_event(number, read_grammar(language))
    for number in range(max(1, stories // 25)):
        for kind in furniture.BOILERPLATE:
            desk.print_boilerplate(kind, read_grammar((only or ["en"])[0]), f"{kind} {number}")
        desk.print_furniture_only(read_grammar((only or ["en"])[0]))
    corpus = Corpus(articles=sorted(desk.articles, key=lambda article: article.id))
    _tell_truth(corpus)
    return corpus


class _Desk:
    """Writes articles one event at a time; keeps the numbering and the outlets."""

    def __init__(self, rng: random.Random, rates: tuple[float, ...]) -> None:
        self.rng = rng
        self.rates = rates
        self.articles: list[WireArticle] = []
        self.outlets = [make_outlet(number, random_style(rng), rng) for number in range(60)]
        self.texts = 0
        self.groups = 0
        self.start = datetime(2026, 3, 1, tzinfo=UTC)

    def report_event(self, number: int, grammar: Grammar) -> None:
        """An event with its wire story, the outlets' versions, and tellings of its own."""
        rng, self.groups = self.rng, self.groups + 1
        event = new_event(grammar, rng, self._text_number())
        agency = rng.choice(AGENCIES)
        moment = self.start + timedelta(minutes=37 * number)
        outlets = iter(rng.sample(self.outlets, 12))
        wire = self._wire(event, agency)
        tellings = [wire]
        if rng.random() < 0.75:
            self._publish(event, agency, None, "wire", wire, moment)
        for _ in range(rng.randint(1, 5)):
            kind = rng.choices(list(TREATMENTS), weights=list(TREATMENTS.values()))[0]
            self._version(event, wire, kind, next(outlets), agency, moment)
        if rng.random() < 0.12:
            second_agency = rng.choice([name for name in AGENCIES if name != agency])
            # Its own quotations: an editor who weaves two texts prints no statement twice.
            heard = with_new_quotes(event, rng, self._text_number())
            second = wire_story(heard, rng, self._text_number(), rng.randint(8, 14), avoid=wording(wire))
            tellings.append(second)
            self._publish(event, second_agency, None, "wire", second, moment)
            woven = weave(self._edited(cut_from_end(wire, 0.6), event), self._edited(second, event), rng)
            self._publish(event, next(outlets).name, agency, "woven", woven, moment)
        avoid = wording(*tellings)
        if rng.random() < 0.35:
            own = own_story(event, rng, rng.randint(8, 18), avoid=avoid, short_quote=True)
            self._publish(event, next(outlets).name, None, "own telling", own, moment)
        if rng.random() < 0.25:
            own = own_story(event, rng, rng.randint(8, 18), avoid=avoid, quotes=True)
            self._publish(event, next(outlets).name, None, "quotations", own, moment)

    def print_boilerplate(self, kind: str, grammar: Grammar, group: str) -> None:
        """Four outlets print one block, each in an article of its own."""
        self.groups += 1
        block = furniture.boilerplate(kind, grammar, self.rng)
        for outlet in self.rng.sample(self.outlets, 4):
            event = new_event(grammar, self.rng, self._text_number())
            own = own_story(event, self.rng, self.rng.randint(6, 16))
            planted: list[Paragraph] = [[plain(line)] for line in block]
            place = self.rng.randint(1, len(own))
            own[place:place] = planted
            self._publish(event, outlet.name, None, f"shared {kind}", own, self._any_time())

    def print_furniture_only(self, grammar: Grammar) -> None:
        """Four outlets print the same caption, credit and disclaimer around articles of their own."""
        self.groups += 1
        agency = self.rng.choice(AGENCIES)
        first = new_event(grammar, self.rng, self._text_number())
        caption = furniture.caption(grammar, first.topic, first.facts, self.rng, agency)
        credit = self.rng.choice(CREDITS)
        for outlet in self.rng.sample(self.outlets, 4):
            event = new_event(grammar, self.rng, self._text_number())
            own = own_story(event, self.rng, self.rng.randint(6, 16))
            own = [
                furniture.paragraph(caption),
                *own,
                furniture.paragraph(credit.format(o=outlet.name, a=agency)),
            ]
            self._publish(event, outlet.name, None, "shared furniture", own, self._any_time())

    def _wire(self, event: Event, agency: str) -> list[Paragraph]:
        number = self._text_number()
        wire = wire_story(event, self.rng, number, self.rng.randint(9, 24))
        if event.grammar.language == "en":
            wire[0][0] = [*dateline(event, agency, number), *wire[0][0]]
        return wire

    def _version(
        self, event: Event, wire: list[Paragraph], kind: str, outlet: Outlet, agency: str, moment: datetime
    ) -> None:
        rng = self.rng
        avoid = wording(wire)
        text = self._edited(_treat(kind, wire, event, avoid, rng), event)
        if rng.random() < 0.3:
            clause = own_story(event, rng, 2, avoid=avoid, body_only=True)[0][0][:7]
            where = rng.randrange(len(text))
            text[where] = [insert_clause(text[where][0], clause, rng), *text[where][1:]]
        self._publish(event, outlet.name, agency, kind, text, moment)

    def _edited(self, paragraphs: list[Paragraph], event: Event) -> list[Paragraph]:
        return edit_words(paragraphs, self.rng.choice(self.rates), event.grammar, event.topic, self.rng)

    def _publish(
        self,
        event: Event,
        source: str,
        agency: str | None,
        kind: str,
        paragraphs: list[Paragraph],
        moment: datetime,
    ) -> None:
        rng, grammar = self.rng, event.grammar
        outlet = next((outlet for outlet in self.outlets if outlet.name == source), None)
        style = WIRE_STYLE if outlet is None else outlet.style
        body = in_style(paragraphs, style, moment.day)
        top: list[Paragraph] = []
        bottom: list[Paragraph] = []
        if outlet is not None:
            top, bottom = self._around(event, outlet, agency)
        text, placed = lay_out([*top, *body, *bottom], grammar.joiner)
        first, last = _word_count(top), _word_count(bottom)
        headline = grammar.sentence("headline", rng, event.topic, event.facts)
        minutes = 0 if outlet is None else rng.randint(5, 900)
        self.articles.append(
            WireArticle(
                id=f"w{len(self.articles):06d}", source=source, language=grammar.language, text=text,
                title=lay_out([[headline]], grammar.joiner)[0], published=moment + timedelta(minutes=minutes),
                kind=kind, group=self.groups, words=placed[first : len(placed) - last],
            )
        )  # fmt: skip

    def _around(
        self, event: Event, outlet: Outlet, agency: str | None
    ) -> tuple[list[Paragraph], list[Paragraph]]:
        rng = self.rng
        top = [furniture.paragraph(line) for line in outlet.top]
        bottom: list[Paragraph] = []
        if rng.random() < 0.4:
            top.append(
                furniture.paragraph(
                    furniture.caption(event.grammar, event.topic, event.facts, rng, rng.choice(AGENCIES))
                )
            )
        if agency is not None and rng.random() < 0.6:
            bottom.append(furniture.paragraph(rng.choice(CREDITS).format(o=outlet.name, a=agency)))
        return top, bottom + [furniture.paragraph(line) for line in outlet.bottom]

    def _text_number(self) -> int:
        self.texts += 1
        return self.texts

    def _any_time(self) -> datetime:
        return self.start + timedelta(minutes=self.rng.randrange(20_000))


def _treat(
    kind: str, wire: list[Paragraph], event: Event, avoid: Wording, rng: random.Random
) -> list[Paragraph]:
    """What one outlet does to the order and the amount of the wire's text."""
    if kind == "restructured":
        return move_paragraphs(merge_and_split(drop_sentences(wire, rng), rng), rng)
    if kind == "cut":
        return cut_from_end(merge_and_split(wire, rng), rng.uniform(0.35, 0.85))
    if kind == "own lead":
        return own_story(event, rng, rng.randint(2, 4), avoid=avoid) + wire[1:]
    if kind == "own paragraphs":
        return insert_paragraphs(wire, own_story(event, rng, rng.randint(3, 8), avoid=avoid), rng)
    if kind == "excerpt":
        return cut_from_end(wire, rng.uniform(0.1, 0.25))
    if kind in ("partial", "small part"):
        share = rng.uniform(0.15, 0.3) if kind == "partial" else rng.uniform(0.06, 0.15)
        return _part(wire, share, event, avoid, rng)
    return wire


def _part(
    wire: list[Paragraph],
    share: float,
    event: Event,
    avoid: Wording,
    rng: random.Random,
) -> list[Paragraph]:
    """A few paragraphs of the wire in a text of the outlet's own, of which they make up about `share`."""
    start = rng.randrange(len(wire))
    part: list[Paragraph] = []
    for paragraph in wire[start:] + wire[:start][::-1]:
        part.append(paragraph)
        if words_in(part) >= MIN_PAIR_WORDS + 5 and (len(part) > 1 or rng.random() < 0.5):
            break
    own = own_story(event, rng, 6, avoid=avoid)
    # Further sentences are the body's: a telling has one lead.
    while words_in(own) < words_in(part) * (1 - share) / share:
        own.insert(-1, own_story(event, rng, 3, avoid=avoid, body_only=True)[0])
    place = rng.randint(0, len(own))
    return own[:place] + part + own[place:]


def _word_count(paragraphs: Sequence[Paragraph]) -> int:
    return sum(bool(word.text) for paragraph in paragraphs for sentence in paragraph for word in sentence)


def _tell_truth(corpus: Corpus) -> None:
    """Fill in the overlaps, the negatives and the stories."""
    groups: dict[int, list[WireArticle]] = {}
    for article in corpus.articles:
        groups.setdefault(article.group, []).append(article)
    for members in groups.values():
        linked: list[tuple[str, str]] = []
        for a, b in combinations(members, 2):
            passages = true_passages(a.words, b.words)
            if passages:
                overlap = _overlap(a, b, passages)
                corpus.overlaps.append(overlap)
                if overlap["relation"] != "quotation" and not overlap["optional"]:
                    linked.append((a.id, b.id))
            else:
                corpus.negatives.append(
                    {"kind": "negative", "a": a.id, "b": b.id, "treatment": _negative(a, b)}
                )
        corpus.stories += _stories(members, linked)


def _negative(a: WireArticle, b: WireArticle) -> str:
    if a.kind == b.kind and a.kind.startswith("shared "):
        return a.kind
    return (
        "same event"
        if "own telling" in (a.kind, b.kind) or "quotations" in (a.kind, b.kind)
        else "other parts"
    )


def _overlap(a: WireArticle, b: WireArticle, passages: list[TruePassage]) -> dict[str, Any]:
    sure = [passage for passage in passages if not passage.optional]
    words = sum(passage.words for passage in passages)
    share_a = sum(passage.span_a for passage in passages) / sum(word.tokens for word in a.words)
    share_b = sum(passage.span_b for passage in passages) / sum(word.tokens for word in b.words)
    optional = sum(passage.words for passage in sure) < MIN_PAIR_WORDS
    return {
        "kind": "overlap", "a": a.id, "b": b.id, "a_source": a.source, "b_source": b.source,
        "relation": pair_relation(sure or passages, share_a, share_b), "optional": optional,
        "treatment": max(a.kind, b.kind, key=HARDNESS.index), "language": a.language,
        "share_a": round(share_a, 4), "share_b": round(share_b, 4), "words": words,
        "edit_rate": round(_edit_rate(passages), 4),
        "passages": [
            {
                "a_start": p.a_start, "a_end": p.a_end, "b_start": p.b_start, "b_end": p.b_end,
                "relation": p.relation, "words": p.words, "quoted_words": p.quoted_words,
                "optional": optional or p.optional,
            }
            for p in sorted(passages, key=lambda p: (p.a_start, p.b_start))
        ],
    }  # fmt: skip


def _edit_rate(passages: list[TruePassage]) -> float:
    """Words substituted, inserted or dropped, as a share of the words of the longer spans."""
    return sum(p.edits for p in passages) / sum(max(p.span_a, p.span_b) for p in passages)


def _stories(members: list[WireArticle], linked: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Connected groups of at least two, with the article that the text came from."""
    leader = {article.id: article.id for article in members}

    def find(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for a, b in linked:
        first, second = sorted((find(a), find(b)))
        leader[second] = first
    for name in sorted({find(a) for a, _ in linked}):
        inside = [article for article in members if find(article.id) == name]
        origin = min(inside, key=lambda article: (article.kind != "wire", article.published, article.id))
        yield {
            "kind": "story",
            "id": name,
            "articles": [article.id for article in inside],
            "origin": origin.id,
        }

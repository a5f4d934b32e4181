"""Events, the wire stories that tell them, and what a reporter on the spot writes of the same event."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from wirecopy.grammar import Grammar, Writer
from wirecopy.words import Paragraph, Sentence, Word, split_punctuation, stamped, unstamped


@dataclass(frozen=True)
class Event:
    """What happened: the facts that every telling of it shares.

    Attributes
    ----------
    grammar : Grammar
    topic : str
    facts : mapping of str to str
        Names, places and numbers, by the slot that they fill.
    quotes : tuple of Sentence
        What was said, word for word; the words carry origins of their own.
    short_quote : Sentence
        A phrase of a few words; without origins.
    """

    grammar: Grammar
    topic: str
    facts: Mapping[str, str]
    quotes: tuple[Sentence, ...]
    short_quote: Sentence


def new_event(grammar: Grammar, rng: random.Random, quotes_number: int) -> Event:
    """Draw an event; its quotations take `quotes_number` as the number of their text."""
    topic = rng.choice(grammar.topics)
    facts = _facts(grammar, rng, topic)
    short = _quoted(_lower_first(grammar.sentence("shortquote", rng, topic, facts)))
    return with_new_quotes(Event(grammar, topic, facts, (), short), rng, quotes_number)


def with_new_quotes(event: Event, rng: random.Random, quotes_number: int) -> Event:
    """The same event with other things said, as a second agency heard them."""
    quotes = tuple(
        stamped(_quoted(_long_quote(event.grammar, rng, event.topic, event.facts)), quotes_number, number)
        for number in range(rng.randint(2, 4))
    )
    return replace(event, quotes=quotes)


def wire_story(
    event: Event, rng: random.Random, text_number: int, sentences: int, *, avoid: Wording | None = None
) -> list[Paragraph]:
    """An agency's telling: lead, body with the quotations, background. Every word has an origin."""
    tail = rng.randint(1, 3)
    drafted = [_fresh("lead", event, rng, avoid)]
    drafted += [_fresh("body", event, rng, avoid) for _ in range(sentences - 1 - tail)]
    for quote in event.quotes:
        drafted.insert(rng.randint(2, len(drafted)), _spoken(quote, event, rng))
    drafted += [_fresh("tail", event, rng, avoid) for _ in range(tail)]
    return paragraphs_of(
        [_stamp_rest(sentence, text_number, number) for number, sentence in enumerate(drafted)], rng
    )


def own_story(
    event: Event,
    rng: random.Random,
    sentences: int,
    *,
    avoid: Wording | None = None,
    quotes: bool = False,
    short_quote: bool = False,
    body_only: bool = False,
) -> list[Paragraph]:
    """A telling of the event by the outlet's own reporter, without origins but for the quotations it gives.

    Its sentences keep clear of the wording in `avoid`, so that what it shares with an agency's telling is
    names, numbers and the short quotation at most.
    """
    fresh: Callable[[str], Sentence] = lambda section: unstamped(_fresh(section, event, rng, avoid))  # noqa: E731
    ends = ("body", "body") if body_only else ("lead", "tail")
    drafted = [fresh(ends[0]), *(fresh("body") for _ in range(sentences - 2)), fresh(ends[1])]
    if short_quote:
        where = rng.randrange(1, len(drafted))
        drafted[where] = [*drafted[where][:-1], _with_after(drafted[where][-1], ":"), *event.short_quote]
        drafted[where][-1] = _with_after(drafted[where][-1], _stop(event))
    if quotes:
        for quote in event.quotes:
            drafted.insert(rng.randint(1, len(drafted)), _spoken(quote, event, rng))
    return paragraphs_of(drafted, rng)


@dataclass(frozen=True)
class Wording:
    """How others told the event.

    Attributes
    ----------
    runs : frozenset of tuple of str
        All runs of five words.
    bags : tuple of frozenset of str
        The words of each sentence.
    """

    runs: frozenset[tuple[str, ...]]
    bags: tuple[frozenset[str], ...]

    def closeness(self, sentence: Sentence) -> float:
        """1 where a run recurs; else the largest share of its words that one sentence has too."""
        if any(run in self.runs for run in _runs(sentence, 5)):
            return 1.0
        bag = frozenset(word.text.casefold() for word in sentence)
        return max((len(bag & other) / min(len(bag), len(other)) for other in self.bags), default=0.0)


def wording(*tellings: list[Paragraph]) -> Wording:
    """The wording of some tellings."""
    sentences = [s for telling in tellings for paragraph in telling for s in paragraph if s]
    return Wording(
        frozenset(run for sentence in sentences for run in _runs(sentence, 5)),
        tuple(frozenset(word.text.casefold() for word in sentence) for sentence in sentences),
    )


def paragraphs_of(sentences: list[Sentence], rng: random.Random) -> list[Paragraph]:
    """Part sentences into paragraphs of one to three."""
    paragraphs: list[Paragraph] = []
    rest = list(sentences)
    while rest:
        size = rng.choice((1, 1, 2, 2, 2, 3))
        paragraphs.append(rest[:size])
        rest = rest[size:]
    return paragraphs


def _facts(grammar: Grammar, rng: random.Random, topic: str) -> dict[str, str]:
    def spelt(section: str) -> str:
        words = Writer(grammar, rng, topic, {}).write("{" + section + "}")
        return grammar.joiner.join(word.before + word.text + word.after for word in words)

    facts = {name: spelt(section) for name, section in _FACTS.items()}
    nation = rng.randrange(len(grammar.sections["country"]))
    facts["COUNTRY"] = grammar.sections["country"][nation].replace("_", " ")
    facts["NAT"] = grammar.sections["nationality"][nation].replace("_", " ")
    facts["P1S"], facts["P2S"] = facts["P1"].split()[-1], facts["P2"].split()[-1]
    return facts


#: Share of the sentences that end in one of the grammar's standing phrases, which stories have in common.
PHRASE_RATE = 0.04
#: Two sentences of which the shorter has fewer of its words in common with the other are independent.
FAR = 0.36

_FACTS = {
    "P1": "name", "P2": "name", "P1R": "role", "P2R": "role", "ORG": "org", "CITY": "city",
    "NEIGHBOUR": "country", "N1": "num", "PCT": "pct", "MONEY": "money", "DAY": "day",
}  # fmt: skip


def _draft(section: str, event: Event, rng: random.Random) -> Sentence:
    sentence = event.grammar.sentence(section, rng, event.topic, event.facts)
    if section == "body" and "phrase" in event.grammar.sections and rng.random() < PHRASE_RATE:
        phrase = Writer(event.grammar, rng, event.topic, event.facts).write("{phrase}")
        sentence = [*sentence[:-1], _with_after(sentence[-1], ","), *phrase]
    return [*sentence[:-1], _with_after(sentence[-1], _stop(event))]


def _fresh(section: str, event: Event, rng: random.Random, avoid: Wording | None) -> Sentence:
    """A sentence as far from another telling as a few attempts give."""
    best: Sentence = []
    least = 2.0
    for _ in range(12):
        sentence = _draft(section, event, rng)
        closeness = 0.0 if avoid is None else avoid.closeness(sentence)
        if closeness < least:
            best, least = sentence, closeness
        if least < FAR:
            break
    return best


def _runs(sentence: Sentence, words: int) -> list[tuple[str, ...]]:
    folded = [word.text.casefold() for word in sentence]
    return [tuple(folded[start : start + words]) for start in range(len(folded) - words + 1)]


def _long_quote(grammar: Grammar, rng: random.Random, topic: str, facts: Mapping[str, str]) -> Sentence:
    """At least 14 words, two sentences where one is shorter."""
    words = grammar.sentence("quote", rng, topic, facts)
    while len(words) < 14:
        more = grammar.sentence("quote", rng, topic, facts)
        words = [*words[:-1], _with_after(words[-1], "." if grammar.joiner else "。"), *more]
    return words


def _quoted(words: Sentence) -> Sentence:
    words = [word._replace(quoted=True) for word in words]
    words[0] = words[0]._replace(before="“" + words[0].before)
    words[-1] = words[-1]._replace(after=words[-1].after + "”")
    return words


def _spoken(quote: Sentence, event: Event, rng: random.Random) -> Sentence:
    """A quotation and who said it, in a new wording of the latter."""
    speech = event.grammar.sections["speech"]
    attribution = Writer(event.grammar, rng, event.topic, event.facts).write(rng.choice(speech))
    last = quote[-1]
    comma = {"zh": "，", "ar": "،", "ur": "،"}.get(event.grammar.language, ",")
    joined = last._replace(after=last.after.removesuffix("”") + comma + "”")
    return [*quote[:-1], joined, *attribution[:-1], _with_after(attribution[-1], _stop(event))]


def _stamp_rest(sentence: Sentence, text: int, number: int) -> Sentence:
    """Origins for the words that have none; quotations keep theirs."""
    return [
        word if word.origin else word._replace(origin=(text, number, place))
        for place, word in enumerate(sentence)
    ]


def _stop(event: Event) -> str:
    return {"zh": "。", "hi": "।", "ur": "۔"}.get(event.grammar.language, ".")


def _lower_first(words: Sentence) -> Sentence:
    return [words[0]._replace(text=words[0].text[:1].lower() + words[0].text[1:]), *words[1:]]


def _with_after(word: Word, after: str) -> Word:
    return word._replace(after=word.after + after)


def dateline(event: Event, agency: str, text: int) -> Sentence:
    """``LAHORE (PTI) -``: the words that an agency puts before the lead."""
    tokens = [*event.facts["CITY"].upper().split(), f"({agency})"]
    words = stamped([split_punctuation(token) for token in tokens], text, 10_000)
    return [*words[:-1], _with_after(words[-1], " –")]

"""What outlets do to agency copy. Each treatment takes paragraphs and gives new ones; origins stay."""

from __future__ import annotations

import random

from wirecopy.grammar import Grammar
from wirecopy.inflection import AMERICAN
from wirecopy.words import Paragraph, Sentence, Word


def words_in(paragraphs: list[Paragraph]) -> int:
    """How many words the paragraphs hold."""
    return sum(len(sentence) for paragraph in paragraphs for sentence in paragraph)


def cut_from_end(paragraphs: list[Paragraph], share: float) -> list[Paragraph]:
    """Keep sentences from the start until `share` of the words is reached; at least one sentence."""
    limit, kept = share * words_in(paragraphs), 0
    out: list[Paragraph] = []
    for paragraph in paragraphs:
        sentences: Paragraph = []
        for sentence in paragraph:
            if kept >= limit and (out or sentences):
                break
            sentences.append(sentence)
            kept += len(sentence)
        if sentences:
            out.append(sentences)
    return out


def merge_and_split(paragraphs: list[Paragraph], rng: random.Random) -> list[Paragraph]:
    """Other paragraph breaks: some paragraphs joined with the next, some parted at a sentence."""
    out: list[Paragraph] = []
    for paragraph in paragraphs:
        if out and rng.random() < 0.35:
            out[-1] = out[-1] + paragraph
        elif len(paragraph) > 1 and rng.random() < 0.5:
            where = rng.randrange(1, len(paragraph))
            out += [paragraph[:where], paragraph[where:]]
        else:
            out.append(paragraph)
    return out


def move_paragraphs(paragraphs: list[Paragraph], rng: random.Random) -> list[Paragraph]:
    """One run of one or two paragraphs elsewhere; the lead stays where it is."""
    if len(paragraphs) < 4:
        return paragraphs
    size = rng.choice((1, 2))
    start = rng.randrange(1, len(paragraphs) - size + 1)
    moved, rest = paragraphs[start : start + size], paragraphs[:start] + paragraphs[start + size :]
    places = [place for place in range(1, len(rest) + 1) if place != start]
    place = rng.choice(places)
    return rest[:place] + moved + rest[place:]


def drop_sentences(paragraphs: list[Paragraph], rng: random.Random, share: float = 0.15) -> list[Paragraph]:
    """Cut single sentences within the story."""
    out = [[s for s in paragraph if rng.random() >= share] for paragraph in paragraphs[1:]]
    return [paragraphs[0], *(paragraph for paragraph in out if paragraph)]


def insert_paragraphs(
    paragraphs: list[Paragraph], own: list[Paragraph], rng: random.Random
) -> list[Paragraph]:
    """The outlet's own paragraphs between the agency's."""
    out = list(paragraphs)
    for paragraph in own:
        out.insert(rng.randint(1, len(out)), paragraph)
    return out


def weave(first: list[Paragraph], second: list[Paragraph], rng: random.Random) -> list[Paragraph]:
    """Two texts in turns of one to three paragraphs, each in its own order."""
    out: list[Paragraph] = []
    queues = [list(first), list(second)]
    turn = 0
    while any(queues):
        size = rng.randint(1, 3)
        out += queues[turn][:size]
        queues[turn] = queues[turn][size:]
        turn = 1 - turn
    return out


def edit_words(
    paragraphs: list[Paragraph], rate: float, grammar: Grammar, topic: str, rng: random.Random
) -> list[Paragraph]:
    """Substitute, inflect, insert or drop `rate` of the words.

    Six changes in ten are substitutions, two insertions, two omissions; words in quotation marks are changed
    a third as often as others, since outlets let them stand.
    """
    places = [
        (p, s, w)
        for p, paragraph in enumerate(paragraphs)
        for s, sentence in enumerate(paragraph)
        for w, word in enumerate(sentence)
        if word.text
    ]
    weight = {place: 1 / 3 if _at(paragraphs, place).quoted else 1.0 for place in places}
    # Exponential keys give a weighted draw without replacement.
    keyed = sorted(places, key=lambda place: rng.expovariate(weight[place]))
    chosen = set(keyed[: round(rate * len(places))])
    return [
        [
            [
                new
                for w, word in enumerate(sentence)
                for new in (_edited(word, grammar, topic, rng) if (p, s, w) in chosen else [word])
            ]
            for s, sentence in enumerate(paragraph)
        ]
        for p, paragraph in enumerate(paragraphs)
    ]


def _at(paragraphs: list[Paragraph], place: tuple[int, int, int]) -> Word:
    return paragraphs[place[0]][place[1]][place[2]]


def _edited(word: Word, grammar: Grammar, topic: str, rng: random.Random) -> list[Word]:
    draw = rng.random()
    inflected = _inflected(word.text, grammar)
    if draw < 0.6 and inflected and (not word.options or rng.random() < 0.25):
        return [word._replace(text=inflected)]
    if draw < 0.6 and (spare := word.options or FUNCTION_WORDS.get(word.text.casefold(), ())):
        return [word._replace(text=_like(rng.choice(spare), word.text))]
    # A word with punctuation is not dropped: the punctuation would be left behind.
    if draw < 0.8 or word.before or word.after:
        adjectives = "adjective" if "adjective" in grammar.sections else "adj"
        section = grammar.sections["adverb" if rng.random() < 0.6 else adjectives]
        added = rng.choice(rng.choice(section).split("/")).partition("_")[0]
        if not word.after:
            return [word, Word(added, quoted=word.quoted)]
        return [Word(added, before=word.before, quoted=word.quoted), word._replace(before="")]
    return []


def _inflected(text: str, grammar: Grammar) -> str | None:
    if grammar.language != "en":
        return None
    countries, nationalities = grammar.sections["country"], grammar.sections["nationality"]
    if text in countries:
        return nationalities[countries.index(text)]
    if text in nationalities:
        return countries[nationalities.index(text)]
    if text.endswith("s") and len(text) > 4 and not text.endswith(("ss", "us", "'s", "ies", "is")):
        return text[:-1]
    return None


def _like(text: str, model: str) -> str:
    return text[:1].upper() + text[1:] if model[:1].isupper() else text


#: What stands in for words that have no synonym of their own.
FUNCTION_WORDS = {
    "the": ("this", "that"), "in": ("within", "at"), "on": ("upon", "during"), "of": ("from",),
    "and": ("plus", "or"), "to": ("would", "must"), "for": ("towards",), "by": ("via",), "that": ("which",),
    "as": ("while",), "was": ("is", "became"), "were": ("are", "became"), "had": ("has",), "has": ("had",),
    "after": ("once", "following"), "because": ("since",), "more": ("greater",), "which": ("that",),
    "is": ("was",), "we": ("they",), "our": ("their",), "their": ("its",), "its": ("their",),
}  # fmt: skip


def american(word: Word) -> Word:
    """American spelling."""
    other = AMERICAN.get(word.text.casefold())
    return word if other is None else word._replace(text=_like(other, word.text))


def insert_clause(sentence: Sentence, clause: Sentence, rng: random.Random) -> Sentence:
    """A clause of the outlet's own within a sentence, between commas."""
    if len(sentence) < 8 or any(word.quoted for word in sentence):
        return sentence
    where = rng.randrange(3, len(sentence) - 3)
    before = sentence[where - 1]._replace(after=sentence[where - 1].after or ",")
    own = [*clause[:-1], clause[-1]._replace(after=",")]
    return [*sentence[: where - 1], before, *own, *sentence[where:]]

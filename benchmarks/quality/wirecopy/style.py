"""House styles: quotation marks, dashes, spelling, numbers and dates as one outlet writes them."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from wirecopy.treatments import american
from wirecopy.words import Paragraph, Sentence, Word


@dataclass(frozen=True)
class HouseStyle:
    """How an outlet writes what agencies write otherwise.

    Attributes
    ----------
    quotes : tuple of (str, str)
        The opening and the closing mark.
    dash : str
    american : bool
        American rather than British spelling.
    percent : {"per cent", "percent", "%"}
    thousands : str
        What parts the thousands: a comma, or nothing.
    digits_from : int
        Numbers from here on are written in digits, smaller ones in words.
    day_number : bool
        Whether "Thursday" is followed by the day of the month: "Thursday (24)".
    """

    quotes: tuple[str, str]
    dash: str
    american: bool
    percent: str
    thousands: str
    digits_from: int
    day_number: bool


WIRE_STYLE = HouseStyle(("“", "”"), "–", False, "per cent", ",", 13, False)


def random_style(rng: random.Random) -> HouseStyle:
    """Draw a house style."""
    return HouseStyle(
        quotes=rng.choice([("“", "”"), ('"', '"'), ('"', '"'), ("‘", "’"), ("«", "»")]),
        dash=rng.choice(["–", "—", "-", "--"]),
        american=rng.random() < 0.4,
        percent=rng.choice(["per cent", "per cent", "percent", "%"]),
        thousands=rng.choice([",", ",", ""]),
        digits_from=rng.choice([13, 13, 10, 2]),
        day_number=rng.random() < 0.2,
    )


def in_style(paragraphs: list[Paragraph], style: HouseStyle, day_of_month: int) -> list[Paragraph]:
    """Write paragraphs in a house style; words keep their origins."""
    return [[_sentence(sentence, style, day_of_month) for sentence in paragraph] for paragraph in paragraphs]


def _sentence(sentence: Sentence, style: HouseStyle, day_of_month: int) -> Sentence:
    words = _percentages(sentence, style.percent)
    out: Sentence = []
    for word in words:
        text = _number(word.text, style)
        after = word.after
        if style.day_number and text in _DAYS:
            after = f" ({day_of_month})" + after
        word = word._replace(text=text, before=_marks(word.before, style), after=_marks(after, style))
        out.append(american(word) if style.american else word)
    return out


def _percentages(sentence: Sentence, form: str) -> Sentence:
    if form == "per cent":
        return sentence
    out: Sentence = []
    for word in sentence:
        if word.text == "cent" and out and out[-1].text == "per":
            per = out.pop()
            if form == "%" and out and out[-1].text[-1:].isdigit():
                out[-1] = out[-1]._replace(text=out[-1].text + "%", after=word.after)
            else:
                out.append(per._replace(text="percent", after=word.after))
        else:
            out.append(word)
    return out


def _number(text: str, style: HouseStyle) -> str:
    if not style.thousands and re.fullmatch(r"\d+,\d{3}", text):
        return text.replace(",", "")
    value = _NUMBER_WORDS.get(text.casefold())
    return str(value) if value is not None and value >= style.digits_from else text


def _marks(punctuation: str, style: HouseStyle) -> str:
    if not punctuation:
        return punctuation
    table = str.maketrans({"“": style.quotes[0], "”": style.quotes[1], "–": style.dash})
    return punctuation.translate(table)


_DAYS = frozenset(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
_NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip


def rendered(word: Word) -> str:
    """A word with its punctuation."""
    return word.before + word.text + word.after

"""The generator's smallest unit: a word that knows where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

#: Where a word was first written: text number, sentence number, position in the sentence.
Origin = tuple[int, int, int]


class Word(NamedTuple):
    """A word with the punctuation that clings to it.

    Attributes
    ----------
    text : str
        The word itself; two words agree when their case-folded texts are equal.
    before, after : str
        Punctuation; an opening quotation mark is ``“`` and a closing one ``”`` until an outlet restyles them.
    origin : tuple of 3 int, optional
        None for what an outlet wrote itself.
    quoted : bool
        Whether it stands within quotation marks.
    options : tuple of str
        Words that may stand in its place.
    """

    text: str
    before: str = ""
    after: str = ""
    origin: Origin | None = None
    quoted: bool = False
    options: tuple[str, ...] = ()


Sentence = list[Word]
Paragraph = list[Sentence]


def stamped(sentence: Iterable[Word], text: int, number: int) -> Sentence:
    """Give each word of a sentence its origin.

    Examples
    --------
    >>> [word.origin for word in stamped([Word("Rain"), Word("fell")], 7, 2)]
    [(7, 2, 0), (7, 2, 1)]
    """
    return [word._replace(origin=(text, number, place)) for place, word in enumerate(sentence)]


def unstamped(sentence: Iterable[Word]) -> Sentence:
    """The same words as an outlet's own: without an origin."""
    return [word._replace(origin=None) for word in sentence]


def plain(text: str) -> Sentence:
    """The words of a line of furniture or boilerplate, as an outlet's own."""
    return [split_punctuation(token) for token in text.split()]


def split_punctuation(token: str) -> Word:
    """Part a token into the word and what clings to it.

    Examples
    --------
    >>> split_punctuation("(PTI),")
    Word(text='PTI', before='(', after='),', origin=None, quoted=False, options=())
    """
    start, end = 0, len(token)
    while start < end and not is_inner(token[start]):
        start += 1
    while end > start and not is_inner(token[end - 1]):
        end -= 1
    if start == end:
        return Word("", before=token)
    return Word(token[start:end], before=token[:start], after=token[end:])


def is_inner(char: str) -> bool:
    """Whether a character can begin or end a word: letters, digits, vowel signs, currency and per cent."""
    return char.isalnum() or char in "$€£₹¥%" or "\u0900" <= char <= "\u0963" or "\u064b" <= char <= "\u0652"

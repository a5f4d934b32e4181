"""Names that capitals do not mark: in scripts without capitals, in ALL CAPS and in Title Case.

Agreeing words must include plain words (`dedup.alignment.worth`), which differ from names by their capitals.
So if a text's own use of capitals shows that they mean nothing, they are ignored. Instead the words of lists
(consecutive short parts between commas or line ends) are marked as names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numba as nb
import numpy as np
import pyarrow as pa

from dedup.text.flags import CAPITAL, FURNITURE, NUMBER
from dedup.text.tokens import Tokens, tokenise, utf8_of
from dedup.text.word_hashes import KIND, SHORT

#: The results of `_use_of_capitals`: capitals mark names; there are hardly any; nearly all long words have
#: one.
_TELLING, _NONE, _ALL = range(3)
#: In texts without capitals, the maximum share of tokens that have one nevertheless.
_FEW = 0.02
#: In Title Case, the share of long words that have a capital, the share of short words, which lists of names
#: lack, and the number of long words.
_NEARLY_ALL, _SHORT_WORDS, _LONG_WORDS = 0.85, 0.2, 20

#: Separators between the names of a list, and signs that begin or end one.
_SIGN = re.compile(r"[,،、，;؛；・|•\n]|\s(?:اور|और|এবং)\s|(?<=\w\w)[.!?](?!\w)|[:：。！？؟।։]")
_PARTING = frozenset([*",،、，;؛；・|•\n", "اور", "और", "এবং"])
#: Number of consecutive parts that make a list.
_LEAST_PARTS = 6
#: Maximum number of words in a part; of characters in a part in Han or Kana, and in one followed by a comma,
#: which separates clauses too; of characters in any part.
_MOST_WORDS, _MOST_HAN, _MOST_HAN_CLAUSE, _MOST_CHARACTERS = 4, 12, 5, 48
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
_LETTER = re.compile(r"[^\W\d_]")


def mark_listed_names(
    texts: pa.StringArray | Sequence[str], tokens: Tokens, *, fold: str = "standard", text_as: str = "auto"
) -> Tokens:
    """Set `CAPITAL` anew in texts whose capitals do not mark names: only for the words of lists.

    Parameters
    ----------
    texts : pyarrow.StringArray or sequence of str
        The texts that were cut into the tokens.
    tokens : Tokens
        The tokens of whole articles, with furniture marked. Their flags change in place.
    fold, text_as
        How the texts were cut into tokens, as for `tokenise`.

    Examples
    --------
    >>> text = "他们是：王建国、李秀英、张志强、刘晓红、陈大明、杨丽华。"
    >>> flags = mark_listed_names([text], tokenise([text])).flags & CAPITAL != 0
    >>> int(flags.sum()), bool(flags[:3].any())
    (18, False)
    """
    use = _use_of_capitals(tokens.hashes, tokens.flags, tokens.offsets)
    rows = np.flatnonzero(use)
    if not len(rows):
        return tokens
    data, offsets = utf8_of(texts)
    for row in rows.tolist():
        flags = tokens.flags[tokens.offsets[row] : tokens.offsets[row + 1]]
        if use[row] == _ALL:
            flags &= ~CAPITAL
        text = data[offsets[row] : offsets[row + 1]].tobytes().decode("utf-8", "surrogatepass")
        spans = list(lists(text))
        if not spans:
            continue
        placed = tokenise([text], places=True, fold=fold, text_as=text_as)
        for start, end in spans:
            first, last = np.searchsorted(placed.starts, [start, end])
            flags[first:last] |= CAPITAL
    return tokens


@nb.njit(nogil=True, cache=True)
def _use_of_capitals(hashes, flags, offsets):  # type: ignore[no-untyped-def]
    out = np.zeros(len(offsets) - 1, np.uint8)
    for article in range(len(out)):
        capital = of_long = long = short = words = 0
        for place in range(offsets[article], offsets[article + 1]):
            flag, kind = flags[place], hashes[place] & KIND
            if flag & (FURNITURE | NUMBER):
                continue
            words += 1
            capital += flag & CAPITAL != 0
            long += kind == 0
            of_long += kind == 0 and flag & CAPITAL != 0
            short += kind == SHORT
        if capital <= _FEW * words:
            out[article] = _NONE
        elif long >= _LONG_WORDS and of_long >= _NEARLY_ALL * long and short >= _SHORT_WORDS * words:
            out[article] = _ALL
    return out


def lists(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of lists in a text: at least six short parts between commas or line ends.

    Examples
    --------
    >>> text = "ELECTED: ANA ROE, TOM LEE, JO PARK, MAX DOE, EVA KIM, LEO RAY. ALL OF THEM WILL MEET AGAIN."
    >>> [text[start:end] for start, end in lists(text)]
    ['ANA ROE, TOM LEE, JO PARK, MAX DOE, EVA KIM, LEO RAY']
    """
    signs = [(match.start(), match.end(), match[0]) for match in _SIGN.finditer(text)]
    if len(signs) < _LEAST_PARTS - 1:
        return
    begin, end, parts = -1, -1, 0
    for (_, start, _), (stop, _, sign) in pairwise([(0, 0, "\n"), *signs, (len(text), len(text), "\n")]):
        part = text[start:stop]
        if not part.strip():
            continue
        if _is_short(part, sign):
            begin, end, parts = (start, stop, parts + 1) if parts == 0 else (begin, stop, parts + 1)
            if sign.strip(" ") in _PARTING:
                continue
        if parts >= _LEAST_PARTS:
            yield begin + len(text[begin:end]) - len(text[begin:end].lstrip()), end
        parts = 0
    if parts >= _LEAST_PARTS:
        yield begin + len(text[begin:end]) - len(text[begin:end].lstrip()), end


def _is_short(part: str, sign: str) -> bool:
    """Whether a part may be a name, whatever brackets or numbers follow it."""
    if len(part) > _MOST_CHARACTERS or not _LETTER.search(part):
        return False
    if _HAN.search(part):
        return len(part.strip()) <= (_MOST_HAN_CLAUSE if sign in ",，" else _MOST_HAN)
    return sum(bool(_LETTER.match(word.lstrip("([\"'"))) for word in part.split()) <= _MOST_WORDS

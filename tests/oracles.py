"""Plain-Python twins of the kernels: slow, short, and written from what the docs promise."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

MASK = 0xFFFFFFFF
STOPS = ".!?…。！？।॥؟۔။។"
NEWLINES = "\n\r\v\f\x85\u2028\u2029"
MARKS = "“«„「『〝＂‟”»」』〞\"‘‚‹’›'"
UNSPACED = (
    ("\u0e00", "\u0eff"),
    ("\u1000", "\u109f"),
    ("\u1780", "\u17ff"),
    ("\u19e0", "\u19ff"),
    ("\u3005", "\u3007"),
    ("\u3040", "\u30ff"),
    ("\u31f0", "\u31ff"),
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\ua9e0", "\ua9ff"),
    ("\uaa60", "\uaa7f"),
    ("\uf900", "\ufaff"),
    ("\U0001aff0", "\U0001b16f"),
    ("\U00020000", "\U0003fffe"),
)


@dataclass(frozen=True)
class Token:
    """A word as it is compared, and where it stands."""

    word: str
    start: int
    end: int
    alone: bool
    number: bool
    capital: bool
    line: bool
    sentence: bool

    @property
    def hash(self) -> int:
        value, letters = 0x811C9DC5, self.word.encode()
        for place in range(0, len(letters), 8):
            value ^= int.from_bytes(letters[place : place + 8], "little")
            value = value * 0x9E3779B97F4A7C15 % 2**64
            value ^= value >> 32
        kind = 2 if self.alone else 1 if len(self.word) <= 3 else 0
        return mix(value & MASK) & ~3 | kind


def mix(value: int) -> int:
    """MurmurHash3's finaliser."""
    value = (value ^ value >> 16) * 0x85EBCA6B & MASK
    value = (value ^ value >> 13) * 0xC2B2AE35 & MASK
    return value ^ value >> 16


def shows_nothing(character: str) -> bool:
    selector = character == "\u034f" or "\u180b" <= character <= "\u180f" or "\ufe00" <= character <= "\ufe0f"
    return character < "\U00020000" and (unicodedata.category(character) == "Cf" or selector)


def stands_alone(character: str) -> bool:
    return any(low <= widened(character) <= high for low, high in UNSPACED)


def is_word_character(character: str) -> bool:
    if character >= "\U00020000":
        return character < "\U0003ffff"
    if character in STOPS + NEWLINES + MARKS or shows_nothing(character):
        return False
    return unicodedata.category(character)[0] in "LMN"


def widened(character: str) -> str:
    wide = unicodedata.normalize("NFKC", character) if character < "\U00020000" else character
    return wide if len(wide) == 1 and wide >= "0" else character


def folded(character: str) -> str:
    plain = widened(character)
    return plain.casefold() if len(plain.casefold()) == 1 else plain


def tokens(text: str) -> list[Token]:
    """Group the characters into words, then look at what stands between two words."""
    found: list[Token] = []
    group: list[int] = []
    reached = 0

    def close(end: int) -> None:
        nonlocal reached
        if not group:
            return
        characters = [text[place] for place in group]
        upper = [unicodedata.category(character) in ("Lu", "Lt") for character in characters[:2]]
        found.append(
            Token(
                "".join(map(folded, characters)),
                group[0],
                end,
                alone=stands_alone(characters[0]),
                number=characters[0] < "\U00020000" and unicodedata.category(characters[0])[0] == "N",
                capital=upper[0] and not any(upper[1:]),
                line=not found or any(sign in NEWLINES for sign in text[reached : group[0]]),
                sentence=not found or ends_sentence(text[reached : group[0]]),
            )
        )
        reached = end
        group.clear()

    for place, character in enumerate(text):
        if shows_nothing(character):
            continue
        alone = stands_alone(character)
        if alone or not is_word_character(character):
            close(place)
        if is_word_character(character):
            group.append(place)
            if alone:
                close(place + 1)
    close(len(text))
    return found


def ends_sentence(signs: str) -> bool:
    """Whether a sentence ends in the signs between two words: a full stop of the ASCII kind needs a space."""
    stopped = False
    for sign in signs:
        if sign in NEWLINES or (sign in STOPS and not sign.isascii()):
            return True
        stopped |= sign in STOPS
        space = sign in " \t" or (not sign.isascii() and not shows_nothing(sign) and sign not in MARKS)
        if stopped and space:
            return True
    return False


def shingles(hashes: Sequence[int], width: int) -> list[int]:
    found = []
    for start in range(len(hashes) - width + 1):
        value = 0
        for token in hashes[start : start + width]:
            value = (value * 0x01000193 + token) & MASK
        found.append(value)
    return found


def windows(tokens: int, passage_words: int, shingle_words: int) -> list[tuple[int, int]]:
    """Windows of two halves; the last half has no window of its own unless it is the only one."""
    count = max(0, tokens - shingle_words + 1)
    half = passage_words // 2
    starts = [start for start in range(0, count, half) if start == 0 or start + half < count]
    return [(start, min(start + 2 * half, count) + shingle_words - 1) for start in starts]


def signature(hashes: Iterable[int], permutations: Sequence[tuple[int, int]]) -> list[int]:
    mixed = [mix(value) for value in hashes]
    return [min(((a * value + b) & MASK for value in mixed), default=MASK) for a, b in permutations]


def distinctive(hashes: Sequence[int], common: Sequence[bool]) -> list[int]:
    """A half window's shingles without the common ones, unless over three quarters of them are common."""
    if sum(common) > 0.75 * len(hashes):
        return list(hashes)
    return [value for value, usual in zip(hashes, common, strict=True) if not usual]


def jaccard(one: Iterable[object], two: Iterable[object]) -> float:
    first, second = set(one), set(two)
    return len(first & second) / len(first | second) if first | second else 0.0


def band_agrees(one: Sequence[int], two: Sequence[int], origins: Sequence[int], rows: int) -> list[bool]:
    """Per band, whether two signatures agree in it and it rests on more than one shingle."""
    agreed = []
    for start in range(0, len(one), rows):
        band = slice(start, start + rows)
        full = all(value != MASK for value in one[band])
        several = rows == 1 or len(set(origins[band])) > 1
        agreed.append(list(one[band]) == list(two[band]) and full and several)
    return agreed


def bucket_pairs(
    bands: Sequence[Sequence[int]], articles: Sequence[int], sources: Sequence[int], *, cross: bool
) -> set[tuple[int, int]]:
    """Every two articles that share a bucket in any band, whatever its size."""
    pairs = set()
    for keys in bands:
        for (one, a), (two, b) in combinations(zip(keys, articles, strict=True), 2):
            if one == two != 0 and a != b and not (cross and sources[a] == sources[b]):
                pairs.add((min(a, b), max(a, b)))
    return pairs


def common_subsequence(one: Sequence[object], two: Sequence[object]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(two) + 1)
    for left in one:
        before = row
        row = [0]
        for place, right in enumerate(two):
            row.append(before[place] + 1 if left == right else max(before[place + 1], row[-1]))
    return row[-1]


def components(nodes: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Groups of two and more, by painting one node's colour over the other's until nothing changes."""
    colour = list(range(nodes))
    for a, b in pairs:
        old, new = max(colour[a], colour[b]), min(colour[a], colour[b])
        colour = [new if each == old else each for each in colour]
    groups = [[node for node in range(nodes) if colour[node] == each] for each in sorted(set(colour))]
    return [group for group in groups if len(group) > 1]


def covered(spans: Iterable[tuple[int, int]]) -> int:
    return len({place for start, end in spans for place in range(start, end)})


def widely_run(spans: Sequence[tuple[int, int]], sources: Sequence[int]) -> list[bool]:
    """Whether another source's span covers half of each of an article's spans."""
    found = []
    for (start, end), source in zip(spans, sources, strict=True):
        shared = (
            min(end, other_end) - max(start, other_start)
            for (other_start, other_end), other in zip(spans, sources, strict=True)
            if other != source
        )
        found.append(any(2 * words >= end - start for words in shared))
    return found


def sentences(found: Sequence[Token]) -> list[tuple[int, int]]:
    """Where sentences start and end, in tokens."""
    starts = [place for place, token in enumerate(found) if token.sentence]
    return list(pairwise([*starts, len(found)]))


def cosine(one: Sequence[int], two: Sequence[int], weight: Callable[[int], float]) -> float:
    first, second = Counter(one), Counter(two)

    def product(left: Counter[int], right: Counter[int]) -> float:
        return sum(weight(word) ** 2 * count * right[word] for word, count in left.items())

    return product(first, second) / math.sqrt(product(first, first) * product(second, second))

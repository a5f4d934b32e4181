"""Plain-Python twins of the kernels: slow, short, and written from the documented behaviour."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from dedup.text.characters import rank
from dedup.text.folding import accent, is_letter, lost_accents
from dedup.text.folding import spelled as spelling

MASK = 0xFFFFFFFF
STOPS = ".!?…。！？।॥؟۔။។"
NEWLINES = "\n\r\v\f\x85\u2028\u2029"
MARKS = "“«„「『〝＂‟”»」』〞\"‘‚‹’›'`﹁﹂﹃﹄｢｣〟״＇‛ʼ\x91\x92\x93\x94"
UNSPACED = (
    ("\u0e00", "\u0eff"),
    ("\u1000", "\u109f"),
    ("\u1780", "\u17ff"),
    ("\u1980", "\u19ff"),
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
HAN = (
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\U00020000", "\U0002f7ff"),
    ("\U0002fa20", "\U0003347f"),
)
HANGUL = "[\u1100-\u1112\u1161-\u1175\u11a8-\u11c2\uac00-\ud7a3]+"
PLAINER = dict(zip("øđłħŧɨƙɗɓ", "odlhtikdb", strict=True))


#: Beyond this, the table of characters contains only invisible ones.
LAST_CHARACTER = "\U0003347f"
FILLERS = "\u115f\u1160\u3164\uffa0\u17b4\u17b5\u00b7\u2027\u055b\u055c\u055e"


@dataclass(frozen=True)
class Token:
    """A word as it is compared, and its place."""

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
        return mix(value & MASK) & ~3 | self.kind

    @property
    def kind(self) -> int:
        if self.alone:
            han = any(low <= self.word[0] <= high for low, high in HAN) or self.word[0] in "々〆〇"
            return 2 if han else 3
        return int(sum(rank(letter) == 0 for letter in self.word) <= 3)


def mix(value: int) -> int:
    """Apply MurmurHash3's finaliser."""
    value = (value ^ value >> 16) * 0x85EBCA6B & MASK
    value = (value ^ value >> 13) * 0xC2B2AE35 & MASK
    return value ^ value >> 16


def is_word_character(character: str) -> bool:
    if character in STOPS + NEWLINES + MARKS + FILLERS or character > LAST_CHARACTER:
        return False
    if character >= "\U00020000":
        return True
    return _has_letters(character) and compared(character) != "" and not _is_selector(character)


def _is_selector(character: str) -> bool:
    """Whether it is the grapheme joiner, or selects a variant of an emoji or a Mongolian letter."""
    return character == "\u034f" or "\u180b" <= character <= "\u180f" or "\ufe00" <= character <= "\ufe0f"


def _has_letters(character: str) -> bool:
    if unicodedata.category(character) != "So":
        return is_letter(character)
    plain = unicodedata.normalize("NFKD", character)
    return (
        plain != character
        and character not in "™℠"
        and all(unicodedata.category(c)[0] in "LMN" for c in plain)
    )


def shows_nothing(character: str) -> bool:
    if "\U000e0000" <= character <= "\U000e0fff" or character in FILLERS:
        return True
    if character >= "\U00020000":
        return False
    return (
        unicodedata.category(character) == "Cf"
        or _is_selector(character)
        or (_has_letters(character) and not compared(character))
    )


def compared(word: str, fold: str = "standard") -> str:
    """Return the letters that a word is compared as, all its characters at once."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    spelled = unicodedata.normalize("NFD", "".join(map(spelling, plain)))
    if fold == "accents":
        spelled = "".join(PLAINER.get(letter, letter) for letter in spelled)
    kept, base, run = "", "", ""
    for letter in spelled:
        if letter < "\U00020000" and not is_letter(letter):
            continue
        if not rank(letter):
            kept += "".join(sorted(run, key=rank)) + letter
            base, run = letter, ""
        elif not accent(letter) & lost_accents(base, fold):
            run += letter
    kept += "".join(sorted(run, key=rank))
    return re.sub(HANGUL, lambda jamo: unicodedata.normalize("NFC", jamo[0]), kept)


def stands_alone(character: str) -> bool:
    if not is_word_character(character):
        return False
    first = compared(character)[0]
    return any(low <= first <= high for low, high in UNSPACED) and not is_mark(character)


def is_mark(character: str) -> bool:
    return unicodedata.category(compared(character)[0])[0] == "M"


def line_end(text: str, place: int) -> int:
    """Return the length in characters of a hyphen and line end that divide a word."""
    soft = place and text[place - 1] == "\u00ad"
    pattern = "(\r?\n|\r)" if soft else "(?<![0-9])-(\r?\n|\r)|‐(\r?\n|\r)"
    found = re.compile(pattern).match(text, place)
    following = text[found.end() : found.end() + 1] if found else ""
    if not found or not following or not is_word_character(following) or stands_alone(following):
        return 0
    small = unicodedata.category(following) not in ("Lu", "Lt") and unicodedata.category(following)[0] != "N"
    return len(found[0]) if small else 0


def extends(word: str, following: str) -> bool:
    """Whether a character belongs to the token of a script without spaces before it."""
    if not is_word_character(following):
        return False
    if word[-1] in "\u17d2\u1039":
        return stands_alone(following) or is_mark(following)
    if following in "\u0e32\u0eb2" and set(word) & {"\u0e4d", "\u0ecd"}:
        return True
    return is_mark(following) or word + following in ("เเ", "ເເ", "ຫນ", "ຫມ")


def tokens(text: str) -> list[Token]:
    """Group the characters into words, then look at what is between two words."""
    found: list[Token] = []
    reached = place = 0
    while place < len(text):
        if not is_word_character(text[place]):
            place += 1
            continue
        alone = stands_alone(text[place])
        word, end, at = text[place], place + 1, place + 1
        while at < len(text):
            nothing = line_end(text, at) or int(shows_nothing(text[at]))
            if not nothing:
                goes_on = (
                    extends(word, text[at])
                    if alone
                    else is_word_character(text[at]) and not stands_alone(text[at])
                )
                if not goes_on:
                    break
                word += text[at]
            at += nothing or 1
            end = end if alone and nothing else at
        found.append(_token(text, word, place, end, alone, reached if found else -1))
        reached = place = end
    return found


def _token(text: str, word: str, start: int, end: int, alone: bool, reached: int) -> Token:
    categories = [
        "Lo" if character >= "\U00020000" else unicodedata.category(character) for character in word
    ]
    upper = [category in ("Lu", "Lt") for category in categories]
    starters = [place for place, letter in enumerate(word) if not rank(compared(letter)[0])]
    shout = len(starters) > 1 and upper[starters[1]]
    signs = text[max(reached, 0) : start]
    return Token(
        compared(word),
        start,
        end,
        alone=alone,
        number=categories[0][0] == "N",
        capital=not alone and upper[0] and not shout,
        line=reached < 0 or any(sign in NEWLINES for sign in signs),
        sentence=reached < 0 or ends_sentence(signs),
    )


def ends_sentence(signs: str) -> bool:
    """Whether a sentence ends in the signs between two words; an ASCII full stop needs a space after it."""
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
    """Return windows of two halves; the last half has no window of its own unless it is the only one."""
    count = max(0, tokens - shingle_words + 1)
    half = passage_words // 2
    starts = [start for start in range(0, count, half) if start == 0 or start + half < count]
    return [(start, min(start + 2 * half, count) + shingle_words - 1) for start in starts]


def signature(hashes: Iterable[int], permutations: Sequence[tuple[int, int]]) -> list[int]:
    mixed = [mix(value) for value in hashes]
    return [min(((a * value + b) & MASK for value in mixed), default=MASK) for a, b in permutations]


def distinctive(hashes: Sequence[int], common: Sequence[bool]) -> list[int]:
    """Return a half-window's shingles without the common ones, unless over three quarters are common."""
    if sum(common) > 0.75 * len(hashes):
        return list(hashes)
    return [value for value, usual in zip(hashes, common, strict=True) if not usual]


def jaccard(one: Iterable[object], two: Iterable[object]) -> float:
    first, second = set(one), set(two)
    return len(first & second) / len(first | second) if first | second else 0.0


def band_agrees(one: Sequence[int], two: Sequence[int], origins: Sequence[int], rows: int) -> list[bool]:
    """Return for each band whether two signatures agree in it and it comes from more than one shingle."""
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
    """Return every two articles that share a bucket in any band, whatever its size."""
    pairs = set()
    for keys in bands:
        for (one, a), (two, b) in combinations(zip(keys, articles, strict=True), 2):
            if one == two != 0 and a != b and not (cross and sources[a] == sources[b]):
                pairs.add((min(a, b), max(a, b)))
    return pairs


def common_subsequence(one: Sequence[object], two: Sequence[object]) -> int:
    """Return the length of the longest common subsequence."""
    row = [0] * (len(two) + 1)
    for left in one:
        before = row
        row = [0]
        for place, right in enumerate(two):
            row.append(before[place] + 1 if left == right else max(before[place + 1], row[-1]))
    return row[-1]


def components(nodes: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return groups of two and more, by painting one node's colour over the other's until nothing changes."""
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
    """Return where sentences start and end, in tokens."""
    starts = [place for place, token in enumerate(found) if token.sentence]
    return list(pairwise([*starts, len(found)]))


def cosine(one: Sequence[int], two: Sequence[int], weight: Callable[[int], float]) -> float:
    first, second = Counter(one), Counter(two)

    def product(left: Counter[int], right: Counter[int]) -> float:
        return sum(weight(word) ** 2 * count * right[word] for word, count in left.items())

    return product(first, second) / math.sqrt(product(first, first) * product(second, second))


def common_share(
    one: Sequence[int], two: Sequence[int], frequencies: Sequence[int], articles: int
) -> tuple[float, int]:
    """Return the weighted share of both lists' words that is common, and how many common words are long.

    Each word counts as often as both lists have it. Its weight depends on its kind and on the logarithm of
    its rarity.
    """

    def weight(token: int) -> float:
        seen = min(frequencies[(token >> 2) % len(frequencies)], articles)
        return (1.0, 0.3, 0.5, 1 / 3)[token & 3] * math.log((50 + articles) / (1 + seen))

    both = Counter(one) & Counter(two)
    total = sum(map(weight, one)) + sum(map(weight, two))
    shared = 2 * sum(weight(token) * count for token, count in both.items())
    return (shared / total if total else 0.0), sum(n for token, n in both.items() if token & 3 == 0)

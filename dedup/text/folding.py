"""One character to the letters that it is compared as: one rule for every language.

Folding covers canonical equivalence and compatibility (NFKD), case (full case folding), and then what
keyboards, fonts and spelling habits write in several ways: Arabic and Persian letters, optional points,
digits of any script, traditional Chinese. The letters are *decomposed*, with an accent after its letter. So a
word gives the same letters however it was typed, once consecutive marks are in canonical order. Only Hangul
stays composed. `dedup.text.characters` makes a table of this for the kernels.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.resources import files

#: The accents that some letters lose, as bits: the acute and the grave (the stress of Cyrillic), the
#: diaeresis, the dot above, and any mark that has no other bit.
STRESS, DIAERESIS, DOT, OTHER = 1, 2, 4, 8
_ACCENTS = {"\u0300": STRESS, "\u0301": STRESS, "\u0308": DIAERESIS, "\u0307": DOT}
_CYRILLIC_VOWELS = "аеиоуыэюяіѣѵѡәөүӕ"

#: Letters and marks that are written for one another, after NFKD and case folding.
_JOINED = {
    # Arabic script: Arabic, Persian, Urdu, Kurdish and Uyghur keyboards have letters of their own that look
    # alike; alef with wasla; the swash kaf.
    "ىی": "ي",
    "کڪ": "ك",
    "ةہھۃەۀۂ": "ه",
    "ٱ": "ا",
    "ګ": "گ",
    # Latin: Turkish i, ligatures, and the comma below for the cedilla of Romanian.
    "ı": "i",
    "œ": "oe",
    "æ": "ae",
    "\u0326": "\u0327",
    # The line below in Yoruba for its dot below; the Icelandic eth, typed for the d with a stroke.
    "\u0329": "\u0323",
    "ð": "đ",
    # Hebrew script: the digraphs of Yiddish.
    "װ": "וו",
    "ױ": "וי",
    "ײ": "יי",
    # Indic: khanda ta, chillus, the archaic au, the two ways to sri, the letter wa of Odia.
    "ৎ": "ত্",
    "ൺ": "ണ്",
    "ൻ": "ന്",
    "ർ": "ര്",
    "ൽ": "ല്",
    "ൾ": "ള്",
    "ൿ": "ക്",
    "ൌ": "ൗ",
    "ஶ": "ஸ",
    "ୱ": "ଵ",
    # Thai and Lao: the double e for ae.
    "แ": "เเ",
    "ແ": "ເເ",
    # Amharic: letters that sound the same, in each of their forms.
    "ሐሓኀኃሃ": "ሀ",
    "ኣዐዓ": "አ",
}
#: The same for ranges of letters: the first letter, their number, and the first letter that they are read as.
_JOINED_SERIES = (
    ("ሑ", 2, "ሁ"),
    ("ሔ", 3, "ሄ"),
    ("ኁ", 2, "ሁ"),
    ("ኄ", 3, "ሄ"),
    ("ሠ", 7, "ሰ"),
    ("ዑ", 2, "ኡ"),
    ("ዔ", 3, "ኤ"),
    ("ፀ", 7, "ጸ"),
)
_SPELLED = {letter: ord_ for letters, ord_ in _JOINED.items() for letter in letters}
for _first, _count, _other in _JOINED_SERIES:
    _SPELLED |= {chr(ord(_first) + place): chr(ord(_other) + place) for place in range(_count)}

#: Marks and letters that are omitted as often as written: tatweel; points, signs of recitation, hamza and
#: madda on a carrier; Hebrew points; the nukta of Indic scripts.
_LEFT_OFF = frozenset(
    (
        *(0x0640, 0x0670, 0x07FA, 0xFB1E, 0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5, 0x05C7, 0x06E7, 0x06E8),
        *range(0x0591, 0x05BE),
        *range(0x0610, 0x061B),
        *range(0x064B, 0x0660),
        *range(0x06D6, 0x06DD),
        *range(0x06DF, 0x06E5),
        *range(0x06EA, 0x06EE),
        *range(0x08CA, 0x0900),
        *(0x093C, 0x09BC, 0x0A3C, 0x0ABC, 0x0B3C, 0x0C3C, 0x0CBC, 0x110BA, 0x11173, 0x111CA, 0x11236),
    )
)
#: Letters by category that are typed in place of an apostrophe or a quotation mark, and separate words as
#: these do: saltillo, modifier letters, geresh and gershayim.
APOSTROPHES = frozenset("ʹʺʻʼʽʾʿˈˊˋ׳״ꞌ")
#: Letters without a decomposition that are typed as another letter where accents are omitted.
_PLAINER = str.maketrans("øđłħŧɨƙɗɓ", "odlhtikdb")
_HANGUL_VOWELS, _HANGUL_FINALS = 21, 28


def folded(character: str, fold: str = "standard") -> str:
    """Return the letters that a character is compared as; none if the character is optional.

    Parameters
    ----------
    character : str
        One code point.
    fold : {"standard", "accents"}
        `accents` treats a letter with an accent, or one derived from another letter, as the plain letter (in
        Latin, Greek and Cyrillic script).

    Examples
    --------
    >>> [folded(character) for character in "ßﬁ２ﻻ國ё"]
    ['ss', 'fi', '2', 'لا', '国', 'е']
    >>> [folded(character, "accents") for character in "Äêł"]
    ['a', 'e', 'l']
    """
    if _is_plain(character):
        return character
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    written = "".join(map(spelled, plain))
    if fold == "accents":
        written = written.translate(_PLAINER)
    letters: list[str] = []
    base = ""
    for letter in unicodedata.normalize("NFD", written):
        if not is_letter(letter):
            continue
        if not unicodedata.combining(letter):
            base = letter
        elif lost_accents(base, fold) & accent(letter):
            continue
        letters.append(letter)
    return compose_hangul("".join(letters))


def _is_plain(character: str) -> bool:
    """Whether folding leaves the character unchanged, as it does most letters; this test is quick."""
    return (
        not unicodedata.decomposition(character)
        and character.casefold() == character
        and character not in _SPELLED
        and ord(character) not in _LEFT_OFF
        and unicodedata.category(character) == "Lo"
        and character not in simplified_characters()
    )


def is_letter(character: str) -> bool:
    """Whether the character may be part of a word: letters, marks, digits and the fraction slash."""
    if character in APOSTROPHES:
        return False
    return unicodedata.category(character)[0] in "LMN" or character == "\u2044"


def accent(mark: str) -> int:
    """Return which accent a mark is, as a bit; 0 for an accent that no letter loses."""
    if mark in _ACCENTS:
        return _ACCENTS[mark]
    return OTHER if "\u0300" <= mark <= "\u036f" and unicodedata.combining(mark) else 0


@lru_cache(maxsize=4096)
def lost_accents(letter: str, fold: str = "standard") -> int:
    """Return which accents a folded letter loses, as bits.

    Examples
    --------
    >>> lost_accents("α") & accent("\\u0301") > 0, lost_accents("e") & accent("\\u0301") > 0
    (True, False)
    """
    if not letter:
        return 0
    any_accent = STRESS | DIAERESIS | DOT | OTHER
    if "\u0370" <= letter <= "\u03ff":
        return any_accent
    if fold == "accents" and ("a" <= letter <= "\u024f" or "\u0400" <= letter <= "\u052f"):
        return any_accent
    if letter == "е":
        return STRESS | DIAERESIS
    return DOT if letter in "ij" else STRESS if letter in _CYRILLIC_VOWELS else 0


def spelled(letter: str) -> str:
    """Return the canonical spelling of a letter after case and compatibility folding; "" if it is omitted.

    Examples
    --------
    >>> [spelled(letter) for letter in "كک٣\u0640"]
    ['ك', 'ك', '3', '']
    """
    if ord(letter) in _LEFT_OFF:
        return ""
    if unicodedata.category(letter) == "Nd":
        return str(unicodedata.decimal(letter))
    return _SPELLED.get(letter) or simplified_characters().get(letter, letter)


@lru_cache(maxsize=1)
def simplified_characters() -> dict[str, str]:
    """Return the simplified character for each traditional Chinese character that has one."""
    lines = (files("dedup.text") / "simplified.txt").read_text(encoding="utf-8").splitlines()
    table = {other: line[0] for line in lines if not line.startswith("#") for other in line[1:]}
    # A character that is the simplified form of another and has a simplified form itself.
    return {traditional: table.get(simple, simple) for traditional, simple in table.items()}


def compose_hangul(text: str) -> str:
    """Combine jamo into syllables, as NFC does; everything else stays as it is.

    Examples
    --------
    >>> compose_hangul("\\u1112\\u1161\\u11abe\\u0301") == "한e\\u0301"
    True
    """
    joined: list[int] = []
    for code_point in map(ord, text):
        before = joined[-1] if joined else 0
        if 0x1161 <= code_point < 0x1176 and 0x1100 <= before < 0x1113:
            joined[-1] = 0xAC00 + ((before - 0x1100) * _HANGUL_VOWELS + code_point - 0x1161) * _HANGUL_FINALS
        elif 0x11A8 <= code_point < 0x11C3 and 0xAC00 <= before < 0xD7A4 and not (before - 0xAC00) % 28:
            joined[-1] = before + code_point - 0x11A7
        else:
            joined.append(code_point)
    return "".join(map(chr, joined))

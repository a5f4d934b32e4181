"""How credits are worded: the rules of ``credits.toml`` as expressions over lines with names as signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, reduce
from operator import or_
from typing import Any

from dedup.cleaning.agencies import read_data
from dedup.cleaning.credit_names import NAMELESS, PLAIN, STRICT

_ARTICLE = (
    r"(?:(?:[Tt]he|THE|[Dd]ie|[Dd]er|[Ll]a|[Ee]l|[Ll]e|[Nn]ews\s[Aa]gency|[Aa]gencia|[Aa]gence|[Aa]genzia|"
    r"[Aa]gência)\s|[Ll]['’])?"
)
_AND = "(?:and|und|et|y|e|och|og|i|a|та|и|اور|و|&)"
_SEPARATOR = rf"(?:\s*[,;]\s+{_AND}\s+|\s*[/,;&|+、，·]\s*|\s+{_AND}\s+|\s*-\s*)"
_NAME, _PLAIN, _NAMELESS = f"{_ARTICLE}[{PLAIN}{STRICT}]", f"{_ARTICLE}{PLAIN}", f"(?:{_ARTICLE}{NAMELESS})"
_ANY = f"(?:{_ARTICLE}[{PLAIN}{STRICT}{NAMELESS}])"
_OTHER = r"[A-ZÀ-Þ]{2,6}"  # an agency that is not in the list, beside one that is
_INITIALS = r"(?!etc\b|usw\b|itd\b|bzw\b)[a-zäöü]{2,4}"  # of the people at the desk
_DATE_WORD = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May|June|July|August|"
    r"(?:Septem|Octo|Novem|Decem)ber"
)
_TITLED = r"[A-ZÀ-ÞĀ-ŽА-ЯΑ-Ω](?:[\w'’&-]+(?:\.[a-z]{2,4}){0,2})"
_CAPITALISED = r"[A-ZÀ-ÞĀ-ŽА-ЯΑ-Ω](?:\.(?:[A-Z]\.)?|[\w'’-]*)"

#: The bit of a line that may hold a disclaimer; each rule that asks for words has a higher bit.
DISCLAIMER = 1
#: What `{...}` means in a pattern.
_MACROS = {
    "SIGNS": PLAIN + STRICT + NAMELESS,
    "N": _NAME,
    "L": _PLAIN,
    "G": _NAMELESS,
    # A character that does not end a sentence: the full stop after an initial does not.
    "SENTENCE": r"(?:[^.!?\n]|\.(?!\s+[A-Z][a-z])|(?<=\b[A-Z])\.)",
    "PLAIN": PLAIN,
    "SIGN": PLAIN + STRICT,
    "OTHER": _OTHER,
    "SEP": _SEPARATOR,
    "NAMES": f"(?:{_ANY}(?:{_SEPARATOR}{_ANY})*)",
    "LIST": (
        f"(?:(?:(?:{_OTHER}{_SEPARATOR}){{0,2}}|(?:{_INITIALS}/){{0,3}}){_ANY}"
        f"(?:{_SEPARATOR}(?:{_ANY}|{_OTHER}\\b)|,\\s{_INITIALS}\\b)*)"
    ),
    "DESK": r"(?:/[a-zA-Z]{1,4}|\s[A-Z]{2,5}|\s[a-z]{2,4}(?:[/-][a-z]{2,4})+/?){0,5}",
    # What may be the name of an outlet, and words that are an outlet's name by themselves.
    "TITLE": (
        rf"(?<![\w-])(?!(?:As|I|It|He|She|They|We|Who|You|This|That|In|On|{_DATE_WORD})\b(?!-))"
        rf"(?:(?:[Tt]he|[Dd]er|[Dd]ie|[Ll][ae]|[Ee]l|[Ii]l)\s(?!{_DATE_WORD}\b))?"
        rf"{_TITLED}(?:\s(?:of\s|de\s|du\s)?{_TITLED}){{0,4}}"
    ),
    "OUTLET": (
        rf"(?:[Tt]he\s)?(?:{_CAPITALISED}\s){{0,4}}(?:{'|'.join(read_data('credits.toml')['outlet_words'].split())})"
        rf"(?:\s{_CAPITALISED}){{0,2}}"
    ),
    "PERSON": rf"{_CAPITALISED}(?:,?\s+(?:{_CAPITALISED}|and|und|et|y|de|van|von|del|di|la|al|of|&)){{0,11}}",
    "ROLE": (
        r"(?:(?:[A-Z]\w+\s){0,3}(?i:staff|writers?|correspondents?|reporters?|bureau|editors?|journalists?|"
        r"news\sagency|news\sservice|wire|newswire|feed|editorial|redaktion|redaktionen)(?:\s\w+)?)"
    ),
    "OPEN": r"[(\[（【〔［]",
    "CLOSE": r"[)\]）】〕］]",
    "DASH": r"(?:[-–—―−─]|_(?=\s)|\.{3})",
    "END": r"(?:^|[.!?…।؟۔。！？។။]['\"”’»)]*\s*|[\"”»」]\s*|(?<=[(\[（—–])|[—–-]\s+|^[-–—*_]+\s*)",
}


@dataclass(frozen=True)
class Rule:
    """One wording of credits.

    Attributes
    ----------
    form : str
    at : {"line", "start", "end", "any"}
    where : frozenset of str
        The line must be in one of these places; anywhere if empty.
    expression : str
        The source of `pattern`.
    needs : {"name", "any", "none"}
        What the line must contain for the pattern to match: a name, a name or "agencies", or neither.
    bit : int
        The bit that `rule_words` sets for a line with one of the words that this rule asks for; 0 if it asks
        for none.
    signs : tuple of str
        A line without any of these signs cannot match; if empty, none is required.
    examples : tuple of str
    """

    form: str
    at: str
    where: frozenset[str]
    expression: str
    needs: str
    bit: int
    signs: tuple[str, ...]
    examples: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression, made on demand: compiling all of them takes a tenth of a second."""
        return re.compile(self.expression)

    @cached_property
    def groups(self) -> frozenset[str]:
        """The names of the groups in the pattern."""
        return frozenset(self.pattern.groupindex)


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules, in the order in which they are tried on a line."""
    entries = read_data("credits.toml")["rule"]
    asking = [number for number, entry in enumerate(entries) if "words" in entry]
    bits = {number: 2 << place for place, number in enumerate(asking)}
    return tuple(_rule(entry, bits.get(number, 0)) for number, entry in enumerate(entries))


def _rule(entry: dict[str, Any], bit: int) -> Rule:
    pattern = re.sub(r"\{([A-Z]+)\}", lambda macro: _MACROS[macro[1]], entry["pattern"])
    if entry["at"] == "end":
        pattern += r"\s*\Z"
    needs = "none" if "?P<people>" in pattern or "?P<outlet>" in pattern else "name"
    if needs == "name" and any(macro in entry["pattern"] for macro in ("{NAMES}", "{LIST}", "{G}")):
        needs = "any"
    return Rule(
        entry["form"],
        entry["at"],
        frozenset(entry.get("where", ())),
        pattern,
        needs,
        bit,
        tuple(hint.replace("{SIGN}", sign) for hint in entry.get("signs", ()) for sign in (PLAIN, STRICT)),
        tuple(entry["examples"]),
    )


@cache
def rule_words() -> dict[str, int]:
    """Return the words that rules ask for, each with the bits of its rules; `DISCLAIMER` for disclaimers."""
    bits = dict.fromkeys(read_data("credits.toml")["disclaimers"]["words"], DISCLAIMER)
    data = read_data("credits.toml")["rule"]
    for rule, entry in zip(rules(), data, strict=True):
        for word in entry.get("words", ()):
            bits[word] = bits.get(word, 0) | rule.bit
    # Of phrases that begin alike, the longest is found in a line and represents the shorter ones.
    return {
        phrase: reduce(or_, (bit for word, bit in bits.items() if f"{phrase} ".startswith(f"{word} ")))
        for phrase in bits
    }


@cache
def nameless_bits() -> int:
    """Return the bits of the rules that match a line without an agency's name."""
    return sum(rule.bit for rule in rules() if rule.needs == "none")


@cache
def rule_bits() -> int:
    """Return the bits of all rules that ask for words."""
    return sum(rule.bit for rule in rules())


@cache
def rule_signs() -> tuple[str, ...]:
    """Return the signs that rules ask for."""
    return tuple(dict.fromkeys(sign for rule in rules() for sign in rule.signs))


@cache
def disclaimers() -> tuple[re.Pattern[str], ...]:
    """Return the sentences that say a text was run as it came."""
    patterns = read_data("credits.toml")["disclaimers"]["patterns"]
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


@cache
def trigger_words() -> tuple[str, ...]:
    """Return the words that bring a line to the rules although it does not name an agency."""
    data = read_data("credits.toml")
    return (*data["disclaimers"]["words"], *data["disclaimers"]["other_words"])


@cache
def _place_words() -> frozenset[str]:
    return frozenset(read_data("credits.toml")["place_words"].split())


#: Maximum number of words in the place and date of a dateline; and where no dash follows.
_PLACE_LENGTH, _BARE_LENGTH = 8, 4
_LETTERS = re.compile(r"[^\W\d_]+")
#: A word with its marks, which are not letters in Devanagari and elsewhere.
_WORDS = re.compile(r"[^\s\d.,;:/|()\[\]–—−-]+")
_SENTENCE_SIGNS = frozenset("!?؟।。។။")


@lru_cache(maxsize=1 << 12)
def is_place(words: str, *, bare: bool = False) -> bool:
    """Whether words before an agency's name may be a place and a date, rather than a sentence.

    `bare`: no dash follows the name, so more is required: few words, or a number among them.

    Examples
    --------
    >>> is_place("NEW DELHI, Feb 24 "), is_place("The minister told the news agency ")
    (True, False)
    """
    found = _WORDS.findall(words)
    if not all(word.islower() <= (word in _place_words()) for word in found) or _named(words):
        return False
    if not _SENTENCE_SIGNS.isdisjoint(words):
        return False
    if not bare:
        return len(found) <= _PLACE_LENGTH
    return 0 < len(found) <= _BARE_LENGTH and (words.strip()[:1].isupper() or words.upper() == words.lower())


def _named(words: str) -> bool:
    return any(sign in words for sign in (PLAIN, STRICT, NAMELESS))


@lru_cache(maxsize=1 << 12)
def spells_out(words: str, short: str) -> bool:
    """Whether the words before a bracket spell out the short form in it.

    Examples
    --------
    >>> spells_out("The Aam Aadmi Party ", "AAP"), spells_out("NEW DELHI, Feb 24 ", "PTI")
    (True, False)
    """
    return "".join(word[0] for word in _LETTERS.findall(words) if not word.islower()).endswith(short)

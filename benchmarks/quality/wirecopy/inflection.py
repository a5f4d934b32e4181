"""English inflection and spelling: what an editor changes in a word without changing the word."""

from __future__ import annotations

_IRREGULAR = {
    "hold": ("held", "held"), "begin": ("began", "begun"), "bring": ("brought", "brought"),
    "build": ("built", "built"), "buy": ("bought", "bought"), "cut": ("cut", "cut"),
    "draw": ("drew", "drawn"), "drive": ("drove", "driven"), "find": ("found", "found"),
    "give": ("gave", "given"), "keep": ("kept", "kept"), "leave": ("left", "left"),
    "lose": ("lost", "lost"), "make": ("made", "made"), "put": ("put", "put"),
    "seek": ("sought", "sought"), "sell": ("sold", "sold"), "set": ("set", "set"),
    "shut": ("shut", "shut"), "spend": ("spent", "spent"), "take": ("took", "taken"),
    "win": ("won", "won"), "write": ("wrote", "written"), "withdraw": ("withdrew", "withdrawn"),
    "rebuild": ("rebuilt", "rebuilt"), "rethink": ("rethought", "rethought"), "fly": ("flew", "flown"),
    "steal": ("stole", "stolen"), "dig": ("dug", "dug"), "send": ("sent", "sent"), "feed": ("fed", "fed"),
    "pay": ("paid", "paid"), "repay": ("repaid", "repaid"), "sow": ("sowed", "sown"),
    "beat": ("beat", "beaten"), "lead": ("led", "led"),
    "hit": ("hit", "hit"), "teach": ("taught", "taught"),
    "undergo": ("underwent", "undergone"), "forgo": ("forwent", "forgone"),
    "freeze": ("froze", "frozen"), "tell": ("told", "told"), "uphold": ("upheld", "upheld"),
    "strike": ("struck", "struck"), "sweep": ("swept", "swept"), "split": ("split", "split"),
}  # fmt: skip

_DOUBLING = {
    "plan", "ban", "scrap", "drop", "trim", "map", "scan", "grab", "tap", "slam", "fit", "clip", "submit",
    "commit", "permit", "prefer", "refer", "equip", "top", "step", "snub", "bar", "snap", "cancel", "fulfil",
    "travel", "omit", "stop", "ship",
}  # fmt: skip
_DOUBLING_PRESENT = {"begin", "cut", "put", "set", "shut", "hit", "win", "split"}

_PLURALS = {
    "crisis": "crises", "inquiry": "inquiries", "shelf": "shelves", "foot": "feet", "child": "children",
    "leaf": "leaves", "life": "lives", "half": "halves",
}  # fmt: skip

_VOWELS = "aeiou"

#: British spelling to American, for the words that the grammar uses.
AMERICAN = {
    "programme": "program", "programmes": "programs", "labour": "labor", "centre": "center",
    "centres": "centers", "organise": "organize", "organised": "organized", "organises": "organizes",
    "organising": "organizing", "defence": "defense", "harbour": "harbor", "harbours": "harbors",
    "tonnes": "tons", "neighbouring": "neighboring", "authorise": "authorize", "authorised": "authorized",
    "authorising": "authorizing", "criticise": "criticize", "criticised": "criticized",
    "criticising": "criticizing", "favour": "favor", "favoured": "favored", "favouring": "favoring",
    "metres": "meters", "kilometres": "kilometers", "licence": "license", "licences": "licenses",
    "cancelled": "canceled", "cancelling": "canceling", "modernise": "modernize",
    "modernised": "modernized", "modernising": "modernizing", "rumours": "rumors", "theatre": "theater",
    "theatres": "theaters", "colour": "color", "fulfil": "fulfill", "towards": "toward",
    "mobilise": "mobilize", "mobilised": "mobilized", "mobilising": "mobilizing", "honour": "honor",
    "honoured": "honored", "honouring": "honoring", "catalogue": "catalog", "catalogues": "catalogs",
    "behaviour": "behavior", "labourers": "laborers", "recognise": "recognize",
    "recognised": "recognized", "recognising": "recognizing", "aluminium": "aluminum", "grey": "gray",
    "analyse": "analyze", "analysed": "analyzed", "analysing": "analyzing", "prioritise": "prioritize",
    "prioritised": "prioritized", "prioritising": "prioritizing", "subsidise": "subsidize",
    "subsidised": "subsidized", "subsidising": "subsidizing", "neighbours": "neighbors",
    "scrutinise": "scrutinize", "scrutinised": "scrutinized", "scrutinising": "scrutinizing",
    "finalise": "finalize", "finalised": "finalized", "finalising": "finalizing", "plough": "plow",
    "fibre": "fiber", "litres": "liters", "amongst": "among", "whilst": "while", "rigour": "rigor",
}  # fmt: skip


def inflect(word: str, form: str | None) -> str:
    """A verb's ``past``, ``part`` (participle), ``ing`` or ``third`` form, or a noun's ``plural``.

    Examples
    --------
    >>> [inflect("withdraw", form) for form in ("past", "part", "ing", "third")]
    ['withdrew', 'withdrawn', 'withdrawing', 'withdraws']
    >>> inflect("inquiry", "plural"), inflect("school", None)
    ('inquiries', 'school')
    """
    if form in ("past", "part"):
        return _past(word, participle=form == "part")
    if form == "ing":
        return _ing(word)
    if form == "third":
        return _plural(word)
    if form == "plural":
        if word.endswith("man"):
            return word[:-3] + "men"
        return _PLURALS.get(word) or _plural(word)
    return word


def _past(verb: str, *, participle: bool) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb][participle]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied"
    return verb + (verb[-1] if verb in _DOUBLING else "") + "ed"


def _ing(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "oe")):
        return verb[:-1] + "ing"
    doubled = verb in _DOUBLING or verb in _DOUBLING_PRESENT
    return verb + (verb[-1] if doubled else "") + "ing"


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh", "go")) else "s")

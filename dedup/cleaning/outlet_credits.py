"""Credits according to the table of outlets: its suppliers, its writers' bylines, the wordings it asks for.

The grammar of `dedup.cleaning.credits` knows the names in ``agencies.toml``. A newsroom knows more: a small
agency, a press release service, the people who write for an outlet.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.cleaning.credit_grammar import Form
from dedup.cleaning.credits import FORMS, KINDS, MENTION, Credits
from dedup.outlets import Outlet, Outlets

#: A wording of at least this many words is a credit wherever it occurs; a shorter one only where a credit may
#: be.
_SENTENCE = 4
#: Number of first lines that are searched for bylines.
_HEAD_LINES = 15


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    form: int
    whole: bool
    head: bool


def with_outlets(found: Credits, texts: pa.StringArray, outlets: Outlets) -> Credits:
    """Return the credits found so far together with those that the table of outlets adds.

    Parameters
    ----------
    found : Credits
    texts : pyarrow.StringArray or pyarrow.LargeStringArray
        The articles in which the credits were found.

    Examples
    --------
    >>> from dedup.cleaning.credits import find_credits
    >>> texts = pa.array(["By Ann Doe\\nThe pier was closed.", "(Harrow News) The pier was closed."])
    >>> known = Outlets.of({"Harrow News": {"kind": "agency", "writers": ["Ann Doe"]}})
    >>> told = with_outlets(find_credits(texts), texts, known)
    >>> told.name.to_pylist(), [FORMS[form] for form in told.form]
    (['Harrow News', 'Harrow News'], ['byline', 'sign_off'])
    """
    if not outlets:
        return found
    found = told_by(found, outlets)
    sought = [word for outlet in outlets for word in (*outlet.writers, *_wordings(outlet))]
    if not sought or not len(texts):
        return found
    either = "|".join(sorted(map(_spaced, sought), key=len, reverse=True))
    named = np.asarray(pc.match_substring_regex(texts, either).fill_null(False))
    rows: list[tuple[int, int, int, Outlet, _Rule]] = []
    for row in np.flatnonzero(named).tolist():
        text = texts[row].as_py()
        rows += [(row, start, end, outlet, rule) for start, end, outlet, rule in _read(text, outlets)]
    return _joined(found, rows) if rows else found


def told_by(found: Credits, outlets: Outlets) -> Credits:
    """Return the credits with outlets named and typed as in the table."""
    if not outlets or not len(found.name):
        return found
    known = {name: outlets.named(name) for name in found.name.unique().to_pylist() if name is not None}
    if not any(known.values()):
        return found
    names, kinds = [], found.kind.copy()
    for row, name in enumerate(found.name.to_pylist()):
        outlet = known.get(name)
        names.append(outlet.name if outlet else name)
        if outlet and outlet.kind:
            kinds[row] = KINDS.index(outlet.kind)
    return found._replace(name=pa.array(names, pa.string()), kind=kinds)


def _wordings(outlet: Outlet) -> tuple[str, ...]:
    """Return the words by which a credit names the outlet where the grammar does not know them."""
    asked = (outlet.credit_as,) if outlet.credit_as else ()
    supplies = outlet.kind in ("agency", "feed", "press")
    return (*asked, *((outlet.name, *outlet.aliases) if supplies else ()))


def _spaced(words: str) -> str:
    """Return an expression for the words with any space between them."""
    return r"\s+".join(re.escape(word) for word in words.split())


#: Where a wording is a credit. NAME is the wording; then the form, and whether it vouches for the whole.
_PLACES: tuple[tuple[str, Form, bool], ...] = (
    (r"^[^\n]{0,80}\(NAME\)\s*[—–-]", "dateline", True),
    (r"[(\[]\s*NAME\s*[)\]]", "sign_off", True),
    (r"(?:©|\(c\)|copyright)\W*(?:\d{4}\W+)?(?:by\s+|the\s+)?NAME\b", "copyright", True),
    (r"\bNAME\s+contributed\b", "contribution", False),
    (r"\bwith\s+(?:files|inputs?|material|reporting)\s+from\s+(?:the\s+)?NAME\b", "contribution", False),
    (r"^\W*(?:(?:by|from|source|courtesy\s+of|via)\W+(?:the\s+)?)?NAME\W*$", "byline", True),
)
_BYLINE = r"^\W*(?:(?:by|von|par|por|di|da|door|av|af)\s+)?NAME\s*(?:$|[,|/(–—-].{0,80}$)"


@lru_cache(maxsize=256)
def _rules(outlet: Outlet) -> tuple[_Rule, ...]:
    rules = []
    if outlet.writers:
        writers = "|".join(map(_spaced, outlet.writers))
        rules.append(_rule(_BYLINE, writers, "byline", whole=True, head=True))
    for words in _wordings(outlet):
        if words == outlet.credit_as and len(words.split()) >= _SENTENCE:
            rules.append(_rule("NAME", _spaced(words), "feed", whole=True))
        else:
            rules += [_rule(place, _spaced(words), form, whole=whole) for place, form, whole in _PLACES]
    if outlet.kind in ("agency", "feed", "press"):
        names = "|".join(map(_spaced, (outlet.name, *outlet.aliases)))
        rules.append(_rule(r"\bNAME\b", names, "mention", whole=False))
    return tuple(rules)


def _rule(place: str, name: str, form: Form, *, whole: bool, head: bool = False) -> _Rule:
    pattern = re.compile(place.replace("NAME", f"(?P<name>{name})"), re.IGNORECASE | re.MULTILINE)
    return _Rule(pattern, FORMS.index(form), whole, head)


def _read(text: str, outlets: Outlets) -> list[tuple[int, int, Outlet, _Rule]]:
    """Return the first credit of each outlet, by the first rule that matches."""
    made = []
    head = sum(len(line) for line in text.splitlines(keepends=True)[:_HEAD_LINES])
    for outlet in outlets:
        for rule in _rules(outlet):
            match = rule.pattern.search(text, 0, head if rule.head else len(text))
            if match:
                start, end = match.span("name")
                made.append((start, end, outlet, rule))
                break
    return made


def _joined(found: Credits, rows: list[tuple[int, int, int, Outlet, _Rule]]) -> Credits:
    """Merge both in the order of the texts.

    Left out are mentions of a name that is credited, and feeds without a name whose words are those of a name
    that the table has: "Coast Wire contributed" is not "wire contributed".
    """
    of_row = np.repeat(np.arange(len(found.offsets) - 1), np.diff(found.offsets))
    names = found.name.to_pylist()
    said = list(zip(of_row.tolist(), names, found.form.tolist(), strict=True))
    known = {(row, name) for row, name, form in said if form != MENTION}
    new = [
        each
        for each in rows
        if (each[0], each[3].name) not in known
        and (each[4].form != MENTION or (each[0], each[3].name) not in {(row, name) for row, name, _ in said})
    ]
    credited = {(row, outlet.name) for row, _, _, outlet, rule in new if rule.form != MENTION}
    told: dict[int, list[tuple[int, int]]] = {}
    for row, start, end, _, _ in new:
        told.setdefault(row, []).append((start, end))
    spans = zip(found.start.tolist(), found.end.tolist(), strict=True)
    kept = np.array(
        [
            not (form == MENTION and (row, name) in credited)
            and not (name is None and any(start < high and low < end for low, high in told.get(row, ())))
            for (row, name, form), (start, end) in zip(said, spans, strict=True)
        ],
        np.bool_,
    )

    def both(column: NDArray[np.generic], more: list[int]) -> NDArray[np.generic]:
        return np.concatenate([column[kept], np.array(more, column.dtype)])[order]

    all_rows = np.concatenate([of_row[kept], np.array([each[0] for each in new], np.int64)])
    starts = np.concatenate([found.start[kept], np.array([each[1] for each in new], np.int64)])
    order = np.lexsort((starts, all_rows))
    all_names = [name for name, keep in zip(names, kept, strict=True) if keep] + [
        each[3].name for each in new
    ]
    counts = np.bincount(all_rows, minlength=len(found.offsets) - 1)
    return Credits(
        np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        pa.array([all_names[row] for row in order.tolist()], pa.string()),
        both(found.kind, [KINDS.index(each[3].kind or "outlet") for each in new]),  # type: ignore[arg-type]
        both(found.form, [each[4].form for each in new]),  # type: ignore[arg-type]
        both(found.whole, [each[4].whole for each in new]),  # type: ignore[arg-type]
        starts[order],
        both(found.end, [each[2] for each in new]),  # type: ignore[arg-type]
    )

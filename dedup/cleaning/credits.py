"""Credits: the lines and marks by which an article names the agency, feed or outlet that supplied it.

A credit is a dateline ("MOSCOW (Reuters) -"), a byline, a sign-off ("(PTI)", "— AFP"), a contribution ("With
inputs from ANI"), a copyright line, or the words of a feed. Any other name of an agency in the text is a
mention. The name under a photograph is neither, nor is a credit of another story that a teaser announces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.cleaning.credit_fields import field_credits
from dedup.cleaning.credit_grammar import CreditKind, Form
from dedup.cleaning.credit_reading import candidate_lines, read_candidate
from dedup.cleaning.furniture import mark_furniture
from dedup.cleaning.places import characters_before
from dedup.text.tokens import Tokens, tokenise, utf8_of

FORMS: tuple[Form, ...] = get_args(Form)
KINDS: tuple[CreditKind, ...] = get_args(CreditKind)
MENTION = FORMS.index("mention")
_PARTLY = {FORMS.index("contribution")}
_OUTLET = KINDS.index("outlet")
_DATELINE = FORMS.index("dateline")
#: A credit in a field beside the text. Its place refers to the article's `credit_lines`.
METADATA = FORMS.index("metadata")


#: A credit as a store of articles stores it: the columns of `Credits`.
CREDIT = pa.struct(
    [
        pa.field("name", pa.string()),
        pa.field("kind", pa.int8()),
        pa.field("form", pa.int8()),
        pa.field("whole", pa.bool_()),
        pa.field("start", pa.int64()),
        pa.field("end", pa.int64()),
    ]
)


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit in an article's text, or a mention of a possible supplier.

    Attributes
    ----------
    name : str or None
        The agency as ``agencies.toml`` names it, or the outlet as the text names it; None for "agencies".
    kind : {"agency", "feed", "press", "outlet"}
    form : {"dateline", "byline", "sign_off", "contribution", "copyright", "feed", "metadata", "mention"}
    vouches : {"whole", "part"} or None
        What the credit attributes to the supplier: the whole article or a part of it; None for a mention.
    start, end : int
        The place in the text, half-open, in characters.
    """

    name: str | None
    kind: CreditKind
    form: Form
    vouches: Literal["whole", "part"] | None
    start: int
    end: int

    @property
    def state(self) -> Literal["credited", "named"]:
        """Whether the name is a credit or a mention."""
        return "named" if self.form == "mention" else "credited"


class Credits(NamedTuple):
    """The credits of a batch of articles, in the order of the articles and of their texts.

    Attributes
    ----------
    offsets : ndarray of shape (n_articles + 1,), dtype int64
        The credits of article i are ``offsets[i]:offsets[i + 1]``.
    name : pyarrow.StringArray of length n_credits
        Null for a feed without a name.
    kind, form : ndarray of shape (n_credits,), dtype int8
        Indices into `KINDS` and `FORMS`.
    whole : ndarray of shape (n_credits,), dtype bool
        Whether the credit vouches for the whole article; never for a mention.
    start, end : ndarray of shape (n_credits,), dtype int64
        Half-open, in characters of the article's text, or of its credit lines if the form is metadata.
    """

    offsets: NDArray[np.int64]
    name: pa.StringArray
    kind: NDArray[np.int8]
    form: NDArray[np.int8]
    whole: NDArray[np.bool_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    @classmethod
    def concat(cls, parts: Sequence[Credits]) -> Credits:
        """Return the credits of all parts, one part after another."""
        if not parts:
            none = np.zeros(0, np.int64)
            return _columns([], np.zeros(0, np.uint8), np.zeros(1, np.int64))._replace(start=none, end=none)
        counts = [np.diff(part.offsets) for part in parts]
        return cls(
            np.concatenate(([0], np.cumsum(np.concatenate(counts)))),
            pa.concat_arrays([part.name for part in parts]),
            *(np.concatenate([part[column] for part in parts]) for column in range(2, 7)),
        )

    def stored(self) -> pa.ListArray:
        """Return a list column of `CREDIT`, for a store of articles."""
        items = pa.StructArray.from_arrays(
            [self.name, *(pa.array(column) for column in self[2:])], fields=list(CREDIT)
        )
        return pa.ListArray.from_arrays(pa.array(self.offsets, pa.int32()), items)

    @classmethod
    def of(cls, stored: pa.ListArray) -> Credits:
        """Read the credits from a list column that `stored` made."""
        offsets = np.asarray(stored.offsets).astype(np.int64)
        items = stored.values.slice(int(offsets[0]), int(offsets[-1] - offsets[0]))
        kind, form, whole, start, end = (items.field(column) for column in range(1, 6))
        return cls(
            offsets - offsets[0],
            items.field(0),
            np.asarray(kind),
            np.asarray(form),
            np.asarray(whole.cast(pa.int8())).astype(np.bool_),
            np.asarray(start),
            np.asarray(end),
        )

    @property
    def credited(self) -> pa.BooleanArray:
        """For each article, whether a supplier is credited; other outlets do not count."""
        rows = np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))
        found = np.zeros(len(self.offsets) - 1, np.bool_)
        found[rows[(self.form != MENTION) & (self.kind != _OUTLET)]] = True
        return pa.array(found)

    @property
    def agency(self) -> pa.StringArray:
        """For each article, the name in its first credit of a supplier, preferably for the whole article."""
        best: list[str | None] = [None] * (len(self.offsets) - 1)
        names = self.name.to_pylist()
        rows = np.repeat(np.arange(len(best)), np.diff(self.offsets)).tolist()
        for wanted in (self.whole, ~self.whole & (self.form != MENTION)):
            for number in np.flatnonzero(wanted & (self.kind != _OUTLET)).tolist():
                if best[rows[number]] is None:
                    best[rows[number]] = names[number]
        return pa.array(best, pa.string())


def credits_of(text: str) -> list[Credit]:
    """Return the credits and mentions of one article, in the order of the text.

    Examples
    --------
    >>> for credit in credits_of("HARROW (AP) — Rain fell, officials told Reuters.\\nIt may go on."):
    ...     print(credit.name, credit.state, credit.form, credit.start, credit.end)
    AP credited dateline 7 11
    Reuters named mention 40 47
    """
    found = find_credits(pa.array([text], pa.large_string()))
    columns = (found.name.to_pylist(), found.kind, found.form, found.whole, found.start, found.end)
    made = []
    for name, kind, form, whole, start, end in zip(*columns, strict=True):
        vouches: Literal["whole", "part"] = "whole" if whole else "part"
        made.append(
            Credit(name, KINDS[kind], FORMS[form], None if form == MENTION else vouches, int(start), int(end))
        )
    return made


def find_credit(text: str) -> Credit | None:
    """Return the credit of an article: of several, one that names a supplier of the whole comes first.

    Examples
    --------
    >>> find_credit("The two met in Moscow, state-run TASS news agency reported.\\n(PTI)").name
    'PTI'
    >>> find_credit("Government sources confirmed to PTI that they met.") is None
    True
    """
    found = [credit for credit in credits_of(text) if credit.state == "credited"]
    return min(found, key=lambda credit: (credit.name is None, credit.vouches != "whole"), default=None)


def find_credits(
    texts: pa.StringArray, tokens: Tokens | None = None, credit_lines: pa.StringArray | None = None
) -> Credits:
    """Find the credits of many articles.

    Parameters
    ----------
    texts : pyarrow.StringArray or pyarrow.LargeStringArray
        Without nulls.
    tokens : Tokens, optional
        All tokens of the texts, marked by `dedup.cleaning.mark_furniture`, if they are available.
    credit_lines : pyarrow.StringArray, optional
        What fields beside each text say about credit and copyright; see `dedup.article.Article`.

    Examples
    --------
    >>> find_credits(pa.array(["Putin met Khan. (PTI)", "Putin met Khan."])).agency.to_pylist()
    ['PTI', None]
    """
    tokens = mark_furniture(tokenise(texts)) if tokens is None else tokens
    data, offsets = utf8_of(texts)
    found: list[_Found] = []
    known: set[tuple[int, str | None, int]] = set()
    for line in candidate_lines(data, offsets, tokens):
        begin, end = int(offsets[line.row]), int(offsets[line.row + 1])
        for reading, at in read_candidate(line, data[begin:end]):
            form = FORMS.index(reading.form)
            key = line.row, reading.name, form
            if key in known or (form == MENTION and (line.row, reading.name, -1) in known):
                continue
            known |= {key, (line.row, reading.name, -1)}
            byte = line.byte + at
            # A dateline far down belongs to one of several texts on the page.
            whole = (
                form != MENTION and form not in _PARTLY and not (form == _DATELINE and 2 * byte > end - begin)
            )
            found.append(
                _Found(
                    line.row,
                    begin + byte,
                    reading.start,
                    reading.end,
                    reading.name,
                    KINDS.index(reading.kind),
                    form,
                    whole,
                )
            )
    for said in field_credits(credit_lines) if credit_lines is not None else ():
        begin, kind = int(offsets[said.row]), KINDS.index(said.kind)
        found.append(_Found(said.row, begin, said.start, said.end, said.name, kind, METADATA, True))
    return _columns(found, data, offsets)


class _Found(NamedTuple):
    row: int
    byte: int
    start: int
    end: int
    name: str | None
    kind: int
    form: int
    whole: bool


def _columns(found: list[_Found], data: NDArray[np.uint8], texts: NDArray[np.int64]) -> Credits:
    """Return credits in text order, fields last, without mentions of a supplier that is credited."""
    credited = {(entry.row, entry.name) for entry in found if entry.form != MENTION}
    kept = [entry for entry in found if entry.form != MENTION or (entry.row, entry.name) not in credited]
    rows = np.array([entry.row for entry in kept], np.int64)
    bytes_of = np.array([entry.byte for entry in kept], np.int64)
    before = characters_before(data, texts[rows], bytes_of)
    starts = before + np.array([entry.start for entry in kept], np.int64)
    beside = np.array([entry.form == METADATA for entry in kept], np.bool_)
    order = np.lexsort((starts, beside, rows))
    offsets = np.zeros(len(texts), np.int64)
    np.cumsum(np.bincount(rows, minlength=len(texts) - 1), out=offsets[1:])
    return Credits(
        offsets,
        pa.array([kept[number].name for number in order.tolist()], pa.string()),
        np.array([entry.kind for entry in kept], np.int8)[order],
        np.array([entry.form for entry in kept], np.int8)[order],
        np.array([entry.whole for entry in kept], np.bool_)[order],
        starts[order],
        (before + np.array([entry.end for entry in kept], np.int64))[order],
    )

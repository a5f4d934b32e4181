"""The sentence about an article: how much is whose copy, where else, who was first, what it credits."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from dedup.outlets import NO_OUTLETS, Outlets
from dedup.results import Credit, Supplier
from dedup.thresholds import CREDIT_SHARE, CREDIT_WORDS, FEWER_CREDIT_WORDS

_EVIDENCE = 90  # number of characters of a credit that are shown


class Said(NamedTuple):
    """The data of a sentence, as in the fields of `dedup.results.ArticleSummary`.

    `first` is the source and the moment of the earliest article, or None; `first_here` says that it is this
    article. `contributed` is a supplier that only contributed to another version, and where that ran.
    `outlets` and `published` are what is known of the suppliers, and when this article was published.
    """

    words: int
    copied: float
    passages: int
    others: int
    suppliers: tuple[Supplier, ...]
    credits: tuple[Credit, ...]
    first: tuple[str, datetime | None] | None
    first_here: bool
    outlets: Outlets = NO_OUTLETS
    published: datetime | None = None
    contributed: tuple[str, str] | None = None


def counts(supplier: Supplier) -> bool:
    """Whether the supplier's part is large enough that the sentence should mention its credit.

    Examples
    --------
    >>> agency = Supplier(name="AP", kind="agency", words=30, share=0.09, state="not_found")
    >>> counts(agency)
    False
    """
    return supplier.words >= CREDIT_WORDS or (
        supplier.words >= FEWER_CREDIT_WORDS and supplier.share >= CREDIT_SHARE
    )


def sentence(said: Said) -> str | None:
    """Return the sentence, or None if almost nothing is copied.

    Examples
    --------
    >>> agency = Supplier(name="PTI", kind="agency", words=124, share=0.62, state="not_found")
    >>> print(sentence(Said(200, 0.62, 5, 7, (agency,), (), ("Herald", datetime(2022, 2, 24, 10, 2)), False)))
    62 % of this article is PTI copy (5 passages). It also ran at 7 outlets, first in this collection at Herald, 2022-02-24 10:02. No PTI credit was found.
    """  # noqa: E501 - a sentence is a line
    if said.copied * said.words < FEWER_CREDIT_WORDS:
        return None
    told = [supplier for supplier in said.suppliers if counts(supplier)]
    below = [supplier for supplier in said.suppliers if not counts(supplier)]
    passages = f"{said.passages} passage{'' if said.passages == 1 else 's'}"
    if told:
        whose = ", ".join(f"{_percent(each.share)} is {_copy(each)}" for each in told[1:])
        parts = [f"{_percent(told[0].share)} of this article is {_copy(told[0])} ({passages})"]
        parts[0] += f", {whose}." if whose else "."
    else:
        parts = [f"{_percent(said.copied)} of this article runs elsewhere too ({passages})."]
    parts += [f"{_percent(each.share)} of it is {each.name}'s." for each in below if each.name]
    parts.append(_where(said))
    whole = any(each.state == "credited" for each in told)
    for each in told:
        parts += [_credit(each, said.credits, whole), _agreed(each, said, whole)]
    named = {each.name for each in said.suppliers} | {each.name for each in said.credits}
    if said.contributed and said.contributed[0] not in named:
        name, source = said.contributed
        parts.append(f"{name[:1].upper()}{name[1:]} contributed to the version at {source}.")
    return " ".join(part for part in dict.fromkeys(parts) if part)


def _copy(supplier: Supplier) -> str:
    if supplier.kind == "press":
        return f"a press release ({supplier.name})" if supplier.name else "a press release"
    return f"{supplier.name} copy" if supplier.name else "copy of a syndicated feed"


def _where(said: Said) -> str:
    where = (
        f"It also ran at {said.others} outlet{'' if said.others == 1 else 's'}"
        if said.others
        else "It ran at its own outlet only"
    )
    if said.first is None:
        return f"{where}; who was first is not certain."
    source, when = said.first
    # Midnight to the second is taken as a date without a time.
    day_only = when is not None and not (when.hour or when.minute or when.second)
    moment = f", {when:{'%Y-%m-%d' if day_only else '%Y-%m-%d %H:%M'}}" if when else ""
    return f"{where}, first in this collection {'here' if said.first_here else f'at {source}'}{moment}."


def _credit(supplier: Supplier, credits: tuple[Credit, ...], whole: bool) -> str:  # noqa: A002
    """Say how the article credits a supplier; `whole`: it credits one of those whose copy it is."""
    name = supplier.name or "A feed"
    own = [credit for credit in credits if credit.name == supplier.name]
    if supplier.state == "credited" and not any(credit.state == "credited" for credit in own):
        own = [credit for credit in credits if credit.state == "credited"]
        name = "A feed" if any(credit.name is None for credit in own) else name
    if supplier.state == "credited" and not own:
        return ""  # it is the supplier's own site
    if supplier.state == "not_found" or not own:
        # Both agencies may have moved the text, so an article that credits one of them hides nothing.
        return (
            f"Another article credits {name}." if whole else f"No {supplier.name or 'feed'} credit was found."
        )
    if supplier.state == "named":
        return f"{name} is named, but not as a credit: {_quoted(own[0])}."
    credited = [credit for credit in own if credit.state == "credited"]
    shown = min(credited, key=lambda credit: credit.vouches != "whole")
    part = " for a part" if shown.vouches == "part" else ""
    return f"{name} is credited{part}: {_quoted(shown)}."


def _agreed(supplier: Supplier, said: Said, whole: bool) -> str:
    """Say which terms in the table of outlets the article does not keep."""
    known = None if supplier.name is None else said.outlets.named(supplier.name)
    if known is None:
        return ""
    parts = []
    if known.credit_as and supplier.state != "credited" and not whole:
        parts.append(f"It asks to be credited as “{known.credit_as}”.")
    if known.licensed_until and said.published and said.published.date() > known.licensed_until:
        parts.append(f"The licence for its texts ended on {known.licensed_until}.")
    return " ".join(parts)


def _quoted(credit: Credit) -> str:
    words = " ".join(credit.text.split())
    return f"“{words if len(words) <= _EVIDENCE else words[: _EVIDENCE - 1] + '…'}”"


def _percent(share: float) -> str:
    if 0 < share < 0.01:
        return "under 1 %"
    return f"{round(share * 100) if share >= 1 else min(round(share * 100), 99)} %"

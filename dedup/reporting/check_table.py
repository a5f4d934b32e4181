"""The answer about a draft, for the terminal."""

from __future__ import annotations

import textwrap
from datetime import datetime
from typing import Any

from dedup.reporting.printable import printable
from dedup.reporting.times import Times
from dedup.reporting.wording import FORM_WORDS, count, gap, moment, percent

_PARTS = (
    ("agency", "agency copy"),
    ("others", "other outlets' text"),
    ("quotes", "quotes"),
    ("own", "only here"),
)


def answer_lines(
    answer: dict[str, Any],
    *,
    width: int,
    limit: int | None = None,
    times: Times = Times(),  # noqa: B008 - frozen
) -> list[str]:
    """Return the lines of an answer from `dedup.reporting.answer.answer`; none is wider than `width`."""
    record = answer["article"]
    name = record["title"] or record["id"]
    said = answer["sentence"]
    if answer["first"] and (when := answer["first"]["published"]):
        at = datetime.fromisoformat(when)
        said = said.replace(moment(at), times.moment(at, answer["first"]["published_precision"]))
    lines = [*_wrapped(printable(f"{name}: {said}"), width, "")]
    parts = [f"{percent(share)} {label}" for key, label in _PARTS if (share := answer["shares"][key]) > 0]
    lines += _wrapped(" · ".join([f"{record['words']:,} words", *parts]), width, "")
    for lead, state in (("Credits found", "credited"), ("Named, but not as a credit", "named")):
        found = [_credit(each) for each in answer["credits"] if each["state"] == state]
        if found:
            lines += _wrapped(printable(f"{lead}: {'; '.join(found)}"), width, "")
    matches = answer["matches"]
    shown = matches if limit is None else matches[:limit]
    for number, match in enumerate(shown, 1):
        lines += ["", *_card(number, match, width, times)]
    if len(matches) > len(shown):
        lines += ["", f"{len(matches) - len(shown):,} more articles, not shown."]
    if times.name != "UTC":
        lines += ["", times.note]
    return lines


def _credit(credit: dict[str, Any]) -> str:
    words = f"“{' '.join(credit['text'].split())}”"
    return words if credit["state"] == "named" else f"{words} ({FORM_WORDS[credit['form']]})"


def _card(number: int, match: dict[str, Any], width: int, times: Times) -> list[str]:
    at = ""
    if match["published"]:
        at = times.moment(datetime.fromisoformat(match["published"]), match["published_precision"])
    facts = [
        match["relation"],
        *match["agencies"],
        count(match["words"], "word"),
        f"{percent(match['share_of_this'])} of this",
        f"{percent(match['share_of_other'])} of theirs",
    ]
    if match["direction"] != "unknown":
        facts.append(
            f"{gap(match['gap_seconds'])} {match['direction']}"
            if match["gap_seconds"]
            else match["direction"]
        )
    head = f"{number:>2}  {match['source']}" + (f"  {at}" if at else "")
    indent = " " * 4
    lines = _wrapped(printable(head), width, indent)
    lines += _wrapped(indent + printable(" · ".join(facts)), width, indent)
    lines += _wrapped(indent + printable(match["title"]), width, indent)
    return [*lines, *_wrapped(indent + printable(match["url"] or match["id"]), width, indent)]


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    # An address is not cut, because it could not be followed any more.
    return textwrap.wrap(
        text, max(width, 20), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ) or [""]

"""Records decisions: from a request to the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from dedup.article import Article
from dedup.decisions.ledger import decided_sentences, text_digests
from dedup.decisions.record import Decision, decision_of, new_id
from dedup.index.index import Index
from dedup.results import Overlap
from dedup.web.part import pair_of
from dedup.web.problems import Problem


def decisions_of(index: Index, record: dict[str, Any], user: str | None) -> list[Decision]:
    """Return the decisions that a request asks for, one for each pair that it names.

    Raises
    ------
    Problem
        An article does not exist, the two share nothing, or a value is invalid.
    """
    by = user or record.get("by") or ""
    now = datetime.now(UTC).isoformat()
    base = {
        "at": now,
        "by": by,
        "kind": record.get("kind"),
        "note": record.get("note"),
        "until": record.get("until"),
        "credit": record.get("credit"),
    }
    if record.get("kind") == "undo":
        undone = record.get("undoes")
        if not any(each.id == undone for each in index.decisions()):
            raise Problem(404, "no decision has this id", field="undoes")
        return [decision_of({**base, "id": new_id(), "undoes": undone})]
    pairs = record.get("pairs") or [{"a": record.get("a"), "b": record.get("b")}]
    if not isinstance(pairs, list) or not all(isinstance(each, dict) for each in pairs) or len(pairs) > 500:
        raise Problem(422, "pairs must be a list of at most 500 objects with `a` and `b`", field="pairs")
    numbers = record.get("passages")
    if numbers is not None and not (
        isinstance(numbers, list) and all(isinstance(each, int) and each > 0 for each in numbers)
    ):
        raise Problem(422, "passages must be a list of numbers, from 1", field="passages")
    decided = []
    for each in pairs:
        overlap, article = _shared(index, each.get("a"), each.get("b"))
        chosen = None if numbers is None else [number - 1 for number in numbers]
        if chosen is not None and (not chosen or max(chosen) >= len(overlap.passages)):
            raise Problem(422, f"the pair has {len(overlap.passages)} passages", field="passages")
        a_text, b_text = text_digests(overlap, article)
        decided.append(
            decision_of(
                {
                    **base,
                    "id": new_id(),
                    "a": overlap.a,
                    "b": overlap.b,
                    "a_source": overlap.a_source,
                    "b_source": overlap.b_source,
                    "a_text": a_text,
                    "b_text": b_text,
                    "sentences": list(decided_sentences(overlap, article, chosen)),
                }
            )
        )
    return decided


def _shared(index: Index, a: object, b: object) -> tuple[Overlap, Any]:
    for name, id_ in (("a", a), ("b", b)):
        if not isinstance(id_, str):
            raise Problem(422, f"{name} must be the id of an article", field=name)
    found = {}
    for id_ in (str(a), str(b)):
        try:
            found[id_] = index.article(id_)
        except KeyError:
            raise Problem(404, f"no article has the id {id_!r}") from None
    overlap = pair_of(index.check(found[str(a)]).overlaps, str(a), str(b))
    if overlap is None:
        raise Problem(422, "these two articles share nothing")

    def article(id_: str) -> Article:
        return found[id_]

    return overlap, article


def summary_of(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """Return decisions as records, without the digests."""
    hidden = ("sentences", "a_text", "b_text")
    return [{key: value for key, value in each.record().items() if key not in hidden} for each in decisions]

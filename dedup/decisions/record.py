"""One decision of an editor, as it is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args
from uuid import uuid4

from dedup.errors import InputError

Kind = Literal[
    "chase", "permitted", "credit_there", "not_copy", "ignore_passage", "fixed", "withdrawn", "undo"
]
State = Literal["open", "waiting", "closed"]

KINDS: tuple[Kind, ...] = get_args(Kind)
#: These hold for the same text at any outlet, the others only for the two outlets of the pair.
HOLD_ANYWHERE = frozenset({"permitted", "not_copy", "ignore_passage"})
_NOTE_CHARACTERS = 2_000
_NAME_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision about a pair of articles. Once recorded it never changes.

    Attributes
    ----------
    id : str
        32 hex digits.
    at : datetime
        In UTC.
    by : str
        Name of the editor who decided.
    kind : str
        "chase" asks the other outlet for a credit, and waits until "fixed" or "withdrawn"; "permitted": there
        is a licence or a partnership; "credit_there": the text contains a credit; "not_copy": the text is
        fine; "ignore_passage": never show the passage; "undo" takes back the decision that `undoes` names.
    a, b : str
        Ids of the two articles.
    a_source, b_source : str
        Their outlets.
    note : str
    until : datetime, optional
        When the case is to be raised again.
    undoes : str, optional
        The id of the decision that is undone.
    credit : str
        The words of the credit.
    a_text, b_text : str
        Digests of the whole texts at the time of the decision.
    sentences : tuple of str
        Digests of the sentences of the passages, from `dedup.decisions.sentences`.
    """

    id: str
    at: datetime
    by: str
    kind: Kind
    a: str = ""
    b: str = ""
    a_source: str = ""
    b_source: str = ""
    note: str = ""
    until: datetime | None = None
    undoes: str | None = None
    credit: str = ""
    a_text: str = ""
    b_text: str = ""
    sentences: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """The state of the case after this decision."""
        return "waiting" if self.kind == "chase" else "closed"

    @property
    def sources(self) -> frozenset[str]:
        """The two outlets, in lower case."""
        return frozenset({self.a_source.casefold(), self.b_source.casefold()})

    def record(self) -> dict[str, Any]:
        """Return the decision as plain values, as in JSON."""
        return {
            "id": self.id,
            "at": _written(self.at),
            "by": self.by,
            "kind": self.kind,
            "state": self.state,
            "a": self.a,
            "b": self.b,
            "a_source": self.a_source,
            "b_source": self.b_source,
            "note": self.note,
            "until": None if self.until is None else _written(self.until),
            "undoes": self.undoes,
            "credit": self.credit,
            "a_text": self.a_text,
            "b_text": self.b_text,
            "sentences": list(self.sentences),
        }


def new_id() -> str:
    """Return a new, unique decision id."""
    return uuid4().hex


def decision_of(record: dict[str, Any]) -> Decision:
    """Read a decision from plain values, as `Decision.record` returns them.

    Raises
    ------
    InputError
        A value is missing or invalid.

    Examples
    --------
    >>> decision_of({"id": "0f", "at": "2024-05-03T10:00:00Z", "by": "MK", "kind": "not_copy"}).state
    'closed'
    """
    kind = record.get("kind")
    if kind not in KINDS:
        raise InputError(f"kind is {kind!r}; it must be one of {', '.join(KINDS)}")
    sentences = record.get("sentences") or ()
    if isinstance(sentences, str):
        sentences = sentences.replace(";", " ").split()
    if not all(isinstance(each, str) for each in sentences):
        raise InputError("sentences must be a list of digests, each a text of hex digits")
    if kind == "undo" and not record.get("undoes"):
        raise InputError("an undo must name the decision that it takes back in `undoes`")
    at = _moment(record, "at")
    if at is None:
        raise InputError("at is missing; it must be a time such as 2024-05-03T10:00:00Z")
    return Decision(
        id=_text(record, "id", needed=True),
        at=at,
        by=_text(record, "by"),
        kind=kind,
        a=_text(record, "a"),
        b=_text(record, "b"),
        a_source=_text(record, "a_source"),
        b_source=_text(record, "b_source"),
        note=_text(record, "note", _NOTE_CHARACTERS),
        until=_moment(record, "until"),
        undoes=_text(record, "undoes") or None,
        credit=_text(record, "credit"),
        a_text=_text(record, "a_text"),
        b_text=_text(record, "b_text"),
        sentences=tuple(sentences),
    )


def _text(record: dict[str, Any], name: str, most: int = _NAME_CHARACTERS, *, needed: bool = False) -> str:
    value = record.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise InputError(f"{name} is {value!r}; it must be a text")
    if len(value) > most:
        raise InputError(f"{name} has {len(value):,} characters; at most {most:,} are kept")
    if needed and not value:
        raise InputError(f"{name} is missing")
    return value


def _moment(record: dict[str, Any], name: str) -> datetime | None:
    value = record.get(name)
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{name} is {value!r}; it must be a time such as 2024-05-03T10:00:00Z") from error
    return moment


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

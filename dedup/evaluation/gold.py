"""Reads labels, the truth or a result: PAN XML and JSON lines, into one form.

The JSON lines are those that ``dedup scan`` writes. The truth may hold more. An overlap or a passage with
``"optional": true`` may be found or not. An overlap may have a ``treatment``, and ``share_a``, ``share_b``
and ``edit_rate`` in [0, 1]. An article may have a ``treatment``. The line ``{"kind": "negative", "a": ID,
"b": ID, "treatment": NAME}`` names a pair that must not be reported.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from dedup.errors import FieldError, InputError
from dedup.results import Overlap, Report

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """Two spans that hold the same text, half-open, in characters."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    relation: str | None = None
    optional: bool = False

    def mirrored(self) -> LabelledPassage:
        """Return the same passage with the two articles exchanged."""
        return LabelledPassage(
            self.b_start, self.b_end, self.a_start, self.a_end, self.relation, self.optional
        )


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """What the labels say about one pair of articles.

    Attributes
    ----------
    relation : str or None
    passages : tuple of LabelledPassage
    score : float
        The confidence of a result, in [0, 1]; 1 in the truth.
    treatment : str or None
        In the truth: what was done to the text.
    share, edit_rate : float or None
        In the truth: the larger share of the two articles that the passages cover, and the share of the
        passages' words that were substituted, inserted or deleted; both in [0, 1].
    optional : bool
        The pair may be found or not.
    pieces : tuple of LabelledPassage
        In a result: the pieces that the passages were joined from.
    """

    relation: str | None
    passages: tuple[LabelledPassage, ...]
    score: float = 1.0
    treatment: str | None = None
    share: float | None = None
    edit_rate: float | None = None
    optional: bool = False
    pieces: tuple[LabelledPassage, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledStory:
    """A group of articles, and the article that its text came from."""

    articles: tuple[str, ...]
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """A truth or a result.

    Attributes
    ----------
    pairs : mapping of (a, b) to LabelledPair
        `a` sorts before `b`. Pairs and passages whose relation is "furniture" are left out.
    negatives : mapping of (a, b) to str
        Pairs that must not be reported, and what they share nevertheless.
    stories : tuple of LabelledStory
    articles : mapping of str to str or None
        The articles' ids, with their treatments where the truth gives one.
    """

    pairs: Mapping[Pair, LabelledPair] = field(default_factory=dict)
    negatives: Mapping[Pair, str] = field(default_factory=dict)
    stories: tuple[LabelledStory, ...] = ()
    articles: Mapping[str, str | None] = field(default_factory=dict)

    def in_pieces(self) -> Labels:
        """Return the same labels with passages replaced by their pieces."""
        pairs = {
            pair: replace(label, passages=label.pieces or label.passages)
            for pair, label in self.pairs.items()
        }
        return replace(self, pairs=pairs)


def read_labels(path: str | Path) -> Labels:
    """Read a file of JSON lines, a PAN XML file, or a folder of PAN XML files.

    In a folder, the XML files in it and in its subfolders count, as in PAN's own script. A file ``negatives``
    in it or beside it lists pairs that must not be reported, two names per line.

    Raises
    ------
    InputError
        The path does not exist, or a line or a file is not in the form described above in this module.
    """
    path = Path(path)
    if path.is_dir():
        return _read_pan(path, sorted([*path.glob("*.xml"), *path.glob("*/*.xml")]))
    if not path.is_file():
        raise InputError("no such file or folder", file=str(path))
    if path.suffix == ".xml":
        return _read_pan(path.parent, [path])
    return _read_lines(path)


def labels_of(report: Report) -> Labels:
    """Return the labels of a run's report."""
    stories = tuple(LabelledStory(story.articles, story.origin) for story in report.stories)
    return Labels(
        pairs=dict(
            labelled_overlap(overlap) for overlap in report.overlaps if overlap.relation != "furniture"
        ),
        stories=stories,
        articles={article.id: None for article in report.articles},
    )


def labelled_overlap(overlap: Overlap) -> tuple[Pair, LabelledPair]:
    """Convert one overlap of a result to labels."""
    passages = tuple(
        LabelledPassage(p.a_start, p.a_end, p.b_start, p.b_end, p.relation)
        for p in overlap.passages
        if p.relation != "furniture"
    )
    pieces = tuple(
        LabelledPassage(*piece, p.relation)
        for p in overlap.passages
        for piece in p.pieces
        if p.relation != "furniture"
    )
    label = LabelledPair(overlap.relation, passages, overlap.similarity, pieces=pieces)
    return (overlap.a, overlap.b), label


def _read_lines(path: Path) -> Labels:
    pairs: dict[Pair, LabelledPair] = {}
    negatives: dict[Pair, str] = {}
    stories: list[LabelledStory] = []
    articles: dict[str, str | None] = {}
    for number, record in _records(path):
        try:
            kind = record["kind"]
            if kind == "overlap" and record.get("relation") != "furniture":
                pair, label = _overlap(record)
                pairs[pair] = label
            elif kind == "negative":
                negatives[_ordered(record["a"], record["b"])] = str(record.get("treatment", "negative"))
            elif kind == "story":
                stories.append(LabelledStory(tuple(record["articles"]), record.get("origin")))
            elif kind == "article":
                articles[record["id"]] = record.get("treatment")
        except KeyError as error:
            raise FieldError(f"the field {error} is missing", file=str(path), line=number) from error
        except (TypeError, ValueError) as error:
            raise FieldError(f"a field has the wrong form: {error}", file=str(path), line=number) from error
    return Labels(pairs, negatives, tuple(stories), articles)


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as error:
                raise InputError(f"not a JSON object: {error}", file=str(path), line=number) from error
            if not isinstance(record, dict):
                raise InputError(
                    f"found {type(record).__name__}, expected a JSON object", file=str(path), line=number
                )
            yield number, record


def _overlap(record: dict[str, Any]) -> tuple[Pair, LabelledPair]:
    swap = record["a"] > record["b"]
    optional = bool(record.get("optional", False))
    shown = [p for p in record["passages"] if p.get("relation") != "furniture"]
    passages = tuple(_passage(p, swap=swap, optional=optional) for p in shown)
    names = ("a_start", "a_end", "b_start", "b_end")
    pieces = tuple(
        _passage({**p, **dict(zip(names, piece, strict=True))}, swap=swap, optional=optional)
        for p in shown
        for piece in p.get("pieces", ())
    )
    shares = [float(record[key]) for key in ("share_a", "share_b") if record.get(key) is not None]
    rate = record.get("edit_rate")
    return _ordered(record["a"], record["b"]), LabelledPair(
        relation=record.get("relation"),
        passages=passages,
        score=float(record.get("similarity", 1.0)),
        treatment=record.get("treatment"),
        share=max(shares, default=None),
        edit_rate=None if rate is None else float(rate),
        # A pair may be missed if each of its passages may be missed.
        optional=optional or (bool(passages) and all(p.optional for p in passages)),
        pieces=pieces,
    )


def _passage(record: dict[str, Any], *, swap: bool, optional: bool) -> LabelledPassage:
    places = [int(record[key]) for key in ("a_start", "a_end", "b_start", "b_end")]
    if not (0 <= places[0] < places[1] and 0 <= places[2] < places[3]):
        raise ValueError(f"the spans {places} must not be empty or negative")
    passage = LabelledPassage(
        places[0], places[1], places[2], places[3],
        record.get("relation"), optional or bool(record.get("optional", False)),
    )  # fmt: skip
    return passage.mirrored() if swap else passage


def _read_pan(folder: Path, files: list[Path]) -> Labels:
    if not files:
        raise InputError("no XML file in this folder; expected PAN's truth or detections", file=str(folder))
    found: dict[Pair, list[LabelledPassage]] = {}
    for file in files:
        for pair, passage in _pan_passages(file):
            found.setdefault(pair, []).append(passage)
    pairs = {
        pair: LabelledPair(None, tuple(sorted(passages, key=lambda p: (p.a_start, p.b_start))))
        for pair, passages in found.items()
    }
    return Labels(pairs, dict.fromkeys(_pan_negatives(folder), "random pair"))


def _pan_passages(file: Path) -> Iterator[tuple[Pair, LabelledPassage]]:
    try:
        root = ElementTree.parse(file).getroot()
    except ElementTree.ParseError as error:
        raise InputError(f"not XML: {error}", file=str(file)) from error
    suspicious = root.get("reference")
    for feature in root:
        if suspicious is None or not (feature.get("name") or "").endswith("plagiarism"):
            continue
        try:
            a, b, passage = _pan_feature(suspicious, feature.attrib)
        except KeyError as error:
            raise FieldError(f"the attribute {error} is missing", file=str(file)) from error
        except ValueError as error:
            raise FieldError(f"an attribute has the wrong form: {error}", file=str(file)) from error
        yield _ordered(a, b), passage if a <= b else passage.mirrored()


def _pan_feature(suspicious: str, attributes: Mapping[str, str]) -> tuple[str, str, LabelledPassage]:
    number: Callable[[str], int] = lambda key: int(attributes[key])  # noqa: E731
    start, source_start = number("this_offset"), number("source_offset")
    length, source_length = number("this_length"), number("source_length")
    if min(start, source_start) < 0 or min(length, source_length) < 1:
        raise ValueError("offsets must not be negative, nor lengths less than 1")
    passage = LabelledPassage(start, start + length, source_start, source_start + source_length)
    return _id(suspicious), _id(attributes["source_reference"]), passage


def _pan_negatives(folder: Path) -> Iterator[Pair]:
    for place in (folder, folder.parent):
        if (place / "negatives").is_file():
            for line in (place / "negatives").read_text(encoding="utf-8").splitlines():
                names = line.split()
                if len(names) == 2:
                    yield _ordered(_id(names[0]), _id(names[1]))
            return


def _id(reference: str) -> str:
    """Return the id of a file's article: the name without the suffix."""
    return reference.removesuffix(".txt")


def _ordered(a: str, b: str) -> Pair:
    return (a, b) if a <= b else (b, a)

"""Compare the overlaps that a program found with what is planted in a corpus.

    python benchmarks/speed/score.py DIR/truth.parquet RESULT [-o FILE]

RESULT is what `dedup scan` writes (JSON lines, Parquet or CSV), or a CSV or JSON lines file of pairs with the
columns `a` and `b`. Prints a table, and with -o writes the same as JSON.

A pair of articles is true when both hold at least 10 words of the same planted text. What is looked for:
the true pairs of stories of at most 30 articles (larger ones are counted by `joined`), told apart by
    share    the larger of the two shares of the articles' bodies that the planted text makes up
    edited   the part of the planted words that differ: 1 - (1 - e) (1 - f), where e and f are the edit rates
             of the two articles against the planted text
Pairs with fewer than 25 planted words are left out. `precision` is the part of the reported pairs that are
true; `joined` the part of the articles in stories (of any size) that the reported true pairs connect
with the largest connected group of their story. Where the result has passages, `characters_found` is the part
of the planted characters of the true pairs found that lies in them, and `characters_true` the part of their
characters that is planted.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = npt.NDArray[np.int64]
LEAST_SHARED, LEAST_WORDS, LARGEST_STORY = 10, 25, 30
# Name, range of the share, range of the edit rate (both half-open; a little room for rounding).
CLASSES = (
    ("whole, verbatim", (0.999, 2), (0, 1e-9)),
    ("whole, up to 2 % edited", (0.999, 2), (1e-9, 0.0201)),
    ("whole, up to 5 % edited", (0.999, 2), (0.0201, 0.0501)),
    ("whole, up to 10 % edited", (0.999, 2), (0.0501, 0.1001)),
    ("whole, up to 20 % edited", (0.999, 2), (0.1001, 0.2001)),
    ("whole, over 20 % edited", (0.999, 2), (0.2001, 1)),
    ("over 30 %, all edits", (0.30, 0.999), (0, 1)),
    ("15 to 30 %, verbatim", (0.15, 0.30), (0, 1e-9)),
    ("15 to 30 %, up to 10 % edited", (0.15, 0.30), (1e-9, 0.1001)),
    ("15 to 30 %, over 10 % edited", (0.15, 0.30), (0.1001, 1)),
    ("under 15 %, verbatim", (0, 0.15), (0, 1e-9)),
    ("under 15 %, up to 10 % edited", (0, 0.15), (1e-9, 0.1001)),
    ("under 15 %, over 10 % edited", (0, 0.15), (0.1001, 1)),
)
# The classes that the project's targets speak of.
TARGETS = (
    ("copies and edits up to 10 %", (0.999, 2), (0, 0.1001)),
    ("15 to 30 %, edits up to 10 %", (0.15, 0.30), (0, 0.1001)),
    ("under 15 %, edits up to 10 %", (0, 0.15), (0, 0.1001)),
)
SPANS = ("a_start", "a_end", "b_start", "b_end")


class Passage(msgspec.Struct):
    """The places of one aligned passage."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int


class Line(msgspec.Struct):
    """What counts in a line of a result."""

    kind: str = "overlap"
    a: str | None = None
    b: str | None = None
    passages: list[Passage] | int = []


@dataclass(frozen=True)
class Truth:
    """The planted texts, one item an article of a story; `order` sorts them by story."""

    ids: pa.Array
    story: Ints
    edited: npt.NDArray[np.float64]
    words: Ints
    share: npt.NDArray[np.float64]
    start: Ints
    end: Ints

    @classmethod
    def read(cls, path: Path) -> Truth:
        """Read truth.parquet."""
        table = pq.read_table(path).sort_by([("story", "ascending"), ("id", "ascending")])
        columns = {
            name: table[name].to_numpy() for name in ("story", "edited", "words", "share", "start", "end")
        }
        return cls(ids=table["id"].combine_chunks(), **columns)

    def pairs(self, largest: int = LARGEST_STORY) -> tuple[Ints, Ints]:
        """The places of the two articles of every true pair, in stories of at most `largest` articles."""
        _, first, sizes = np.unique(self.story, return_index=True, return_counts=True)
        ones, others = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for size in np.unique(sizes[sizes <= largest]):
            one, other = np.triu_indices(size, 1)
            starts = first[sizes == size][:, None]
            ones.append((starts + one).ravel())
            others.append((starts + other).ravel())
        one, other = np.concatenate(ones), np.concatenate(others)
        kept = np.minimum(self.words[one], self.words[other]) >= LEAST_SHARED
        return one[kept], other[kept]


@dataclass(frozen=True)
class Found:
    """What a program reported: pairs of ids, and for each passage its pair and its four places."""

    a: pa.Array
    b: pa.Array
    passage_pair: Ints
    spans: Ints


def read_result(path: Path) -> Found:
    """Read a result in any of the formats."""
    if path.suffix == ".parquet":
        return _from_table(pq.read_table(path))
    if path.suffix == ".csv":
        table = pa.csv.read_csv(path, parse_options=pa.csv.ParseOptions(newlines_in_values=True))
        return _from_table(table.select(["a", "b"]).group_by(["a", "b"]).aggregate([]))
    decoder = msgspec.json.Decoder(Line)
    a, b, owner, spans = [], [], [], []
    with path.open("rb") as lines:
        for line in map(decoder.decode, lines):
            if line.kind == "overlap" and line.a is not None:
                for passage in line.passages if isinstance(line.passages, list) else ():
                    owner.append(len(a))
                    spans.append((passage.a_start, passage.a_end, passage.b_start, passage.b_end))
                a.append(line.a)
                b.append(line.b)
    return Found(
        pa.array(a, pa.string()),
        pa.array(b, pa.string()),
        np.array(owner, np.int64),
        np.array(spans, np.int64).reshape(-1, 4),
    )


def _from_table(table: pa.Table) -> Found:
    a, b = (table[name].cast(pa.string()).combine_chunks() for name in ("a", "b"))
    if "passages" not in table.column_names:
        return Found(a, b, np.zeros(0, np.int64), np.zeros((0, 4), np.int64))
    passages = table["passages"].combine_chunks()
    flat = pc.list_flatten(passages)
    spans = np.stack([pc.struct_field(flat, name).to_numpy() for name in SPANS], axis=1)
    return Found(a, b, pc.list_parent_indices(passages).to_numpy(), spans)


def score(truth: Truth, found: Found) -> dict[str, Any]:
    """Count what was found and what was missed."""
    a, b = (_places(column, truth.ids) for column in (found.a, found.b))
    known = (a >= 0) & (b >= 0)
    true = (
        known
        & (truth.story[a] == truth.story[b])
        & (np.minimum(truth.words[a], truth.words[b]) >= LEAST_SHARED)
    )
    low, high = np.minimum(a, b), np.maximum(a, b)
    size = len(truth.ids)
    reported = np.unique((low * size + high)[true])

    one, other = truth.pairs()
    hit = np.isin(one * size + other, reported)
    share = np.maximum(truth.share[one], truth.share[other])
    edited = 1 - (1 - truth.edited[one]) * (1 - truth.edited[other])
    counted = np.minimum(truth.words[one], truth.words[other]) >= LEAST_WORDS

    def recall(classes: tuple[Any, ...]) -> dict[str, dict[str, Any]]:
        rows = {}
        for name, (least, below), (mildest, harsher) in classes:
            chosen = counted & (share >= least) & (share < below) & (edited >= mildest) & (edited < harsher)
            pairs, hits = int(chosen.sum()), int(hit[chosen].sum())
            rows[name] = {"pairs": pairs, "found": hits, "recall": hits / pairs if pairs else None}
        return rows

    return {
        "reported": len(a),
        "true": int(true.sum()),
        "precision": float(true.mean()) if len(a) else None,
        "recall": recall(CLASSES),
        "targets": recall(TARGETS),
        "joined": _joined(truth, low[true], high[true]),
        **_characters(truth, found, a, b, true),
    }


def _places(column: pa.Array, ids: pa.Array) -> Ints:
    """The place of each id among the planted articles; -1 for the others."""
    return pc.fill_null(pc.index_in(column, value_set=ids), -1).to_numpy().astype(np.int64)


def _joined(truth: Truth, one: Ints, other: Ints) -> float:
    size = len(truth.ids)
    links = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(size, size))
    _, group = connected_components(links, directed=False)
    # Reported true pairs never leave a story, so a group lies within one.
    _, first, members = np.unique(group, return_index=True, return_counts=True)
    _, story = np.unique(truth.story, return_inverse=True)
    largest = np.zeros(story.max() + 1, np.int64)
    np.maximum.at(largest, story[first], members)
    return float(largest[largest > 1].sum() / size)


def _characters(
    truth: Truth, found: Found, a: Ints, b: Ints, true: npt.NDArray[np.bool_]
) -> dict[str, float]:
    chosen = np.flatnonzero(true[found.passage_pair])
    if not len(chosen):
        return {}
    pair = found.passage_pair[chosen]
    shared = printed = planted = 0
    for side, column in ((a, 0), (b, 2)):
        start, end = truth.start[side[pair]], truth.end[side[pair]]
        from_, to = found.spans[chosen, column], found.spans[chosen, column + 1]
        shared += int(np.maximum(np.minimum(end, to) - np.maximum(start, from_), 0).sum())
        printed += int((to - from_).sum())
        with_passages = np.unique(pair)
        planted += int((truth.end - truth.start)[side[with_passages]].sum())
    return {"characters_found": shared / planted, "characters_true": shared / printed}


def table(scores: dict[str, Any]) -> str:
    """The scores for people."""
    lines = [f"{'true pairs':34}{'pairs':>10}{'found':>10}{'recall':>9}"]
    for part in ("recall", "targets"):
        for name, row in scores[part].items():
            rate = "" if row["recall"] is None else f"{row['recall']:.4f}"
            lines.append(f"{name:34}{row['pairs']:>10}{row['found']:>10}{rate:>9}")
        lines.append("")
    for name, value in scores.items():
        if not isinstance(value, dict):
            lines.append(
                f"{name:34}{value:>10.4f}" if isinstance(value, float) else f"{name:34}{value or 0:>10}"
            )
    return "\n".join(lines)


def main() -> None:
    """Read the options, print the scores."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("truth", type=Path, help="the truth.parquet that corpus.py wrote")
    parser.add_argument("result", type=Path, help="what a program found (.jsonl, .parquet or .csv)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the scores as JSON")
    given = parser.parse_args()
    scores = score(Truth.read(given.truth), read_result(given.result))
    print(table(scores))
    if given.output is not None:
        given.output.write_text(json.dumps(scores, indent=1) + "\n")


if __name__ == "__main__":
    main()

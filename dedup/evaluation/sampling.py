"""A sample of a result for a person to label, and the precision that follows from the labels.

A result without a truth can still be measured. Draw some of its overlaps at random, read both texts of each,
and decide whether they share text. The interval is Wilson's (1927), which is valid for few labels and for
shares near 1.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from dedup.errors import FieldError, InputError

#: The columns of a sheet; the person fills in the first.
COLUMNS = ("shared", "a", "b", "relation", "words", "similarity", "a_text", "b_text")
#: The allowed labels in the first column.
_YES, _NO = frozenset({"y", "yes", "1", "true"}), frozenset({"n", "no", "0", "false"})
#: Half the width of the range that holds 95 % of a normal distribution, in standard deviations.
_DEVIATIONS = 1.959964


@dataclass(frozen=True, slots=True)
class SampledPrecision:
    """What the labels of a sample say.

    Attributes
    ----------
    labelled, shared, unlabelled : int
        Number of rows with a label, of those that share text, and of rows without a label.
    precision : float
        The share of the labelled rows that share text, in [0, 1].
    low, high : float
        The 95 % confidence interval of the precision.
    """

    labelled: int
    shared: int
    unlabelled: int
    precision: float
    low: float
    high: float


def draw(result: Path, number: int, seed: int, relation: str | None) -> list[Mapping[str, Any]]:
    """Draw overlaps from the JSON lines of a scan, each with the same probability.

    Parameters
    ----------
    number : int
        How many to draw; all if there are fewer.
    seed : int
        The same seed draws the same overlaps from the same result.
    relation : str or None
        Draw only among the overlaps of this relation.

    Raises
    ------
    InputError
        The file is not the result of a scan, or has no such overlap.
    """
    kept: list[tuple[int, Mapping[str, Any]]] = []
    rng = random.Random(seed)
    for seen, overlap in enumerate(_overlaps(result, relation)):  # Algorithm R (Vitter, 1985)
        if seen < number:
            kept.append((seen, overlap))
        elif (place := rng.randrange(seen + 1)) < number:
            kept[place] = seen, overlap
    if not kept:
        wanted = f"overlap with the relation {relation!r}" if relation else "overlap"
        raise InputError(f"{result} has no {wanted}; give the JSON lines that `dedup scan` writes")
    return [overlap for _, overlap in sorted(kept, key=lambda each: each[0])]


def _overlaps(result: Path, relation: str | None) -> Iterator[Mapping[str, Any]]:
    with result.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
            except ValueError as error:
                raise FieldError(
                    f"{result}:{number} is not JSON ({error}); give the JSON lines that `dedup scan` writes"
                ) from error
            if record.get("kind") == "overlap" and relation in (None, record.get("relation")):
                yield record


def write_sheet(overlaps: Sequence[Mapping[str, Any]], target: TextIO) -> None:
    """Write the overlaps as CSV, one per row, with the first column empty for the label.

    Examples
    --------
    >>> import sys
    >>> overlap = {"a": "x", "b": "y", "relation": "partial", "words": 2, "similarity": 1.0,
    ...            "passages": [{"a_text": "grain pact", "b_text": "Grain pact"}]}
    >>> write_sheet([overlap], sys.stdout)
    shared,a,b,relation,words,similarity,a_text,b_text
    ,x,y,partial,2,1.0,grain pact,Grain pact
    """
    sheet = csv.writer(target, lineterminator="\n")
    sheet.writerow(COLUMNS)
    for overlap in overlaps:
        texts = [
            "\n[...]\n".join(passage[side] for passage in overlap["passages"])
            for side in ("a_text", "b_text")
        ]
        sheet.writerow(["", *(overlap[name] for name in COLUMNS[1:6]), *texts])


def read_sheet(path: Path) -> SampledPrecision:
    """Read a labelled sheet.

    Raises
    ------
    FieldError
        A label is neither yes nor no.
    InputError
        The file is not such a sheet, or no row has a label.
    """
    labels: list[bool] = []
    unlabelled = 0
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if not rows.fieldnames or COLUMNS[0] not in rows.fieldnames:
            raise InputError(
                f"{path} has no column {COLUMNS[0]!r}; give a sheet that `dedup evaluate --sample` wrote"
            )
        for row in rows:
            label = (row[COLUMNS[0]] or "").strip().casefold()
            if label in _YES | _NO:
                labels.append(label in _YES)
            elif label:
                raise FieldError(
                    f"{path}:{rows.line_num}: {COLUMNS[0]} is {label!r}; write yes, no, or nothing"
                )
            else:
                unlabelled += 1
    if not labels:
        raise InputError(f"{path} has no label yet; write yes or no in its column {COLUMNS[0]!r}")
    low, high = wilson(sum(labels), len(labels))
    return SampledPrecision(len(labels), sum(labels), unlabelled, sum(labels) / len(labels), low, high)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share when `hits` of `trials` were positive.

    Examples
    --------
    >>> [round(bound, 3) for bound in wilson(45, 50)]
    [0.786, 0.957]
    """
    square = _DEVIATIONS**2
    share, scale = hits / trials, 1 + square / trials
    middle = (share + square / (2 * trials)) / scale
    reach = _DEVIATIONS / scale * (share * (1 - share) / trials + square / (4 * trials**2)) ** 0.5
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))

"""Whether the right pairs of articles were reported: precision, recall, F1 and average precision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve

from dedup.evaluation.gold import LabelledPair, Labels, Pair

#: Upper ends of the ranges for which recall is shown, and their names.
SHARES = ((0.15, "under 15 %"), (0.3, "15 to 30 %"), (0.6, "30 to 60 %"), (float("inf"), "60 % and more"))
EDIT_RATES = (
    (0.025, "0 %"), (0.075, "5 %"), (0.15, "10 %"), (0.25, "20 %"), (0.35, "30 %"),
    (float("inf"), "over 35 %"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """How many true pairs of a group were found."""

    found: int
    pairs: int

    @property
    def recall(self) -> float:
        """The share of the pairs that were found, in [0, 1]; 1 for an empty group."""
        return self.found / self.pairs if self.pairs else 1.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision, recall and F1 of one class."""

    precision: float
    recall: float
    f1: float
    pairs: int


@dataclass(frozen=True, slots=True)
class PairScores:
    """The quality of the reported pairs.

    Attributes
    ----------
    precision, recall, f1 : float
        The share of reported pairs that are true, the share of true pairs that were reported, and their
        harmonic mean, in [0, 1]. 1 if the denominator is 0. Optional pairs count neither way.
    average_precision : float
        Area under the curve of precision over recall, as scikit-learn defines it. Pairs are ranked by their
        score, and unreported pairs come last.
    true, reported : int
    by_treatment, by_share, by_edit_rate : mapping of str to Found
        Recall of the true pairs, grouped by treatment, by the larger share of an article, and by edit rate.
    relations : mapping of str to Agreement
        For each relation that the truth gives: a pair counts as right if it is found with that relation.
    false_alarms : mapping of str to int
        Number of reported pairs that are not true, by what they share nevertheless.
    curve : tuple of (float, float)
        Recall and precision at falling scores.
    """

    precision: float
    recall: float
    f1: float
    average_precision: float
    true: int
    reported: int
    by_treatment: Mapping[str, Found]
    by_share: Mapping[str, Found]
    by_edit_rate: Mapping[str, Found]
    relations: Mapping[str, Agreement]
    false_alarms: Mapping[str, int]
    curve: tuple[tuple[float, float], ...]


def pair_scores(gold: Labels, result: Labels) -> PairScores:
    """Compare the pairs of a result with the true ones.

    Examples
    --------
    >>> pair = LabelledPair("copy", ())
    >>> scores = pair_scores(Labels({("a", "b"): pair, ("a", "c"): pair}), Labels({("a", "b"): pair}))
    >>> scores.precision, scores.recall
    (1.0, 0.5)
    """
    true = {pair: label for pair, label in gold.pairs.items() if not label.optional}
    spare = gold.pairs.keys() - true.keys()
    reported = {pair: label for pair, label in result.pairs.items() if pair not in spare}
    hits = true.keys() & reported.keys()
    precision = len(hits) / len(reported) if reported else 1.0
    recall = len(hits) / len(true) if true else 1.0
    average, curve = _ranked(true, reported, gold.negatives)
    return PairScores(
        precision=precision,
        recall=recall,
        f1=_f1(precision, recall),
        average_precision=average,
        true=len(true),
        reported=len(reported),
        by_treatment=_recall_by(true, reported, lambda label: label.treatment),
        by_share=_recall_by(true, reported, lambda label: range_name(label.share, SHARES)),
        by_edit_rate=_recall_by(true, reported, lambda label: range_name(label.edit_rate, EDIT_RATES)),
        relations=_relations(true, reported),
        false_alarms=_false_alarms(gold, reported.keys() - true.keys()),
        curve=curve,
    )


def range_name(value: float | None, ranges: tuple[tuple[float, str], ...]) -> str | None:
    """Return the name of the range that a value is in.

    Examples
    --------
    >>> range_name(0.11, EDIT_RATES), range_name(0.15, SHARES), range_name(None, SHARES)
    ('10 %', '15 to 30 %', None)
    """
    return None if value is None else next(name for end, name in ranges if value < end)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _recall_by(
    true: Mapping[Pair, LabelledPair],
    reported: Mapping[Pair, LabelledPair],
    group_of: Callable[[LabelledPair], str | None],
) -> dict[str, Found]:
    all_pairs: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for pair, label in true.items():
        group = group_of(label)
        if group is not None:
            all_pairs[group] += 1
            found[group] += pair in reported
    names = [name for _, name in (*SHARES, *EDIT_RATES)]
    order = sorted(all_pairs, key=lambda name: (names.index(name) if name in names else 0, name))
    return {name: Found(found[name], all_pairs[name]) for name in order}


def _relations(
    true: Mapping[Pair, LabelledPair], reported: Mapping[Pair, LabelledPair]
) -> dict[str, Agreement]:
    wanted = Counter(label.relation for label in true.values() if label.relation is not None)
    # A pair that is not an overlap at all counts in the precision of the pairs, not here.
    given = Counter(label.relation for pair, label in reported.items() if pair in true)
    right = Counter(
        label.relation
        for pair, label in true.items()
        if pair in reported and reported[pair].relation == label.relation
    )
    out: dict[str, Agreement] = {}
    for relation in sorted(wanted):
        precision = right[relation] / given[relation] if given[relation] else 1.0
        recall = right[relation] / wanted[relation]
        out[relation] = Agreement(precision, recall, _f1(precision, recall), wanted[relation])
    return out


def _false_alarms(gold: Labels, wrong: set[Pair]) -> dict[str, int]:
    def shared(pair: Pair) -> str:
        first, second = (gold.articles.get(name) for name in pair)
        # Articles of two groups may contain the same block of text, although the truth lists only the pairs
        # of one group.
        alike = (
            first
            if first is not None and first == second and first.startswith("shared ")
            else "unrelated articles"
        )
        return gold.negatives.get(pair, alike)

    return dict(sorted(Counter(shared(pair) for pair in wrong).items()))


def _ranked(
    true: Mapping[Pair, LabelledPair], reported: Mapping[Pair, LabelledPair], negatives: Mapping[Pair, str]
) -> tuple[float, tuple[tuple[float, float], ...]]:
    pairs = sorted(true.keys() | reported.keys() | negatives.keys())
    if not true:
        return (0.0 if reported else 1.0), ()
    truth = np.array([pair in true for pair in pairs])
    # Below any score that a reported pair can have.
    score = np.array([reported[pair].score if pair in reported else -1.0 for pair in pairs])
    precision, recall, _ = precision_recall_curve(truth, score)
    points = zip(recall.round(6).tolist(), precision.round(6).tolist(), strict=True)
    return float(average_precision_score(truth, score)), tuple(sorted(set(points)))

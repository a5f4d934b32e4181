"""Gold against result: everything that ``dedup evaluate`` shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dedup.evaluation.clusters import StoryScores, story_scores
from dedup.evaluation.gold import LabelledPair, Labels, Pair
from dedup.evaluation.pairs import EDIT_RATES, PairScores, pair_scores, range_name
from dedup.evaluation.plagdet import PlagdetScores, plagdet_scores

_Row = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The measures of one result.

    Attributes
    ----------
    passages : PlagdetScores
    pieces : PlagdetScores
        The same measures, with passages replaced by the pieces that they were joined from.
    passages_by_edit_rate : mapping of str to PlagdetScores
        The same measures, within the true pairs whose share of changed words is in a range.
    pairs : PairScores
    stories : StoryScores or None
        None if the truth has no stories.
    """

    passages: PlagdetScores
    pieces: PlagdetScores
    passages_by_edit_rate: Mapping[str, PlagdetScores]
    pairs: PairScores
    stories: StoryScores | None

    def as_dict(self) -> dict[str, Any]:
        """Return nested dictionaries, ready for JSON."""
        return asdict(self)


def evaluate(gold: Labels, result: Labels) -> Evaluation:
    """Compare a result with the truth.

    Examples
    --------
    >>> from dedup.evaluation.gold import LabelledPassage
    >>> truth = Labels({("a", "b"): LabelledPair("copy", (LabelledPassage(0, 90, 5, 95),))})
    >>> evaluate(truth, truth).passages.plagdet
    1.0
    """
    by_rate: dict[str, PlagdetScores] = {}
    for _, name in EDIT_RATES:
        pairs = [p for p, label in gold.pairs.items() if range_name(label.edit_rate, EDIT_RATES) == name]
        if pairs:
            by_rate[name] = passage_scores(gold, result, pairs)
    return Evaluation(
        passages=passage_scores(gold, result),
        pieces=passage_scores(gold, result.in_pieces()),
        passages_by_edit_rate=by_rate,
        pairs=pair_scores(gold, result),
        stories=story_scores(gold, result),
    )


def passage_scores(gold: Labels, result: Labels, pairs: Iterable[Pair] | None = None) -> PlagdetScores:
    """Compute the PAN measures over all pairs, or within the given pairs."""
    names = sorted(gold.pairs.keys() | result.pairs.keys() if pairs is None else set(pairs))
    numbers = {pair: number for number, pair in enumerate(names)}
    article = {name: number for number, name in enumerate(sorted({name for pair in names for name in pair}))}
    true = _rows({p: x for p, x in gold.pairs.items() if p in numbers}, numbers, optional=False)
    spare = _rows({p: x for p, x in gold.pairs.items() if p in numbers}, numbers, optional=True)
    found = _rows({p: x for p, x in result.pairs.items() if p in numbers}, numbers, optional=False)
    documents = [[article[a], article[b]] for a, b in names]
    return plagdet_scores(true, found, documents=documents or None, optional=spare)


def _rows(labels: Mapping[Pair, LabelledPair], numbers: Mapping[Pair, int], *, optional: bool) -> list[_Row]:
    return [
        (numbers[pair], p.a_start, p.a_end, p.b_start, p.b_end)
        for pair, label in labels.items()
        for p in label.passages
        if p.optional == optional
    ]

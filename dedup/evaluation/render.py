"""An evaluation as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.table import Table

from dedup.evaluation.clusters import StoryScores
from dedup.evaluation.measures import Evaluation
from dedup.evaluation.pairs import Found, PairScores
from dedup.evaluation.plagdet import PlagdetScores


def tables(evaluation: Evaluation) -> RenderableType:
    """Return all tables of an evaluation, for ``rich.console.Console.print``.

    Examples
    --------
    >>> from rich.console import Console
    >>> from dedup.evaluation.gold import Labels
    >>> from dedup.evaluation.measures import evaluate
    >>> Console(width=100).print(tables(evaluate(Labels(), Labels())).renderables[1])  # doctest: +ELLIPSIS
    <BLANKLINE>
    Pairs: 0 true, 0 reported...
    """
    parts: list[RenderableType] = [_passages(evaluation), *_pairs(evaluation.pairs)]
    if evaluation.stories is not None:
        parts.append(_stories(evaluation.stories))
    return Group(*parts)


def _table(title: str, names: Iterable[str], *, first: str = "") -> Table:
    table = Table(title=f"\n{title}", title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column(first)
    for name in names:
        table.add_column(name, justify="right")
    return table


def _passages(evaluation: Evaluation) -> Table:
    names = ("plagdet", "precision", "recall", "granularity", "micro P", "micro R", "cases", "found")
    table = _table("Aligned passages, in characters (PAN)", names, first="edit rate")
    for name, scores in (
        ("all", evaluation.passages),
        ("all, in pieces", evaluation.pieces),
        *evaluation.passages_by_edit_rate.items(),
    ):
        table.add_row(name, *_plagdet_cells(scores))
    return table


def _plagdet_cells(scores: PlagdetScores) -> list[str]:
    shares = (scores.plagdet, scores.precision, scores.recall, scores.granularity)
    micro = (scores.micro_precision, scores.micro_recall)
    return [*(_share(value) for value in (*shares, *micro)), f"{scores.cases:,}", f"{scores.detections:,}"]


def _pairs(pairs: PairScores) -> Iterable[Table]:
    title = f"Pairs: {pairs.true:,} true, {pairs.reported:,} reported"
    table = _table(title, ("precision", "recall", "F1", "average precision"))
    table.add_row("all", *map(_share, (pairs.precision, pairs.recall, pairs.f1, pairs.average_precision)))
    yield table
    groups: dict[str, Mapping[str, Found]] = {
        "treatment": pairs.by_treatment,
        "share of the article": pairs.by_share,
        "edit rate": pairs.by_edit_rate,
    }
    for name, group in groups.items():
        if group:
            yield _recalls(name, group)
    if pairs.relations:
        table = _table("Relations", ("precision", "recall", "F1", "pairs"), first="relation")
        for name, agreement in pairs.relations.items():
            shares = (agreement.precision, agreement.recall, agreement.f1)
            table.add_row(name, *map(_share, shares), f"{agreement.pairs:,}")
        yield table
    if pairs.false_alarms:
        table = _table("False alarms", ("pairs",), first="what they share")
        for name, count in pairs.false_alarms.items():
            table.add_row(name, f"{count:,}")
        yield table


def _recalls(name: str, group: Mapping[str, Found]) -> Table:
    table = _table(f"Recall of pairs by {name}", ("recall", "found", "pairs"), first=name)
    for key, found in group.items():
        table.add_row(key, _share(found.recall), f"{found.found:,}", f"{found.pairs:,}")
    return table


def _stories(stories: StoryScores) -> Table:
    names = ("adjusted Rand", "homogeneity", "completeness", "V", "origin right")
    table = _table(f"Stories: {stories.stories:,} true, {stories.found:,} found", names)
    measures = (stories.adjusted_rand, stories.homogeneity, stories.completeness, stories.v_measure)
    origins = "" if stories.origins is None else _share(stories.origins)
    table.add_row(f"{stories.articles:,} articles", *map(_share, measures), origins)
    return table


def _share(value: float) -> str:
    return f"{value:.4f}"

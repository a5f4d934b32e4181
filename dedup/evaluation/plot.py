"""Plots of an evaluation: precision over recall, and recall against edit rate and overlap share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dedup.errors import DedupError, OutputError
from dedup.evaluation.measures import Evaluation
from dedup.evaluation.pairs import Found


def plot_evaluation(evaluation: Evaluation, path: str | Path) -> None:
    """Draw three panels into a file whose suffix names the format (png, svg or pdf).

    Parameters
    ----------
    evaluation : Evaluation
    path : str or Path
        The file is written beside its target and renamed into place.

    Raises
    ------
    DedupError
        matplotlib, the extra ``plot``, is not installed.
    OutputError
        The file cannot be written, or its suffix does not name a format.
    """
    figure = _figure(evaluation)
    path = Path(path)
    beside = path.with_name(path.name + ".part")
    kinds = figure.canvas.get_supported_filetypes()
    kind = path.suffix.removeprefix(".").lower()
    if kind not in kinds:
        raise OutputError(f"{path}: the ending must name a format, one of {', '.join(sorted(kinds))}")
    try:
        figure.savefig(beside, format=kind, dpi=150)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


def _figure(evaluation: Evaluation) -> Any:
    try:
        # No pyplot: it would keep global state and may look for a display.
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DedupError("plots need matplotlib; install it with: pip install matplotlib") from error
    figure = Figure(figsize=(13, 4), layout="constrained")
    FigureCanvasAgg(figure)
    curve, rates, shares = figure.subplots(1, 3)
    _draw_curve(curve, evaluation)
    _draw_recall(rates, evaluation.pairs.by_edit_rate, "share of the words changed")
    _draw_recall(shares, evaluation.pairs.by_share, "share of the article")
    _draw_passage_recall(rates, evaluation)
    return figure


def _draw_curve(axes: Any, evaluation: Evaluation) -> None:
    pairs = evaluation.pairs
    axes.step([r for r, _ in pairs.curve], [p for _, p in pairs.curve], where="post", color="tab:blue")
    axes.plot(pairs.recall, pairs.precision, "o", color="tab:red", label="as reported")
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02))
    axes.set_title(f"Pairs (average precision {pairs.average_precision:.3f})")
    axes.legend(loc="lower left")


def _draw_recall(axes: Any, groups: Mapping[str, Found], label: str) -> None:
    names = list(groups)
    axes.plot(range(len(names)), [found.recall for found in groups.values()], "o-", label="pairs")
    axes.set_xticks(range(len(names)), names, rotation=30, ha="right")
    axes.set(xlabel=label, ylabel="recall", ylim=(0, 1.02))
    axes.set_title(f"Recall by {label}")


def _draw_passage_recall(axes: Any, evaluation: Evaluation) -> None:
    names = list(evaluation.pairs.by_edit_rate)
    scores = evaluation.passages_by_edit_rate
    known = [(place, scores[name].recall) for place, name in enumerate(names) if name in scores]
    axes.plot([x for x, _ in known], [y for _, y in known], "s--", label="characters of passages")
    axes.legend(loc="lower left")

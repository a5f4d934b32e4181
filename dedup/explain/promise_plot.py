"""A plot of the detection probabilities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dedup.errors import DedupError, OutputError
from dedup.explain.promise import Promise
from dedup.runtime.outputs import written_beside


def plot_promise(told: Promise, path: str | Path) -> None:
    """Draw the probability of detection over the length of the shared run, with one line per rate of change.

    Parameters
    ----------
    told : Promise
    path : str or Path
        Its ending names the format (png, svg or pdf).

    Raises
    ------
    DedupError
        matplotlib, the extra ``plot``, is not installed.
    OutputError
        The file cannot be written, or its ending does not name a format.
    """
    path = Path(path)
    figure = _figure(told)
    kinds = figure.canvas.get_supported_filetypes()
    kind = path.suffix.removeprefix(".").lower()
    if kind not in kinds:
        raise OutputError(f"{path}: the ending must name a format, one of {', '.join(sorted(kinds))}")
    with written_beside([path]) as (beside,):
        figure.savefig(beside, format=kind, dpi=150)


def _figure(told: Promise) -> Any:
    try:
        # No pyplot: it would keep global state and may look for a display.
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DedupError("plots need matplotlib; install it with: pip install matplotlib") from error
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for column, rate in enumerate(told.rates):
        (line,) = axes.plot(
            told.words, [row[column] for row in told.found], "o-", label=f"{rate:.0%} of the words changed"
        )
        bound = [row[column] for row in told.one_pair]
        axes.plot(told.words, bound, ":", color=line.get_color(), linewidth=1)
    axes.set_xscale("log")
    axes.set_xticks(told.words, [str(length) for length in told.words])
    axes.minorticks_off()
    axes.set(xlabel="words of the shared passage", ylabel="probability that it is found", ylim=(0, 1.02))
    axes.set_title("dotted: candidates by the best pair of passages alone, closed form", fontsize=9)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    return figure
